"""What must not hurt: broken files, lengths that lie, wrong arguments: a DecodeError or a reported skip."""

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
from support.context import ATTRIBUTES, attribute, bgp4mp, message, peer_index, read_through, record, told, update

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
"""A record of one route."""


def _read(impl: Any, source: Any) -> tuple[int, Any]:
    """How many routes a source has, and the file with its skips."""
    file = impl.mrt.open(source, on_skip=told)
    # Where a magic is cut or damaged too, there is not a single record, and that is an error.
    return sum(isinstance(one, impl.Route) for one in read_through(impl, file.routes())), file


# --- files ------------------------------------------------------------------------------------------------------


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


# --- messages ---------------------------------------------------------------------------------------------------


def test_attribute_lengths_past_the_end(impl: Any) -> None:
    """RFC 7606 section 4: treat as withdraw; the NLRI are where they always were."""
    for block in (b"\x40\1\xff\0", b"\x50\1\xff\xff\0", b"\x40", b"\x40\1", b"\x50\1\0", ATTRIBUTES + b"\xc0\x08\4\0"):
        found = impl.Message.decode(update(b"", block, b"\x08\x0a"))
        assert found.nlri.json() == ["10.0.0.0/8"]
        assert any(error.action == "treat_as_withdraw" and error.code == 3 for error in found.errors)
        assert bytes(found.attributes) == block
        for name in ("origin", "as_path", "next_hop", "communities", "aggregator", "mp_reach", "large_communities"):
            getattr(found.attributes, name)


@pytest.mark.parametrize("bits", [33, 64, 128, 129, 200, 255])
def test_prefix_length_too_long(impl: Any, bits: int) -> None:
    for tail in (b"", bytes(40)):
        found = impl.Message.decode(update(bytes((bits,)) + tail, ATTRIBUTES, b"\x08\x0a" + bytes((bits,)) + tail))
        assert found.nlri.json() == ["10.0.0.0/8"]
        assert found.withdrawn.json() == []
        assert [error.subcode for error in found.errors] == [10, 10]
    for afi, longest in ((1, 32), (2, 128)):
        for safi in (1, 2, 4, 128):
            wire = bytes((min(255, longest + 1 + {4: 24, 128: 88}.get(safi, 0)),)) + b"\0\0\1" + bytes(40)
            found = impl.MpNlriCollection(wire, afi=afi, safi=safi)
            assert not found.values
            assert found.error is not None


def test_a_thousand_tiny_attributes(impl: Any) -> None:
    """4,077 octets of attributes with no value: all are there, one error each at most."""
    block = b"".join(bytes((0xC0, n % 256, 0)) for n in range(1350))
    found = impl.Message.decode(update(b"", block))
    assert len(found.attributes) == 1350
    assert b"".join(map(bytes, found.attributes)) == block
    assert len(found.errors) >= 1350 - 256
    found.json()
    same = impl.Message.decode(update(b"", b"\xc0\xc8\0" * 1350))
    assert sum(attribute.duplicate for attribute in same.attributes) == 1349
    assert len(same.errors) >= 1349


def test_largest_messages(impl: Any) -> None:
    session = impl.Session(extended_message=True)
    body = update(b"", ATTRIBUTES, b"\0" * (65535 - 23 - len(ATTRIBUTES)))
    found = impl.Message.decode(body, session)
    assert len(found) == 65535
    assert len(found.nlri) == 65535 - 23 - len(ATTRIBUTES)
    with pytest.raises(impl.MessageHeaderError):
        impl.Message.decode(body)
    path = b"".join(b"\2\1" + bytes(4) for _ in range(10_000))
    found = impl.Message.decode(update(b"", attribute(0x40, 2, path)), session)
    assert len(found.attributes.as_path.segments) == 10_000
    str(found.attributes.as_path)


@pytest.mark.parametrize("code", range(256))
def test_every_attribute_survives_every_short_value(impl: Any, code: int) -> None:
    for flags in (0x00, 0x40, 0x80, 0xC0, 0xFF):
        for value in (b"", b"\0", b"\xff" * 5, bytes(37), bytes(range(256)), b"\xff" * 300):
            found = impl.PathAttributes(attribute(flags, code, value))
            found.json()
            repr(found)
            found.get(code)
            impl.attribute.check.attribute_errors(found)


@pytest.mark.parametrize("afi", [0, 1, 2, 3, 25, 31, 16388, 16389, 65535])
def test_every_family_survives_anything(impl: Any, afi: int) -> None:
    for safi in range(256):
        for value in (b"", b"\0", b"\xff" * 5, bytes(37), bytes(range(256)), b"\xff" * 300):
            for withdraw in (False, True):
                found = impl.MpNlriCollection(value, afi=afi, safi=safi, withdraw=withdraw)
                found.json()
                repr(found)


