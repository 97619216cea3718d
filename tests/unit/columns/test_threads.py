"""Files in threads: rows, reports and exceptions are those of one thread, and a reader that is left leaves nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import tracemalloc
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.places import SAMPLES
from support.threads import all_end, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIELDS = ["file", "offset", "type", "prefix", "as_path", "peer_address"]


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Samples, an empty file, and files that are torn."""
    torn, junk, empty = tmp_path / "torn.mrt", tmp_path / "junk.mrt", tmp_path / "empty.mrt"
    torn.write_bytes(made.archive() * 40 + made.archive()[:-5])
    junk.write_bytes(made.archive() + bytes(5000) + made.archive() * 3)
    empty.write_bytes(b"")
    return [SAMPLES / "demo.mrt", torn, empty, SAMPLES / "demo-rib.mrt", junk, SAMPLES / "evpn.mrt", torn]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    gc.collect()
    assert all_end()


@pytest.mark.parametrize("size", [7, 65536])
def test_as_with_one_thread(impl: Any, paths: list[Path], size: int) -> None:
    def reading(threads: int) -> list[Any]:
        """Batches and what was stepped over, as they come."""
        seen: list[Any] = []
        columns = impl.columns.read(paths, FIELDS, batch_size=size, on_skip=seen.append, threads=threads)
        for _ in range(2):
            seen.extend(batch.to_pydict() for batch in columns)
        return seen

    one = reading(1)
    assert sum(isinstance(item, dict) for item in one) > 10
    assert any(isinstance(item, impl.mrt.Skip) for item in one)
    for threads in (2, 4, 20):
        assert reading(threads) == one


