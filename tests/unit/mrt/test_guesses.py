"""Where long plain files may be cut, guessed: what is read up to there says whether the guess was right."""

from __future__ import annotations

import itertools
import struct
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.context import told
from support.cut_archives import MADE, peer_table, rib

if TYPE_CHECKING:
    from pathlib import Path

UPDATE = made.bgp4mp(made.update(made.IGP + made.PATH + made.HOP, made.TEN))
SOUND = {
    "updates": UPDATE * 3000,
    "a table": peer_table(1, 2, 3) + b"".join(rib(number % 3) for number in range(900)),
}


def _routes(file: Any) -> list[str]:
    out = []
    with suppress(import_module("bgpwire").MrtError), file:
        out.extend(f"{route.event.offset} {route} {route.peer}" for route in file.routes())
    return out


def _read(impl: Any, part: Any) -> tuple[list[str], bool]:
    """The routes of a part, and whether it is one."""
    if part.piece is None:
        return _routes(impl.mrt.open(part.name, on_skip=told)), True
    file = import_module("bgpwire.mrt.piece_file").PieceFile(part.piece, growing=True, on_skip=told)
    routes = _routes(file)
    return routes, part.guess is None or file.is_as_guessed(part.guess)


@pytest.fixture
def guesses(impl: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Small files are long, and cut where two octets look like it."""
    module = import_module("bgpwire.mrt.guesses")
    monkeypatch.setattr(import_module("bgpwire.mrt.parts"), "LONG", 500)
    monkeypatch.setattr(module, "_BEGINNING", 200)
    monkeypatch.setattr(module, "_CHAIN", 1)
    monkeypatch.setattr(module, "_WINDOW", 3 * len(UPDATE))
    return module


@pytest.mark.parametrize("name", SOUND)
def test_sound_files(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(import_module("bgpwire.mrt.parts"), "LONG", 500)
    module = import_module("bgpwire.mrt.guesses")
    monkeypatch.setattr(module, "_BEGINNING", 5000)
    path = tmp_path / "a"
    path.write_bytes(SOUND[name])
    parts = list(module.guessed_parts([str(path)], 20_000))
    read = [_read(impl, part) for part in parts]
    assert len(parts) > 8
    assert all(right for _, right in read)
    assert [one for routes, _ in read for one in routes] == _routes(impl.mrt.open(path))


@pytest.mark.parametrize("name", MADE)
def test_as_far_as_guesses_are_right(impl: Any, guesses: Any, tmp_path: Path, name: str) -> None:
    """What is read up to the first that is wrong, and then of the parts that are known, is what one reading gives."""
    path = tmp_path / "a"
    path.write_bytes(MADE[name])
    parts = iter(guesses.guessed_parts([str(path)], 150))
    got: list[str] = []
    for part in parts:
        routes, right = _read(impl, part)
        if not right:
            parts = guesses.known_parts(part, 150)
            break
        got += routes
    for part in parts:
        got += _read(impl, part)[0]
    assert got == _routes(impl.mrt.open(path, on_skip=told))


@pytest.mark.parametrize(
    ("between", "why"),
    [
        (peer_table(1), "a table of peers"),
        (bytes(range(7)), "octets that are no record"),
        (struct.pack(">IHHI", 0, 99, 1, 4) + bytes(4), "a type that is not known"),
        (UPDATE[:-4], "a record that is torn"),
    ],
)
def test_what_makes_a_guess_wrong(impl: Any, guesses: Any, tmp_path: Path, between: bytes, why: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(UPDATE * 40 + between + UPDATE * 40)
    parts = list(guesses.guessed_parts([str(path)], len(UPDATE) * 20))
    right = [_read(impl, part)[1] for part in parts]
    assert right.count(False) == 1, why
    assert right[0]


LOOKS = struct.pack(">IHHI", 1, 16, 4, 50) + b"\xff"
EMPTY = struct.pack(">IHHI", 0xFFFFFFFF, 16, 4, 0)


@pytest.mark.parametrize(
    ("looks", "why"),
    [
        (LOOKS * 40_000, "the first headers lead nowhere, and there are very many"),
        ((EMPTY * 1000 + bytes((255,)) * 20) * 40, "each leads to so many others that there is no end of it"),
    ],
)
def test_looks_alone_are_looked_at_a_few_times(
    impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: bytes, why: str
) -> None:
    """Headers of records that lead nowhere: no place is found, and nobody steps over the file for each of them."""
    module = import_module("bgpwire.mrt.guesses")
    monkeypatch.setattr(import_module("bgpwire.mrt.parts"), "LONG", 500)
    monkeypatch.setattr(module, "_BEGINNING", 200)
    stepped: list[int] = []

    def step_over(octets: bytes, at: int, goal: int) -> int:
        end: int = import_module("bgpwire.mrt.kernels").step_over(octets, at, goal)
        stepped.append(end - at)
        return end

    monkeypatch.setattr(module, "step_over", step_over)
    path = tmp_path / "a"
    path.write_bytes(UPDATE * 10 + looks)
    monkeypatch.setattr(module, "_goals", lambda *_: iter([1000]))
    (part,) = module.guessed_parts([str(path)], 100_000)
    assert part.piece.end is None, why
    assert len(stepped) < 150
    assert sum(stepped) < 1 << 20


def test_places_are_found_among_many_that_look_like_it(impl: Any, tmp_path: Path) -> None:
    """As in a table of IPv6, whose zeros look like headers."""
    module = import_module("bgpwire.mrt.guesses")
    body = bytes((1, 0, 16, 0, 1, 0, 0, 0, 60, 255)) * 50
    record = struct.pack(">IHHI", 1, 16, 4, len(body)) + body
    path = tmp_path / "a"
    path.write_bytes(record * 4000)
    with open(path, "rb", buffering=0) as file:
        assert module._place(file, len(record) * 2 + 13) == len(record) * 3


def test_pieces_are_shorter_towards_the_end(impl: Any) -> None:
    goals = import_module("bgpwire.mrt.guesses")._goals
    for length, size, behind in ((1000, 100, 0), (1000, 100, 250), (1000, 7, 0), (5, 1, 0), (10, 100, 0)):
        edges = [0, *goals(length, size, behind), length]
        lengths = [end - begin for begin, end in itertools.pairwise(edges)]
        assert all(0 < one <= size for one in lengths)
        assert lengths[:-1] == sorted(lengths[:-1], reverse=True)
    assert list(goals(1000, 100, 0))[:7] == [100, 200, 300, 400, 500, 600, 700]
    assert list(goals(1000, 100, 10_000)) == list(range(100, 1000, 100))


@pytest.mark.parametrize("name", MADE)
def test_what_is_said_of_a_piece_before_it_is_read(impl: Any, guesses: Any, tmp_path: Path, name: str) -> None:
    """That it will be as guessed is never wrong, whenever it is asked."""
    path = tmp_path / "a"
    path.write_bytes(MADE[name])
    for part in guesses.guessed_parts([str(path)], 150):
        if part.guess is None:
            continue
        file = import_module("bgpwire.mrt.piece_file").PieceFile(part.piece, growing=True, step=40, on_skip=told)
        said = [file.will_be_as_guessed(part.guess)]
        with suppress(import_module("bgpwire").MrtError), file:
            said.extend(file.will_be_as_guessed(part.guess) for _ in file.routes())
        assert file.is_as_guessed(part.guess) or not any(said)


def _piece(impl: Any, path: Path, octets: bytes) -> Any:
    path.write_bytes(octets)
    piece = import_module("bgpwire.mrt.piece").Piece(0, str(path), 0, len(UPDATE) * 20, size=len(octets))
    return import_module("bgpwire.mrt.piece_file").PieceFile(piece, on_skip=told)


def test_what_will_be_as_guessed(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    for octets, expected in (
        (UPDATE * 30, True),
        (UPDATE * 10 + peer_table(1) + UPDATE * 20, False),
        (UPDATE * 10 + bytes(7) + UPDATE * 20, False),
        (UPDATE * 10 + UPDATE[:-4] + UPDATE * 19, False),
    ):
        with _piece(impl, path, octets) as file:
            assert file.will_be_as_guessed(0) is expected
    with _piece(impl, path, UPDATE * 30) as file:
        for step, expected in ((len(UPDATE), True), (2 * len(UPDATE) - 1, True), (len(UPDATE) - 1, False)):
            monkeypatch.setattr(import_module("bgpwire.mrt.boundaries"), "_STEP", step)
            assert file.will_be_as_guessed(0) is expected
        path.write_bytes(UPDATE * 19)
        assert not file.will_be_as_guessed(0)
        path.unlink()
        assert not file.will_be_as_guessed(0)


def test_a_piece_that_is_not_what_was_said_of_it(impl: Any, tmp_path: Path) -> None:
    """Somebody has written to the file meanwhile."""
    path = tmp_path / "a"
    with _piece(impl, path, UPDATE * 30) as file:
        assert len(_routes(file)) == 20
        file.check(0)
    with _piece(impl, path, UPDATE * 30) as file:
        assert file.will_be_as_guessed(0)
        path.write_bytes(UPDATE * 10 + b"\xff" * len(UPDATE) + UPDATE * 19)
        _routes(file)
        with pytest.raises(import_module("bgpwire").MrtError, match="has changed since it was cut"):
            file.check(0)
