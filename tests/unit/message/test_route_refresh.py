"""ROUTE-REFRESH and the CAPABILITY message on any octets."""

from __future__ import annotations

import json
import random
from importlib import import_module
from typing import Any

import pytest
from support.vectors import VECTORS, Vector

FILTERS = [v for v in VECTORS if v.kind == "route_refresh" and "filters" in v.expected.get("orf", "")]


def _message(kind: int, body: bytes) -> bytes:
    return b"\xff" * 16 + (19 + len(body)).to_bytes(2) + bytes((kind,)) + body


def test_any_filters(impl: Any) -> None:
    """Pitfall 83: octets behind the first four never make the message worthless."""
    random.seed(5291)
    for afi in (1, 2, 25, 999):
        for kind in (1, 2, 3, 9, 64, 65, 68, 128, 130, 200):
            for size in (0, 1, 2, 12, 13, 40):
                entries = random.randbytes(size)
                for length in (size, size + 1):
                    body = afi.to_bytes(2) + b"\0\1\1" + bytes((kind,)) + length.to_bytes(2) + entries
                    found = impl.Message.decode(_message(5, body))
                    assert json.loads(json.dumps(found.json()))["subtype"] == "request"
                    orf = found.filters if length == size else None
                    wrong = orf is None or any(
                        "error" in each or each.get("reading") == "frr" for each in orf["filters"]
                    )
                    assert bool(found.errors) is wrong
                    assert found.orf == body[4:]


def test_any_capability_message(impl: Any) -> None:
    """Pitfall 82: type 6 is the dynamic capability message."""
    random.seed(6)
    for size in range(40):
        found = impl.Message.decode(_message(6, random.randbytes(size)))
        assert json.loads(json.dumps(found.json()))["type"] == "capability"
        assert isinstance(found, impl.message.CapabilityMessage)


def test_begin_and_end_of_refresh_are_23_octets(impl: Any) -> None:
    """RFC 7313 section 5."""
    for subtype, wrong in ((0, False), (1, True), (2, True), (3, False)):
        body = b"\0\1" + bytes((subtype, 1))
        assert impl.Message.decode(_message(5, body)).errors == []
        errors = impl.Message.decode(_message(5, body + b"\1")).errors
        assert [(e.code, e.subcode) for e in errors] == ([(7, 1)] if wrong else [])


@pytest.mark.parametrize("vector", FILTERS, ids=repr)
def test_entries_are_written_as_they_were_read(impl: Any, vector: Vector) -> None:
    entries_field = import_module("bgpwire.message.orf").EntriesField
    body = impl.Reader(vector.data)
    afi = body.u16()
    body.skip(3)
    for found in vector.expected["orf"]["filters"]:
        kind, octets = body.u8(), body.take(body.u16())
        if "entries" in found:
            assert entries_field(kind, afi).encode_json(found) == octets


def test_octets_of_filters_from_json(impl: Any) -> None:
    """What JSON keeps as octets: entries whose form does not tell all, and filters of a type that is not known."""
    orf = import_module("bgpwire.message.orf")
    entries = bytes.fromhex("85")  # REMOVE-ALL with reserved bits (RFC 5291 section 4)
    known, unknown = orf.EntriesField(64, 1), orf.EntriesField(200, 1)
    assert known.encode_json({"raw": entries.hex(), "entries": []}) == entries
    assert unknown.encode_json({"value": "0102"}) == b"\1\2"
    with pytest.raises(ValueError, match="filters of type 200 are octets"):
        unknown.encode_json({"entries": []})
    assert known.schema() == {"$ref": "#/$defs/filter"}
    found, errors = orf.decode_orf(b"\1\x40\0\1" + entries, 27, 1)
    assert found["when_to_refresh"] == "immediate"
    assert found["filters"][0]["entries"] == [{"action": "remove_all", "reserved": 5}]
    assert errors == []
    with pytest.raises(impl.DecodeError) as caught:
        orf.decode_orf(b"\1\x40\0\2" + entries, 27, 1)
    assert caught.value.offset == 31


