"""What NLRI are made of: the fields that several families share, over :mod:`bgpwire.field`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bgpwire._impl import Address, Prefix, Reader, RouteDistinguisher, Writer
from bgpwire.errors import DecodeError
from bgpwire.field import Field, Walk, address, marked, prefix, raw, read_prefix, turned, u8, u32
from bgpwire.field.address import bits_behind
from bgpwire.field.base import integer_of
from bgpwire.value.frozen import Frozen

ANY = "*"
"""The wildcard of RFC 6625 section 3.1: a multicast source or group of length 0."""


@dataclass(frozen=True, slots=True, order=True)
class Mac(Frozen):
    """A MAC address, 6 octets; as text ``00:11:22:33:44:55``."""

    octets: bytes

    def __bytes__(self) -> bytes:
        return self.octets

    def __str__(self) -> str:
        return self.octets.hex(":")

    def json(self) -> str:
        return str(self)


_RD_SCHEMA = {"type": "string", "pattern": r"^((\d+L?|\d+\.\d+\.\d+\.\d+):\d+|0x[0-9a-f]{4}:[0-9a-f]{12})$"}
rd: Final = turned(raw(8), RouteDistinguisher.from_bytes, bytes, RouteDistinguisher, _RD_SCHEMA, exact=True)
"""8 octets (RFC 4364 section 4.2)."""


def mac_of(text: str) -> Mac:
    """The address of ``00:11:22:33:44:55``, or the first octets of one. ValueError for other text."""
    octets = text.split(":")
    if any(len(octet) != 2 for octet in octets):
        raise ValueError(f"{text!r} is no MAC address")
    return Mac(bytes.fromhex("".join(octets)))


_MAC_SCHEMA = {"type": "string", "pattern": "^([0-9a-f]{2}:){5}[0-9a-f]{2}$"}
mac: Final = turned(raw(6), Mac, bytes, mac_of, _MAC_SCHEMA, exact=True)
sized_mac: Final = marked(48, 1, mac, "a MAC address of {} bits", "length")
"""An octet that says 48, and the address (RFC 7432 section 7.2)."""


class AddressOfBits(Field):
    """A length in bits, 32 or 128, and as many octets; with ``empty`` also 0, which is that value."""

    __slots__ = ("_empty", "_sizes")

    def __init__(self, *empty: str | None) -> None:
        sizes = (0, 32, 128) if empty else (32, 128)
        nothing = empty[0] if empty else None

        def read(reader: Reader) -> Address | str | None:
            at = reader.offset
            bits = reader.u8()
            if bits not in sizes:
                raise DecodeError(f"an address of {bits} bits", at)
            return reader.address(bits >> 3) if bits else nothing

        super().__init__(read)
        self._sizes = sizes
        self._empty = nothing

    def walk(self, walk: Walk) -> Any:
        return walk.behind(self, "address", "length")

    def write(self, writer: Writer, value: Any) -> None:
        if len(self._sizes) == 3 and type(value) is type(self._empty) and value == self._empty:
            writer.u8(0)
            return
        packed = self._packed(value)
        writer.u8(8 * len(packed))
        writer.octets(packed)

    def _packed(self, value: Any) -> bytes:
        if not isinstance(value, Address):
            raise TypeError(f"an Address is needed, not {type(value).__name__}")
        return bytes(value)

    def from_json(self, form: Any) -> Any:
        return form if form is None or form == self._empty else Address(form)

    def schema(self) -> dict[str, Any]:
        if self._empty is None:
            return address.schema()
        return {"anyOf": [address.schema(), {"const": self._empty}]}


optional_address: Final = AddressOfBits(None)
"""A length in bits, 0, 32 or 128, and as many octets; ``None`` for 0."""
sized_address: Final = AddressOfBits()
"""A length in bits, 32 or 128, and as many octets."""
multicast: Final = AddressOfBits(ANY)
"""A multicast source or group: a length in bits, 0 (:data:`ANY`), 32 or 128, and the address."""


class FullPrefix(Field):
    """A length in bits, then always ``size`` (4 or 16) octets, however few of them the length covers."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        def read(reader: Reader) -> Prefix:
            at = reader.offset
            bits = reader.u8()
            if bits > size * 8:
                raise DecodeError(f"prefix length {bits}", at)
            octets = reader.take(size)[: (bits + 7) >> 3]
            return Prefix._restore(bytes((bits,)) + octets, 1 if size == 4 else 2, None)

        super().__init__(read, exact=False, width=size + 1)
        self._size = size

    def walk(self, walk: Walk) -> Any:
        return walk.behind(self, "prefix", "length")

    def write(self, writer: Writer, value: Any) -> None:
        octets = bytes(value)
        if value.path_id is not None or value.version != (4 if self._size == 4 else 6):
            raise ValueError(f"{value!r} in a prefix of {self._size} octets")
        writer.octets(octets.ljust(self._size + 1, b"\0"))

    def restores(self, value: Any, data: bytes) -> bool:
        return not int.from_bytes(data[1:]) & (1 << 8 * self._size - data[0]) - 1

    def from_json(self, form: Any) -> Prefix:
        return Prefix(form)

    def schema(self) -> dict[str, Any]:
        return prefix(1).schema()


