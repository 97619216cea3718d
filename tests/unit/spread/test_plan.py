"""How files are cut: sizes, numbers, what is refused, and what a piece is."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.spread import in_pieces, one_reading, rows_of

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ["file", "offset", "prefix"]


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Of 80, 8 and 0 records."""
    out = []
    for name, count in (("a", 10), ("b", 1), ("c", 0)):
        path = tmp_path / f"{name}.mrt"
        path.write_bytes(made.archive() * count)
        out.append(path)
    return out


def test_several_files(impl: Any, paths: list[Path]) -> None:
    """In their order, small ones whole, and a file as often as it is named."""
    spread = import_module("bgpwire.spread")
    files = [*paths, paths[0]]
    pieces = spread.plan(map(str, files), size=2 * len(made.archive()))
    assert [piece.index for piece in pieces] == list(range(len(pieces)))
    assert [piece.file for piece in pieces] == [str(path) for path, count in zip(files, (5, 1, 1, 5), strict=True)
                                                for _ in range(count)]  # fmt: skip
    assert [piece.file for piece in pieces if piece.whole] == [str(paths[1]), str(paths[2])]
    assert in_pieces(impl, pieces, FIELDS) == one_reading(impl, files, FIELDS)


def test_a_number_of_pieces(impl: Any, paths: list[Path]) -> None:
    plan = import_module("bgpwire.spread").plan
    assert len(plan(paths, pieces=1)) == 3
    assert len(plan(paths[0], pieces=4)) == 4
    assert len(plan(paths[0], pieces=10_000)) == 80


def test_the_usual_size(impl: Any, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    spread = import_module("bgpwire.spread")
    assert [piece.whole for piece in spread.plan(paths)] == [True] * 3
    monkeypatch.setattr(import_module("bgpwire.spread.planning"), "SIZE", 500)
    assert len(spread.plan(paths)) > 5


@pytest.mark.parametrize("how", [{"size": 0}, {"pieces": 0}, {"size": 5, "pieces": 5}])
def test_wrong_arguments(impl: Any, paths: list[Path], how: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="piece"):
        import_module("bgpwire.spread").plan(paths, **how)


def test_files_that_are_not_there(impl: Any, tmp_path: Path) -> None:
    plan = import_module("bgpwire.spread").plan
    with pytest.raises(FileNotFoundError):
        plan(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        plan(tmp_path / "none", pieces=3)
    with pytest.raises(ValueError, match="standard input"):
        plan("-")
    assert plan("https://example.net/a.gz", size=5)[0].whole
    (folder,) = plan(tmp_path)
    with pytest.raises(impl.MrtError, match="directory"):
        rows_of(import_module("bgpwire.spread").read(folder))


def test_a_piece_is_a_value(impl: Any, paths: list[Path]) -> None:
    pieces = import_module("bgpwire.spread").plan(paths, size=100)
    assert pickle.loads(pickle.dumps(pieces)) == pieces
    assert len(set(pieces)) == len(pieces)
    assert str(pieces[1]) == f"{paths[0]}[{pieces[1].start}:{pieces[1].end}]"
    assert str(pieces[-1]) == str(paths[2])
    with pytest.raises(AttributeError):
        pieces[0].start = 5


def test_the_peer_table_goes_with_each_cut(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "rib.mrt"
    archives = import_module("support.archives")
    table = archives.table_of_peers()
    path.write_bytes(table + made.archive() + table[:3] + b"\2" + table[4:] + made.archive())
    pieces = import_module("bgpwire.spread").plan(path, size=1)
    assert [bytes(piece.peers)[:4] for piece in pieces] == [b"", *[table[:4]] * 9, *[table[:3] + b"\2"] * 8]


def test_a_file_that_has_changed(impl: Any, tmp_path: Path) -> None:
    """One that has grown is not read short, and one that is shorter not beyond its end."""
    spread = import_module("bgpwire.spread")
    path = tmp_path / "made.mrt"
    path.write_bytes(made.archive() * 3)
    pieces = spread.plan(path, size=500)
    for data in (made.archive() * 4, made.archive()):
        path.write_bytes(data)
        for piece in pieces:
            with pytest.raises(impl.MrtError, match="has changed since it was cut"):
                rows_of(spread.read(piece))
    path.unlink()
    with pytest.raises(FileNotFoundError):
        rows_of(spread.read(pieces[0]))


def test_read_again_and_left(impl: Any, paths: list[Path]) -> None:
    """Nothing is opened before it is read, and each reading begins anew; one that is left closes its file."""
    spread = import_module("bgpwire.spread")
    piece = spread.plan(paths, size=500)[1]
    columns = spread.read(piece, FIELDS, batch_size=1)
    assert rows_of(columns) == rows_of(columns) != []
    reading = iter(columns)
    next(reading)
    del reading
