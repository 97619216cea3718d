"""Every vector's expected JSON, and what the samples and MRT files give, is what docs/bgpwire.schema.json says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.each import of_vectors
from support.places import ROOT
from support.vectors import ABSENT, VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.implementations import Implementation

jsonschema = pytest.importorskip("jsonschema")

SCHEMA_PATH = ROOT / "docs" / "bgpwire.schema.json"
if not SCHEMA_PATH.is_file():
    pytest.skip("docs/bgpwire.schema.json is not there", allow_module_level=True)
SCHEMA: dict[str, Any] = json.loads(SCHEMA_PATH.read_text("utf-8"))
SAMPLES = sorted((ROOT / "samples").glob("*.mrt"))

_OF_KIND = {
    "message": "message",
    "as_path": "attribute_2",
    "nlri": "nlris",
    "capability": "capability",
    "community": "community",
    "extended_community": "extended_community",
    "ipv6_extended_community": "ipv6_extended_community",
    "large_community": "large_community",
    "address": "address",
    "open": "open",
    "update": "update",
    "notification": "notification",
    "route_refresh": "route_refresh",
}


_SOUND: set[tuple[str, str]] = set()
"""Definitions, and forms that are what they say."""


def _definition(validator: Any, name: str, form: Any, schema: Any) -> Iterator[Any]:
    """``$ref``: the same attributes stand in many routes, and what was sound under a definition is sound again."""
    key = name, json.dumps(form)
    if key not in _SOUND:
        sound = True
        for error in jsonschema.Draft202012Validator.VALIDATORS["$ref"](validator, name, form, schema):
            sound = False
            yield error
        if sound:
            _SOUND.add(key)


VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"$ref": _definition})


def validator(name: str) -> Any:
    """Checks values against one definition of the schema."""
    part = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"], "$schema": SCHEMA["$schema"]}
    return VALIDATOR(part)


NOTIFICATION = {"type": "notification", "length": 21, "code": 6, "subcode": 2, "code_name": "cease"}
VALIDATORS = {name: validator(name) for name in SCHEMA["$defs"]}


def faults(name: str, form: Any) -> list[str]:
    """What ``form`` is not of the definition ``name``."""
    found = VALIDATORS[name].iter_errors(form)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in found]


def large_numbers(form: Any) -> list[int]:
    """Integers that a double cannot hold: for JSON Schema they are numbers like others."""
    if isinstance(form, dict):
        return [n for member in form.values() for n in large_numbers(member)]
    if isinstance(form, list):
        return [n for member in form for n in large_numbers(member)]
    return [form] if isinstance(form, int) and abs(form) >= 1 << 53 else []


def test_the_file_is_what_is_declared(impl: Any) -> None:
    assert impl.json_schema() == SCHEMA


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:bgpwire:json:1"


@of_vectors([v for v in VECTORS if v.expected is not ABSENT])
def test_vector(vector: Vector) -> None:
    assert faults("value", vector.expected) == []
    assert large_numbers(vector.expected) == []
    if vector.kind == "mrt":
        for member, name in (("routes", "route"), ("messages", "mrt_message"), ("bodies", "record"), ("skips", "skip")):
            for form in vector.expected.get(member, ()):
                assert faults(name, form) == [], member
        return
    name = _OF_KIND.get(vector.kind, "value")
    if vector.kind == "attribute":
        code = vector.context["code"]
        name = f"attribute_{code}" if f"attribute_{code}" in SCHEMA["$defs"] else "value"
    assert faults(name, vector.expected) == []


def _forms(package: Any, path: Path) -> Iterator[tuple[str, Any]]:
    """The first forty records of a file as routes, messages and records, each behind the name of its definition."""
    line = package.text.jsonl.formatter()
    for route in list(package.mrt.open(path, on_skip=told).routes())[:40]:
        yield "route", json.loads(line(route))
    for message in list(package.mrt.open(path, on_skip=told).messages())[:40]:
        form = message.json()
        yield "mrt_message", form
        yield "message", {key: value for key, value in form.items() if not key.startswith(("timestamp", "peer_"))}
    for record in list(package.mrt.open(path, on_skip=told).records())[:40]:
        try:
            yield "record", package.mrt.record_json(record)
        except package.DecodeError as error:
            yield "error", error.json()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample(both: list[Implementation], path: Path) -> None:
    """What real daemons wrote: the same from both implementations, so that one of them is held against the schema."""
    found = []
    for loaded in both:
        with loaded.active() as package:
            found.append(list(_forms(package, path)))
    assert all(one == found[0] for one in found)
    for name, form in found[0]:
        assert faults(name, form) == []


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("value", {"Upper": 1}),
        ("value", {"a-b": 1}),
        ("hex", "0"),
        ("message", {"type": "keepalive"}),
        ("message", {"type": "update", "length": 23}),
        ("attribute", {"code": 4, "name": "multi_exit_disc", "flags": 128, "value": "1"}),
        ("attribute", {"code": 4, "name": "multi_exit_disc", "flags": 128, "value": 1, "more": 2}),
        ("route", {"type": "X", "timestamp": 1, "peer_address": "192.0.2.1", "peer_asn": 1}),
        ("error", {"action": "ignore"}),
        ("attribute_29", {"tlvs": [{"type": 1026, "name": "node_name", "value": 1}]}),
        ("attribute_22", {"flags": [], "tunnel_type": "ingress_replication", "label": 1, "vni": 16, "tunnel": 1}),
        ("attribute_22", {"flags": [], "tunnel_type": 99, "label": 1, "vni": 16, "tunnel": {"endpoint": "192.0.2.1"}}),
        ("nlri_bgp_ls_bgp_ls", {"type": "node", "protocol": "isis_level_1", "identifier": -1, "tlvs": []}),
        ("nlri_bgp_ls_bgp_ls", {"type": "node", "protocol": "isis_level_1", "identifier": 1, "tlvs": [{"type": "a"}]}),
        ("nlri_bgp_ls_bgp_ls_vpn", {"type": "node", "rd": 1, "protocol": "isis_level_1", "identifier": 1, "tlvs": []}),
        ("notification", NOTIFICATION | {"details": {"communication": 1}}),
        ("notification", NOTIFICATION | {"subcode": 1, "details": {"limit": "many"}}),
        ("mp_unreach", {"afi": "ipv4", "safi": "unicast", "nlri": [], "raw": 1}),
        ("attribute_29", {"tlvs": [{"type": 1026, "name": "link_name", "value": "a"}]}),
        ("attribute_29", {"tlvs": [{"type": 1026, "name": "node_name", "value": "a"}], "more": 1}),
        ("attribute_29", {"tlvs": [{"type": 1026, "name": "node_name", "value": "a", "error": {}}]}),
        ("attribute_23", {"tlvs": [{"type": 15, "name": "sr_policy", "value": [{"type": 6, "value": 1}]}]}),
        ("attribute_40", {"tlvs": [{"type": 9999, "value": {}}]}),
        ("nlri_l2vpn_evpn", {"type": 2, "name": "ip_prefix"}),
        ("nlri_l2vpn_evpn", {"type": 2, "name": "mac_ip_advertisement", "mac": "0011"}),
        ("mp_unreach", {"afi": "l2vpn", "safi": "evpn", "nlri": [{"type": 2, "rd": 1}]}),
        ("mp_unreach", {"afi": "l2vpn", "safi": "evpn", "nlri": ["10.0.0.0/8"]}),
        ("capability", {"code": 9, "name": "bgp_role", "role": "king"}),
        ("extended_community", {"type": 0, "subtype": 2, "name": "route_target", "asn": 70000, "value": 1}),
        ("extended_community", {"type": 0, "subtype": 2, "name": "route_origin", "asn": 1, "value": 1}),
    ],
)
def test_the_schema_says_no(name: str, form: Any) -> None:
    assert faults(name, form)


def test_examples_are_vectors() -> None:
    """Each example of docs/json.md is what the vector named above it expects, or the part of it that is named."""
    text = (ROOT / "docs" / "json.md").read_text("utf-8")
    vectors = {vector.name: vector for vector in VECTORS}
    found = re.findall(r"<!-- (\S+) -->\n```json\n(.*?)```", text, re.DOTALL)
    assert len(found) > 8
    assert len(found) == text.count("```json")
    for where, example in found:
        name, *steps = where.split("/")
        form = vectors[name].expected
        for step in steps:
            form = form[int(step)] if step.isdigit() else form[step]
        assert json.loads(example) == form, where
