"""Families that advertise an address: encapsulation (SAFI 7), tunnels (SAFI 64) and MDT (SAFI 66)."""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire._impl import Address, RouteDistinguisher
from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.nlri import parts
from bgpwire.nlri.declared import Sized
from bgpwire.registry import nlri


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


_ABSENT = fields.turned(fields.nothing, lambda _: 16, lambda size: size == 16)
"""A length that has no octets: 16."""


@nlri((Afi.IPV4, Safi.MDT))
class Mdt(Sized):
    """RFC 6037 section 4.4.1: 16 octets. Routers send an octet in front that says 128 bits, as other families have.

    That octet differs from a route distinguisher, whose type begins with a 0.
    """

    rd: RouteDistinguisher
    pe_address: Address
    group: Address
    layout = fields.Layout(rd=parts.rd, pe_address=fields.ipv4, group=fields.ipv4)
    size = fields.chosen(
        lambda reader: _ABSENT if len(reader) and not reader.peek() else parts.octets_of_bits,
        lambda size: _ABSENT,
        parts.octets_of_bits,
    )

    def laid_out(self) -> bytes | None:
        return self.wire if len(self.wire) == 16 else None
