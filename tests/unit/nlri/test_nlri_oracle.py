"""NLRI of GoBGP's own tests, where they are at hand: both read the same, or an RFC says who is right.

The folder is named by ``BGPWIRE_ORACLES``; the files are no part of the repository.
"""

from __future__ import annotations

import base64
import json
import os
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from support.each import each
from support.places import SHARED

FOLDER = Path(os.environ.get("BGPWIRE_ORACLES") or SHARED / "oracles")
FAMILIES = {
    "ipv4-unicast": (1, 1),
    "ipv6-unicast": (2, 1),
    "ipv4-labelled-unicast": (1, 4),
    "ipv6-labelled-unicast": (2, 4),
    "l3vpn-ipv4-unicast": (1, 128),
    "l3vpn-ipv6-unicast": (2, 128),
    "l2vpn-evpn": (25, 70),
    "l2vpn-vpls": (25, 65),
    "rtc": (1, 132),
    "ipv4-encap": (1, 7),
    "ipv6-encap": (2, 7),
    "ipv4-flowspec": (1, 133),
    "ipv6-flowspec": (2, 133),
    "l3vpn-ipv4-flowspec": (1, 134),
    "l2vpn-flowspec": (25, 134),
    "ipv4-mup": (1, 85),
    "ipv6-mup": (2, 85),
    "ipv4-srpolicy": (1, 73),
    "ipv6-srpolicy": (2, 73),
    "opaque": (16397, 241),
}

# Where GoBGP reads otherwise, and the sentence that settles it.
SETTLED = {
    # RFC 8955 section 4.2: a component without its value is malformed; GoBGP keeps it as text.
    "020381": "malformed",
    # RFC 8956 section 3.1: the pattern has length - offset bits; GoBGP writes all of them, as drafts before it did.
    "5901400c200100000000000002400c2001000000000000038106040314451e810a050314451e810a060314451e810a070314451e810a"
    "080314451e810a090010c2200a0314451e810a0b0314451e810a0c81020d0314451e810a": "malformed",
}


def _vectors() -> list[dict[str, Any]]:
    path = FOLDER / "gobgp_expected.jsonl"
    if not path.is_file():
        return []
    return [entry for entry in map(json.loads, path.read_text().splitlines()) if entry["kind"] == "nlri"]


VECTORS = _vectors()


def _rd(value: dict[str, Any]) -> str:
    long = "L" if value["type"] == 2 and value["admin"] <= 0xFFFF else ""
    return f"{value['admin']}{long}:{value['assigned']}"


