"""Families that advertise an address: encapsulation (SAFI 7), tunnels (SAFI 64) and MDT (SAFI 66)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire import field as fields
from bgpwire._impl import Address, RouteDistinguisher
from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.nlri import parts
from bgpwire.nlri.declared import Sized
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.nlri.base import Nlri, NlriContext


@nlri(*families(IP, Safi.ENCAPSULATION))
class Encapsulation(Sized):
    """RFC 5512 section 3: the address, 32 or 128 bits, that tunnels to this speaker end at."""

    endpoint: Address
    size = parts.octets_of_bits
    layout = fields.Layout(endpoint=fields.address)

    def __str__(self) -> str:
        return str(self.endpoint)


@nlri(*families(IP, Safi.TUNNEL))
class Tunnel(Sized):
    """draft-nalawade-kapoor-tunnel-safi section 3: 16 bits of identifier, and the tunnel's end."""

    identifier: int
    endpoint: Address
    size = parts.octets_of_bits
    layout = fields.Layout(identifier=fields.u16, endpoint=fields.address)


class OptionalLength(fields.Field):
    """A length in bits, as the octets it takes; ``size`` where it is absent, which what stands there shows: an octet
    that is 0. It is written by leaving it out."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        def read(reader: Reader) -> int:
            if len(reader) and not reader.peek():
                return size
            return (reader.u8() + 7) >> 3

        super().__init__(read, exact=False)
        self._size = size

    def write(self, writer: Writer, value: Any) -> None:
        if value != self._size:
            raise ValueError(f"{value} octets in place of {self._size}")

    def schema(self) -> dict[str, Any]:
        return fields.u8.schema()


@nlri((Afi.IPV4, Safi.MDT))
class Mdt(Sized):
    """RFC 6037 section 4.4.1: 16 octets. Routers send an octet in front that says 128 bits, as other families have.

    That octet differs from a route distinguisher, whose type begins with a 0.
    """

    rd: RouteDistinguisher
    pe_address: Address
    group: Address
    layout = fields.Layout(rd=parts.rd, pe_address=fields.ipv4, group=fields.ipv4)
    size = OptionalLength(16)

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        if len(reader) and not reader.peek():
            return cls.read(reader, context)  # as the other way, but without a reader of its own
        return super().decode(reader, context)

    def laid_out(self) -> bytes | None:
        return self.wire if len(self.wire) == 16 else None
