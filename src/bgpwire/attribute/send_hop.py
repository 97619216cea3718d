"""The next hop that is sent: of which length the family and the session let it be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire._impl import Address
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MPLS_LABEL, SAFI_MPLS_VPN, Family, Safi
from bgpwire.errors import EncodeError
from bgpwire.next_hop_length import NEXT_HOP_LENGTHS, always_distinguished, distinguished_once, next_hop_fits

if TYPE_CHECKING:
    from bgpwire.attribute.next_hop import NextHop
    from bgpwire.session import Session

_MAPPED: Final = bytes(10) + b"\xff\xff"
_IPV4_MAPPED: Final = frozenset({(AFI_IPV6, SAFI_MPLS_LABEL), (AFI_IPV6, SAFI_MPLS_VPN)})
"""Families whose IPv4 next hop is written as an IPv4-mapped IPv6 address (RFC 4798 section 2, RFC 4659 3.2.1.2)."""
_ADDRESSES: Final = frozenset((4, 16, 32))
"""Octets of a next hop of addresses alone."""
_EXTENDED: Final = frozenset(
    (AFI_IPV4, int(safi)) for safi in (Safi.UNICAST, Safi.MULTICAST, Safi.MPLS_LABEL, Safi.MPLS_VPN, Safi.MULTICAST_VPN)
)
"""Families whose IPv6 next hop is to be negotiated (RFC 8950 section 4)."""


def hop_of_family(hop: Address | NextHop | None, family: Family) -> bytes:
    """The octets of MP_REACH_NLRI's next hop for ``family``, without their length.

    An address gets the route distinguisher of 0 in front that VPN families have (RFC 4364 section 4.3.2). No next hop
    is no octets, where the family may have none (RFC 8955 section 4). :class:`bgpwire.EncodeError` for a next hop of
    another length than the family's.
    """
    octets = b"" if hop is None else bytes(hop)
    if len(octets) == 4 and family in _IPV4_MAPPED:
        octets = _MAPPED + octets
    if len(octets) in _ADDRESSES and always_distinguished(*family):
        once = distinguished_once(*family)
        octets = b"".join((b"" if at and once else bytes(8)) + octets[at : at + 16] for at in range(0, len(octets), 16))
    size = len(octets)
    if not next_hop_fits(*family, size) or (not size and family in NEXT_HOP_LENGTHS):
        reason = f"{family} has no next hop of {size} octets" if size else f"{family} wants one, and none is given"
        raise EncodeError("next_hop", None if hop is None else str(hop), None, reason)
    return octets


def hop_octets(hop: Address | NextHop | None, family: Family, session: Session) -> bytes:
    """As :func:`hop_of_family`; :class:`bgpwire.EncodeError` also for an IPv6 one of an IPv4 family for which
    ``session`` has none (RFC 8950 section 4)."""
    octets = hop_of_family(hop, family)
    if len(octets) >= 16 and family in _EXTENDED and (*family, AFI_IPV6) not in session.extended_next_hop:
        reason = f"{hop}: the session has no IPv6 next hops for {family} (RFC 8950)"
        raise EncodeError("next_hop", str(hop), None, reason)
    return octets
