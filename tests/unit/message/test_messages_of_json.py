"""Messages made of what their ``json()`` gives, and of what people write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.context import message, session
from support.each import of_vectors
from support.vectors import VECTORS, Vector

TYPES = {"open": 1, "update": 2, "notification": 3, "route_refresh": 5}


def _octets(vector: Vector) -> bytes:
    return vector.data if vector.kind == "message" else message(TYPES[vector.kind], vector.data)


@of_vectors([v for v in VECTORS if v.kind in (*TYPES, "message") and v.error is None])
def test_vector(impl: Any, vector: Vector) -> None:
    """The octets of every message, torn ones too; by way of the class as well."""
    found = impl.Message.decode(_octets(vector), session(impl, vector, extended_message=True))
    form = json.loads(json.dumps(found.json()))
    again = impl.Message.from_json(form, found.session)
    assert bytes(again) == bytes(found)
    assert again.json() == form
    assert type(found).from_json(form, found.session) == found
    if found.session.asn4 and "raw" not in form:
        assert bytes(impl.Message.from_json(form)) == bytes(found)  # the routes tell what is needed of the session


def test_what_hangs_over_is_raw(impl: Any) -> None:
    """An attribute that runs over the end of its field is in no list of them."""
    wire = message(2, bytes.fromhex("0000 0005 400101 00 40"))
    form = impl.Message.decode(wire).json()
    assert form["raw"] == wire[19:].hex()
    assert bytes(impl.Message.from_json(form)) == wire
    del form["raw"]
    assert bytes(impl.Message.from_json(form)) == message(2, bytes.fromhex("0000 0004 400101 00"))


def test_open_by_hand(impl: Any) -> None:
    """RFC 5492 section 4: all capabilities in one parameter; RFC 6793 section 3: a large AS number in capability 65."""
    form = {
        "asn": 4_200_000_002,
        "bgp_id": "192.0.2.2",
        "capabilities": [{"code": 1, "afi": "ipv4", "safi": "unicast"}, {"code": 2}],
    }
    wire = "04 5ba0 005a c0000202 10 02 0e 0104 00010001 0200 4104 fa56ea02"
    found = impl.Open.from_json(form)
    assert bytes(found) == message(1, bytes.fromhex(wire))
    built = impl.Open.build(4_200_000_002, "192.0.2.2", capabilities=found.capabilities[:2])
    assert built == found
    assert impl.Open.build(4_200_000_002, "192.0.2.2", 90, [(1, bytes.fromhex("00010001")), (2, b"")]) == found
    assert impl.Message.from_json(form | {"type": "open", "hold_time": 0}).hold_time == 0
    wide = impl.Open.build(64500, "192.0.2.2", 90, [(2, b"")], asn4=False, extended_parameters=True)
    assert wide.data[28:] == bytes.fromhex("ff ff 0005 02 0002 0200")  # RFC 9072 section 2


@pytest.mark.parametrize(("size", "extended"), [(255, False), (256, True), (4063, True)])
def test_many_capabilities(impl: Any, size: int, extended: bool) -> None:
    """RFC 9072: lengths of two octets where the parameters exceed 255, and not before."""
    left = size - 2
    values = []
    while left:
        take = min(left, 257)
        take -= left - take == 1
        values.append((200, bytes(take - 2)))
        left -= take
    found = impl.Open.build(64500, "192.0.2.1", 90, values, asn4=False)
    assert found.extended_parameters == extended
    assert len(found) == 29 + size + 4 * extended
    assert [(one.code, one.data) for one in found.capabilities] == values
    again = impl.Message.decode(bytes(found), impl.Session(extended_message=True))
    assert again.capabilities == found.capabilities
    assert impl.Open.from_json(found.json()) == found


@pytest.mark.parametrize(
    "wrong",
    [
        lambda o: o.build(1 << 32, "192.0.2.1"),
        lambda o: o.build(65536, "192.0.2.1", asn4=False),
        lambda o: o.build(1, "0.0.0.0"),
        lambda o: o.build(1, "::1"),
        lambda o: o.build(1, "192.0.2.1", 2),
        lambda o: o.build(1, "192.0.2.1", 65536),
        lambda o: o.build(1, "192.0.2.1", 90, [(200, bytes(255))] * 16),
        lambda o: o.build(1, "192.0.2.1", 90, [(200, bytes(256))]),
    ],
)
def test_what_is_no_open(impl: Any, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        wrong(impl.Open)


@pytest.mark.parametrize(("family", "body"), [("ipv4-unicast", "00000000"), ("l2vpn-evpn", "00000006 800f03 001946")])
def test_end_of_rib(impl: Any, family: str, body: str) -> None:
    """RFC 4724 section 2."""
    found = impl.Message.from_json({"type": "update", "end_of_rib": family})
    assert bytes(found) == message(2, bytes.fromhex(body))
    assert str(found.end_of_rib) == family
    assert impl.Message.from_json(found.json()) == found


@pytest.mark.parametrize(
    ("form", "path"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"type": "x"}, ""),
        ({"type": "type_256"}, ""),
        ({"type": 2}, ""),
        ({"type": "keepalive", "raw": "z"}, ""),
        ({"type": "keepalive", "raw": "00"}, ""),
        ({"type": "keepalive", "marker": "00"}, ""),
        ({"type": "type_9", "value": "00" * 65_517}, ""),
        ({"type": "open"}, "asn"),
        ({"type": "open", "asn": 1}, "bgp_id"),
        ({"type": "open", "asn": 1, "bgp_id": "::1"}, "bgp_id"),
        ({"type": "open", "asn": 1, "bgp_id": "192.0.2.1", "hold_time": 1 << 16}, "hold_time"),
        ({"type": "open", "asn": 1, "bgp_id": "192.0.2.1", "capabilities": [{"code": 1}]}, "capabilities[0]"),
        ({"type": "update", "nlri": ["10.0.0.0/8", "10.0.0.0/33"]}, "nlri[1]"),
        ({"type": "update", "nlri": "10.0.0.0/8"}, "nlri"),
        ({"type": "update", "withdrawn": ["10.0.0.0/8"] * 33_000}, ""),
        ({"type": "update", "end_of_rib": "x"}, ""),
        ({"type": "update", "attributes": [{"code": 1, "value": "igp"}, {"value": 1}]}, "attributes[1].code"),
        ({"type": "update", "attributes": [{"code": 4}]}, "attributes[0].value"),
        ({"type": "update", "attributes": [{"code": 8, "value": ["65000:1", "x"]}]}, "attributes[0].value[1]"),
        (
            {"type": "update", "attributes": [{"code": 2, "value": [{"type": "as_sequence", "asns": [1, -1]}]}]},
            "attributes[0].value[0].asns[1]",
        ),
        ({"type": "update", "attributes": [{"code": 14, "value": {"afi": "ipv6"}}]}, "attributes[0]"),
        ({"type": "route_refresh", "afi": "ipv4", "safi": "unicast", "subtype": 300}, "subtype"),
        ({"type": "notification", "subcode": 1}, ""),
    ],
)
def test_what_is_no_message(impl: Any, form: Any, path: str) -> None:
    """ValueError that says where in the form."""
    with pytest.raises(ValueError, match=r".") as caught:
        impl.Message.from_json(form)
    assert getattr(caught.value, "path", "").startswith(path)


def test_of_another_class(impl: Any) -> None:
    with pytest.raises(ValueError, match="keepalive is no Update"):
        impl.Update.from_json({"type": "keepalive"})
    assert impl.Keepalive.from_json({}) == impl.Keepalive.build()