@pytest.mark.parametrize("kind", [0, *range(1, 9), 128, 255])
def test_every_message_type_survives_anything(impl: Any, kind: int) -> None:
    for body in (b"", b"\0" * 4, b"\xff" * 4, b"\4" + b"\xff" * 30, bytes(range(256)), b"\xff" * 1000):
        try:
            found = impl.Message.decode(message(kind, body))
        except impl.DecodeError as error:
            assert error.code in (1, 2, 3, 5, 7)  # noqa: PT017  not all bodies are refused
        else:
            found.json()
            repr(found)
            assert bytes(found) == message(kind, body)


# --- arguments --------------------------------------------------------------------------------------------------

TAKERS: dict[str, Callable[[Any, Any], Any]] = {
    "Message.decode": lambda impl, data: impl.Message.decode(data),
    "split": lambda impl, data: impl.split(data),
    "PathAttributes": lambda impl, data: impl.PathAttributes(data),
    "NlriCollection": lambda impl, data: impl.NlriCollection(data),
    "MpNlriCollection": lambda impl, data: impl.MpNlriCollection(data, afi=1, safi=1),
    "Reader": lambda impl, data: impl.Reader(data),
    "Communities.from_bytes": lambda impl, data: impl.Communities.from_bytes(data),
    "NextHop": lambda impl, data: impl.NextHop(data),
}


VALUES: dict[str, Callable[[Any, Any], Any]] = {
    "AsPath.from_bytes": lambda impl, data: impl.AsPath.from_bytes(data),
    "Address.from_bytes": lambda impl, data: impl.Address.from_bytes(data),
    "LabelStack.from_bytes": lambda impl, data: impl.LabelStack.from_bytes(data),
    "RouteDistinguisher.from_bytes": lambda impl, data: impl.RouteDistinguisher.from_bytes(data),
    "ExtendedCommunity.from_bytes": lambda impl, data: impl.ExtendedCommunity.from_bytes(data),
    "LargeCommunity.from_bytes": lambda impl, data: impl.LargeCommunity.from_bytes(data),
}
WRONG = [None, "text", "", 5, 1.5, ["a"], object()]


@pytest.mark.parametrize("name", TAKERS)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_buffer(impl: Any, name: str, wrong: Any) -> None:
    """A buffer of octets or TypeError; never a crash of the interpreter."""
    with pytest.raises(TypeError):
        TAKERS[name](impl, wrong)


@pytest.mark.parametrize("name", VALUES)
def test_what_is_no_buffer_is_no_value(impl: Any, name: str) -> None:
    for wrong in WRONG:
        with pytest.raises(TypeError):
            VALUES[name](impl, wrong)


@pytest.mark.parametrize("name", [*TAKERS, *VALUES])
def test_any_buffer(impl: Any, name: str) -> None:
    from array import array
    from mmap import mmap

    data = {
        "Message.decode": message(4, b""),
        "split": bytes(4),
        "AsPath.from_bytes": b"\2\1\0\0\0\1",
        "LabelStack.from_bytes": b"\0\0\1",
        "LargeCommunity.from_bytes": bytes(12),
        "RouteDistinguisher.from_bytes": bytes(8),
        "ExtendedCommunity.from_bytes": bytes(8),
    }.get(name, bytes(4))
    space = mmap(-1, len(data))
    space[:] = data
    for buffer in (data, bytearray(data), memoryview(data), memoryview(b"-" + data)[1:], array("B", data), space):
        (TAKERS | VALUES)[name](impl, buffer)


def test_mrt_open_of_what_is_no_source(impl: Any) -> None:
    for wrong in (None, 1.5, ["a"], object()):
        with pytest.raises(TypeError):
            impl.mrt.open(wrong)


def test_bounds(impl: Any) -> None:
    for kind in (impl.Reader, impl.PathAttributes):
        for start, end in ((-1, 2), (3, 2), (0, 5), (5, 5), (0, -1), (1 << 40, 1 << 41)):
            with pytest.raises((ValueError, OverflowError)):
                kind(b"abcd", start, end)
    reader = impl.Reader(b"abcd")
    for size in (-1, 5, 1 << 40):
        with pytest.raises(impl.DecodeError):
            reader.take(size)
        with pytest.raises(impl.DecodeError):
            reader.skip(size)
        with pytest.raises(impl.DecodeError):
            reader.sub(size)
    assert len(reader) == 4
