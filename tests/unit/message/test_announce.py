"""UPDATEs made of routes and attributes: which octets, how many messages, and what no message can carry."""

from __future__ import annotations

import inspect
import ipaddress
import socket
from typing import Any

import pytest
from support.context import message

IPV6 = (2, 1)


def one(update: Any, session: Any) -> Any:
    """The only message."""
    (found,) = update.messages(session)
    assert not found.errors
    return found


def test_octets(impl: Any) -> None:
    """RFC 4271 section 4.3, its parts written out by hand; attributes in the order of their codes."""
    update = impl.Update.announce(
        ["192.0.2.0/24", ipaddress.ip_network("198.51.100.0/25")],
        large_communities=["64500:1:2"],
        communities="64500:100 no-export",
        as_path="64500 {64501,64502}",
        next_hop="192.0.2.1",
        med=5,
        local_pref=200,
        atomic_aggregate=True,
        aggregator="64500 192.0.2.9",
        originator_id="192.0.2.8",
        cluster_list=["192.0.2.7", "192.0.2.6"],
        extended_communities=["rt:64500:1"],
        only_to_customer=64500,
    )
    attributes = (
        "40 01 01 00"
        "40 02 10 02 01 0000fbf4 01 02 0000fbf5 0000fbf6"
        "40 03 04 c0000201"
        "80 04 04 00000005"
        "40 05 04 000000c8"
        "40 06 00"
        "c0 07 08 0000fbf4 c0000209"
        "c0 08 08 fbf40064 ffffff01"
        "80 09 04 c0000208"
        "80 0a 08 c0000207 c0000206"
        "c0 10 08 0002fbf400000001"
        "c0 20 0c 0000fbf4 00000001 00000002"
        "c0 23 04 0000fbf4"
    )
    block = bytes.fromhex(attributes)
    nlri = bytes.fromhex("18c00002 19c6336400")
    assert bytes(one(update, impl.Session())) == message(2, b"\0\0" + len(block).to_bytes(2) + block + nlri)
    assert update.families == ((1, 1),)
    assert [str(prefix) for prefix in update.nlri] == ["192.0.2.0/24", "198.51.100.0/25"]


def test_the_signature_is_the_table(impl: Any) -> None:
    """The keywords of ``announce`` stand in the order in which the values are read."""
    from bgpwire.attribute.build import NAMES, AttributeFields

    keywords = [name for name in inspect.signature(impl.Update.announce).parameters if name in NAMES]
    assert keywords == list(NAMES)
    assert {*AttributeFields.__annotations__} == {*NAMES, "attributes"}
    for at, name in enumerate(NAMES):
        value: Any = {"origin": "egp", "as_path": "1", "next_hop": "192.0.2.1", "aggregator": (1, "192.0.2.1")}.get(
            name
        )
        if value is None:
            value = {"communities": ["1:2"], "extended_communities": ["rt:1:2"], "large_communities": ["1:2:3"]}.get(
                name, 1
            )
        if name in ("originator_id", "cluster_list"):
            value = "192.0.2.1"
        made = impl.Update.announce(["192.0.2.0/24"], **{"next_hop": "192.0.2.2", name: value})
        assert len(one(made, impl.Session()).attributes) == 3 + (at > 2)


@pytest.mark.parametrize("asn4", [True, False])
def test_mp_reach_is_first(impl: Any, asn4: bool) -> None:
    """RFC 7606 section 5.1; RFC 2545 section 3 with a link-local address; no NEXT_HOP (RFC 4760 section 3)."""
    update = impl.Update.announce(["2001:db8::/32"], next_hop=("2001:db8::1", "fe80::1"), as_path="64500", med=1)
    found = one(update, impl.Session(asn4=asn4))
    assert [a.code for a in found.attributes] == [14, 1, 2, 4]
    assert found.attributes.mp_reach.json() == {
        "afi": "ipv6",
        "safi": "unicast",
        "next_hop": {"address": "2001:db8::1", "link_local": "fe80::1"},
        "nlri": ["2001:db8::/32"],
    }


