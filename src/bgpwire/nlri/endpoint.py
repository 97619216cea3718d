"""Families that advertise an address: encapsulation (SAFI 7), tunnels (SAFI 64) and MDT (SAFI 66)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire import field as fields
from bgpwire._impl import Address, Reader, RouteDistinguisher
from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import Declared, Sized, whole
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.field import Walk
    from bgpwire.nlri.base import NlriContext


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


@nlri((Afi.IPV4, Safi.MDT))
class Mdt(Declared):
    """RFC 6037 section 4.4.1: 16 octets. Routers send an octet in front that says 128 bits, as other families have.

    That octet differs from a route distinguisher, whose type begins with a 0.
    """

    rd: RouteDistinguisher
    pe_address: Address
    group: Address
    layout = fields.Layout(rd=parts.rd, pe_address=fields.ipv4, group=fields.ipv4)

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        if len(reader) and reader.peek() == 0:
            return cls.read(reader, context)
        return whole(cls, reader.sub(parts.octets_of_bits.read(reader)), context)

    def laid_out(self) -> bytes | None:
        return self.wire if len(self.wire) == 16 else None

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        if walk.reader.ahead(1) == b"\0":
            cls.walk_fields(walk, context)
        else:
            walk.sub(walk.length(parts.octets_of_bits)).whole(lambda body: cls.walk_fields(body, context))
