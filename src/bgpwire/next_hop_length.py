"""How many octets the next hop of MP_REACH_NLRI may have, family by family (RFC 7606 section 7.11).

An IPv6 next hop may have a link-local address behind it (RFC 2545 section 3). In the VPN families a route
distinguisher stands in front of each address. IPv4 next to 16 octets and more is RFC 8950, negotiated or not: a
decoder need not have seen the session begin.
"""

from __future__ import annotations

from bgpwire.afi_safi import Afi, Safi

KNOWN = frozenset((0, 4, 12, 16, 24, 32, 40, 48))
"""The lengths that can be read at all."""
_IPV6 = frozenset((16, 32))
_ADDRESS = frozenset((4, 16, 32))
_ADDRESS_ALONE = frozenset((4, 16))
_VPN = frozenset((12, 24, 48))
_VPN_IPV6 = frozenset((24, 48))
_EITHER = _ADDRESS | _VPN

_LENGTHS: dict[tuple[int, int], frozenset[int]] = {
    (Afi.IPV4, Safi.UNICAST): _ADDRESS,  # RFC 4760 section 3, RFC 8950 section 3
    # RFC 2545 section 3, RFC 4798 section 2; link-local alone: draft-ietf-idr-linklocal-capability
    (Afi.IPV6, Safi.UNICAST): _IPV6,
    (Afi.IPV4, Safi.MULTICAST): _ADDRESS,
    (Afi.IPV6, Safi.MULTICAST): _IPV6,
    (Afi.IPV4, Safi.UNICAST_MULTICAST): _ADDRESS,  # RFC 2858 section 4: unicast and multicast in one
    (Afi.IPV6, Safi.UNICAST_MULTICAST): _IPV6,
    (Afi.IPV4, Safi.MPLS_LABEL): _ADDRESS,  # RFC 8277 section 2, RFC 8950 section 3
    (Afi.IPV6, Safi.MPLS_LABEL): _IPV6,
    (Afi.IPV4, Safi.MCAST_VPN): _ADDRESS_ALONE,  # RFC 6515 section 2: others are incorrect
    (Afi.IPV6, Safi.MCAST_VPN): _ADDRESS_ALONE,
    (Afi.L2VPN, Safi.MS_PW): _ADDRESS,  # RFC 7267
    (Afi.IPV4, Safi.ENCAPSULATION): _ADDRESS,  # RFC 5512 section 3
    (Afi.IPV6, Safi.ENCAPSULATION): _ADDRESS,
    (Afi.L2VPN, Safi.MCAST_VPLS): _ADDRESS,  # RFC 7117
    (Afi.SFC, Safi.SFC): _ADDRESS,  # RFC 9015
    (Afi.IPV4, Safi.TUNNEL): _ADDRESS,
    (Afi.IPV6, Safi.TUNNEL): _ADDRESS,
    (Afi.L2VPN, Safi.VPLS): _ADDRESS,  # RFC 4761, RFC 6074; RFC 8950 section 1: IPv4 or IPv6 by the length
    (Afi.IPV4, Safi.MDT): _ADDRESS,  # RFC 6037
    (Afi.IPV4, Safi.FOUR_OVER_SIX): _ADDRESS,  # RFC 5747
    (Afi.IPV6, Safi.SIX_OVER_FOUR): _ADDRESS,
    (Afi.L2VPN, Safi.EVPN): _ADDRESS,  # RFC 7432; FRR adds the link-local address
    (Afi.BGP_LS, Safi.BGP_LS): _ADDRESS,  # RFC 9552 section 5.5
    # RFC 9552 section 5.5: one route distinguisher in front of whatever address
    (Afi.BGP_LS, Safi.BGP_LS_VPN): _VPN | {40},
    (Afi.IPV4, Safi.SR_POLICY): _ADDRESS,  # RFC 9830 section 2.1: whatever the AFI
    (Afi.IPV6, Safi.SR_POLICY): _ADDRESS,
    (Afi.IPV4, Safi.SD_WAN): _ADDRESS,
    (Afi.IPV6, Safi.SD_WAN): _ADDRESS,
    (Afi.IPV4, Safi.CLASSFUL_TRANSPORT): _EITHER,  # RFC 9832
    (Afi.IPV6, Safi.CLASSFUL_TRANSPORT): _EITHER,
    (Afi.IPV4, Safi.MCAST_TREE): _ADDRESS,
    (Afi.IPV6, Safi.MCAST_TREE): _ADDRESS,
    (Afi.BGP_LS, Safi.BGP_LS_SPF): _ADDRESS,  # RFC 9815
    (Afi.IPV4, Safi.CAR): _ADDRESS,  # RFC 9871
    (Afi.IPV6, Safi.CAR): _ADDRESS,
    (Afi.IPV4, Safi.VPN_CAR): _EITHER,
    (Afi.IPV6, Safi.VPN_CAR): _EITHER,
    (Afi.IPV4, Safi.MUP): _ADDRESS,  # draft-ietf-bess-mup-safi
    (Afi.IPV6, Safi.MUP): _ADDRESS,
    (Afi.IPV4, Safi.MPLS_VPN): _VPN,  # RFC 4364 section 4.3.2, RFC 8950 section 3
    (Afi.IPV6, Safi.MPLS_VPN): _VPN_IPV6,  # RFC 4659 section 3.2.1
    (Afi.IPV4, Safi.MULTICAST_VPN): _VPN,  # RFC 8950 sections 1 and 3
    (Afi.IPV6, Safi.MULTICAST_VPN): _VPN_IPV6,
    (Afi.IPV4, Safi.ROUTE_TARGET): _ADDRESS,  # RFC 4684
    (Afi.IPV4, Safi.VPN_AUTO_DISCOVERY): _EITHER,
    (Afi.IPV6, Safi.VPN_AUTO_DISCOVERY): _EITHER,
}
NEXT_HOP_LENGTHS = {(int(afi), int(safi)): lengths for (afi, safi), lengths in _LENGTHS.items()}
"""Flow specifications are not here: their next hop should have no octets, and is ignored (RFC 8955 section 4)."""

# Families of these AFIs that are not above have a next hop of a known length, or none; others may have any.
_AFIS = frozenset((Afi.IPV4, Afi.IPV6, Afi.L2VPN, Afi.BGP_LS))


def next_hop_fits(afi: int, safi: int, size: int) -> bool:
    """Whether a next hop of ``size`` octets is one of the family."""
    lengths = NEXT_HOP_LENGTHS.get((afi, safi))
    if lengths is None:
        return afi not in _AFIS or size in KNOWN
    return size in lengths


def always_distinguished(afi: int, safi: int) -> bool:
    """Whether each next hop of the family has a route distinguisher in front."""
    lengths = NEXT_HOP_LENGTHS.get((afi, safi), _ADDRESS)
    return lengths.isdisjoint(_ADDRESS)


def distinguished_once(afi: int, safi: int) -> bool:
    """Whether one route distinguisher stands in front of two addresses (RFC 9552 section 5.5), not one before each."""
    return 40 in NEXT_HOP_LENGTHS.get((afi, safi), _ADDRESS)