class PrefixOfBits(Field):
    """The octets of a prefix of ``bits`` bits; its length stands elsewhere. DecodeError where it is too long."""

    __slots__ = ("_afi", "_bits")

    def __init__(self, afi: int, bits: int) -> None:
        def read(reader: Reader) -> Prefix:
            return read_prefix(reader, afi, bits)

        super().__init__(read, exact=False, width=(bits + 7) >> 3)
        self._afi = afi
        self._bits = bits

    def write(self, writer: Writer, value: Any) -> None:
        octets = prefix(self._afi).encode(value)
        if octets[0] != self._bits:
            raise ValueError(f"{value} is no prefix of {self._bits} bits")
        writer.octets(octets[1:])

    def restores(self, value: Any, data: bytes) -> bool:
        return not bits_behind(bytes((self._bits,)) + data)

    def from_json(self, form: Any) -> Prefix:
        return Prefix(form)

    def schema(self) -> dict[str, Any]:
        return prefix(self._afi).schema()


FULL_PREFIXES: Final = {4: FullPrefix(4), 16: FullPrefix(16)}


class FirstBits(Field):
    """The first ``bits`` bits of a number of 32, in as few octets; the others are 0."""

    __slots__ = ("_bits",)

    def __init__(self, bits: int) -> None:
        size = (bits + 7) >> 3
        shift, mask = 32 - 8 * size, -1 << (32 - bits)

        def read(reader: Reader) -> int:
            return reader.uint(size) << shift & mask

        super().__init__(read if bits else lambda reader: 0, exact=not bits % 8, width=size)
        self._bits = bits

    def write(self, writer: Writer, value: Any) -> None:
        if value & (1 << 32 - self._bits) - 1:
            raise ValueError(f"{value} does not fit the first {self._bits} bits of 32")
        writer.octets(value.to_bytes(4)[: (self._bits + 7) >> 3])

    def restores(self, value: Any, data: bytes) -> bool:
        return not bits_behind(bytes((self._bits,)) + data)

    def from_json(self, form: Any) -> int:
        return integer_of(form)

    def schema(self) -> dict[str, Any]:
        return u32.schema()


_FIRST_BITS: Final = {bits: FirstBits(bits) for bits in range(33)}


def first_bits(bits: int) -> Field:
    """The first ``bits`` bits of a number of 32, in as few octets. ValueError for more than 32 bits."""
    field = _FIRST_BITS.get(bits)
    if field is None:
        raise ValueError(f"{bits} bits of 32")
    return field


octets_of_bits: Final = turned(u8, lambda bits: (bits + 7) >> 3, lambda octets: 8 * octets)
"""A length of one octet in bits, as the octets it takes."""