def test_in_no_order(impl: Any, paths: list[Path]) -> None:
    """The rows of each file come in its order, whichever file is ahead; nothing is lost, and nothing told twice."""

    def reading(**how: Any) -> tuple[dict[str, list[Any]], list[str]]:
        skips: list[Any] = []
        rows: dict[str, list[Any]] = {}
        for batch in impl.columns.read(paths, FIELDS, batch_size=7, on_skip=skips.append, **how):
            for row in zip(*batch.to_pydict().values(), strict=True):
                rows.setdefault(row[0], []).append(row)
        return rows, sorted(str(skip) for skip in skips)

    expected = reading()
    for threads in (1, 2, 4, 20):
        rows, skips = reading(threads=threads, ordered=False)
        assert skips == expected[1]
        # One file is there twice: its rows may be mixed.
        assert {name: sorted(map(str, some)) for name, some in rows.items()} == {
            name: sorted(map(str, some)) for name, some in expected[0].items()
        }
        assert [rows[str(path)] for path in paths[:-1] if path != paths[1] and str(path) in rows] == [
            expected[0][str(path)] for path in paths[:-1] if path != paths[1] and str(path) in rows
        ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_in_no_order_no_file_waits_for_another(impl: Any, tmp_path: Path) -> None:
    """A pipe that gives nothing for a while holds nobody up."""
    pipe, path = tmp_path / "pipe", tmp_path / "archive.mrt"
    os.mkfifo(pipe)
    path.write_bytes(made.archive() * 50)
    batches = iter(impl.columns.read([pipe, path], ["file"], batch_size=10, threads=2, ordered=False))
    first = next(batches)
    with pipe.open("wb") as out:
        out.write(made.archive())
    names = {name for batch in (first, *batches) for name in batch["file"]}
    assert first["file"][0] == str(path)
    assert names == {str(pipe), str(path)}


def test_a_filter(impl: Any, paths: list[Path]) -> None:
    found = [
        [batch.to_pydict() for batch in impl.columns.read(
            paths, FIELDS, filter=impl.Filter(type="W"), on_skip=print, threads=threads)]
        for threads in (1, 3)
    ]  # fmt: skip
    assert found[0] == found[1] != []


def test_engines(impl: Any, paths: list[Path]) -> None:
    pa = pytest.importorskip("pyarrow")
    duckdb = pytest.importorskip("duckdb")
    columns = impl.columns.read(paths, FIELDS, on_skip=lambda _: None, threads=3)
    expected = impl.columns.read(paths, FIELDS, on_skip=lambda _: None).to_arrow()
    assert columns.to_arrow().to_pylist() == expected.to_pylist()
    assert pa.table(columns).num_rows == len(expected)
    for _ in range(2):
        assert duckdb.sql("select count(*) from columns").fetchall() == [(len(expected),)]
    assert len(duckdb.sql("select * from columns limit 1").fetchall()) == 1


def test_one_warning_for_each_file_that_names_the_caller(impl: Any, paths: list[Path]) -> None:
    for threads in (1, 3):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            list(impl.columns.read(paths, FIELDS, threads=threads))
        assert [os.path.basename(str(one.message).partition(":")[0]) for one in told] == [
            "torn.mrt",
            "junk.mrt",
            "torn.mrt",
        ]
        assert {one.filename for one in told} == {__file__}


def test_exceptions_stand_where_they_belong(impl: Any, paths: list[Path], tmp_path: Path) -> None:
    """The rows before are given, of a file that is missing and of a strict reading, and then the error."""
    page = tmp_path / "page.html"
    page.write_text("<html>" * 100)
    cases: list[tuple[list[Any], dict[str, Any], type[BaseException]]] = [
        ([paths[0], paths[3], tmp_path / "missing", paths[0]], {}, FileNotFoundError),
        ([paths[0], paths[3], paths[1], paths[0]], {"strict": True}, impl.MrtError),
        ([paths[0], page, paths[0]], {}, impl.MrtError),
    ]
    with pytest.raises(FileNotFoundError):
        list(impl.columns.read(cases[0][0], FIELDS, threads=2, ordered=False))
    for files, options, error in cases:
        found = []
        for threads in (1, 2, 4):
            rows: list[Any] = []
            skips: list[Any] = []
            columns = impl.columns.read(files, FIELDS, batch_size=9, on_skip=skips.append, threads=threads, **options)
            with pytest.raises(error) as raised:
                rows.extend(batch.to_pydict() for batch in columns)
            found.append((rows, skips, str(raised.value)))
        assert found[0] == found[1] == found[2]
        assert found[0][0]


def test_what_on_skip_raises(impl: Any, paths: list[Path]) -> None:
    def refuse(skip: object) -> None:
        assert threading.current_thread() is threading.main_thread()
        raise LookupError(skip)

    with pytest.raises(LookupError):
        list(impl.columns.read(paths, FIELDS, on_skip=refuse, threads=3))


def test_files_without_end_wait(impl: Any, tmp_path: Path) -> None:
    """What is ahead is a few batches of each file, however long the reader waits."""
    path = tmp_path / "long.mrt"
    path.write_bytes(made.archive() * 20_000)
    columns = impl.columns.read([path] * 6, ["prefix"], batch_size=10, threads=4)
    batches = iter(columns)
    next(batches)
    time.sleep(0.3)
    assert running() == 4
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(50):
        next(batches)
    time.sleep(0.1)
    assert tracemalloc.get_traced_memory()[0] - before < 4_000_000
    tracemalloc.stop()
    del batches
    gc.collect()
    assert all_end()


@pytest.mark.parametrize("how", ["close", "drop", "arrow"])
def test_a_reader_that_is_left(impl: Any, tmp_path: Path, how: str) -> None:
    path = tmp_path / "long.mrt"
    path.write_bytes(made.archive() * 5000)
    columns = impl.columns.read([path] * 4, ["prefix"], batch_size=10, threads=3)
    if how == "arrow":
        pa = pytest.importorskip("pyarrow")
        stream = pa.RecordBatchReader.from_stream(columns)
        stream.read_next_batch()
        del stream
    else:
        batches = iter(columns)
        next(batches)
        assert running()
        if how == "close":
            batches.close()
        del batches
    gc.collect()
    assert all_end()


def test_a_reader_that_is_left_where_nothing_comes(impl: Any, tmp_path: Path) -> None:
    """A filter that no route meets, in a file that takes long to read through: its thread ends all the same."""
    short, long = tmp_path / "short.mrt", tmp_path / "long.mrt"
    short.write_bytes(made.archive())
    with long.open("wb") as out:
        for _ in range(40):
            out.write(made.bgp4mp(made.update(withdrawn=made.TEN)) * 40_000)
    wanted = impl.Filter(prefix="10.64.16.0/24")
    begun = iter(impl.columns.read([short, long], ["prefix"], filter=wanted, batch_size=5, threads=2))
    started = time.monotonic()
    next(begun)
    assert running()
    begun.close()
    assert all_end()
    assert time.monotonic() - started < 10


def test_at_exit(impl: Any, tmp_path: Path) -> None:
    """A program that ends with a reading open ends."""
    path = tmp_path / "long.mrt"
    path.write_bytes(made.archive() * 20_000)
    code = (
        "import sys, bgpwire\n"
        "batches = iter(bgpwire.columns.read([sys.argv[1]] * 4, ['prefix'], batch_size=10, threads=3))\n"
        "print(len(next(batches)))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=env, capture_output=True, timeout=60, check=True)
    assert (done.stdout.strip(), done.stderr) == (b"10", b"")


def test_wrong_number_of_threads(impl: Any) -> None:
    with pytest.raises(ValueError, match="0 threads"):
        impl.columns.read([], threads=0)