def test_families_apart(impl: Any) -> None:
    """One family a message, in the order in which they are first met."""
    session = impl.Session(extended_next_hop={(1, 1, 2)})
    update = impl.Update.announce(["2001:db8::/32", "192.0.2.0/24", "2001:db8:1::/48"], next_hop="2001:db8::1")
    first, second = update.messages(session)
    assert list(map(str, first.attributes.mp_reach.nlri)) == ["2001:db8::/32", "2001:db8:1::/48"]
    assert second.attributes.mp_reach.family == (1, 1)  # RFC 8950: IPv4 over an IPv6 next hop
    assert str(second.attributes.mp_reach.next_hop) == "2001:db8::1"
    assert not second.nlri
    with pytest.raises(impl.EncodeError, match="RFC 8950"):
        update.messages(impl.Session())


@pytest.mark.parametrize(
    ("family", "hop", "octets"),
    [
        ("ipv4 mpls-vpn", "192.0.2.1", "0000000000000000 c0000201"),  # RFC 4364 section 4.3.2
        ("ipv6 mpls-vpn", "2001:db8::1", "0000000000000000 20010db8000000000000000000000001"),  # RFC 4659 3.2.1.1
        ("ipv6 mpls-vpn", "192.0.2.1", "0000000000000000 00000000000000000000ffffc0000201"),  # RFC 4659 3.2.1.2
        ("ipv6 labelled-unicast", "192.0.2.1", "00000000000000000000ffffc0000201"),  # RFC 4798 section 2
        ("ipv4 flowspec", None, ""),  # RFC 8955 section 4
        ("l2vpn evpn", "192.0.2.1", "c0000201"),  # RFC 7432 section 7
        (
            "ipv6 mpls-vpn",  # RFC 4659 section 3.2.1.1: a distinguisher in front of each
            ("2001:db8::1", "fe80::1"),
            "0000000000000000 20010db8000000000000000000000001 0000000000000000 fe800000000000000000000000000001",
        ),
    ],
)
def test_next_hops(impl: Any, family: str, hop: Any, octets: str) -> None:
    nlri: dict[str, Any] = {
        "ipv4 mpls-vpn": {"prefix": "192.0.2.0/24", "rd": "64500:1", "labels": [100]},
        "ipv6 mpls-vpn": {"prefix": "2001:db8::/32", "rd": "64500:1", "labels": [100]},
        "ipv6 labelled-unicast": {"prefix": "2001:db8::/32", "labels": [100]},
        "ipv4 flowspec": {"components": [{"type": 1, "name": "destination_prefix", "value": "192.0.2.0/24"}]},
        "l2vpn evpn": {"type": 3, "rd": "64500:1", "ethernet_tag": 0, "originator": "192.0.2.1"},
    }
    update = impl.Update.announce([nlri[family]], family=family, next_hop=hop)
    reach = one(update, impl.Session()).attributes.mp_reach
    assert bytes(reach.next_hop) == bytes.fromhex(octets)
    assert reach.family == impl.Family.parse(family)
    assert impl.Update.announce(list(reach.nlri), next_hop=hop).families == (reach.family,)


def test_withdraw(impl: Any) -> None:
    """No attributes but MP_UNREACH_NLRI; 0x800000 for the labels (RFC 8277 section 2.4)."""
    session = impl.Session()
    assert bytes(one(impl.Update.withdraw(["192.0.2.0/24"]), session)) == message(
        2, bytes.fromhex("0004 18c00002 0000")
    )
    assert bytes(one(impl.Update.withdraw(["2001:db8::/32"]), session)) == message(
        2, bytes.fromhex("0000 000b 800f08 0002 01 2020010db8")
    )
    labelled = impl.LabelledPrefix("100", "192.0.2.0/24")
    assert one(impl.Update.withdraw([labelled]), session).attributes[15].nlri[0].labels.labels == (0x80000,)
    vpn = impl.VpnPrefix("100", "64500:1", "192.0.2.0/24")
    unreach = one(impl.Update.withdraw([vpn]), session).attributes[15]
    assert bytes(unreach) == bytes.fromhex("0001 80 70 800000 0000fbf400000001 c00002")


