"""Where long plain files may be cut, guessed: what is read up to there says whether the guess was right."""

from __future__ import annotations

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


def test_looks_alone_are_looked_at_a_few_times(impl: Any, guesses: Any, tmp_path: Path) -> None:
    """Headers of records that lead nowhere: no place is found, and nobody steps over the file for each of them."""
    path = tmp_path / "a"
    path.write_bytes(UPDATE * 10 + (struct.pack(">IHHI", 1, 16, 4, 50) + b"\xff") * 40_000)
    (part,) = guesses.guessed_parts([str(path)], 100_000)
    assert part.piece.end is None
