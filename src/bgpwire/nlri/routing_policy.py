"""Routing policy distribution (SAFI 75): draft-ietf-idr-rpd section 4.1."""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire._impl import Address
from bgpwire.afi_safi import IP, Safi, families
from bgpwire.nlri.declared import Sized
from bgpwire.registry import nlri


@nlri(*families(IP, Safi.ROUTING_POLICY))
class RoutingPolicy(Sized):
    """The policy for a peer: 9 octets with an IPv4 address, 21 with IPv6; 0.0.0.0 or ``::`` is every peer."""

    policy_type: str | int
    distinguisher: int
    peer: Address
    size = fields.u8
    layout = fields.Layout(
        policy_type=fields.named({1: "export", 2: "import"}),
        distinguisher=fields.u32,
        peer=fields.address,
    )
