"""A cursor over octets in network order: what every hand-written decoder reads with."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bgpwire._python.prefix import Address
from bgpwire.errors import TruncatedError
from bgpwire.value.octets import as_bytes

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["Reader", "as_bytes", "reader_of"]

_U16 = struct.Struct(">H").unpack_from
_U32 = struct.Struct(">I").unpack_from
_U64 = struct.Struct(">Q").unpack_from
_F32 = struct.Struct(">f").unpack_from
_F64 = struct.Struct(">d").unpack_from


class Reader:
    """Reads ``data[start:end]`` from left to right.

    ``base`` is added to every offset this reader reports, so that errors count from where the caller's
    octets began. Each read takes its octets or raises :class:`bgpwire.TruncatedError` and takes none.
    """

    __slots__ = ("_data", "_end", "_pos", "base")
    base: int

    def __init__(self, data: Buffer, start: int = 0, end: int | None = None, base: int = 0) -> None:
        octets = as_bytes(data)
        size = len(octets)
        if end is None:
            end = size
        if not 0 <= start <= end <= size:
            raise ValueError(f"no octets {start} to {end} in a buffer of {size}")
        self._data = octets
        self._pos = start
        self._end = end
        self.base = base

    def __len__(self) -> int:
        """How many octets are left."""
        return self._end - self._pos

    @property
    def offset(self) -> int:
        """Where the next octet stands, ``base`` included."""
        return self._pos + self.base

    def _take(self, size: int) -> int:
        pos = self._pos
        if size < 0 or self._end - pos < size:
            raise TruncatedError(f"{size} octets needed, {self._end - pos} left", pos + self.base)
        self._pos = pos + size
        return pos

    def u8(self) -> int:
        return self._data[self._take(1)]

    def u16(self) -> int:
        value: int = _U16(self._data, self._take(2))[0]
        return value

    def u24(self) -> int:
        pos = self._take(3)
        return int.from_bytes(self._data[pos : pos + 3])

    def u32(self) -> int:
        value: int = _U32(self._data, self._take(4))[0]
        return value

    def u64(self) -> int:
        value: int = _U64(self._data, self._take(8))[0]
        return value

    def f32(self) -> float:
        value: float = _F32(self._data, self._take(4))[0]
        return value

    def f64(self) -> float:
        value: float = _F64(self._data, self._take(8))[0]
        return value

    def uint(self, size: int) -> int:
        """An unsigned integer of ``size`` octets."""
        pos = self._take(size)
        return int.from_bytes(self._data[pos : pos + size])

    def take(self, size: int) -> bytes:
        """The next ``size`` octets."""
        pos = self._take(size)
        return self._data[pos : pos + size]

    def rest(self) -> bytes:
        """All octets that are left."""
        return self.take(self._end - self._pos)

    def skip(self, size: int) -> None:
        self._take(size)

    def peek(self) -> int:
        """The next octet, left where it is."""
        if self._pos >= self._end:
            raise TruncatedError("1 octets needed, 0 left", self._pos + self.base)
        return self._data[self._pos]

    def ahead(self, size: int) -> bytes:
        """The next ``size`` octets, or as many as are left, left where they are."""
        most = max(0, min(size, self._end - self._pos))
        return self._data[self._pos : self._pos + most]

    def sub(self, size: int) -> Reader:
        """A reader of the next ``size`` octets alone; this one goes on behind them."""
        pos = self._take(size)
        reader = Reader.__new__(Reader)
        reader._data = self._data
        reader._pos = pos
        reader._end = pos + size
        reader.base = self.base
        return reader

    def since(self, offset: int) -> bytes:
        """The octets read since :attr:`offset` had the given value."""
        start = offset - self.base
        if not 0 <= start <= self._pos:
            raise ValueError("an offset this reader has not passed")
        return self._data[start : self._pos]

    def ipv4(self) -> Address:
        """An address of 4 octets."""
        return Address._of(self.take(4))

    def ipv6(self) -> Address:
        """An address of 16 octets."""
        return Address._of(self.take(16))

    def address(self, size: int) -> Address:
        """An address of ``size`` octets; :class:`bgpwire.TruncatedError` unless it is 4 or 16."""
        if size not in (4, 16):
            raise TruncatedError(f"an address of {size} octets", self.offset)
        return Address._of(self.take(size))


def reader_of(data: bytes, base: int) -> Reader:
    """A reader of all of ``data``: as ``Reader(data, 0, None, base)``, for half of the time."""
    reader = Reader.__new__(Reader)
    reader._data = data
    reader._pos = 0
    reader._end = len(data)
    reader.base = base
    return reader
