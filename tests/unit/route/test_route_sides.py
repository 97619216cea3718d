"""What a route has of its own, and what it does not take from those beside it: its peer, and its attributes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, peer_index, record, update

# By family: an announcement's next hop (RFC 4760 section 3), and one NLRI.
FAMILIES: dict[tuple[int, int], tuple[str, str]] = {
    (1, 1): ("c0000202", "18cb0071"),
    (1, 2): ("c0000202", "18cb0071"),
    (2, 1): ("20010db8000000000000000000000001", "2020010db8"),
    (1, 4): ("c0000202", "30000641cb0071"),  # RFC 8277 section 2.2
    (1, 128): ("0000000000000000c0000202", "700006410000fde800000064cb0071"),  # RFC 4364 section 4.3.4
    (1, 132): ("c0000202", "600000fde80002fde800000064"),  # RFC 4684 section 4
    (1, 133): ("", "050118cb0071"),  # RFC 8955 section 4: destination 203.0.113.0/24
    (25, 70): ("c0000202", "03110000fde80000006400000000" + "20c0000202"),  # RFC 7432 section 7.3
}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: f"{family[0]}/{family[1]}")
def test_a_withdrawal_has_no_attributes_of_its_own(impl: Any, family: tuple[int, int]) -> None:
    """Those of its UPDATE are those of what is announced in it (RFC 4271 section 4.3)."""
    hop, nlri = map(bytes.fromhex, FAMILIES[family])
    afi, safi = family
    head = afi.to_bytes(2) + bytes((safi,))
    reach = attribute(0x80, 14, head + bytes((len(hop),)) + hop + b"\0" + nlri)
    unreach = attribute(0x80, 15, head + nlri)
    others = attribute(0x40, 1, b"\0") + attribute(0x40, 2, b"\2\1\0\0\xfb\xf4") + attribute(0xC0, 8, b"\xfb\xf4\0\1")
    routes = {route.type: route for route in impl.mrt.open(bgp4mp(update(b"", others + reach + unreach))).routes()}
    withdrawn, announced = routes["W"], routes["A"]
    assert withdrawn.nlri == announced.nlri
    assert (str(announced.as_path), str(announced.communities)) == ("64500", "64500:1")
    assert (str(announced.origin), announced.origin_asn) == ("IGP", 64500)
    assert announced.errors == []
    for name in ("as_path", "communities", "origin", "origin_asn", "next_hop"):
        assert getattr(withdrawn, name) is None, name


def test_peers_differ_in_every_part_of_the_header(impl: Any) -> None:
    """RFC 6396 section 4.4.2: AS numbers, interface, addresses; each session twice."""
    message = update(b"", ATTRIBUTES, b"\x18\xcb\0\x71")
    sessions = list(product((64500, 64756), (64501, 64502), (0, 7), (2, 3), (1, 9)))
    data = b"".join(
        record(
            16,
            4,
            asn.to_bytes(4)
            + local_asn.to_bytes(4)
            + interface.to_bytes(2)
            + b"\0\1"
            + bytes((192, 0, 2, last))
            + bytes((198, 51, 100, local))
            + message,
        )
        for asn, local_asn, interface, last, local in sessions * 2
    )
    peers = [route.peer for route in impl.mrt.open(data).routes()]
    assert [
        (peer.asn, peer.local_asn, peer.interface, str(peer.address), str(peer.local_address)) for peer in peers
    ] == [
        (asn, local_asn, interface, f"192.0.2.{last}", f"198.51.100.{local}")
        for asn, local_asn, interface, last, local in sessions * 2
    ]
    # One object for all records of a session.
    assert [id(peer) for peer in peers[: len(sessions)]] == [id(peer) for peer in peers[len(sessions) :]]
    assert len({id(peer) for peer in peers}) == len(sessions)


def test_only_entries_are_originated_and_only_changes_have_states(impl: Any) -> None:
    """RFC 6396: a state change (section 4.4.1) has two states, a RIB entry (section 4.3.4) the time it was learned."""
    change = record(16, 5, bytes.fromhex("0000fbf4 0000fbf5 0000 0001 c0000202 c0000201 0005 0006"))
    announced = bgp4mp(update(b"", ATTRIBUTES, b"\x18\xcb\0\x71"))
    withdrawn = bgp4mp(update(b"\x18\xcb\0\x71"))
    entry = b"\0\0" + (900_000_000).to_bytes(4) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
    table = peer_index() + record(13, 2, bytes(4) + b"\x18\xcb\0\x71" + b"\0\1" + entry)
    routes = impl.mrt.open(change + announced + withdrawn + table).routes()
    assert [(route.type, route.states, route.originated) for route in routes] == [
        ("S", (5, 6), None),
        ("A", None, None),
        ("W", None, None),
        ("R", None, 900_000_000),
    ]


@pytest.mark.parametrize("family", [(1, 1), (2, 1), (1, 4), (1, 128)], ids=str)
def test_the_prefix_of_a_route_has_no_path_identifier(impl: Any, family: tuple[int, int]) -> None:
    """It is told apart in ``path_id`` and ``nlri`` (RFC 7911 section 3): two paths are of one prefix."""
    hop, nlri = map(bytes.fromhex, FAMILIES[family])
    afi, safi = family
    both = b"\0\0\0\1" + nlri + b"\0\0\0\2" + nlri
    reach = attribute(0x80, 14, afi.to_bytes(2) + bytes((safi, len(hop))) + hop + b"\0" + both)
    octets = update(b"", ATTRIBUTES + reach, both if family == (1, 1) else b"")
    routes = list(impl.mrt.open(bgp4mp(octets, add_path=True)).routes())
    prefix = impl.Prefix("2001:db8::/32" if afi == 2 else "203.0.113.0/24")
    assert [route.path_id for route in routes] == [1, 2] * (2 if family == (1, 1) else 1)
    for route in routes:
        assert route.prefix == prefix
        assert route.prefix.path_id is None
        assert bytes(route.prefix) == bytes(prefix)
        assert route.nlri.path_id == route.path_id
