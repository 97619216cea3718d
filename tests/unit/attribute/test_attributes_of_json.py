"""Path attributes made of what their ``json()`` gives, and MP_REACH_NLRI, MP_UNREACH_NLRI and ATTR_SET of values."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, family, next_hop, session
from support.each import each, of_vectors
from support.vectors import VECTORS, Vector


def _block(package: Any, vector: Vector) -> Any:
    """The attributes of a vector."""
    if vector.kind == "update":
        return package.Message.decode(_message(vector), session(package, vector, extended_message=True)).attributes
    code = vector.context["code"]
    rib_family = vector.context.get("rib_family")
    return package.PathAttributes(
        attribute(0xC0, code, vector.data),
        0,
        None,
        session(package, vector),
        0,
        None if rib_family is None else family(package, rib_family),
    )


def _message(vector: Vector) -> bytes:
    from support.context import message

    return message(2, vector.data)


def _readable(vector: Vector) -> bool:
    return vector.kind in ("attribute", "update") and vector.error is None


@of_vectors([v for v in VECTORS if _readable(v)])
def test_vector(impl: Any, vector: Vector) -> None:
    """The octets of all attributes, torn and malformed ones too; what runs over the end of the block is not in it."""
    from bgpwire.attribute.block import path_attributes

    block = _block(impl, vector)
    wire = bytes(block)
    if block.structure_error is not None:
        wire = wire[: sum(len(bytes(item)) for item in block)]
    again = path_attributes(block.json(), block.session)
    assert bytes(again) == wire
    assert again.json() == impl.PathAttributes(wire, 0, None, block.session).json()  # errors have their offsets


@of_vectors([v for v in VECTORS if v.kind == "nlri" and v.error is None and not v.context.get("withdraw")])
@pytest.mark.parametrize("withdraw", [False, True])
def test_routes(impl: Any, vector: Vector, withdraw: bool) -> None:
    """The routes of each family, from their JSON and from their values."""
    from bgpwire.attribute.mp_reach import MpReach
    from bgpwire.attribute.mp_unreach import MpUnreach

    afi, safi = vector.get("afi", 1), vector.get("safi", 1)
    head = afi.to_bytes(2) + bytes((safi,))
    reach = attribute(0x80, 14, head + next_hop(afi, safi) + b"\0" + vector.data)
    unreach = attribute(0x80, 15, head + vector.data)
    block = impl.PathAttributes(unreach if withdraw else reach, 0, None, session(impl, vector))
    value = block[15 if withdraw else 14]
    kind: Any = MpUnreach if withdraw else MpReach
    assert kind.from_json(value.json(), block.session) == value
    if value.nlri.error is None:
        arguments = (value.afi, value.safi, value.nlri) if withdraw else (afi, safi, value.next_hop, value.nlri)
        assert kind.of_values(*arguments, block.session) == value
        if "raw" not in value.json():
            assert kind.from_json(value.json()) == value  # the routes tell what is needed of the session


SIZES = (0, 4, 12, 16, 24, 32, 40, 48)
CODES = ("1/1", "2/1", "1/128", "2/128", "16388/72", "1/76", "1/133", "999/1")


@each("size, code, distinguished, abbreviated", product(SIZES, CODES, (False, True), (False, True)))
def test_next_hops(impl: Any, size: int, code: str, distinguished: bool, abbreviated: bool) -> None:
    """Of each length that a family has; ``raw`` where the form does not tell how many octets there are."""
    from bgpwire.attribute.mp_reach import MpReach

    afi, safi = family(impl, code)
    rd = bytes.fromhex("0000fde800000064") if distinguished else bytes(8)
    address = bytes.fromhex("20010db8000000000000000000000001")[: 4 if size in (4, 12) else 16]
    hop = {0: b"", 40: rd + 2 * address}.get(size, (rd * (size in (12, 24, 48)) + address) * (2 if size > 24 else 1))
    assert len(hop) == size
    wire = bytes((size,)) + hop
    if not abbreviated:
        wire = afi.to_bytes(2) + bytes((safi,)) + wire + b"\0"
    rib_family = (afi, safi) if abbreviated else None
    value = impl.PathAttributes(attribute(0x80, 14, wire), 0, None, impl.Session(), 0, rib_family).get(14)
    if value is None:
        with pytest.raises(ValueError, match="next hop of"):
            MpReach.of_values(afi, safi, _hop(hop), [])
        return
    form = value.json()
    again = MpReach.from_json(form)
    assert (again, bytes(again), again.next_hop) == (value, wire, value.next_hop)
    assert MpReach.of_values(afi, safi, value.next_hop, [], abbreviated=abbreviated) == value


def _hop(octets: bytes) -> Any:
    from bgpwire.attribute.next_hop import NextHop

    return NextHop(octets)


def test_a_vpn_route_of_values(impl: Any) -> None:
    """RFC 4364 section 4.3.2: a route distinguisher of 0 in front of the next hop; path identifiers by the session."""
    from bgpwire.attribute.mp_reach import MpReach
    from bgpwire.attribute.mp_unreach import MpUnreach

    route = impl.VpnPrefix("100", "65000:100", "10.0.0.0/8", 7)
    with_ids = impl.Session.with_add_path((1, 128))
    reach = MpReach.of_values(1, 128, "192.0.2.1", [route], with_ids)
    octets = "000180 0c 0000000000000000c0000201 00 00000007 60 000641 0000fde800000064 0a"
    assert bytes(reach) == bytes.fromhex(octets)
    assert reach.json()["nlri"] == [{"rd": "65000:100", "prefix": "10.0.0.0/8", "labels": [100], "path_id": 7}]
    withdrawn = MpUnreach.of_values(1, 128, [route], with_ids)
    assert bytes(withdrawn) == bytes.fromhex("000180 00000007 60 000641 0000fde800000064 0a")
    for wrong in (
        lambda: MpReach.of_values(1, 128, "192.0.2.1", [route]),
        lambda: MpReach.of_values(1, 128, "192.0.2.1", [impl.VpnPrefix("1", "1:1", "10.0.0.0/8")], with_ids),
        lambda: MpReach.of_values(2, 128, "2001:db8::1", [route], with_ids),
        lambda: MpReach.of_values(1, 4, "192.0.2.1", [route], with_ids),
        lambda: MpReach.of_values(1, 1, "192.0.2.1", [impl.Prefix("2001:db8::/32")]),
        lambda: MpUnreach.of_values(25, 70, [impl.Prefix("10.0.0.0/8")]),
        lambda: MpUnreach.of_values(65536, 1, []),
    ):
        with pytest.raises(ValueError, match=r"."):
            wrong()


def test_a_label_that_withdraws(impl: Any) -> None:
    """RFC 8277 section 2.4: 0x800000 leads back from its number; 0x000000, which older speakers send, is ``raw``."""
    from bgpwire.attribute.mp_unreach import MpUnreach

    for label, raw in (("800000", False), ("000000", True), ("800001", True), ("000641", False), ("000649", True)):
        octets = bytes.fromhex("000104 20" + label + "0a")
        value = impl.PathAttributes(attribute(0x80, 15, octets))[15]
        form = value.json()
        assert ("raw" in form) == raw, label
        assert bytes(MpUnreach.from_json(form)) == octets


@pytest.mark.parametrize(
    "form",
    [
        None,
        [],
        {},
        {"afi": "ipv4", "safi": "unicast"},
        {"afi": "ipv4", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": "10.0.0.0/8"},
        {"afi": "ipv4", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": [{"prefix": "10.0.0.0/8", "rd": "1:1"}]},
        {"afi": "ipv4", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": ["2001:db8::/32"]},
        {"afi": "ipv4", "safi": "mpls-vpn", "next_hop": "192.0.2.1", "nlri": ["10.0.0.0/8"]},
        {"afi": "ipv4", "safi": "labelled-unicast", "next_hop": "::1", "nlri": [{"prefix": "::/0", "labels": [1]}]},
        {"afi": "ipv4", "safi": "labelled-unicast", "next_hop": "::1", "nlri": [{"prefix": "0.0.0.0/0", "labels": []}]},
        {"afi": "ipv4", "safi": "unicast", "next_hop": 1, "nlri": []},
        {"afi": "ipv6", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": []},
        {"afi": "ipv4", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": [], "reserved": 256},
        {"afi": "ipv4", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": ["10.0.0.0/8"], "abbreviated": True},
        {"afi": "x", "safi": "unicast", "next_hop": "192.0.2.1", "nlri": []},
        {"afi": "afi-70000", "safi": "unicast", "next_hop": None, "nlri": []},
        {"afi": "ipv4", "safi": "unicast", "raw": "zz"},
        {"afi": "ipv4", "safi": "unicast", "raw": "00"},
    ],
)
def test_what_is_no_mp_reach(impl: Any, form: Any) -> None:
    from bgpwire.attribute.block import path_attributes
    from bgpwire.attribute.mp_reach import MpReach

    with pytest.raises(ValueError, match=r"."):
        MpReach.from_json(form)
    if not isinstance(form, dict) or form.get("raw") != "00":  # octets of an attribute are taken as they are
        with pytest.raises(ValueError, match=r"."):
            path_attributes([{"code": 14, "value": form}])


@pytest.mark.parametrize(
    "form",
    [
        None,
        [1],
        [{}],
        [{"code": 1}],
        [{"code": 1, "value": "x"}],
        [{"code": 300, "value": {"value": ""}}],
        [{"code": 200, "value": {"value": "00"}}],  # which flags are its, nobody knows
        [{"code": 2, "value": [{"type": "as_sequence", "asns": []}]}],
        [{"code": 2, "value": [{"type": "as_sequence", "asns": [1] * 256}]}],
        [{"code": 4, "flags": 0x80, "value": 1 << 32}],
        [{"code": 200, "flags": 0xC0, "value": {"type": 200, "value": "00" * 256}}],
        [{"code": 200, "flags": 0x1C0, "value": {"type": 200, "value": "00"}}],
        [{"code": 128, "value": {"origin_asn": 1, "attributes": [{"code": 14, "flags": 128, "value": {}, "raw": ""}]}}],
        [{"code": 14, "value": 1}],
        [{"code": 14, "value": {"afi": 1}}],
    ],
)
def test_what_is_no_block(impl: Any, form: Any) -> None:
    from bgpwire.attribute.block import path_attributes

    with pytest.raises(ValueError, match=r"."):
        path_attributes(form)


def test_flags_by_the_specification(impl: Any) -> None:
    from bgpwire.attribute.block import path_attributes

    found = path_attributes([{"code": 1, "value": "igp"}, {"code": 2, "value": []}, {"code": 3, "value": "192.0.2.1"}])
    assert bytes(found) == ATTRIBUTES
    long = path_attributes([{"code": 8, "value": ["65000:1"] * 64}])
    assert bytes(long)[:4] == bytes.fromhex("d0080100")


@pytest.mark.parametrize("asn4", [True, False])
def test_attr_set_of_values(impl: Any, asn4: bool) -> None:
    """RFC 6368 section 5; AS numbers of 2 octets inside, as JunOS has them, come back."""
    from bgpwire.attribute.attr_set import AttrSet

    path = bytes.fromhex("02010000fde9" if asn4 else "0201fde9")
    inner = impl.PathAttributes(attribute(0x40, 2, path), 0, None, impl.Session(asn4=asn4))
    value = AttrSet.of_values(65000, inner)
    assert (value.asn4, bytes(value)) == (asn4, bytes.fromhex("0000fde8") + bytes(inner))
    form = value.json()
    again = AttrSet.from_json(form)
    assert (again, again.json(), again.asn4) == (value, form, asn4)
    deep: Any = form
    for _ in range(5):
        deep = {"origin_asn": 1, "attributes": [{"code": 128, "name": "attr_set", "flags": 0xC0, "value": deep}]}
    with pytest.raises(ValueError, match="inside each other"):
        AttrSet.from_json(deep)
    for _ in range(5000):
        deep = {"origin_asn": 1, "attributes": [{"code": 128, "flags": 0xC0, "value": deep}]}
    with pytest.raises(ValueError, match=r"."):
        AttrSet.from_json(deep)
    for wrong in ({"origin_asn": -1}, {"origin_asn": None}, {"attributes": 1}, {"raw": "00"}):
        with pytest.raises(ValueError, match=r"."):
            AttrSet.from_json(form | wrong)


def test_a_route_distinguisher_that_text_may_not_say(impl: Any) -> None:
    """One of an unknown type, in the next hop and in the route: the attribute comes back all the same."""
    from bgpwire.attribute.mp_reach import MpReach

    rd = "0777010203040506"
    octets = bytes.fromhex("000180 0c" + rd + "c0000201 00 60 000641" + rd + "0a")
    value = impl.PathAttributes(attribute(0x80, 14, octets))[14]
    assert bytes(MpReach.from_json(value.json())) == octets
