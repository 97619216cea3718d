"""``bgpwire.dissect``: the leaves tile every message, and known fields stand where the RFCs put them."""

from __future__ import annotations

import doctest
import json
from importlib import import_module
from random import Random
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, message, session, update
from support.each import of_vectors
from support.places import ROOT
from support.vectors import VECTORS, Vector
from support.wrapped import WHOLE, wrapped


def check(span: Any, data: bytes) -> None:
    """Children are in order, touch one another and cover their parent; so the leaves tile the whole."""
    assert (span.offset, span.length) == (0, len(data))
    _check(span)
    position = 0
    for leaf in span.leaves():
        assert leaf.offset == position
        position += leaf.length
    assert position == len(data)
    json.dumps(span.json(), allow_nan=False)


GENERIC = {"u8", "u16", "u24", "u32", "u64", "f32", "f64", "uint", "octets", "ipv4", "ipv6", "address_field"}
"""How octets are read is no name of a field."""


def _check(span: Any) -> None:
    assert span.name
    assert span.name not in GENERIC
    assert span.name != "malformed" or span.error
    position = span.offset
    for child in span.children:
        assert child.offset == position, span
        assert child.length > 0, span
        position += child.length
        _check(child)
    assert not span.children or position == span.offset + span.length, span
    assert not span.children or span.value is None


def find(span: Any, path: str) -> Any:
    """The span at a dotted path below ``span``."""
    for name in path.split("."):
        span = next(child for child in span.children if child.name == name)
    return span


@pytest.fixture
def dissect(impl: Any) -> Any:
    return import_module("bgpwire.dissect").dissect


@of_vectors([v for v in VECTORS if v.kind in WHOLE])
def test_leaves_tile_the_message(impl: Any, dissect: Any, vector: Vector) -> None:
    data = wrapped(impl, vector)
    span = dissect(data, session(impl, vector))
    check(span, data)
    try:
        decoded = impl.Message.decode(data, session(impl, vector, extended_message=True))
    except impl.DecodeError:
        return
    assert dissect(decoded) == span
    if not json_has_error(decoded.json()):
        assert "malformed" not in [leaf.name for leaf in span.leaves()], span


def json_has_error(form: Any) -> bool:
    if isinstance(form, dict):
        return "error" in form or bool(form.get("errors")) or any(map(json_has_error, form.values()))
    return isinstance(form, list) and any(map(json_has_error, form))


def test_an_update(dissect: Any) -> None:
    block = bytes.fromhex("40010100 40020602010000fbf4 400304c0000201 c00804fbf40064 c010080002fbf400000064")
    span = dissect(update(b"\x08\x0a", block, b"\x18\xc6\x33\x64"))
    where = {
        "marker": (0, 16, "ff" * 16),
        "length": (16, 2, 67),
        "type": (18, 1, "update"),
        "withdrawn_routes_length": (19, 2, 2),
        "withdrawn.route.length": (21, 1, 8),
        "withdrawn.route.prefix": (22, 1, "10.0.0.0/8"),
        "attributes_length": (23, 2, 38),
        "attributes.origin.flags": (25, 1, ["transitive"]),
        "attributes.origin.type": (26, 1, 1),
        "attributes.origin.length": (27, 1, 1),
        "attributes.origin.value": (28, 1, "igp"),
        "attributes.as_path.value.0.type": (32, 1, "as_sequence"),
        "attributes.as_path.value.0.count": (33, 1, 1),
        "attributes.as_path.value.0.asns.0": (34, 4, 64500),
        "attributes.next_hop.value": (41, 4, "192.0.2.1"),
        "attributes.communities.value.0.value": (50, 2, 100),
        "attributes.extended_communities.value.0.subtype": (56, 1, 2),
        "attributes.extended_communities.value.0.asn": (57, 2, 64500),
        "nlri.route.length": (63, 1, 24),
        "nlri.route.prefix": (64, 3, "198.51.100.0/24"),
    }
    for path, expected in where.items():
        found = find(span, path)
        assert (found.offset, found.length, found.value) == expected, path


def test_routes_of_a_vpn_with_path_identifiers(impl: Any, dissect: Any) -> None:
    route = bytes.fromhex("00000007 68 000641 000000640000 0064 0a" + "01")
    head = bytes.fromhex("000180 0c 0000000000000000c0000201 00")
    span = dissect(update(b"", attribute(0x80, 14, head + route)), impl.Session.with_add_path((1, 128)))
    value = find(span, "attributes.mp_reach_nlri.value")
    assert [child.name for child in value.children] == [
        *("afi", "safi", "next_hop_length", "next_hop", "reserved", "nlri"),
    ]
    assert find(value, "next_hop.address").value == "192.0.2.1"
    begin = 23 + 3 + len(head)
    parts = find(value, "nlri.route").children
    assert [(part.name, part.offset - begin, part.length) for part in parts] == [
        ("path_id", 0, 4),
        ("length", 4, 1),
        ("labels", 5, 3),
        ("rd", 8, 8),
        ("prefix", 16, 2),
    ]
    assert parts[3].value == "100:100"


