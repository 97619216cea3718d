"""How many octets the next hop of MP_REACH_NLRI may have, family by family (RFC 7606 section 7.11).

An IPv6 next hop may have a link-local address behind it (RFC 2545 section 3). In the VPN families a route
distinguisher stands in front of each address. IPv4 next to 16 octets and more is RFC 8950, negotiated or not: a
decoder need not have seen the session begin.
"""

from __future__ import annotations

KNOWN = frozenset((0, 4, 12, 16, 24, 32, 40, 48))
"""The lengths that can be read at all."""
_IPV6 = frozenset((16, 32))
_ADDRESS = frozenset((4, 16, 32))
_ADDRESS_ALONE = frozenset((4, 16))
_VPN = frozenset((12, 24, 48))
_VPN_IPV6 = frozenset((24, 48))
_EITHER = _ADDRESS | _VPN

NEXT_HOP_LENGTHS: dict[tuple[int, int], frozenset[int]] = {
    (1, 1): _ADDRESS,  # RFC 4760 section 3, RFC 8950 section 3
    (2, 1): _IPV6,  # RFC 2545 section 3, RFC 4798 section 2; link-local alone: draft-ietf-idr-linklocal-capability
    (1, 2): _ADDRESS,
    (2, 2): _IPV6,
    (1, 3): _ADDRESS,  # RFC 2858 section 4: unicast and multicast in one
    (2, 3): _IPV6,
    (1, 4): _ADDRESS,  # RFC 8277 section 2, RFC 8950 section 3
    (2, 4): _IPV6,
    (1, 5): _ADDRESS_ALONE,  # RFC 6515 section 2: others are incorrect
    (2, 5): _ADDRESS_ALONE,
    (25, 6): _ADDRESS,  # RFC 7267
    (1, 7): _ADDRESS,  # RFC 5512 section 3
    (2, 7): _ADDRESS,
    (25, 8): _ADDRESS,  # RFC 7117
    (31, 9): _ADDRESS,  # RFC 9015
    (1, 64): _ADDRESS,
    (2, 64): _ADDRESS,
    (25, 65): _ADDRESS,  # RFC 4761, RFC 6074; RFC 8950 section 1: the length tells IPv4 from IPv6
    (1, 66): _ADDRESS,  # RFC 6037
    (1, 67): _ADDRESS,  # RFC 5747
    (2, 68): _ADDRESS,
    (25, 70): _ADDRESS,  # RFC 7432; FRR adds the link-local address
    (16388, 71): _ADDRESS,  # RFC 9552 section 5.5
    (16388, 72): _VPN | {40},  # RFC 9552 section 5.5: one route distinguisher in front of whatever address
    (1, 73): _ADDRESS,  # RFC 9830 section 2.1: whatever the AFI
    (2, 73): _ADDRESS,
    (1, 74): _ADDRESS,
    (2, 74): _ADDRESS,
    (1, 76): _EITHER,  # RFC 9832
    (2, 76): _EITHER,
    (1, 78): _ADDRESS,
    (2, 78): _ADDRESS,
    (16388, 80): _ADDRESS,  # RFC 9815
    (1, 83): _ADDRESS,  # RFC 9871
    (2, 83): _ADDRESS,
    (1, 84): _EITHER,
    (2, 84): _EITHER,
    (1, 85): _ADDRESS,  # draft-ietf-bess-mup-safi
    (2, 85): _ADDRESS,
    (1, 128): _VPN,  # RFC 4364 section 4.3.2, RFC 8950 section 3
    (2, 128): _VPN_IPV6,  # RFC 4659 section 3.2.1
    (1, 129): _VPN,  # RFC 8950 sections 1 and 3
    (2, 129): _VPN_IPV6,
    (1, 132): _ADDRESS,  # RFC 4684
    (1, 140): _EITHER,
    (2, 140): _EITHER,
}
"""Flow specifications are not here: their next hop should have no octets, and is ignored (RFC 8955 section 4)."""

# Families of these AFIs that are not above have a next hop of a known length, or none; others may have any.
_AFIS = frozenset((1, 2, 25, 16388))


def next_hop_fits(afi: int, safi: int, size: int) -> bool:
    """Whether a next hop of ``size`` octets is one of the family."""
    lengths = NEXT_HOP_LENGTHS.get((afi, safi))
    if lengths is None:
        return afi not in _AFIS or size in KNOWN
    return size in lengths