def _evpn(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    value = theirs["value"]
    assert ours["type"] == theirs["type"]
    assert ours["rd"] == _rd(value["rd"])
    assert ours.get("ethernet_tag") == value.get("etag")
    if "esi" in value:
        assert value["esi"] == "single-homed"
        assert ours["esi"]["name"] == "single_homed"
    # GoBGP hands out the 24 bits.
    labels = value.get("labels") or ([value["label"]] if "label" in value else [])
    assert [label["vni"] for label in ours.get("labels") or ([ours["label"]] if "label" in ours else [])] == labels
    for name, mine in {"mac": "mac", "prefix": "prefix", "gateway": "gateway"}.items():
        assert ours.get(mine) == value.get(name)
    if "ip" in value:
        assert value["ip"] in (ours.get("ip"), ours.get("originator"))


def _mup(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    value = theirs["value"]
    assert ours["type"] == theirs["route_type"]
    assert ours["rd"] == _rd(value["rd"])
    assert ours.get("prefix") == value.get("prefix")
    assert ours.get("address") == value.get("address")
    assert ours.get("endpoint") == value.get("endpoint_address")
    assert ours.get("qfi") == value.get("qfi")
    assert ours.get("source", "") == value.get("source_address", "")
    if "teid" in value:
        assert str(IPv4Address(ours["teid"])) == value["teid"]
    if "endpoint_address_length" in value:
        size = 32 if "." in ours["endpoint"] else 128
        assert ours["teid_length"] + size == value["endpoint_address_length"]
    assert len(ours.get("tlvs", [])) == len(value.get("tlvs", []))
    for mine, tlv in zip(ours.get("tlvs", []), value.get("tlvs", []), strict=True):
        assert mine["type"] == tlv["type"]
        match tlv["type"]:
            case 1:
                assert str(IPv4Address(mine["value"]["teid"])) == tlv["teid"]
                assert mine["value"]["qfi"] == tlv["qfi"]
            case 2 | 3:
                assert mine["value"] == tlv["address"]
            case _:
                assert mine["value"] == base64.b64decode(tlv["value"]).hex()


def _flowspec(ours: dict[str, Any], theirs: dict[str, Any], route: Any) -> None:
    assert ours.get("rd") == (_rd(theirs["rd"]) if "rd" in theirs else None)
    assert len(ours["components"]) == len(theirs["value"])
    for mine, found, component in zip(ours["components"], theirs["value"], route.components, strict=True):
        assert mine["type"] == found["type"]
        value = found["value"]
        if isinstance(value, list):
            assert [(match.operator_octet, match.value) for match in component.value] == [
                (match["op"], match["value"]) for match in value
            ]
        else:
            assert mine["value"] == (value["prefix"] if isinstance(value, dict) else value)


def _rtc(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    target = ours["route_target"]
    if "asn" in target:
        high, low = divmod(target["asn"], 65536)
        administrator = f"{high}.{low}" if target["type"] == 2 else str(target["asn"])
        text = f"{administrator}:{target['value']}"
    elif "address" in target:
        text = f"{target['address']}:{target['value']}"
    else:
        text = str(int(target["value"], 16))  # a type nobody registered
    assert f"{ours['origin_as']}:{text}/{ours['length']}" == theirs["prefix"]


def _compare(name: str, route: Any, theirs: dict[str, Any]) -> None:
    ours = route.json()
    if isinstance(ours, dict):
        ours.pop("raw", None)  # GoBGP shows no octets
    if name == "l2vpn-evpn":
        _evpn(ours, theirs)
    elif name.endswith("mup"):
        _mup(ours, theirs)
    elif name.endswith("flowspec"):
        _flowspec(ours, theirs, route)
    elif name == "rtc":
        _rtc(ours, theirs)
    elif name == "l2vpn-vpls":
        assert ours == {
            "rd": _rd(theirs["rd"]),
            "ve_id": theirs["id"],
            "block_offset": theirs["blockoffset"],
            "block_size": theirs["blocksize"],
            "label_base": theirs["labelblockbase"],
        }
    elif name.endswith("srpolicy"):
        assert (ours["distinguisher"], ours["color"]) == (theirs["distinguisher"], theirs["color"])
    elif name == "opaque":
        assert (route.name, route.value.decode()) == (theirs["key"], theirs["value"])
    elif name.endswith("encap"):
        assert ours == theirs
    else:
        assert str(route.prefix) == theirs["prefix"]
        assert getattr(route, "labels", None) is None or ours["labels"] == theirs["labels"]
        assert ("rd" in theirs) == hasattr(route, "rd")
        if "rd" in theirs:
            assert ours["rd"] == _rd(theirs["rd"])


def _faults(routes: Any) -> bool:
    """Whether an error is reported anywhere: of the field, of a route, of a TLV."""
    return routes.error is not None or '"error"' in json.dumps(routes.json())


@pytest.mark.skipif(not VECTORS, reason="GoBGP's vectors are not there; name their folder in BGPWIRE_ORACLES")
@each("vector", VECTORS, ids=lambda vector: f"{vector['ctx']}-{vector['hex'][:24]}")
def test_gobgp(impl: Any, vector: dict[str, Any]) -> None:
    afi, safi = FAMILIES[vector["ctx"]]
    # GoBGP reads every stack to its bottom. RFC 8277 section 2.2: without Multiple Labels a route has one label.
    several = len((json.loads(vector["json"]) if vector["json"] else {}).get("labels") or ()) > 1
    session = impl.Session(multiple_labels=frozenset({(afi, safi)} if several else ()))
    routes = impl.MpNlriCollection(bytes.fromhex(vector["hex"]), session, afi=afi, safi=safi)
    if vector["err"] or vector["hex"] in SETTLED:
        assert _faults(routes)
        return
    assert routes.error is None
    assert len(routes) == 1
    assert not _faults(routes)
    assert bytes(routes[0]).hex() == vector["hex"]
    _compare(vector["ctx"], routes[0], json.loads(vector["json"]))
