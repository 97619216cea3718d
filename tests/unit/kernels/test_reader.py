"""``Reader``: each read takes what it says, within the reader's own octets, or says where it could not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

DATA = bytes(range(0x40, 0x60))

# By read: how many octets it takes, and what those from 0x42 on are.
READS: dict[str, tuple[Callable[[Any], Any], int, Any]] = {
    "u8": (lambda reader: reader.u8(), 1, 0x42),
    "u16": (lambda reader: reader.u16(), 2, 0x4243),
    "u24": (lambda reader: reader.u24(), 3, 0x424344),
    "u32": (lambda reader: reader.u32(), 4, 0x42434445),
    "u64": (lambda reader: reader.u64(), 8, 0x4243444546474849),
    "uint": (lambda reader: reader.uint(5), 5, 0x4243444546),
    "uint of nothing": (lambda reader: reader.uint(0), 0, 0),
    "uint of many": (lambda reader: reader.uint(9), 9, 0x42434445464748494A),
    # IEEE 754: exponents 0x84 and 0x424, less their biases of 127 and 1023.
    "f32": (lambda reader: reader.f32(), 4, 2**5 * (1 + 0x434445 / 2**23)),
    "f64": (lambda reader: reader.f64(), 8, 2**37 * (1 + 0x3444546474849 / 2**52)),
    "take": (lambda reader: reader.take(6), 6, b"BCDEFG"),
    "skip": (lambda reader: reader.skip(6), 6, None),
    "ipv4": (lambda reader: str(reader.ipv4()), 4, "66.67.68.69"),
    "ipv6": (lambda reader: str(reader.ipv6()), 16, "4243:4445:4647:4849:4a4b:4c4d:4e4f:5051"),
    "address": (lambda reader: str(reader.address(4)), 4, "66.67.68.69"),
    "sub": (lambda reader: reader.sub(7).rest(), 7, b"BCDEFGH"),
}


@pytest.mark.parametrize("name", READS)
def test_read(impl: Any, name: str) -> None:
    read, size, value = READS[name]
    reader = impl.Reader(DATA, 2, 2 + size, base=100)
    assert (len(reader), reader.offset) == (size, 102)
    assert read(reader) == value
    assert (len(reader), reader.offset) == (0, 102 + size)


@pytest.mark.parametrize("name", [name for name, (_, size, _) in READS.items() if size])
def test_one_octet_short(impl: Any, name: str) -> None:
    """There are more octets behind the reader's end: they are not its own, and nothing is taken."""
    read, size, _ = READS[name]
    for start, base in ((0, 0), (2, 0), (2, 100), (2, -2)):
        reader = impl.Reader(DATA, start, start + size - 1, base=base)
        with pytest.raises(impl.TruncatedError, match=f"{size} octets needed, {size - 1} left") as caught:
            read(reader)
        assert caught.value.offset == start + base
        assert (len(reader), reader.offset) == (size - 1, start + base)


def test_ahead(impl: Any) -> None:
    reader = impl.Reader(DATA, 0, 3)
    reader.skip(1)
    assert [reader.ahead(size) for size in (-1, 0, 1, 2, 3, 1 << 60)] == [b"", b"", DATA[1:2], *[DATA[1:3]] * 3]
    assert (reader.offset, len(reader)) == (1, 2)


def test_peek(impl: Any) -> None:
    reader = impl.Reader(DATA, 2, 4, base=100)
    assert (reader.peek(), reader.peek(), len(reader)) == (0x42, 0x42, 2)
    reader.skip(1)
    assert reader.peek() == 0x43
    reader.skip(1)
    with pytest.raises(impl.TruncatedError, match="1 octets needed, 0 left") as caught:
        reader.peek()
    assert caught.value.offset == 104
    with pytest.raises(impl.TruncatedError):
        impl.Reader(DATA, 3, 3).peek()


def test_never_back(impl: Any) -> None:
    reader = impl.Reader(DATA, 4, 8, base=100)
    for read in (reader.take, reader.skip, reader.sub, reader.uint):
        for size in (-1, -4, -(1 << 40)):
            with pytest.raises(impl.TruncatedError) as caught:
                read(size)
            assert caught.value.offset == 104
            assert (len(reader), reader.offset) == (4, 104)


def test_address_of_another_size(impl: Any) -> None:
    reader = impl.Reader(DATA, 4, base=100)
    for size in (-1, 0, 3, 5, 12, 17):
        with pytest.raises(impl.TruncatedError, match=f"an address of {size} octets") as caught:
            reader.address(size)
        assert caught.value.offset == 104
        assert reader.offset == 104


def test_a_reader_of_a_part(impl: Any) -> None:
    """Its offsets count from where those of the reader it comes from do, however deep it is."""
    outer = impl.Reader(DATA, 2, 20, base=100)
    outer.skip(3)
    inner = outer.sub(6)
    assert (inner.offset, len(inner), outer.offset, len(outer)) == (105, 6, 111, 9)
    inner.skip(1)
    innermost = inner.sub(2)
    assert (innermost.offset, innermost.rest(), inner.offset) == (106, b"FG", 108)
    with pytest.raises(impl.TruncatedError) as caught:
        innermost.peek()
    assert caught.value.offset == 108
    assert inner.rest() == b"HIJ"
    assert outer.rest() == DATA[11:20]


def test_octets_since(impl: Any) -> None:
    reader = impl.Reader(DATA, 2, 20, base=100)
    begin = reader.offset
    assert reader.since(begin) == b""
    reader.skip(4)
    assert reader.since(begin) == b"BCDE"
    assert reader.since(begin + 3) == b"E"
    for offset in (begin + 5, 99):
        with pytest.raises(ValueError, match="has not passed"):
            reader.since(offset)