@pytest.mark.parametrize("family", ["ipv4 unicast", "ipv6 unicast", "l2vpn evpn"])
def test_end_of_rib(impl: Any, family: str) -> None:
    found = impl.Update.build_end_of_rib(family)
    assert found.end_of_rib == impl.Family.parse(family)
    assert not found.errors


def test_path_identifiers(impl: Any) -> None:
    """RFC 7911 section 3: what we send follows what the other side receives."""
    session = impl.Session(add_path_send={(1, 1)})
    nlri = [impl.Prefix("192.0.2.0/24", path_id=7), "198.51.100.0/24"]
    update = impl.Update.announce(nlri, next_hop="192.0.2.1", path_id=9)
    found = one(update, session)
    assert found.session == session.reversed()
    assert [prefix.path_id for prefix in found.nlri] == [7, 9]
    with pytest.raises(impl.EncodeError, match="no place"):
        update.messages(impl.Session())
    with pytest.raises(impl.EncodeError, match="has none"):
        impl.Update.withdraw(nlri).messages(session)
    vpn = impl.VpnPrefix("100", "64500:1", "192.0.2.0/24")
    session = impl.Session(add_path_send={(1, 128)})
    assert one(impl.Update.withdraw([vpn], path_id=5), session).attributes[15].nlri[0].path_id == 5
    with pytest.raises(impl.EncodeError, match="has none"):
        impl.Update.withdraw([vpn]).messages(session)


def test_as_numbers_of_two_octets(impl: Any) -> None:
    """RFC 6793 section 4.2.2: AS4_PATH and AS4_AGGREGATOR only where they are needed, and never on 4-octet sessions."""
    old, new = impl.Session(asn4=False), impl.Session()
    nlri = ["192.0.2.0/24"]
    small = impl.Update.announce(nlri, next_hop="192.0.2.1", as_path="64500", aggregator=(64500, "192.0.2.1"))
    large = impl.Update.announce(
        nlri, next_hop="192.0.2.1", as_path="(64512) 64500 4200000000", aggregator=(4200000000, "192.0.2.1")
    )
    assert [a.code for a in one(small, old).attributes] == [1, 2, 3, 7]
    assert [a.code for a in one(large, new).attributes] == [1, 2, 3, 7]
    found = one(large, old).attributes
    assert [a.code for a in found] == [1, 2, 3, 7, 17, 18]
    assert str(found[2]) == "(64512) 64500 23456"
    assert str(found[17]) == "64500 4200000000"  # RFC 6793 section 3: no confederations in AS4_PATH
    assert str(found.as_path) == "(64512) 64500 4200000000"
    assert found.aggregator.asn == 4200000000
    inside = impl.Update.announce(nlri, next_hop="192.0.2.1", as_path="(4200000000) 64500")
    assert one(inside, new)
    with pytest.raises(impl.EncodeError, match="confederation"):
        inside.messages(old)
    narrow = impl.AsPath.from_bytes(bytes.fromhex("0201fbf4"), asn4=False)
    update = impl.Update.announce(nlri, next_hop="192.0.2.1", as_path=narrow)
    assert one(update, new).attributes.as_path == narrow
    assert bytes(one(update, old).attributes[2]) == bytes(narrow)


