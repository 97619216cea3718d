"""What is declared writes what it reads: every sound vector of it, as octets, from its fields, from its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.context import attribute, session
from support.each import of_vectors
from support.plain import plain
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTRIBUTES = {23, 29, 40}


def _sound(vector: Vector) -> bool:
    return vector.error is None


def _all(form: Any, name: str) -> Iterator[Any]:
    """Every member ``name`` in a JSON form."""
    if isinstance(form, dict):
        if name in form:
            yield form[name]
        for member in form.values():
            yield from _all(member, name)
    elif isinstance(form, list):
        for member in form:
            yield from _all(member, name)


def check_field(field: Any, value: Any, data: bytes) -> None:
    """``field`` writes the octets that it read ``value`` of, and its JSON form leads back to the value and to them."""
    form = field.to_json(value)
    assert plain(field.from_json(form)) == plain(value)
    assert field.encode(field.from_json(form)) == data
    assert field.encode(value) == data


def check_tlvs(field: Any, tlvs: Any) -> None:
    """Each TLV is made of its value, and of its JSON form; where the octets are not canonical the form has ``raw``."""
    for tlv in tlvs:
        form = field.tlv_json(tlv)
        if tlv.error is not None:
            assert "raw" not in form
            continue
        assert plain(field.tlv_of(form)) == plain(tlv), form
        made = field.make(tlv.type, tlv.value)
        assert plain(made) == plain(tlv) or form["raw"] == tlv.data.hex(), form
        if tlv.type in field.table:
            row = field.table[tlv.type][1]
            check_inside(row, tlv.value)


def check_inside(field: Any, value: Any) -> None:
    """The TLVs inside a value."""
    if hasattr(field, "tlv_json"):
        check_tlvs(field, value)
        return
    if hasattr(field, "choose") and isinstance(value, dict):
        return
    if isinstance(value, dict):
        for name, part in field.parts:
            if name in value:
                check_inside(part, value[name])
            elif not name:
                check_inside(part, value)
    elif isinstance(value, tuple):
        for item in value:
            for _, part in field.parts:
                if hasattr(part, "tlv_json"):
                    check_tlvs(part, value)
                    return
                check_inside(part, item)


def _attribute(package: Any, vector: Vector) -> Any:
    block = attribute(0xC0, vector.context["code"], vector.data)
    return package.PathAttributes(block, 0, None, session(package, vector))[vector.context["code"]]


@of_vectors([v for v in VECTORS if v.kind == "attribute" and v.context["code"] in ATTRIBUTES and _sound(v)])
def test_attribute(impl: Any, vector: Vector) -> None:
    value = _attribute(impl, vector)
    if value.error is not None:
        return
    form = value.json()
    if not [*_all(form, "error")]:
        check_field(value.field, value.tlvs, vector.data)
    assert value.field.encode(value.field.from_json(form["tlvs"])) == vector.data
    check_tlvs(value.field, value.tlvs)


@of_vectors([v for v in VECTORS if v.kind == "nlri" and v.context.get("afi") == 16388 and _sound(v)])
def test_bgp_ls_nlri(impl: Any, vector: Vector) -> None:
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS

    afi, safi = vector.context["afi"], vector.context["safi"]
    for nlri in impl.MpNlriCollection(vector.data, session(impl, vector), afi=afi, safi=safi):
        if nlri.error is None and nlri.type in DESCRIPTORS:
            field = DESCRIPTORS[nlri.type]
            size = len(field.encode(nlri.tlvs))
            check_field(field, nlri.tlvs, nlri.wire[len(nlri.wire) - size :])
            check_tlvs(field, nlri.tlvs)


NLRI = [v for v in VECTORS if v.kind == "nlri" and _sound(v)]


@of_vectors(NLRI)
def test_nlri(impl: Any, vector: Vector) -> None:
    """Of each NLRI that is declared: of its octets, of its values, of its JSON form."""
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.declared import Declared
    from bgpwire.registry import NLRI as FAMILIES

    afi, safi = vector.get("afi", 1), vector.get("safi", 1)
    family = FAMILIES.get((afi, safi))
    if family is None or not issubclass(family, Declared):
        return
    context = NlriContext(afi, safi, vector.get("withdraw", False), session(impl, vector))
    for nlri in impl.MpNlriCollection(vector.data, session(impl, vector), afi=afi, safi=safi):
        form = nlri.json()
        again = family.from_json(form, context)
        assert again == nlri
        assert again.json() == form
        if isinstance(nlri, Declared):
            values = {name: value for name, value in nlri._values.items() if name != "error"}
            made = type(nlri).of_values(context, nlri.path_id, **values)
            assert made == nlri or form["raw"] == nlri.wire.hex()


def test_nlri_of_values(impl: Any) -> None:
    """A route made of its values, not read; what is no value is ValueError, and a form that lacks one too."""
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.evpn import Evpn, InclusiveMulticast

    context = NlriContext(25, 70)
    rd, address = impl.RouteDistinguisher("65000:1"), impl.Address("192.0.2.1")
    route = InclusiveMulticast.of_values(context, rd=rd, ethernet_tag=100, originator=address)
    assert bytes(route).hex() == "0311" + "0000fde800000001" + "00000064" + "20c0000201"  # RFC 7432 section 7.3
    assert (type(route), route.rd, route.originator) == (InclusiveMulticast, rd, address)
    form = route.json()
    assert Evpn.from_json(form, context) == route
    with pytest.raises(ValueError, match="ethernet_tag: u32"):
        InclusiveMulticast.of_values(context, rd=rd, ethernet_tag=1 << 32, originator=address)
    with pytest.raises(ValueError, match="rd: missing"):
        InclusiveMulticast.of_values(context, ethernet_tag=1, originator=address)
    for wrong in ({"originator": None}, {"rd": 1}, {"ethernet_tag": "x"}, {"type": 77}, {"originator": "a"}):
        with pytest.raises(ValueError, match=r"."):
            Evpn.from_json(form | wrong, context)


@of_vectors([v for v in VECTORS if v.kind == "extended_community" and _sound(v)])
def test_extended_community(impl: Any, vector: Vector) -> None:
    from bgpwire.extended_community.base import wire_of
    from bgpwire.registry import EXTENDED_COMMUNITIES

    form = impl.ExtendedCommunity.from_bytes(vector.data).json()
    assert wire_of(form) == vector.data
    kind = EXTENDED_COMMUNITIES.get(int.from_bytes(vector.data[:2]))
    if kind is not None:
        made = kind.field.encode(kind.values(vector.data))
        assert made == vector.data[2:] or form["raw"] == vector.data.hex()


def test_every_extended_community_comes_back(impl: Any) -> None:
    """Of every registered kind, with octets of many sorts."""
    from bgpwire.extended_community.base import wire_of
    from bgpwire.registry import EXTENDED_COMMUNITIES

    for code in EXTENDED_COMMUNITIES:
        for octets in ("000000000000", "ffffffffffff", "0a0b0c0d0e0f", "800000000001", "7fc000007f80", "010203040506"):
            wire = code.to_bytes(2) + bytes.fromhex(octets)
            assert wire_of(impl.ExtendedCommunity.from_bytes(wire).json()) == wire


@of_vectors([v for v in VECTORS if v.kind == "capability" and _sound(v)])
def test_capability(impl: Any, vector: Vector) -> None:
    """Those that are declared: of their values, of their JSON form."""
    from bgpwire.capability.base import FieldCapability

    code, data = vector.data[0], vector.data[2:]
    value = impl.capability.decode_capability(code, data, 0)
    if isinstance(value, FieldCapability):
        form = value.json()
        assert type(value).from_json(form) == value
        made = type(value).of_values(code, **value.values)
        assert made == value or form["raw"] == data.hex()


OF_FIELDS = {11, 12, 13, 19, 20, 21, 24, 25, 26, 27, 33, 34, 36, 37, 38, 39, 41}
"""Attributes that have one field for all of their octets."""


@of_vectors([v for v in VECTORS if v.kind == "attribute" and v.context["code"] in OF_FIELDS and _sound(v)])
def test_attribute_of_fields(impl: Any, vector: Vector) -> None:
    """Of their octets, their values, their JSON form; where that is a list, ``raw`` may stand beside it."""
    block = impl.PathAttributes(attribute(0xC0, vector.context["code"], vector.data), 0, None, session(impl, vector))
    (found,) = block
    value, form = found.value, found.json()
    kind = type(value)
    raw = form.get("raw")
    assert (kind.value_of(form["value"]) if raw is None else bytes.fromhex(raw)) == vector.data
    assert plain(kind.field.decode(vector.data)) == plain(value.values)
    if isinstance(form["value"], dict):
        raw = form["value"].get("raw")
    assert value.field.encode(value.values) == vector.data or raw == vector.data.hex()


@of_vectors([v for v in VECTORS if v.kind == "ipv6_extended_community"])
def test_ipv6_extended_community(impl: Any, vector: Vector) -> None:
    from bgpwire.attribute.ipv6_extended_communities import Ipv6ExtendedCommunity

    value = Ipv6ExtendedCommunity(vector.data)
    assert Ipv6ExtendedCommunity.from_json(value.json()) == value


@pytest.mark.parametrize("size", [0, 4, 5, 12, 16, 24, 32, 48])
def test_next_hop(impl: Any, size: int) -> None:
    """Of each length: its JSON form leads back to it, but for a route distinguisher of 0, which it does not show."""
    from bgpwire.attribute.next_hop import NextHop

    rd, address = bytes.fromhex("0000fde800000064"), bytes.fromhex("20010db8000000000000000000000001")
    address = address[: 4 if size in (4, 12) else 5 if size == 5 else 16]
    wire = (rd * (size in (12, 24, 48)) + address) * (1 + (size > 24)) if size else b""
    assert len(wire) == size
    assert NextHop.from_json(NextHop(wire).json()) == NextHop(wire)
    if size in (12, 24):
        assert NextHop.from_json(NextHop(bytes(8) + address).json()) == NextHop(address)


@of_vectors([v for v in VECTORS if v.kind == "attribute" and v.context["code"] in {6, 7, 9, 10, 18, 35} and _sound(v)])
def test_attribute_of_one_field(impl: Any, vector: Vector) -> None:
    """Attributes whose value is a class of its own, or no class."""
    from importlib import import_module

    names = {6: "atomic_aggregate", 9: "originator", 10: "originator", 35: "only_to_customer"}
    classes = {6: "AtomicAggregate", 9: "OriginatorId", 10: "ClusterList", 35: "OnlyToCustomer"}
    code, value = vector.context["code"], _attribute(impl, vector)
    if code in (7, 18):
        field = import_module("bgpwire.attribute.aggregator").FIELDS[value.asn4]
    else:
        field = getattr(import_module(f"bgpwire.attribute.{names[code]}"), classes[code]).field
    assert field.decode(vector.data) == value
    check_field(field, value, vector.data)


@of_vectors([v for v in VECTORS if v.kind == "attribute" and v.context["code"] == 22 and _sound(v)])
def test_pmsi_tunnel(impl: Any, vector: Vector) -> None:
    value = _attribute(impl, vector)
    assert type(value).value_of(value.json()) == bytes(value) == vector.data


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ([], "no match"),
        ([{"operator": "<>", "value": 1}], "'<>' is no operator here"),
        ([{"operator": "=", "value": 1 << 64}], "does not fit"),
        ([1], "an object is needed"),
    ],
)
def test_what_is_no_match(impl: Any, form: Any, reason: str) -> None:
    from bgpwire.nlri.flowspec_match import Match, numeric

    with pytest.raises(ValueError, match=reason):
        numeric.encode_json(form)
    with pytest.raises(ValueError, match="end-of-list"):
        numeric.encode((Match(0x81, 1), Match(0x81, 2)))
    with pytest.raises(ValueError, match="end-of-list"):
        numeric.encode((Match(0x01, 1),))


def test_what_is_no_flow_specification(impl: Any) -> None:
    """Patterns with bits outside, MAC addresses of no octets, more octets than a length can say."""
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.flowspec import FlowSpec
    from bgpwire.nlri.flowspec_component import TABLES

    pattern, mac = TABLES[2][1].field, TABLES[25][15].field
    assert pattern.encode_json({"address": "::1234:0:0:0", "offset": 64, "length": 80}).hex() == "50401234"  # RFC 8956
    for wrong in (
        {"address": "::1", "offset": 64, "length": 80},
        {"address": "8000::", "offset": 64, "length": 80},
        {"address": "::", "offset": 80, "length": 80},
        {"address": "::", "offset": 8, "length": 129},
        "10.0.0.0/8",
        7,
    ):
        with pytest.raises(ValueError, match=r"."):
            pattern.encode_json(wrong)
    assert mac.encode_json("00:11").hex() == "020011"
    for text in ("", "0011", "00:11:22:33:44:55:66", 1):
        with pytest.raises(ValueError, match=r"."):
            mac.encode_json(text)
    context = NlriContext(1, 133)
    port = {"type": 4, "value": [{"operator": "=", "value": 1000}] * 1500}
    with pytest.raises(ValueError, match="a flow specification of 4501 octets"):
        FlowSpec.from_json({"components": [port]}, context)
    rule = FlowSpec.from_json({"components": [port | {"value": [{"operator": "=", "value": 80}] * 200}]}, context)
    assert bytes(rule)[:2].hex() == "f191"  # RFC 8955 section 4.1: 401 octets


def test_what_is_no_route_target(impl: Any) -> None:
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.rtc import RouteTarget

    context = NlriContext(1, 132)
    target = impl.ExtendedCommunity.from_bytes(bytes.fromhex("0002fde800000064"))
    assert bytes(RouteTarget.of_values(context, length=96, origin_as=65000, route_target=target)).hex() == (
        "600000fde80002fde800000064"
    )
    for values in (
        {"length": 31, "origin_as": 1},
        {"length": 96, "origin_as": 1},
        {"length": 32},
        {"length": 64, "origin_as": 1, "route_target": target},
        {"length": 0, "origin_as": 1},
    ):
        with pytest.raises(ValueError, match=r"."):
            RouteTarget.of_values(context, **values)
    with pytest.raises(ValueError, match="97 bits"):
        RouteTarget.from_json({"length": 97}, context)


def test_bgp_ls_nlri_of_values(impl: Any) -> None:
    """A node, in a VPN too, a type that is not registered, and what is no NLRI."""
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.bgp_ls import BgpLsNlri

    context, vpn = NlriContext(16388, 71), NlriContext(16388, 72)
    inside = DESCRIPTORS[1].table[256][1].make(512, 65000)
    values = {"type": 1, "protocol_id": 3, "identifier": 7, "tlvs": (DESCRIPTORS[1].make(256, (inside,)),)}
    body = "030000000000000007" + "0100000802000004 0000fde8"  # RFC 9552 sections 5.2 and 5.2.1
    node = BgpLsNlri.of_values(context, **values)
    assert bytes(node) == bytes.fromhex("00010015" + body)
    other = BgpLsNlri.of_values(vpn, rd=impl.RouteDistinguisher("65000:1"), **values)
    assert bytes(other) == bytes.fromhex("0001001d 0000fde800000001" + body)
    assert BgpLsNlri.from_json(node.json(), context) == node
    unknown = BgpLsNlri.from_json({"type": 99, "value": "0102"}, context)
    assert (bytes(unknown).hex(), unknown.type, unknown.value) == ("006300020102", 99, b"\1\2")
    for wrong in ({"protocol": "rip"}, {"identifier": -1}, {"tlvs": [1]}, {"type": 99}, {"type": 1.5}):
        with pytest.raises(ValueError, match=r"."):
            BgpLsNlri.from_json(node.json() | wrong, context)


@of_vectors([v for v in VECTORS if v.kind == "route_refresh" and _sound(v)])
def test_outbound_route_filters(impl: Any, vector: Vector) -> None:
    """The filters of a ROUTE-REFRESH lead back to their octets."""
    from support.context import message

    from bgpwire.message.orf import encode_orf

    refresh = impl.Message.decode(message(5, vector.data))
    found = refresh.json().get("orf")
    if isinstance(found, dict):
        assert encode_orf(found, refresh.family.afi) == vector.data[4:]
