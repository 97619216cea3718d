"""Where in MP_REACH_NLRI's next hop its address stands: behind a distinguisher, in front of a link-local address."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, update

V4 = "c0000202"
GLOBAL = "20010db8000000000000000000000001"
LINK_LOCAL = "fe800000000000000000000000000001"
NO_DISTINGUISHER = "0000000000000000"
OF_65000 = "0000fde800000064"

# The family, its next hop in pieces, the NLRI, the address of the next hop.
PLACES = [
    (1, 1, (V4,), "18cb0071", "192.0.2.2"),  # RFC 4760 section 3
    (2, 1, (GLOBAL,), "2020010db8", "2001:db8::1"),  # RFC 2545 section 3
    (2, 1, (GLOBAL, LINK_LOCAL), "2020010db8", "2001:db8::1"),
    (1, 1, (GLOBAL, LINK_LOCAL), "18cb0071", "2001:db8::1"),  # RFC 8950 section 3
    (1, 128, (NO_DISTINGUISHER, V4), f"70000641{OF_65000}cb0071", "192.0.2.2"),  # RFC 4364 section 4.3.2
    (1, 128, (NO_DISTINGUISHER, GLOBAL), f"70000641{OF_65000}cb0071", "2001:db8::1"),  # RFC 8950 section 3
    (2, 128, (NO_DISTINGUISHER, GLOBAL), f"78000641{OF_65000}20010db8", "2001:db8::1"),  # RFC 4659 section 3.2.1.1
    # A SAFI that nobody has registered: what the octets of each length are everywhere else.
    (1, 241, (V4,), "18cb0071", "192.0.2.2"),
    (2, 241, (GLOBAL, LINK_LOCAL), "2020010db8", "2001:db8::1"),
    (1, 253, (NO_DISTINGUISHER, V4), "18cb0071", "192.0.2.2"),
    # RFC 4659 section 3.2.1.1: the link-local address follows, with a distinguisher of its own.
    (
        2,
        128,
        (NO_DISTINGUISHER, GLOBAL, NO_DISTINGUISHER, LINK_LOCAL),
        f"78000641{OF_65000}20010db8",
        "2001:db8::1",
    ),
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0]}/{place[1]}-{len(''.join(place[2])) // 2}")
def test_the_address(impl: Any, place: tuple[int, int, tuple[str, ...], str, str]) -> None:
    afi, safi, pieces, nlri, address = place
    hop = bytes.fromhex("".join(pieces))
    value = afi.to_bytes(2) + bytes((safi, len(hop))) + hop + b"\0" + bytes.fromhex(nlri)
    octets = attribute(0x80, 14, value)
    attributes = impl.PathAttributes(octets)
    assert str(attributes.next_hop_of(True)) == address
    assert str(attributes.mp_reach.next_hop.address) == address
    (route,) = impl.mrt.open(bgp4mp(update(b"", ATTRIBUTES[:7] + octets))).routes()
    assert str(route.next_hop) == address
    assert route.errors == []
