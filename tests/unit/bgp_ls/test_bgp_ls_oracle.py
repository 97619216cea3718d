"""GoBGP's BGP-LS TLVs, Prefix-SIDs and tunnels, decoded here and compared field by field with what GoBGP says.

The octets and values are no part of the repository: ``BGPWIRE_ORACLES`` names their folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.each import each
from support.places import ROOT

FOLDER = Path(os.environ.get("BGPWIRE_ORACLES") or ROOT.parent / "shared" / "oracles")
ORACLE = FOLDER / "gobgp_expected.jsonl"

pytestmark = pytest.mark.skipif(not ORACLE.is_file(), reason=f"no oracle: {ORACLE}")


def _lines(kind: str, context: str | None = None) -> list[dict[str, Any]]:
    if not ORACLE.is_file():
        return []
    lines = map(json.loads, ORACLE.read_text().splitlines())
    unique = {(line["ctx"], line["hex"]): line for line in lines if line["kind"] == kind}
    return [line for line in unique.values() if context is None or line["ctx"] == context]


def _number(sid: dict[str, int]) -> int:
    return next(iter(sid.values()))


def _bits(names: str, letters: dict[str, str]) -> set[str]:
    """``{Node Flags: XXVRBETO}`` as the names of the bits that are set."""
    shown = names.rstrip("}").rpartition(" ")[2]
    return {letters.get(letter, letter) for letter in shown if letter != "*"}


def _octets(shown: str) -> bytes:
    """``[1 2 3]`` as octets."""
    return bytes(map(int, shown.strip("[]").split()))


_NODE = {"O": "overload", "T": "attached", "E": "external", "B": "abr", "R": "router", "V": "v6"}
_IGP = {"D": "down", "N": "no_unicast", "L": "local_address", "P": "propagate_nssa"}
_ROUTE_TYPES = {"INTRA-AREA": "intra_area", "NSSA1": "nssa_1", "NSSA2": "nssa_2"}


def _flag_names(value: list[str], letters: dict[str, str]) -> set[str]:
    return {name if name in letters.values() else "X" for name in value}


def _descriptor(value: list[dict[str, Any]], said: dict[str, Any]) -> None:
    found = {tlv["name"]: tlv["value"] for tlv in reversed(value) if "name" in tlv}
    assert found.get("autonomous_system", 0) == said["asn"]
    assert found.get("bgp_ls_identifier", 0) == said["bgp_ls_id"]
    area = bytes(map(int, found.get("ospf_area_id", "0.0.0.0").split(".")))
    assert int.from_bytes(area) == said["ospf_area_id"]
    assert found.get("bgp_router_id", "") == said["bgp_router_id"]
    assert found.get("bgp_confederation_member", 0) == said["bgp_confederation_member"]
    # GoBGP writes the pseudonode behind a hyphen.
    assert _digits(found.get("igp_router_id", "")) == _digits(said["igp_router_id"])


def _digits(router: str) -> str:
    return router.translate(str.maketrans("", "", ".:-"))


def _same(key: str) -> Callable[[Any, dict[str, Any]], None]:
    def check(value: Any, said: dict[str, Any]) -> None:
        assert value == said[key]

    return check


def _sid(key: str) -> Callable[[Any, dict[str, Any]], None]:
    def check(value: Any, said: dict[str, Any]) -> None:
        assert _number(value.get("sid", value)) == said[key]

    return check


def _members(**names: str) -> Callable[[Any, dict[str, Any]], None]:
    def check(value: Any, said: dict[str, Any]) -> None:
        for ours, theirs in names.items():
            assert value[ours] == said[theirs], ours

    return check


def _single(value: float, said: float) -> None:
    """GoBGP prints 8 digits of a float of 32 bits."""
    assert value == pytest.approx(said, rel=1e-7)


def _ranges(value: Any, said: dict[str, Any]) -> None:
    assert [(one["range"], _number(one["first"])) for one in value["ranges"]] == [
        (one["Range"], one["FirstLabel"]["sid_label"]) for one in said["ranges"]
    ]


def _prefix(value: str, said: dict[str, Any]) -> None:
    address, _, length = value.partition("/")
    assert int(length) == said["prefix_length"]
    octets = bytes(map(int, address.split("."))) if "." in address else None
    if octets is not None:
        assert octets[: len(_octets(said["prefix"]))] == _octets(said["prefix"])


def _behavior(package: Any, value: Any) -> int:
    from bgpwire.bgp_ls.behavior import BEHAVIORS

    return next((code for code, name in BEHAVIORS.items() if name == value), value)


CHECKS: dict[int, Callable[[Any, dict[str, Any]], None]] = {
    256: _descriptor,
    257: _descriptor,
    258: _members(local="local_link_id", remote="remote_link_id"),
    259: _same("ipv4_interface_address"),
    260: _same("ipv4_neighbor_address"),
    261: _same("ipv6_interface_address"),
    262: _same("ipv6_neighbor_address"),
    263: _same("multi_topo_ids"),
    264: lambda value, said: _same("x")(value, {"x": _ROUTE_TYPES[said["ospf_route_type"]]}),
    265: _prefix,
    512: _same("asn"),
    513: _same("bgp_ls_id"),
    514: lambda value, said: _same("x")(value, {"x": ".".join(map(str, said["ospf_area_id"].to_bytes(4)))}),
    515: lambda value, said: (
        _same("x")(
            value.replace(".", ""),
            {"x": _octets(said["igp_router_id"]).hex() if "[" in said["igp_router_id"] else ""},
        )
        if len(_octets(said["igp_router_id"])) in (6, 7)
        else _same("x")(bytes(map(int, value.replace(":", ".").split("."))), {"x": _octets(said["igp_router_id"])})
    ),
    516: _same("bgp_router_id"),
    517: _same("bgp_confederation_member"),
    518: lambda value, said: _same("x")([value], {"x": said["sids"]}),
    1024: lambda value, said: _same("x")(_flag_names(value, _NODE), {"x": _bits(said["node_flags"], _NODE)}),
    1025: lambda value, said: _same("x")(bytes.fromhex(value), {"x": _octets(said["node_opaque_attribute"])}),
    1026: _same("node_name"),
    1027: lambda value, said: _same("x")(bytes.fromhex(value.replace(".", "")), {"x": _octets(said["isis_area_id"])}),
    1028: _same("node_local_router_id_ipv4"),
    1029: _same("node_local_router_id_ipv6"),
    1030: _same("node_remote_router_id_ipv4"),
    1031: _same("node_remote_router_id_ipv6"),
    1034: _ranges,
    1035: lambda value, said: _same("x")(bytes(value), {"x": _octets(said["sr_algorithm"])}),
    1036: _ranges,
    1039: _members(algorithm="algorithm", calculation_type="calc_type", priority="priority"),
    1044: _members(algorithm="algorithm", metric="metric"),
    1088: lambda value, said: _same("x")(value, {"x": int(said["admin_group"], 16)}),
    1089: lambda value, said: _single(value, said["max_link_bw"]),
    1090: lambda value, said: _single(value, said["max_reservable_link_bw"]),
    1091: lambda value, said: [_single(*pair) for pair in zip(value, said["unreserved_bw"], strict=True)] and None,
    1092: _same("te_default_metric"),
    1095: _same("igp_metric"),
    1097: lambda value, said: _same("x")(bytes.fromhex(value), {"x": _octets(said["link_opaque_attribute"])}),
    1098: _same("link_name"),
    1099: _sid("adjacency_sid"),
    1101: _sid("peer_node_sid"),
    1102: _sid("peer_adjacency_sid"),
    1103: _sid("peer_set_sid"),
    1106: lambda value, said: _same("x")([value["sid"]], {"x": said["sids"]}),
    1114: _members(delay="unidirectional_link_delay"),
    1115: _members(min_delay="min_unidirectional_link_delay", max_delay="max_unidirectional_link_delay"),
    1116: _same("unidirectional_delay_variation"),
    1152: lambda value, said: _same("x")(_flag_names(value, _IGP), {"x": _bits(said["igp_flags"], _IGP)}),
    1157: lambda value, said: _same("x")(bytes.fromhex(value), {"x": _octets(said["prefix_opaque_attribute"])}),
    1158: _sid("prefix_sid"),
    1161: _sid("sid_label"),
    1171: _same("source_router_id"),
    1250: _members(algorithm="algorithm"),
    1251: _members(weight="weight", peer_as="peer_as", peer_bgp_id="peer_bgp_id"),
    1252: _members(
        locator_block_length="local_block",
        locator_node_length="local_node",
        function_length="local_func",
        argument_length="local_arg",
    ),
}

# What GoBGP takes and the RFC does not, or the other way round.
_REFUSED_BY_GOBGP = {
    261: "link-local addresses: RFC 9552 section 5.2.2 forbids to send them, not to read them",
    262: "link-local addresses",
    1089: "infinite, negative and NaN bandwidths are floats all the same",
    1090: "as 1089",
    1091: "as 1089",
}


def _first(package: Any, data: bytes) -> dict[str, Any]:
    """The first TLV, through the tables of the attribute or of the descriptors."""
    from bgpwire.bgp_ls.descriptors import BY_NLRI_TYPE, NODE
    from bgpwire.bgp_ls.table import ATTRIBUTE_TABLES
    from bgpwire.field import tlvs

    table = dict(ATTRIBUTE_TABLES[None])
    for _, descriptors in BY_NLRI_TYPE.values():
        table |= descriptors
    table |= {265: BY_NLRI_TYPE[4 if data[4:5] > b"\x20" else 3][1][265]} | dict(NODE)
    found, error = tlvs(table).salvage(package.Reader(data))
    if not found:
        assert error is not None
        return {"torn": True}
    form: dict[str, Any] = found[0].json()
    return form


@each("line", _lines("ls-tlv"), of=lambda line: line["ctx"], ids=lambda line: f"{line['ctx']}-{line['hex'][:40]}")
def test_link_state_tlvs(impl: Any, line: dict[str, Any]) -> None:
    form = _first(impl, bytes.fromhex(line["hex"]))
    if line["err"]:
        refused = "torn" in form or "error" in form or "name" not in form
        unexpected = form.get("type") not in _REFUSED_BY_GOBGP and not refused
        if unexpected:
            # GoBGP was asked to read a TLV as another, or refuses empty names, wide areas, the TLVs inside.
            assert form["value"] in ("", [], 0) or form["type"] in (256, 257, 1027, 1034, 1036, 1039, 1092, 1096), form
        return
    said = json.loads(line["json"])
    assert form["type"] == said["type"]
    assert "error" not in form
    CHECKS[form["type"]](form["value"], said)


@pytest.mark.parametrize("line", _lines("attribute", "PathAttributePrefixSID"), ids=lambda line: line["hex"][:40])
def test_prefix_sid(impl: Any, line: dict[str, Any]) -> None:
    value = impl.PathAttributes(bytes.fromhex(line["hex"]))[40]
    if line["err"]:
        assert value.error is not None
        return
    if not value.data:
        # GoBGP takes an attribute without a TLV; RFC 8669 section 6 has it discarded.
        assert value.error.action == "attribute_discard"
        return
    said = [sub for tlv in json.loads(line["json"])["TLVs"] for sub in tlv["SubTLVs"]]
    assert value.error is None
    for ours, theirs in zip(value.sid_information, said, strict=True):
        assert _behavior(impl, ours["endpoint_behavior"]) == theirs["endpoint_behavior"]
        structure = ours["sub_sub_tlvs"][0].value
        assert {name: theirs["sub_sub_tlvs"][0][name] for name in structure} == structure


@pytest.mark.parametrize("line", _lines("attribute", "PathAttributeTunnelEncap"), ids=lambda line: line["hex"][:40])
def test_tunnel_encapsulation(impl: Any, line: dict[str, Any]) -> None:
    form = impl.PathAttributes(bytes.fromhex(line["hex"]))[23].json()
    for ours, theirs in zip(form["tlvs"], json.loads(line["json"])["value"], strict=True):
        assert ours["type"] == theirs["type"]
        for mine, other in zip(ours["value"], theirs["value"], strict=True):
            assert mine["type"] == other["type"]
            assert mine["value"]["color"] == other["color"]
