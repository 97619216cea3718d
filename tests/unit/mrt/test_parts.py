"""Long plain files in threads, piece by piece: what comes, and what is told, is what one thread gives and tells."""

from __future__ import annotations

import bz2
import gc
import gzip
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.cut_archives import MADE
from support.places import REAL, SAMPLES
from support.spread import joined
from support.threads import all_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIELDS = ("file", "offset", "type", "peer_asn", "prefix", "as_path")
COUNTS = ("types", "families", "peers", "attribute_blocks", "attributes", "lengths", "first", "last")


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    gc.collect()
    assert all_end()


@pytest.fixture
def parts(impl: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Pieces of few octets."""
    module = import_module("bgpwire.mrt.parts")
    monkeypatch.setattr(module, "LONG", 300)
    for name, size in (("PIECE", 150), ("LARGE_PIECE", 400)):
        monkeypatch.setattr(import_module("bgpwire.mrt.archive"), name, size)
    return module


def reading(impl: Any, paths: list[Path], threads: int, **how: Any) -> dict[str, Any]:
    """All that a reading gives and tells."""
    skips: list[Any] = []
    heard: list[Any] = []

    def begin() -> Any:
        return impl.open(
            paths, threads=threads, on_skip=lambda name, skip: skips.append((name, *joined([skip])[0])), **how
        )

    out: dict[str, Any] = {}
    for what in ("psv", "json", "rows", "counts"):
        archive = begin()
        archive._on_report = heard.append
        items: list[Any] = []
        skips.clear()
        heard.clear()
        try:
            match what:
                case "rows":
                    for batch in archive.columns(FIELDS, batch_size=10):
                        items.extend(zip(*batch.to_pydict().values(), strict=True))
                case "counts":
                    found = archive.statistics()
                    items.extend(getattr(found, name) for name in COUNTS)
                    items.append([list(getattr(found, name)) for name in COUNTS[:3]])
                case _:
                    items.append(b"".join(archive.text(what)))
        except impl.MrtError as error:
            items.append(str(error))
        out[what] = items
        if not how:
            out[f"{what}, reports"] = [repr(report) for report in archive.reports]
        out[f"{what}, skips"] = joined_by_name(skips)
        assert archive.reports == heard
        assert how or archive.consumed == archive.size
    return out


def joined_by_name(skips: list[Any]) -> dict[str, Any]:
    names: dict[str, list[Any]] = {}
    for name, *skip in skips:
        names.setdefault(name, []).append(tuple(skip))
    return {name: joined(some) for name, some in names.items()}


@pytest.mark.parametrize("name", MADE)
def test_as_with_one_thread(impl: Any, parts: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE[name])
    one = reading(impl, [path], 1)
    for threads in (2, 5):
        assert reading(impl, [path], threads) == one


def test_several_files(impl: Any, parts: Any, tmp_path: Path) -> None:
    """Long ones, short ones, and one that is there twice."""
    paths = []
    for name in ("RIB", "junk", "empty", "all of them", "cut short", "faults"):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(MADE[name])
    paths = [*paths, SAMPLES / "demo.mrt", paths[1], paths[0]]
    assert len(list(parts.parts(map(str, paths), 150))) > 30
    one = reading(impl, paths, 1)
    for threads in (2, 3, 20):
        assert reading(impl, paths, threads) == one


def test_real_files(impl: Any, parts: Any, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("bgpwire.mrt.archive"), "PIECE", 20_000)
    paths = [tmp_path / "updates", tmp_path / "table"]
    with gzip.open(data_dir / REAL[0]) as updates, bz2.open(data_dir / REAL[3]) as table:
        for path, file in zip(paths, (updates, table), strict=True):
            path.write_bytes(file.read(150_000))
    assert all(map(parts.is_cut, map(str, paths)))
    assert reading(impl, paths, 2) == reading(impl, paths, 1)


@pytest.mark.parametrize("name", ["junk", "cut short", "faults", "zeros"])
def test_strict(impl: Any, parts: Any, tmp_path: Path, name: str) -> None:
    """What came before the error comes, and then the error; of columns rows that one thread has no batch for yet."""
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE[name])
    two, one = (reading(impl, [path], threads, strict=True) for threads in (2, 1))
    *rows, error = one.pop("rows")
    found = two.pop("rows")
    assert (found[: len(rows)], found[-1]) == (rows, error)
    assert two == one


def test_in_no_order(impl: Any, parts: Any, tmp_path: Path) -> None:
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE["junk"] * 3)

    def rows(**how: Any) -> tuple[list[Any], list[Any]]:
        skips: list[Any] = []
        columns = impl.columns.read([path, path], FIELDS, batch_size=3, on_skip=skips.append, **how)
        return sorted(str(batch.to_pydict()) for batch in columns), sorted(map(str, skips))

    found = rows(threads=3, ordered=False)
    assert found[1] == rows()[1]
    assert sorted("".join(found[0])) == sorted("".join(rows(threads=3)[0]))


def test_what_is_cut(impl: Any, parts: Any, tmp_path: Path) -> None:
    """Plain files that are long, and nothing else."""
    plain, short, packed = tmp_path / "plain", tmp_path / "short", tmp_path / "packed"
    plain.write_bytes(made.archive())
    short.write_bytes(made.archive()[:290])
    packed.write_bytes(gzip.compress(made.archive(), 0))
    names = [str(tmp_path / "none"), str(packed), str(short), str(tmp_path), str(plain), "-", "https://example.net/a"]
    assert [parts.is_cut(name) for name in names] == [False] * 4 + [True] + [False] * 2
    found = list(parts.parts(names, 150))
    pieces = [part.piece for part in found if part.name == str(plain)]
    assert [part.name for part in found if part.piece is None] == names[:4] + names[5:]
    assert [piece.index for piece in pieces] == list(range(len(pieces)))
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert [part.last for part in found if part.piece] == [False] * (len(pieces) - 1) + [True]


def test_a_file_that_grows(impl: Any, parts: Any, tmp_path: Path) -> None:
    """What was written behind its end meanwhile is read, as one thread would."""
    path = tmp_path / "made.mrt"
    path.write_bytes(made.archive() * 40)
    lines = impl.open(path, threads=2).text("psv", header=False)
    first = next(lines)
    with path.open("ab") as file:
        file.write(made.archive())
    found = first + b"".join(lines)
    assert found == b"".join(impl.open(path).text("psv", header=False))


def test_a_file_that_is_cut_off(impl: Any, parts: Any, tmp_path: Path) -> None:
    """The report says so; ``strict``, an exception does."""
    path = tmp_path / "made.mrt"
    path.write_bytes(made.archive() * 60)
    for strict in (False, True):
        found = impl.open(path, threads=2, strict=strict, on_skip=lambda *_: None)
        batches = iter(found.columns(["offset"], batch_size=1))
        next(batches)
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.truncate(size // 2)
        if strict:
            with pytest.raises(impl.MrtError, match="has changed"):
                list(batches)
        else:
            with pytest.warns(impl.MrtWarning, match="has changed"):
                list(batches)
            assert "has changed" in found.reports[0].reason
            assert len(found.reports) == 1
        path.write_bytes(made.archive() * 60)


def test_a_reader_that_is_left(impl: Any, parts: Any, tmp_path: Path) -> None:
    path = tmp_path / "made.mrt"
    path.write_bytes(made.archive() * 500)
    batches = iter(impl.columns.read(path, ["prefix"], batch_size=5, threads=3))
    next(batches)
    del batches
