"""Addresses and prefixes."""

from __future__ import annotations

from bgpwire._impl import Address, Prefix, Reader
from bgpwire.errors import DecodeError


def ipv4(reader: Reader) -> Address:
    return reader.ipv4()


def ipv6(reader: Reader) -> Address:
    return reader.ipv6()


def address(reader: Reader) -> Address:
    """All that is left, an address of 4 or 16 octets."""
    return reader.address(len(reader))


def prefix(reader: Reader, afi: int, bits: int | None = None) -> Prefix:
    """A prefix of ``bits`` bits (``None``: an octet in front tells), its octets only as many as they need."""
    at = reader.offset
    length = reader.u8() if bits is None else bits
    if length > (32 if afi == 1 else 128):
        raise DecodeError(f"prefix length {length}", at)
    return Prefix._restore(bytes((length,)) + reader.take((length + 7) >> 3), afi, None)
