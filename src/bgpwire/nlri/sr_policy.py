"""SR Policy (SAFI 73): RFC 9830 section 2.1."""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire._impl import Address
from bgpwire.afi_safi import IP, Safi, families
from bgpwire.nlri import parts
from bgpwire.nlri.declared import Sized
from bgpwire.registry import nlri


@nlri(*families(IP, Safi.SR_POLICY))
class SrPolicy(Sized):
    """A candidate path: 96 bits with an IPv4 endpoint, 192 with IPv6. As text ``[distinguisher][color][endpoint]``."""

    distinguisher: int
    color: int
    endpoint: Address
    size = parts.octets_of_bits
    layout = fields.Layout(distinguisher=fields.u32, color=fields.u32, endpoint=fields.address)

    def __str__(self) -> str:
        return f"[{self.distinguisher}][{self.color}][{self.endpoint}]"
