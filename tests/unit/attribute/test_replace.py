"""Blocks of attributes, and routes, that are changed by making new ones."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import message
from support.vectors import VECTORS, Vector

BLOCK = bytes.fromhex("40010100 4002060201 0000fbf4 400304c0000201 80040400000005 e00804fbf40001 e0fa02beef")


def block(impl: Any, octets: bytes = BLOCK, **session: Any) -> Any:
    return impl.PathAttributes(octets, 0, None, impl.Session(**session))


def test_what_changes_and_what_stays(impl: Any) -> None:
    """One octet after another; what is new stands where its code asks for it (RFC 4271 section 5: ascending)."""
    found = block(impl).replace(med=None, local_pref=7, communities=["64500:2"], next_hop="192.0.2.2")
    wire = "40010100 4002060201 0000fbf4 400304c0000202 40050400000007 c00804fbf40002 e0fa02beef"
    assert bytes(found) == bytes.fromhex(wire)
    assert block(impl).replace() == block(impl)
    assert bytes(block(impl)) == BLOCK
    assert block(impl).replace(communities=[]).communities is None
    assert [a.code for a in block(impl).replace(attributes={26: bytes.fromhex("01000b0000000000000005")})][-2:] == [
        26,
        250,
    ]


def test_order_of_others_is_kept(impl: Any) -> None:
    """A block that does not ascend keeps its order; of attributes that are there twice both are changed into one."""
    octets = bytes.fromhex("80040400000005 40010100 80040400000006 400304c0000201")
    found = block(impl, octets).replace(med=9, local_pref=1)
    assert bytes(found) == bytes.fromhex("80040400000009 40010100 400304c0000201 40050400000001")


def test_as_numbers_of_two_octets(impl: Any) -> None:
    octets = bytes.fromhex("40010100 4002040201 5ba0 c007065ba0c0000201 c011060201fa56ea00 c01208fa56ea00c0000201")
    found = block(impl, octets, asn4=False).replace(as_path="64500")
    assert [a.code for a in found] == [1, 2, 7, 18]
    assert bytes(found[2]) == bytes.fromhex("0201fbf4")
    found = block(impl, octets, asn4=False).replace(as_path="4200000001", aggregator="64500 192.0.2.7")
    assert [a.code for a in found] == [1, 2, 7, 17]
    assert str(found.as_path) == "4200000001"
    assert bytes(found[7]) == bytes.fromhex("fbf4c0000207")
    assert [a.code for a in block(impl, octets, asn4=False).replace(aggregator=None)] == [1, 2, 17]


def test_next_hop_of_mp_reach(impl: Any) -> None:
    octets = bytes.fromhex("800e1a 0002 01 10 20010db8000000000000000000000001 00 2020010db8 40010100")
    found = block(impl, octets).replace(next_hop=("2001:db8::2", "fe80::2"))
    assert found.mp_reach.next_hop.json() == {"address": "2001:db8::2", "link_local": "fe80::2"}
    assert [a.code for a in found] == [14, 1]
    with pytest.raises(impl.EncodeError, match="4 octets"):
        block(impl, octets).replace(next_hop="192.0.2.1")
    with pytest.raises(impl.EncodeError, match="4 octets"):
        block(impl).replace(next_hop="2001:db8::1")


def test_what_cannot_be_changed(impl: Any) -> None:
    with pytest.raises(TypeError, match="'nexthop' is no attribute"):
        block(impl).replace(nexthop="192.0.2.1")
    with pytest.raises(impl.EncodeError, match="runs over"):
        block(impl, BLOCK[:-1]).replace(med=1)


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.kind == "attributes" and v.error is None], ids=repr)
def test_vectors_stay(impl: Any, vector: Vector) -> None:
    """An attribute more, and taken out again, leaves the octets of every block as they were."""
    found = impl.PathAttributes(vector.data)
    if found.structure_error is None and 5 not in found:
        assert bytes(found.replace(local_pref=1).replace(local_pref=None)) == vector.data


def routes(impl: Any, attributes: str, nlri: str = "", withdrawn: str = "", **peer: Any) -> list[Any]:
    block, gone = bytes.fromhex(attributes), bytes.fromhex(withdrawn)
    body = len(gone).to_bytes(2) + gone + len(block).to_bytes(2) + block + bytes.fromhex(nlri)
    whom = impl.Peer(impl.Address("192.0.2.9"), 64500, **peer)
    return list(impl.routes_of(impl.Event(message(2, body), peer=whom)))


def test_route(impl: Any) -> None:
    local = impl.Address("192.0.2.254")
    (route,) = routes(impl, BLOCK.hex(), "18c00002", local_address=local)
    found = route.replace(next_hop="self", med=None, as_path="64496 64500")
    assert (found.next_hop, found.med, str(found.as_path)) == (local, None, "64496 64500")
    assert (route.med, route.type) == (5, found.type)
    assert found.event is route.event
    assert found.nlri == route.nlri
    assert str(route.replace(nlri="198.51.100.0/24").prefix) == "198.51.100.0/24"
    assert route.replace() == route
    assert route.replace(med=5) == route
    with pytest.raises(ValueError, match="no NLRI of"):
        route.replace(nlri="2001:db8::/32")
    (unknown,) = routes(impl, BLOCK.hex(), "18c00002")
    with pytest.raises(ValueError, match="not known"):
        unknown.replace(next_hop="self")
    (gone,) = routes(impl, "", "", "18c00002")
    with pytest.raises(ValueError, match="withdrawn"):
        gone.replace(med=1)
    assert str(gone.replace(nlri="198.51.100.0/24").prefix) == "198.51.100.0/24"


def test_next_hop_beside_mp_reach(impl: Any) -> None:
    """An UPDATE with both has two next hops; each route changes its own."""
    reach = "800e1a 0002 01 10 20010db8000000000000000000000001 00 2020010db8"
    found = {route.family[0]: route for route in routes(impl, BLOCK.hex() + reach, "18c00002")}
    assert str(found[1].replace(next_hop="192.0.2.7").next_hop) == "192.0.2.7"
    assert str(found[2].replace(next_hop="2001:db8::7").next_hop) == "2001:db8::7"
    assert str(found[2].replace(next_hop="2001:db8::7").attributes.next_hop) == "192.0.2.1"