@pytest.mark.parametrize("vector", [v for v in VECTORS if v.kind == "route_refresh" and v.error is None], ids=repr)
def test_a_refresh_leads_back(impl: Any, vector: Vector) -> None:
    """Filters that are malformed, and those that run over the end, too."""
    found = impl.Message.decode(_message(5, vector.data))
    assert type(found).from_json(found.json()) == found


def test_what_is_no_refresh(impl: Any) -> None:
    form = {"afi": "ipv4", "safi": "unicast", "subtype": "request"}
    kind = impl.message.RouteRefresh
    assert bytes(kind.from_json(form))[19:] == b"\0\1\0\1"
    for wrong in (
        *({"afi": None}, {"safi": "safi-300"}, {"subtype": "x"}, {"data": "0"}, {"orf": 1}, {"orf": {}}),
        {"orf": {"when_to_refresh": "never", "filters": []}},
        {"orf": {"when_to_refresh": "defer", "filters": [{"type": 200, "entries": []}]}},
        {"orf": {"when_to_refresh": "defer", "filters": [{"type": 64, "entries": [{"action": "add"}]}]}},
    ):
        with pytest.raises(ValueError, match=r"."):
            kind.from_json(form | wrong)


def test_reserved_bits_of_a_revision(impl: Any) -> None:
    """draft-ietf-idr-dynamic-cap section 4: five bits between the acknowledgements and the action."""
    octets = bytes.fromhex("95 00000007 40 0002 8078")
    found = impl.Message.decode(_message(6, octets))
    (revision,) = found.json()["revisions"]
    assert (revision["action"], revision["acknowledgement"], revision["reserved"]) == ("remove", True, 10)
    assert revision["acknowledgement_requested"] is False
    assert bytes(found.revisions[0]) == octets


def test_what_is_no_filter(impl: Any) -> None:
    """RFC 5291 section 4: two bits of action, one of match, five reserved; a type that is not known has octets."""
    orf = import_module("bgpwire.message.orf")
    entry = {"action": "add", "match": "deny", "sequence": 5, "minimum": 0, "maximum": 0, "prefix": "10.0.0.0/8"}

    def octets(**changes: Any) -> str:
        form = {"when_to_refresh": "defer", "filters": [{"type": 64, "entries": [entry | changes]}]}
        return orf.encode_orf(form, 1).hex()

    assert octets() == "02 40 0009 20 00000005 00 00 080a".replace(" ", "")
    assert octets(reserved=31) == "02 40 0009 3f 00000005 00 00 080a".replace(" ", "")
    for reserved in (32, -1):
        with pytest.raises(ValueError, match=f"reserved bits {reserved}"):
            octets(reserved=reserved)
    with pytest.raises(ValueError, match="filters of type 200 are octets"):
        orf.encode_orf({"when_to_refresh": 1, "filters": [{"type": 200, "entries": []}]}, 1)


def test_a_request_of_filters(impl: Any) -> None:
    """RFC 5291 section 4, RFC 5292 section 3: add a permit of 10.0.0.0/8 from 8 to 24 bits, at once."""
    octets = "0001 00 01 01 40 0009 00 00000005 08 18 08 0a"
    entry = {"action": "add", "match": "permit", "sequence": 5, "minimum": 8, "maximum": 24, "prefix": "10.0.0.0/8"}
    filters = {"when_to_refresh": "immediate", "filters": [{"type": 64, "entries": [entry]}]}
    found = impl.RouteRefresh.build((1, 1), filters=filters)
    assert bytes(found) == _message(5, bytes.fromhex(octets))
    assert impl.RouteRefresh.build((1, 1), filters=found.filters) == found
    for subtype, wrong in ((1, filters), (0, {}), (0, {"when_to_refresh": "immediate", "filters": [{"type": 64}]})):
        with pytest.raises(ValueError, match=r"."):
            impl.RouteRefresh.build((1, 1), subtype, wrong)