def test_fields_of_registered_decoders_have_their_names(dissect: Any) -> None:
    # EVPN MAC/IP advertisement (RFC 7432 section 7.2), and the BGP Prefix-SID's Label-Index TLV (RFC 8669 section 3.1).
    route = bytes.fromhex("0221 0000fde800000001" + "00" * 10 + "00000000 30 001122334455 00 000641")
    reach = attribute(0x80, 14, bytes.fromhex("001946 04 c0000201 00") + route)
    span = dissect(update(b"", reach + attribute(0xC0, 40, bytes.fromhex("010007 00 0000 00000064"))))
    found = find(span, "attributes.mp_reach_nlri.value.nlri.route")
    assert [child.name for child in found.children[:4]] == ["type", "length", "rd", "esi"]
    mac = find(found, "mac")
    assert [(child.name, child.value) for child in mac.children] == [("length", 48), ("value", "00:11:22:33:44:55")]
    assert mac.offset == found.offset + 24
    (tlv,) = find(span, "attributes.bgp_prefix_sid.value").children
    assert [child.name for child in tlv.children[:2]] == ["type", "length"]
    assert find(tlv, "label_index.label_index").value == 100
    assert find(tlv, "label_index.label_index").offset == len(update(b"", reach)) + 3 + 6


@pytest.mark.parametrize(
    ("octets", "names"),
    [
        ("00" + "01" * 9, ["type", "value"]),  # RFC 7432 section 5: what is arbitrary
        ("00" * 10, ["type", "value"]),  # a single-homed site
        ("01 001122334455 000a 00", ["type", "system_mac", "port_key", "reserved"]),
        ("03 001122334455 000001", ["type", "system_mac", "local_discriminator"]),
        ("05 0000fde8 00000001 00", ["type", "asn", "local_discriminator", "reserved"]),
        ("09" + "01" * 9, ["type", "value"]),
    ],
)
def test_an_ethernet_segment_identifier(dissect: Any, octets: str, names: list[str]) -> None:
    route = bytes.fromhex("0417 0000fde800000001" + octets + "20 c0000201")
    found = dissect(update(b"", attribute(0x80, 14, bytes.fromhex("001946 04 c0000201 00") + route)))
    esi = find(found, "attributes.mp_reach_nlri.value.nlri.route.esi")
    assert [child.name for child in esi.children] == names


def test_an_open(dissect: Any) -> None:
    span = dissect(message(1, bytes.fromhex("04fbf4005ac0000201 08 0206 010400010001")))
    assert [child.name for child in span.children[3:]] == [
        *("version", "asn", "hold_time", "bgp_id", "optional_parameters_length", "parameter"),
    ]
    capability = find(span, "parameter.multiprotocol")
    assert [(child.name, child.offset) for child in capability.children] == [
        ("code", 31),
        ("length", 32),
        ("value", 33),
    ]
    assert [(leaf.name, leaf.offset, leaf.value) for leaf in find(capability, "value").leaves()] == [
        ("afi", 33, "ipv4"),
        ("reserved", 35, "00"),
        ("safi", 36, "unicast"),
    ]


def test_what_cannot_be_read_is_malformed(impl: Any, dissect: Any) -> None:
    whole = update(b"", ATTRIBUTES, b"\x18\xc6\x33\x64")
    for size in range(len(whole)):
        check(dissect(whole[:size]), whole[:size])
    assert [leaf.name for leaf in dissect(whole[:-1]).leaves()][-1] == "malformed"
    assert [leaf.name for leaf in dissect(whole + b"\0").leaves()][-1] == "malformed"
    try:
        impl.Message.decode(b"")
    except impl.DecodeError:
        # The error that the caller handles is not one of the message's.
        assert "malformed" not in [leaf.name for leaf in dissect(whole).leaves()]


@of_vectors([v for v in VECTORS if v.kind in WHOLE][::5])
def test_bent_octets(impl: Any, dissect: Any, vector: Vector) -> None:
    data = wrapped(impl, vector)
    random = Random(vector.name)
    for _ in range(10):
        bent = bytearray(data)
        for _ in range(random.randint(1, 3)):
            bent[random.randrange(min(19, len(bent) - 1), len(bent))] = random.choice(
                (0, 1, 127, 255, random.randrange(256))
            )
        check(dissect(bytes(bent), session(impl, vector)), bytes(bent))


def test_command(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    octets = update(b"", ATTRIBUTES, b"\x18\xc6\x33\x64")
    assert import_module("bgpwire.cli").main(["decode", "--spans", octets.hex()]) == 0
    found = json.loads(capsys.readouterr().out)
    decoded = impl.Message.decode(octets)
    spans = import_module("bgpwire.dissect").dissect(decoded).json()["children"]
    assert found == decoded.json() | {"spans": spans}


def test_examples_of_the_module(dissect: Any) -> None:
    assert doctest.testmod(import_module("bgpwire.dissect")).failed == 0


def test_example_of_the_document(dissect: Any) -> None:
    document = ROOT / "docs" / "json.md"
    if not document.is_file():
        pytest.skip("the documents are not there")
    example = document.read_text("utf-8").partition("## Spans")[2].split("```")[1]
    assert json.loads(example) == find(dissect(update(b"", ATTRIBUTES)), "attributes.origin").json()
