"""What NLRI are made of: the fields that several families share, over :mod:`bgpwire.field`."""

from __future__ import annotations

from dataclasses import dataclass

from bgpwire._impl import Address, LabelStack, Prefix, Reader, RouteDistinguisher
from bgpwire.errors import DecodeError
from bgpwire.field import Reads

ANY = "*"
"""The wildcard of RFC 6625 section 3.1: a multicast source or group of length 0."""


@dataclass(frozen=True, slots=True, order=True)
class Mac:
    """A MAC address, 6 octets; as text ``00:11:22:33:44:55``."""

    octets: bytes

    def __bytes__(self) -> bytes:
        return self.octets

    def __str__(self) -> str:
        return self.octets.hex(":")

    def json(self) -> str:
        return str(self)


def rd(reader: Reader) -> RouteDistinguisher:
    """8 octets (RFC 4364 section 4.2)."""
    return RouteDistinguisher.from_bytes(reader.take(8))


def mac(reader: Reader) -> Mac:
    return Mac(reader.take(6))


def sized_mac(reader: Reader) -> Mac:
    """An octet that says 48, and the address (RFC 7432 section 7.2)."""
    at = reader.offset
    bits = reader.u8()
    if bits != 48:
        raise DecodeError(f"a MAC address of {bits} bits", at)
    return mac(reader)


def optional_address(reader: Reader) -> Address | None:
    """A length in bits, 0, 32 or 128, and as many octets; ``None`` for 0."""
    at = reader.offset
    bits = reader.u8()
    if bits not in (0, 32, 128):
        raise DecodeError(f"an address of {bits} bits", at)
    return reader.address(bits >> 3) if bits else None


def sized_address(reader: Reader) -> Address:
    """A length in bits, 32 or 128, and as many octets."""
    at = reader.offset
    value = optional_address(reader)
    if value is None:
        raise DecodeError("an address of 0 bits", at)
    return value


def multicast(reader: Reader) -> Address | str:
    """A multicast source or group: a length in bits, 0 (:data:`ANY`), 32 or 128, and the address."""
    return optional_address(reader) or ANY


def full_prefix(reader: Reader, size: int) -> Prefix:
    """A length in bits, then always ``size`` (4 or 16) octets, however few of them the length covers."""
    at = reader.offset
    bits = reader.u8()
    if bits > size * 8:
        raise DecodeError(f"prefix length {bits}", at)
    return Prefix._restore(bytes((bits,)) + reader.take(size)[: (bits + 7) >> 3], 1 if size == 4 else 2, None)


def label_stack(reader: Reader, single: bool = False) -> LabelStack:
    """Labels of 3 octets until the bottom-of-stack bit (RFC 8277 section 2.3).

    With ``single`` it is one label, whatever its bit (section 2.2).
    """
    begin = reader.offset
    while not reader.u24() & 1 and not single:
        pass
    return LabelStack.from_bytes(reader.since(begin))


def octets_of_bits(reader: Reader) -> int:
    """A length of one octet in bits, as the octets it takes."""
    return (reader.u8() + 7) >> 3


def one_of(names: dict[int, str], field: Reads) -> Reads:
    """A number by its name; the number itself where it has none."""

    def read(reader: Reader) -> str | int:
        number: int = field(reader)
        return names.get(number) or number

    return read