@pytest.mark.parametrize(
    ("session", "path", "preference"),
    [
        ({"ibgp": False, "local_asn": 64500}, "64500", None),
        ({"ibgp": True, "local_asn": 64500}, "", 100),
        ({}, "", None),
    ],
)
def test_what_the_session_adds(impl: Any, session: dict[str, Any], path: str, preference: int | None) -> None:
    """RFC 4271 sections 5.1.2 and 5.1.5, for routes of our own; what was given stays."""
    turned = impl.Session(**session)
    found = one(impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1"), turned).attributes
    assert (str(found.as_path), found.local_pref) == (path, preference)
    update = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", as_path="64496", local_pref=5)
    found = update.messages(turned)[0].attributes
    assert (str(found.as_path), found.local_pref) == ("64496", 5)


def test_a_block_that_was_decoded(impl: Any) -> None:
    """What was not named stays as it came, flags too (Partial must not be cleared: RFC 4271 section 5), and is written
    for the session that it is sent in."""
    block = bytes.fromhex(
        "400101 01 40020a 0202 fbf4 5ba0 0201 fbf5 400304 c0000201"
        "e00804 fbf40001 c01110 0202 0000fbf4 fa56ea00 0201 0000fbf5 e0 fa 02 beef d010 0008 0002fbf400000001"
    )
    came = impl.Message.decode(
        message(2, b"\0\0" + len(block).to_bytes(2) + block + bytes.fromhex("18c00002")), impl.Session(asn4=False)
    )
    update = impl.Update.announce(["198.51.100.0/24"], attributes=came.attributes, next_hop="192.0.2.2", med=3)
    found = one(update, impl.Session()).attributes
    assert str(found.as_path) == "64500 4200000000 64501"
    assert [(a.code, a.flags) for a in found] == [
        (1, 0x40), (2, 0x40), (3, 0x40), (4, 0x80), (8, 0xE0), (16, 0xC0), (250, 0xE0)
    ]  # fmt: skip
    assert found[250].data == b"\xbe\xef"
    assert str(found.next_hop) == "192.0.2.2"
    assert bytes(one(update, impl.Session(asn4=False)).attributes[17]) == bytes(came.attributes[17])
    gone = impl.Update.announce(["198.51.100.0/24"], attributes=came.attributes, communities=None, med=None)
    assert [a.code for a in one(gone, impl.Session()).attributes] == [1, 2, 3, 16, 250]


def test_attributes_of_all_kinds(impl: Any) -> None:
    """By code or name; decoded, in octets, or in their JSON form (RFC 7311, RFC 6514 section 5)."""
    update = impl.Update.announce(
        ["192.0.2.0/24"],
        next_hop="192.0.2.1",
        attributes={"aigp": bytes.fromhex("01000b0000000000000005"), 5: 70, "communities": ["64500:1"]},
    )
    found = one(update, impl.Session()).attributes
    assert [a.code for a in found] == [1, 2, 3, 5, 8, 26]
    again = impl.Update.announce(
        ["192.0.2.0/24"], next_hop="192.0.2.1", attributes={26: found[26], 5: 70, 8: found.communities}
    )
    assert one(again, impl.Session()).data == one(update, impl.Session()).data
    form = impl.Update.announce(
        ["192.0.2.0/24"],
        next_hop="192.0.2.1",
        attributes={"aigp": found[26].json(), "local_pref": 70, "communities": found.communities},
    )
    assert one(form, impl.Session()).data == one(update, impl.Session()).data
    assert one(impl.Update.announce(["192.0.2.0/24"], attributes=list(found)), impl.Session()).data == found_in(update)
    targets = impl.ExtendedCommunities(["rt:64500:1"]).json()
    forms = {2: found[2].json(), 7: {"asn": 64500, "address": "192.0.2.9"}, 16: targets}
    shown = one(
        impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", attributes=forms), impl.Session()
    ).attributes
    assert (shown.as_path, shown.aggregator.asn, str(shown[16])) == (found.as_path, 64500, "rt:64500:1")
    unread = {30: {"type": 30, "value": "beef"}}  # deprecated, and no flags are specified
    made = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", attributes=unread)
    assert one(made, impl.Session()).attributes[30].data == b"\xbe\xef"
    path = {2: bytes(found.as_path), 3: b"\xc0\0\2\1"}
    assert one(impl.Update.announce(["192.0.2.0/24"], attributes=path), impl.Session()).attributes.next_hop == hop(impl)
    with pytest.raises(impl.EncodeError, match="as_path"):
        impl.Update.announce(["192.0.2.0/24"], attributes={2: b"\5"})
    assert impl.Update.announce([], next_hop="192.0.2.1").messages() == []


def found_in(update: Any) -> bytes:
    (found,) = update.messages()
    return bytes(found)


def hop(impl: Any) -> Any:
    return impl.Address("192.0.2.1")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"med": -1}, "med"),
        ({"med": 1 << 32}, "med"),
        ({"local_pref": "5"}, None),
        ({"origin": "no"}, "origin"),
        ({"origin": 3}, "origin"),
        ({"as_path": [1 << 32]}, "as_path"),
        ({"as_path": "no"}, "AS number"),
        ({"aggregator": (1, "2001:db8::1")}, "identifier"),
        ({"originator_id": "2001:db8::1"}, "identifier"),
        ({"communities": ["no"]}, "no"),
        ({"next_hop": "no"}, "no"),
        ({"attributes": {"no": 1}}, "name"),
        ({"attributes": {256: b""}}, "255"),
        ({"attributes": {14: b""}}, "routes"),
        ({"attributes": {255: bytes(65536)}}, "65535"),
        ({"attributes": {26: {"no": 1}}}, None),
        ({"path_id": 1 << 32}, "32 bits"),
        ({"family": "no"}, "family"),
    ],
)
def test_what_is_no_attribute(impl: Any, fields: dict[str, Any], error: str | None) -> None:
    with pytest.raises((ValueError, TypeError, KeyError), match=error):
        impl.Update.announce(["192.0.2.0/24"], **fields)


