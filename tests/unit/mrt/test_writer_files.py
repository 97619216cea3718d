"""Where written records go: compressed by the name, to file objects, whole ones only."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.context import told

if TYPE_CHECKING:
    from pathlib import Path

DATA = made.archive()
COMPRESSION = {"": None, ".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}


def records(impl: Any) -> list[Any]:
    return list(impl.mrt.open(DATA).records())


def octets(impl: Any, source: Any) -> bytes:
    return b"".join(map(bytes, impl.mrt.open(source).records()))


@pytest.fixture(params=COMPRESSION)
def suffix(request: pytest.FixtureRequest) -> Any:
    if request.param == ".zst" and sys.version_info < (3, 14):
        pytest.importorskip("zstandard")
    return request.param


@pytest.mark.parametrize("times", [0, 1, 200])
def test_compression_by_the_name(impl: Any, tmp_path: Path, suffix: str, times: int) -> None:
    path = tmp_path / f"updates.mrt{suffix}"
    path.write_bytes(b"what is there is replaced")
    with impl.mrt.Writer(path) as out:
        for _ in range(times):
            for record in records(impl):
                out.record(record)
    file = impl.mrt.open(path, strict=True)
    assert b"".join(map(bytes, file.records())) == DATA * times
    assert f", {COMPRESSION[suffix]}, " in repr(file) if suffix else ", at" in repr(file)
    assert len(path.read_bytes()) < len(DATA) * times or times < 2 or not suffix
    again = tmp_path / f"again.mrt{suffix}"
    with impl.mrt.Writer(str(again)) as out:
        for _ in range(times):
            for record in records(impl):
                out.record(record)
    assert again.read_bytes() == path.read_bytes()  # no name and no time in it


def test_flush(impl: Any, tmp_path: Path, suffix: str) -> None:
    """What was written until then is read, and what comes later too."""
    path = tmp_path / f"updates.mrt{suffix}"
    with impl.mrt.Writer(path) as out:
        for number, record in enumerate(records(impl)):
            out.record(record)
            if number % 3:
                out.flush()
                assert octets(impl, path) == DATA[: record.offset + len(bytes(record))]
    assert octets(impl, path) == DATA


def test_an_exception_leaves_whole_records(impl: Any, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"updates.mrt{suffix}"
    peer = impl.Peer(None, 1)

    def fail() -> None:
        with impl.mrt.Writer(path) as out:
            for record in records(impl):
                out.record(record)
            out.state_change(1, 3, peer, 1)

    with pytest.raises(ValueError, match="peer_address"):
        fail()
    assert list(impl.mrt.open(path, strict=True).records()) == records(impl)


class Pieces(io.RawIOBase):
    """A file that takes a few octets at a time, as a pipe may."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:1000])
        return min(len(data), 1000)


def test_file_objects(impl: Any) -> None:
    """They take plain octets, and stay open; what has no more than write() will do."""

    class Least:
        taken = b""

        def write(self, data: bytes) -> None:
            self.taken += data

    for file in (io.BytesIO(), Pieces(), Least()):
        out = impl.mrt.Writer(file)
        for _ in range(200):
            for record in records(impl):
                out.record(record)
        out.flush()
        out.record(records(impl)[0])
        out.close()
        out.close()
        assert not getattr(file, "closed", False)
        found = file.getvalue() if isinstance(file, io.BytesIO) else file.taken
        assert found == DATA * 200 + bytes(records(impl)[0])


def test_a_file_has_whole_records_at_any_time(impl: Any, tmp_path: Path) -> None:
    """What is found of a writer that died ends between two records."""
    path = tmp_path / "updates.mrt"
    with impl.mrt.Writer(path) as out:
        sizes = set()
        for _ in range(500):
            for record in records(impl):
                out.record(record)
            sizes.add(path.stat().st_size)
    assert len(sizes) > 2
    begins = {record.offset for record in impl.mrt.open(path).records()}
    assert sizes <= begins
    pieces: list[bytes] = []

    class Keeps:
        def write(self, data: bytes) -> None:
            pieces.append(data)

    with impl.mrt.Writer(Keeps()) as out:
        for _ in range(1000):
            for record in records(impl):
                out.record(record)
    assert len(pieces) > 5
    for piece in pieces:
        assert octets(impl, piece) == piece


def test_what_cannot_be_written_to(impl: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="a binary file is needed"):
        impl.mrt.Writer(io.StringIO())
    with pytest.raises(TypeError):
        impl.mrt.Writer(None)
    with pytest.raises(OSError, match="no-folder"):
        impl.mrt.Writer(tmp_path / "no-folder" / "updates.mrt.gz")
    out = impl.mrt.Writer(tmp_path / "updates.mrt")
    assert repr(out) == f"<mrt.Writer {tmp_path / 'updates.mrt'}>"
    out.close()
    assert repr(out).endswith("updates.mrt, closed>")
    for write in (out.flush, lambda: out.record(records(impl)[0])):
        with pytest.raises(ValueError, match=r"updates\.mrt: the file is closed"):
            write()


def test_without_a_library_for_zstd(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is there stays as it is."""
    for name in ("zstandard", "compression", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "updates.mrt.zst"
    path.write_bytes(DATA)
    with pytest.raises(ImportError, match=r"pip install 'bgpwire\[fast\]'"):
        impl.mrt.Writer(path)
    assert path.read_bytes() == DATA


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_disk_that_is_full(impl: Any) -> None:
    """It is an error, at the latest when the file is closed; and closed it is."""
    out = impl.mrt.Writer("/dev/full")
    out.record(records(impl)[0])
    with pytest.raises(OSError, match="No space left"):
        out.flush()
    with pytest.raises(OSError, match="No space left"):
        out.close()
    assert repr(out) == "<mrt.Writer /dev/full, closed>"
    gc.collect()  # which would tell of a file that is open


def test_what_nobody_closed_is_not_ended(impl: Any) -> None:
    packed = import_module("bgpwire.mrt.packing").packed
    file = io.BytesIO()
    stream = packed(file, ".gz")
    assert stream.writable()
    stream.write(DATA)
    begun = len(file.getvalue())
    del stream
    gc.collect()
    assert len(file.getvalue()) == begun
    stream = packed(file := io.BytesIO(), ".gz")
    stream.close()
    with pytest.raises(ValueError, match="closed"):
        stream.write(DATA)
    assert list(impl.mrt.open(file.getvalue(), on_skip=told).records()) == []
