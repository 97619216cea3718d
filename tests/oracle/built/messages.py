"""OPEN, NOTIFICATION and ROUTE-REFRESH of what the vectors expect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from support.vectors import ABSENT, VECTORS

import bgpwire
from oracle.built import Case
from oracle.built.updates import malformed, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Vector

ASN, LARGE = 64500, 4_200_000_000
BGP_ID = "192.0.2.251"
_SESSION = bgpwire.Session()
_HEAD = ("version", "hold_time", "bgp_id")
_NOT_PUT_IN = frozenset(("code_name", "subcode_name", "errors", "effective_asn", "data", "raw", "octets"))
"""Names of numbers, what a decoder reports, and octets that the other members are made of, or that are no text."""


def cases() -> Iterator[Case]:
    """All messages that are no UPDATE."""
    for vector in VECTORS:
        if vector.expected is ABSENT or vector.error is not None or malformed(vector.expected):
            continue
        if "errors" in vector.expected if isinstance(vector.expected, dict) else False:
            continue
        for case in _of(vector):
            yield replace(case, vector=named(vector), own=frozenset(case.put), wire=vector.data)
    yield _with_capabilities("large AS", [], LARGE)
    yield Case("keepalive", "keepalive", bytes(bgpwire.Keepalive.build()), _SESSION, {})


def _of(vector: Vector) -> Iterator[Case]:
    match vector.kind:
        case "capability":
            asn = vector.expected.get("asn", ASN) if vector.expected["code"] == 65 else ASN
            yield _with_capabilities(vector.name, [vector.expected], asn)
        case "open":
            yield _open(vector)
        case "notification":
            yield _notification(vector)
        case "route_refresh":
            form = {"type": "route_refresh"} | vector.expected
            put = {"family": [vector.expected["afi"], vector.expected["safi"]]}
            put["subtype"] = vector.expected["subtype"]
            put["filters"] = vector.expected.get("orf", [])
            yield Case(vector.name, "route_refresh", _octets(form), _SESSION, put)


def _octets(form: dict[str, Any]) -> bytes:
    return bytes(bgpwire.Message.from_json(form))


def _with_capabilities(name: str, forms: list[Any], asn: int = ASN) -> Case:
    """An OPEN by ``Open.build``, the capabilities being values that are made of their JSON."""
    held = bgpwire.Open.from_json({"asn": asn, "bgp_id": BGP_ID, "capabilities": forms}).capabilities
    built = bgpwire.Open.build(asn, BGP_ID, 90, held[: len(forms)])
    put: dict[str, Any] = {"open": [4, asn if asn < 65536 else 23456, 90, BGP_ID]}
    put |= {f"capability {form['code']}": form for form in forms}
    put.setdefault("capability 65", {"code": 65, "asn": asn})
    codes = tuple(capability.code for capability in built.capabilities)
    return Case(name, "open", bytes(built), _SESSION, put, codes=codes)


def _open(vector: Vector) -> Case:
    form = vector.expected
    octets = _octets({"type": "open"} | form)
    put: dict[str, Any] = {"open": [form["asn"], *(form[name] for name in _HEAD)]}
    for one in form["capabilities"]:
        put.setdefault(f"capability {one['code']}", []).append(one)
    if "parameters" in form:
        put["parameters"] = form["parameters"]
    codes = tuple(one["code"] for one in form["capabilities"])
    return Case(vector.name, "open", octets, _SESSION, put, codes=codes)


def _notification(vector: Vector) -> Case:
    form = vector.expected
    if details := form.get("details", {}):
        octets = bytes(bgpwire.Notification.of_values(form["code"], form["subcode"], **_details(details)))
    else:
        octets = bytes(bgpwire.Notification.build(form["code"], form["subcode"], bytes.fromhex(form.get("data", ""))))
    put: dict[str, Any] = {"notification": [form["code"], form["subcode"]]}
    put["details"] = {k: v for k, v in details.items() if k not in _NOT_PUT_IN}
    return Case(vector.name, "notification", octets, _SESSION, put)


def _details(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name not in ("code_name", "subcode_name")}
