"""A buffer that grows, in network order: what every hand-written encoder writes with."""

from __future__ import annotations

import math
import struct
from operator import index
from typing import TYPE_CHECKING, Self

from bgpwire._python.prefix import Address
from bgpwire.value.octets import as_bytes, unfit

if TYPE_CHECKING:
    from collections.abc import Buffer
    from types import TracebackType

__all__ = ["Writer"]

_F32 = struct.Struct(">f").pack
_F64 = struct.Struct(">d").pack


class Writer:
    """Writes what :class:`bgpwire.Reader` reads, from left to right; ``bytes()`` are the octets written.

    Each write adds its octets, or raises and adds none: ValueError, which names the field, for a value that does not
    fit, TypeError for one of another sort.
    """

    __slots__ = ("_data", "_extra", "_outer", "_size")
    _outer: Writer | None

    def __init__(self) -> None:
        self._data = bytearray()
        self._outer = None
        self._size = 0
        self._extra = 0

    def __len__(self) -> int:
        """How many octets have been written."""
        return len(self._data)

    def __bytes__(self) -> bytes:
        return bytes(self._data)

    def u8(self, value: int) -> None:
        self._number(value, 1, "u8")

    def u16(self, value: int) -> None:
        self._number(value, 2, "u16")

    def u24(self, value: int) -> None:
        self._number(value, 3, "u24")

    def u32(self, value: int) -> None:
        self._number(value, 4, "u32")

    def u64(self, value: int) -> None:
        self._number(value, 8, "u64")

    def uint(self, value: int, size: int) -> None:
        """An unsigned integer in ``size`` octets."""
        if size < 0:
            raise ValueError(f"uint: {size} octets")
        self._number(value, size, f"u{8 * size}")

    def _number(self, value: int, size: int, name: str) -> None:
        number = index(value)
        try:
            self._data += number.to_bytes(size)
        except OverflowError:
            raise unfit(name, number) from None

    def f32(self, value: float) -> None:
        """IEEE 754 single. ValueError for what only an infinity is near."""
        try:
            self._data += _F32(math.copysign(value, value))
        except OverflowError:
            raise unfit("f32", value) from None

    def f64(self, value: float) -> None:
        """IEEE 754 double."""
        try:
            self._data += _F64(math.copysign(value, value))
        except OverflowError:
            raise unfit("f64", value) from None

    def octets(self, data: Buffer) -> None:
        """Octets as they are."""
        self._data += as_bytes(data)

    def skip(self, size: int) -> None:
        """``size`` reserved octets: zeros."""
        if size < 0:
            raise ValueError(f"skip: {size} octets")
        self._data += bytes(size)

    def ipv4(self, value: Address) -> None:
        """An address of 4 octets."""
        self._address(value, 4, "ipv4")

    def ipv6(self, value: Address) -> None:
        """An address of 16 octets."""
        self._address(value, 16, "ipv6")

    def address(self, value: Address) -> None:
        """An address, 4 or 16 octets."""
        self._address(value, 0, "address")

    def _address(self, value: Address, size: int, name: str) -> None:
        if not isinstance(value, Address):
            raise TypeError(f"{name}: an Address is needed, not {type(value).__name__}")
        packed = bytes(value)
        if size and len(packed) != size:
            raise ValueError(f"{name}: an address of {len(packed)} octets")
        self._data += packed

    def sub(self, size: int, extra: int = 0) -> Writer:
        """A writer of what stands behind a length of ``size`` octets: ``with writer.sub(2) as body: …``.

        Length and contents come into this writer when the block is left, or by :meth:`close`; ``extra`` is how many
        octets the length counts beyond the contents.
        """
        if size < 0:
            raise ValueError(f"sub: a length of {size} octets")
        inner = Writer()
        inner._outer = self
        inner._size = size
        inner._extra = extra
        return inner

    def close(self) -> None:
        """Hand length and contents to the writer this one is a part of. ValueError if it is no part, or closed."""
        outer = self._outer
        if outer is None:
            raise ValueError("close: a writer that is a part of no other")
        try:
            length = (len(self._data) + self._extra).to_bytes(self._size)
        except OverflowError:
            raise unfit(f"length: u{8 * self._size}", len(self._data) + self._extra) from None
        outer._data += length + self._data
        self._outer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """:meth:`close`, unless an exception ends the block."""
        if kind is None:
            self.close()
