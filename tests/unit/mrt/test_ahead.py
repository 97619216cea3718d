"""Decompression in threads of its own: records and reports are those of one thread, whatever the file is like."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import lzma
import os
import random
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.made_mrt import archive
from support.threads import all_end, running, soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DATA = archive() * 1500  # 1 MiB, ten blocks of bzip2


def _zstd(data: bytes) -> bytes:
    try:
        from compression import zstd
    except ImportError:
        zstd = pytest.importorskip("zstandard")
    return zstd.compress(data)  # type: ignore[no-any-return]


def _xz(data: bytes) -> bytes:
    return lzma.compress(data, preset=0)


def _bzip2(data: bytes) -> bytes:
    return bz2.compress(data, 1)


PACKS = {"gzip": gzip.compress, "bzip2": _bzip2, "xz": _xz, "zstd": _zstd}


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    gc.collect()
    assert all_end()


def reading(impl: Any, source: Any, threads: int) -> tuple[list[int], Any, str]:
    """Where the records stand, what was stepped over, and the error at the end."""
    offsets: list[int] = []
    error = ""
    with impl.mrt.open(source, on_skip=told, threads=threads) as file:
        try:
            offsets.extend(record.offset for record in file.records())
        except impl.MrtError as caught:
            error = str(caught)
        return offsets, file.skips, error


def torn(packed: bytes, small: bytes) -> dict[str, bytes]:
    """A file, and what becomes of files; ``small`` is another stream."""
    cut = random.Random(1)
    bent = bytearray(packed)
    bent[len(bent) * 2 // 3] ^= 0x10
    return {
        "whole": packed,
        "two": packed + small,
        "junk behind": packed + b"junk" * 10,
        "zeros behind": packed + bytes(100),
        "half a stream behind": packed + small[: len(small) // 2],
        "damaged": bytes(bent),
        "damaged and another": bytes(bent) + small,
        **{f"cut at {at}": packed[:at] for at in (4, 11, *(cut.randrange(len(packed)) for _ in range(3)))},
        **{f"cut by {by}": packed[:-by] for by in (1, 5, 12)},
    }


@pytest.mark.parametrize("name", PACKS)
def test_as_with_one_thread(impl: Any, tmp_path: Path, name: str) -> None:
    pack: Callable[[bytes], bytes] = PACKS[name]
    path = tmp_path / "file"
    for case, data in torn(pack(DATA), pack(archive())).items():
        path.write_bytes(data)
        one = reading(impl, path, 1)
        assert reading(impl, path, 2) == one, case
        if name == "bzip2":
            assert reading(impl, path, 3) == one, case
        assert reading(impl, data, 2) == one, case
    for data in (pack(b""), pack(archive()[:20]), pack(b"<html>" * 40)):
        path.write_bytes(data)
        assert reading(impl, path, 2) == reading(impl, path, 1)


def test_real_files(impl: Any, data_dir: Path) -> None:
    for name in ("ris-updates.20160811.1600.gz", "routeviews-rib6.20151101.0600.truncated.bz2"):
        assert reading(impl, data_dir / name, 2) == reading(impl, data_dir / name, 1)


def test_without_rapidgzip(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidgzip", None)
    path = tmp_path / "file.bz2"
    path.write_bytes(_bzip2(DATA))
    assert reading(impl, path, 2) == reading(impl, path, 1)


def test_every_level(impl: Any, tmp_path: Path) -> None:
    """Routes, messages, columns and copies, and any number of passes, one beside the other."""
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(archive() * 300))
    with impl.mrt.open(path, threads=2) as file, impl.mrt.open(path) as other:
        for _ in range(2):
            assert list(map(str, file.routes())) == list(map(str, other.routes()))
            assert [event.offset for event in file.messages()] == [event.offset for event in other.messages()]
            assert [batch.to_pydict() for batch in file.columns()] == [batch.to_pydict() for batch in other.columns()]
        assert all(str(a) == str(b) for a, b in zip(file.routes(), file.routes(), strict=True))
        out = io.BytesIO()
        assert len(list(file.copy(out.write))) == 300 * 8
        assert out.getvalue() == archive() * 300
        assert file.consumed == path.stat().st_size


def test_no_thread_before_it_is_read(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(DATA * 5))  # more than waits for who decodes
    with impl.mrt.open(path, threads=2) as file:
        assert not running()
        routes = file.routes()
        next(routes)
        assert running() == 1
        file.close()
        assert not running()
        with pytest.raises(ValueError, match="closed"):
            list(routes)


@pytest.mark.parametrize("pack", [gzip.compress, _bzip2], ids=["gzip", "bzip2"])
def test_a_reader_that_is_left(impl: Any, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "file"
    path.write_bytes(pack(DATA * 5))
    for make in (lambda file: file.routes(), lambda file: iter(file.columns(batch_size=10))):
        file = impl.mrt.open(path, threads=2)
        items = make(file)
        next(items)
        assert running() == 1
        del items, file
        gc.collect()


def test_what_is_read_elsewhere_too_and_pipes_have_no_thread(impl: Any, tmp_path: Path) -> None:
    """The place in an open file belongs to its owner, and a pipe is read as it flows."""
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(DATA))
    with path.open("rb") as raw:
        routes = impl.mrt.open(raw, threads=2).routes()
        next(routes)
        assert not running()
        del routes
    ours, theirs = os.pipe()
    os.write(theirs, gzip.compress(archive()))
    with open(ours, "rb", buffering=0) as pipe:
        routes = impl.mrt.open(pipe, threads=2).routes()
        os.close(theirs)
        assert not running()
        assert len(list(routes)) == 8


def test_one_file_of_columns_in_two_threads(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "file.bz2"
    path.write_bytes(_bzip2(DATA))
    one = [batch.to_pydict() for batch in impl.columns.read(path, ["prefix", "offset"])]
    assert [batch.to_pydict() for batch in impl.columns.read(path, ["prefix", "offset"], threads=2)] == one
    paths = [path, path]
    assert [batch.to_pydict() for batch in impl.columns.read(paths, ["prefix", "offset"], threads=4)] == one + one


def test_an_error_of_the_system(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes out where the octets end."""
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(random.Random(1).randbytes(1 << 20)))
    source = impl.mrt.ahead.Source
    monkeypatch.setattr(source, "read", lambda self, size: (_ for _ in ()).throw(OSError(5, "input/output error")))
    with impl.mrt.open(path, threads=2) as file, pytest.raises(OSError, match="input/output"):
        list(file.records())