@pytest.mark.parametrize("nlri", ["192.0.2.0/24", b"\x18\xc0\0\2", {"prefix": "192.0.2.0/24"}, [5], [None], ["no"], 5])
def test_what_is_no_route(impl: Any, nlri: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        impl.Update.announce(nlri, next_hop="192.0.2.1")
    with pytest.raises((ValueError, TypeError)):
        impl.Update.withdraw(nlri)


def test_what_no_session_carries(impl: Any) -> None:
    nlri = ["192.0.2.0/24"]
    with pytest.raises(impl.EncodeError, match="wants one"):
        impl.Update.announce(nlri).messages()
    with pytest.raises(impl.EncodeError, match="no next hop of 4 octets"):
        impl.Update.announce(["2001:db8::/32"], next_hop="192.0.2.1").messages()
    with pytest.raises(impl.EncodeError, match="not negotiated"):
        impl.Update.announce(nlri, next_hop="192.0.2.1").messages(impl.Session(families={IPV6}))
    with pytest.raises(impl.EncodeError, match="not negotiated"):
        impl.Update.withdraw(nlri).messages(impl.Session(families={IPV6}))
    labelled = impl.LabelledPrefix("100/200", "192.0.2.0/24")
    update = impl.Update.announce([labelled], next_hop="192.0.2.1")
    with pytest.raises(impl.EncodeError, match=r"labels: .* has 2, and the session takes 1"):
        update.messages()
    assert one(update, impl.Session(multiple_labels={(1, 4)}))
    with pytest.raises(impl.EncodeError, match=r"labels: .* has 2, and the session takes 1"):
        update.messages(impl.Session(multiple_labels={(1, 4)}, label_limits_send={(1, 4, 1)}))
    with pytest.raises(ValueError, match="no NLRI of"):
        impl.Update.announce([labelled], family=(1, 1))
    assert impl.Update.announce(["192.0.2.0/24"], family=(1, 2)).families == ((1, 2),)
    torn = impl.PathAttributes(bytes.fromhex("40010100 40"))
    with pytest.raises(impl.EncodeError, match="runs over"):
        impl.Update.announce(nlri, attributes=torn)
    wrong = impl.PathAttributes(bytes.fromhex("40010103"))
    with pytest.raises(impl.EncodeError, match="ORIGIN 3"):
        impl.Update.announce(nlri, attributes=wrong)


def test_sent_as_it_is(impl: Any) -> None:
    """A message is a buffer: a socket takes it."""
    update = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1")
    here, there = socket.socketpair()
    with here, there:
        for found in update.messages():
            assert here.send(found) == len(found)
        assert there.recv(4096) == found.data
    assert memoryview(found).readonly


def test_both_alike(both: Any) -> None:
    """The same octets, and the same errors, from both."""
    made = []
    for impl in both:
        with impl.active() as package:
            update = package.Update.announce([f"10.0.{n}.0/24" for n in range(256)], next_hop="192.0.2.1", med=1)
            made.append([bytes(m) for m in update.messages()])
            with pytest.raises(package.EncodeError) as caught:
                package.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", path_id=1, med=-1)
            made[-1].append(repr(caught.value.args).encode())
    assert all(found == made[0] for found in made)
