"""Addresses and prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Address, Prefix, reads_address
from bgpwire.errors import DecodeError
from bgpwire.field.base import Field, text_of

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.field.walk import Walk


class AddressField(Field):
    """An address of 4 octets, of 16, or (``size`` 0) of as many as are left."""

    __slots__ = ("size",)

    def __init__(self, size: int) -> None:
        def read(reader: Reader) -> Address:
            return reader.address(len(reader))

        super().__init__(reads_address(size) if size else read, width=size or None)
        self.size = size

    def write(self, writer: Writer, value: Any) -> None:
        if self.size == 4:
            writer.ipv4(value)
        elif self.size:
            writer.ipv6(value)
        else:
            writer.address(value)

    def from_json(self, form: Any) -> Address:
        return Address(text_of(form))

    def schema(self) -> dict[str, Any]:
        name = {4: "ipv4", 16: "ipv6"}.get(self.size, "address")
        return {"$ref": f"#/$defs/{name}"}


ipv4: Final = AddressField(4)
ipv6: Final = AddressField(16)
address: Final = AddressField(0)
"""All that is left, an address of 4 or 16 octets."""


def read_prefix(reader: Reader, afi: int, bits: int | None = None) -> Prefix:
    """A prefix of ``bits`` bits (``None``: an octet in front says how many), its octets only as many as they need."""
    at = reader.offset
    length = reader.u8() if bits is None else bits
    if length > (32 if afi == 1 else 128):
        raise DecodeError(f"prefix length {length}", at)
    return Prefix._restore(bytes((length,)) + reader.take((length + 7) >> 3), afi, None)


def bits_behind(octets: bytes) -> bool:
    """Whether bits are set behind the length of a prefix, an octet in front of it."""
    rest = -octets[0] & 7
    return bool(rest) and octets[-1] & (1 << rest) - 1 != 0


class PrefixField(Field):
    """A length in bits and as many octets as it needs. JSON shows no bits behind the length."""

    __slots__ = ("afi",)

    def __init__(self, afi: int) -> None:
        def read(reader: Reader) -> Prefix:
            return read_prefix(reader, afi)

        super().__init__(read, exact=False)
        self.afi = afi

    def walk(self, walk: Walk) -> Any:
        return walk.behind(self, "prefix", "length")

    def write(self, writer: Writer, value: Any) -> None:
        if not isinstance(value, Prefix):
            raise TypeError(f"a Prefix is needed, not {type(value).__name__}")
        if value.afi != self.afi or value.path_id is not None:
            raise ValueError(f"{value!r} is no prefix of AFI {self.afi} without a path identifier")
        writer.octets(bytes(value))

    def restores(self, value: Any, data: bytes) -> bool:
        return not bits_behind(data)

    def from_json(self, form: Any) -> Prefix:
        return Prefix(text_of(form))

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/prefix"}


PREFIXES: Final = {1: PrefixField(1), 2: PrefixField(2)}


def prefix(afi: int) -> Field:
    """A length in bits and as many octets as it needs, of IPv4 (1) or IPv6 (2)."""
    return PREFIXES[afi]