def test_work_ahead(impl: Any) -> None:
    """So many items at most; what it raises comes behind the last; a thread that waits for room ends."""
    ahead = import_module("bgpwire._ahead").Ahead
    made: list[int] = []
    closed: list[bool] = []

    def make(count: int) -> Iterator[int]:
        try:
            for number in range(count):
                made.append(number)
                yield number
            raise LookupError("after the last")
        finally:
            closed.append(True)

    items = ahead(lambda: make(10), 2)
    assert soon(lambda: len(made) == 3)
    assert next(items) == 0
    assert soon(lambda: len(made) == 4)
    seen: list[int] = []
    with pytest.raises(LookupError, match="after the last"):
        seen.extend(iter(lambda: next(items), None))
    assert seen == list(range(1, 10))
    assert list(items) == []
    for leave in ("stop", "drop"):
        made.clear()
        closed.clear()
        left = ahead(lambda: make(1000), 2)
        assert soon(lambda: len(made) == 3)
        if leave == "stop":
            left.stop()
            assert closed
            assert list(left) == []
        del left
        assert soon(lambda: closed == [True])
        assert len(made) == 3


def test_wrong_number_of_threads(impl: Any) -> None:
    with pytest.raises(ValueError, match="0 threads"):
        impl.mrt.open(b"", threads=0)
