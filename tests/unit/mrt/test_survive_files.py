"""Files that must not hurt: broken, cut, without an end, no MRT at all: routes, and a reported skip or MrtError."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, peer_index, read_through, record, told, update
from support.made_mrt import at as at_time

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
"""A record of one route."""


def _read(impl: Any, source: Any) -> tuple[int, Any]:
    """How many routes a source has, and the file with its skips."""
    file = impl.mrt.open(source, on_skip=told)
    # Where a magic is cut or damaged too, there is not a single record, and that is an error.
    return sum(isinstance(one, impl.Route) for one in read_through(impl, file.routes())), file


def test_empty_file(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")
    count, file = _read(impl, path)
    assert (count, file.skipped) == (0, 0)
    assert _read(impl, b"")[0] == 0


def test_directory(impl: Any, tmp_path: Path) -> None:
    with pytest.raises(impl.DecodeError, match="directory"):
        impl.mrt.open(tmp_path)
    with pytest.raises(impl.DecodeError, match="directory"):
        impl.mrt.open(str(tmp_path))


def test_missing_file(impl: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        impl.mrt.open(tmp_path / "nothing")


@pytest.mark.parametrize(
    "data",
    [
        b"This is no MRT file, it is text.\n" * 50,
        b"short",
        b"\x7fELF" + bytes(range(256)) * 20,
        b"PK\x03\x04" + b"zip" * 100,
        b"\xff" * 3000,
        b"\0" * 3000,
        b"\0" * 11,
        b"{}" * 6,
    ],
    ids=["text", "short", "elf", "zip", "ones", "zeros", "eleven zeros", "twelve octets"],
)
def test_other_files(impl: Any, data: bytes) -> None:
    file = impl.mrt.open(data, on_skip=told)
    # Twelve zeros are the header of an empty record of type 0, by all that RFC 6396 says.
    if any(data) or len(data) < 12:
        with pytest.raises(impl.MrtError, match=f"no MRT record in {len(data)} octets"):
            list(file.routes())
        assert file.skipped == 1
    else:
        assert list(file.routes()) == []
    for skip in file.skips:
        assert 0 <= skip.offset <= len(data)
        assert skip.reason


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_truncated_compression(impl: Any, pack: Callable[[bytes], bytes]) -> None:
    """All that came before the cut, then one report; also cut inside the magic or the header."""
    import random

    noise = random.Random(1).randbytes(2000)
    data = GOOD * 50 + record(49, 0, noise)
    packed = pack(data)
    assert _read(impl, packed)[0] == 50
    for size in (3, 4, 6, 10, 20, len(packed) // 2, len(packed) - 1):
        count, file = _read(impl, packed[:size])
        assert count <= 50
        assert file.skipped == 1, file.skips
    with pytest.raises(impl.MrtError):
        list(impl.mrt.open(packed[: len(packed) // 2], strict=True).routes())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_damaged_compression(impl: Any, pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(GOOD * 500))
    for at in range(4, len(packed), max(1, len(packed) // 40)):
        torn = bytearray(packed)
        torn[at] ^= 0xFF
        count, _ = _read(impl, bytes(torn))
        assert count <= 500


@pytest.mark.parametrize("time", [0x425A6800, 0x425A6831, 0x425A6839, 0x425A68FF])
def test_times_that_read_as_bzip2(impl: Any, time: int) -> None:
    """The beginning of a plain archive of 2005-04-11, 12:05:20 to 12:09:35 UTC, is ``BZh``, and its type 0."""
    data = at_time(time, GOOD) * 2
    assert data.startswith(b"BZh")
    count, file = _read(impl, data)
    assert (count, file.skipped) == (2, 0)


def test_wrong_magic_behind_a_right_one(impl: Any) -> None:
    count, file = _read(impl, gzip.compress(GOOD) + b"something else")
    assert (count, file.skipped) == (1, 1)
    assert _read(impl, gzip.compress(GOOD) + gzip.compress(GOOD))[0] == 2
    assert _read(impl, gzip.compress(GOOD) + b"\0" * 512)[0] == 1


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 1 << 24, (1 << 24) + 1])
def test_record_of_4_gibibytes(impl: Any, length: int) -> None:
    """A length nobody can mean: stepped over, without making room for it."""
    lie = (1_000_000_000).to_bytes(4) + b"\0\x10\0\4" + length.to_bytes(4)
    tracemalloc.start()
    try:
        count, file = _read(impl, GOOD + lie + GOOD * 3)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 4
    assert file.skipped == 1
    assert file.skips[0].offset == len(GOOD)
    assert peak < 4_000_000


def test_tear_in_the_middle(impl: Any) -> None:
    """Octets missing from a record, octets too many between two: the rest is delivered, the place is told."""
    size = len(GOOD)
    for gap in (1, 5, 12, 30):
        count, file = _read(impl, GOOD * 5 + GOOD[:-gap] + GOOD * 5)
        assert 10 <= count <= 11, gap
        assert file.skipped <= 1
        if file.skips:
            assert 5 * size <= file.skips[0].offset <= 6 * size
        noise = bytes(range(200, 200 + gap))
        count, file = _read(impl, GOOD * 5 + noise + GOOD * 5)
        # One octet of noise can look like the header of a known type, and then costs the record behind it.
        assert count == (10 if gap > 1 else count)
        assert 9 <= count <= 10
        assert [skip.offset for skip in file.skips] == [5 * size]


def test_truncated_last_record(impl: Any) -> None:
    for cut in range(1, len(GOOD)):
        count, file = _read(impl, GOOD * 3 + GOOD[:cut])
        assert count == 3
        assert file.skipped == 1
        assert file.skips[0].offset == 3 * len(GOOD)
        assert file.skips[0].length == cut


def test_peer_index_out_of_range(impl: Any) -> None:
    entry = (9).to_bytes(2) + bytes(4) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
    good = bytes(2) + entry[2:]
    rib = record(13, 2, bytes(4) + b"\x08\x0a" + b"\0\2" + good + entry)
    count, file = _read(impl, peer_index() + rib + GOOD)
    assert count == 2  # the entry before, and the record behind
    assert file.skipped == 1
    assert "peer 9" in file.skips[0].reason
    count, file = _read(impl, rib + GOOD)
    assert count == 1
    assert file.skipped == 1


def test_pipe(impl: Any) -> None:
    """A pipe gives its octets in pieces, and cannot seek."""
    read_end, write_end = os.pipe()
    data = gzip.compress(GOOD * 200)

    def write() -> None:
        with open(write_end, "wb", buffering=0) as pipe:
            for at in range(0, len(data), 7):
                pipe.write(data[at : at + 7])

    writer = threading.Thread(target=write)
    writer.start()
    with open(read_end, "rb", buffering=0) as pipe:
        count, file = _read(impl, pipe)
    writer.join()
    assert (count, file.skipped) == (200, 0)


def test_trickle(impl: Any) -> None:
    """A source of one octet at a time."""

    class Trickle(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.data = io.BytesIO(data)

        def read(self, size: int = -1) -> bytes:
            return self.data.read(1)

    for data in (GOOD * 3, gzip.compress(GOOD * 3), bz2.compress(GOOD * 3), lzma.compress(GOOD * 3)):
        assert _read(impl, Trickle(data))[0] == 3


def test_standard_input(impl: Any) -> None:
    code = "import bgpwire; print(sum(1 for _ in bgpwire.mrt.open('-').routes()))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    done = subprocess.run([sys.executable, "-c", code], input=GOOD * 2, env=env, capture_output=True, check=False)
    assert done.stdout.split() == [b"2"], done.stderr


class _Stream:
    """A file without an end in sight: ``total`` octets of the same records, made as they are read."""

    def __init__(self, unit: bytes, total: int) -> None:
        self.block = unit * (200_000 // len(unit))
        self.left = total

    def read(self, size: int = -1) -> bytes:
        piece = self.block if self.left > 0 else b""
        self.left -= len(piece)
        return piece


@pytest.mark.parametrize("level", ["records", "messages", "routes"])
def test_memory_stays_bounded(impl: Any, level: str) -> None:
    """Fifty megabytes of records pass through a few hundred kilobytes of memory."""
    many = b"".join(bytes((24, 10, n, 0)) for n in range(250)) * 3
    unit = bgp4mp(update(b"", ATTRIBUTES, many))
    file = impl.mrt.open(_Stream(unit, 50_000_000))
    tracemalloc.start()
    try:
        seen = 0
        for one in getattr(file, level)():
            seen += 1
            if seen == 200:
                tracemalloc.reset_peak()
            if level == "routes" and seen > 200_000:
                break
            del one
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seen > 10_000
    assert peak < 3_000_000


def test_memory_of_garbage_stays_bounded(impl: Any) -> None:
    """What is no MRT at all is stepped over in blocks, and told in no more than a thousand reports."""
    file = impl.mrt.open(_Stream(b"no mrt, but text that goes on and on.\n", 20_000_000), on_skip=told)
    tracemalloc.start()
    try:
        with pytest.raises(impl.MrtError, match="no MRT record in 20"):
            list(file.routes())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert file.skipped
    assert len(file.skips) <= 1000
    assert peak < 4_000_000


def test_many_peers(impl: Any) -> None:
    """Seventy thousand peers in one file: what is remembered of them has an end."""
    states = b"\0\1\0\2"

    class Peers:
        at = 0

        def read(self, size: int = -1) -> bytes:
            numbers = [*range(self.at, min(self.at + 1000, 70_000)), *([0] if self.at == 70_000 else [])]
            self.at += 1000
            tail = b"\0\0\xfb\xf5\0\0\0\1"
            return b"".join(
                record(16, 5, n.to_bytes(4) + tail + n.to_bytes(4) + b"\xc0\0\2\1" + states) for n in numbers
            )

    first = last = None
    count = 0
    for route in impl.mrt.open(Peers()).routes():
        first = first or route.peer
        last = route.peer
        count += 1
    assert count == 70_001
    assert first == last
    assert first is not last, "the peer of the first record is still remembered"
