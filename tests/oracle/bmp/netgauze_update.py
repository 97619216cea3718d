"""NetGauze's JSON of an UPDATE and of an OPEN in the words of bgpwire's JSON.

Names and derived members (``name``, ``length``, ``effective_asn`` …) are left out of both; a word of NetGauze's that
is not known here is a KeyError, so that nothing is passed over.
"""

from __future__ import annotations

from typing import Any

FAMILIES = {
    "Ipv4Unicast": ("ipv4", "unicast"),
    "Ipv4Multicast": ("ipv4", "multicast"),
    "Ipv4NlriMplsLabels": ("ipv4", "labelled-unicast"),
    "Ipv4MplsLabeledVpn": ("ipv4", "mpls-vpn"),
    "Ipv6Unicast": ("ipv6", "unicast"),
    "Ipv6NlriMplsLabels": ("ipv6", "labelled-unicast"),
    "Ipv6MplsLabeledVpn": ("ipv6", "mpls-vpn"),
    "L2VpnBgpEvpn": ("l2vpn", "evpn"),
}
REACHED = FAMILIES | {
    "Ipv4MplsVpnUnicast": ("ipv4", "mpls-vpn"),
    "Ipv6MplsVpnUnicast": ("ipv6", "mpls-vpn"),
    "L2Evpn": ("l2vpn", "evpn"),
}
"""By the names that MP_REACH_NLRI and MP_UNREACH_NLRI have for them."""

_PLAIN = {"RouteRefresh": 2, "ExtendedMessage": 6, "EnhancedRouteRefresh": 70, "CiscoRouteRefresh": 128}
_BEHAVIOURS = {62: "End.DT6 with NEXT-CSID", 63: "End.DT4 with NEXT-CSID", 65: "End.DX2 with NEXT-CSID"}
"""IANA, SRv6 Endpoint Behaviors."""


def _family(name: str) -> dict[str, Any]:
    afi, safi = FAMILIES[name]
    return {"afi": afi, "safi": safi}


def single(tree: dict[str, Any]) -> tuple[str, Any]:
    """Name and value of a variant."""
    ((name, value),) = tree.items()
    return name, value


# --- OPEN ----------------------------------------------------------------------------------------------------------


def opened(tree: dict[str, Any]) -> dict[str, Any]:
    """An OPEN."""
    form = tree["Open"]
    capabilities = [capability(one) for part in form["params"] for one in part["Capabilities"]]
    return {
        "type": "open",
        "version": form["version"],
        "asn": form["my_as"],
        "hold_time": form["hold_time"],
        "bgp_id": form["bgp_id"],
        "capabilities": capabilities,
    }


def capability(tree: Any) -> dict[str, Any]:
    if isinstance(tree, str):
        return {"code": _PLAIN[tree]}
    name, value = single(tree)
    match name:
        case "MultiProtocolExtensions":
            return {"code": 1, **_family(value["address_type"])}
        case "ExtendedNextHopEncoding":
            families = [
                {**_family(one["address_type"]), "next_hop_afi": one["next_hop_afi"].lower()}
                for one in value["encodings"]
            ]
            return {"code": 5, "families": families}
        case "GracefulRestartCapability":
            return {
                "code": 64,
                "restarting": value["restart"],
                "notification": value["graceful_notification"],
                "time": value["time"],
                "families": [_preserved(one) for one in value["address_families"]],
            }
        case "FourOctetAs":
            return {"code": 65, "asn": value["asn4"]}
        case "AddPath":
            directions = {(True, True): "both", (True, False): "send", (False, True): "receive"}
            families = [
                {**_family(one["address_type"]), "direction": directions[one["send"], one["receive"]]}
                for one in value["address_families"]
            ]
            return {"code": 69, "families": families}
        case "LongLivedGracefulRestart":
            families = [{**_preserved(one), "stale_time": one["stale_time"]} for one in value["address_families"]]
            return {"code": 71, "families": families}
        case "Fqdn":
            return {"code": 73, "hostname": value["hostname"], "domain": value["domain_name"]}
    raise KeyError(name)


def _preserved(one: dict[str, Any]) -> dict[str, Any]:
    return {**_family(one["address_type"]), "forwarding_preserved": one["forwarding_state"]}


# --- UPDATE --------------------------------------------------------------------------------------------------------


def updated(tree: dict[str, Any]) -> dict[str, Any]:
    """An UPDATE."""
    form = tree["Update"]
    out: dict[str, Any] = {"type": "update"}
    for ours, theirs in (("withdrawn", "withdrawn_routes"), ("nlri", "nlri")):
        if form[theirs]:
            out[ours] = [_nlri(one) for one in form[theirs]]
    out["attributes"] = [attribute(one) for one in form["path_attributes"]]
    if "withdrawn" not in out and "nlri" not in out:
        # RFC 4724 section 2
        if not out["attributes"]:
            out["end_of_rib"] = "ipv4-unicast"
        elif len(out["attributes"]) == 1 and out["attributes"][0]["code"] == 15:
            value = out["attributes"][0]["value"]
            if not value["nlri"]:
                out["end_of_rib"] = f"{value['afi']}-{value['safi']}"
    return out


def attribute(tree: dict[str, Any]) -> dict[str, Any]:
    bits = ("optional", "transitive", "partial", "extended_length")
    flags = sum(0x80 >> number for number, name in enumerate(bits) if tree[name])
    code, value = _value(*single(tree["value"]))
    return {"code": code, "flags": flags, "value": value}


def _value(name: str, value: Any) -> tuple[int, Any]:
    """Code and value of an attribute; of one that NetGauze does not decode the octets."""
    match name:
        case "Origin":
            return 1, value.lower()
        case "AsPath":
            kinds = {"AsSequence": "as_sequence", "AsSet": "as_set"}
            segments = value["As4PathSegments"]
            return 2, [{"type": kinds[one["segment_type"]], "asns": one["as_numbers"]} for one in segments]
        case "NextHop":
            return 3, value["next_hop"]
        case "MultiExitDiscriminator":
            return 4, value["metric"]
        case "LocalPreference":
            return 5, value["metric"]
        case "Communities":
            return 8, [f"{number >> 16}:{number & 0xFFFF}" for number in value["communities"]]
        case "Originator":
            return 9, value
        case "ClusterList":
            return 10, value
        case "MpReach":
            return 14, _reached(*single(value))
        case "MpUnreach":
            family, form = single(value)
            afi, safi = REACHED[family]
            return 15, {"afi": afi, "safi": safi, "nlri": [_nlri(one) for one in form["nlri"]]}
        case "ExtendedCommunities":
            return 16, [_extended(*single(one)) for one in value["communities"]]
        case "Aigp":
            return 26, {"tlvs": [{"type": 1, "value": value["AccumulatedIgpMetric"]}]}
        case "PrefixSegmentIdentifier":
            return 40, {"tlvs": [_prefix_sid(*single(one)) for one in value["tlvs"]]}
        case "UnknownAttribute":
            return value["code"], bytes(value["value"]).hex()
    raise KeyError(name)


def _reached(family: str, form: dict[str, Any]) -> dict[str, Any]:
    afi, safi = REACHED[family]
    hop = form["next_hop_global"] if "next_hop_global" in form else form["next_hop"]
    local = form.get("next_hop_local")
    if isinstance(hop, dict):  # of a VPN: with a distinguisher, which is 0 (RFC 4364 section 4.3.2)
        _, found = single(hop)
        if distinguisher(found["rd"]) != "0:0":
            raise KeyError(str(found["rd"]))
        hop, local = found["next_hop"], found.get("next_hop_local")
    hop = hop if local is None else {"address": hop, "link_local": local}
    return {"afi": afi, "safi": safi, "next_hop": hop, "nlri": [_nlri(one) for one in form["nlri"]]}


def distinguisher(tree: dict[str, Any]) -> str:
    kind, form = single(tree)
    first = {"As2Administrator": "asn2", "As4Administrator": "asn4", "Ipv4Administrator": "ip"}[kind]
    return f"{form[first]}:{form['number']}"


def _nlri(one: dict[str, Any]) -> Any:
    """As text where it is a prefix alone."""
    if "route" in one:
        return _evpn(*single(one["route"])) | _path(one)
    prefix = one["network"] if "network" in one else one["prefix"]
    form: dict[str, Any] = {"prefix": prefix} | _path(one)
    if "rd" in one:
        form["rd"] = distinguisher(one["rd"])
    stack = one.get("label_stack", one.get("labels"))
    if stack is not None:
        form["labels"] = [int.from_bytes(bytes(octets)) >> 4 for octets in stack]
    return prefix if len(form) == 1 else form


def _path(one: dict[str, Any]) -> dict[str, Any]:
    return {} if one["path_id"] is None else {"path_id": one["path_id"]}


def _evpn(kind: str, form: dict[str, Any]) -> dict[str, Any]:
    if kind != "EthernetAutoDiscovery":
        raise KeyError(kind)
    esi = ":".join(f"{octet:02x}" for octet in form["segment_id"])
    label = int.from_bytes(bytes(form["mpls_label"]))
    return {
        "type": 1,
        "rd": distinguisher(form["rd"]),
        "esi": {"value": esi, "type": form["segment_id"][0]},
        "ethernet_tag": form["tag"],
        "label": {"label": label >> 4, "vni": label},
    }


def _extended(kind: str, tree: dict[str, Any]) -> dict[str, Any]:
    name, form = single(tree)
    if kind == "TransitiveTwoOctet":
        subtype = {"RouteTarget": 2, "RouteOrigin": 3}[name]
        return {"type": 0, "subtype": subtype, "asn": form["global_admin"], "value": form["local_admin"]}
    if (kind, name) == ("Evpn", "EvpnL2Attribute"):  # RFC 8214 section 3.1: B, P and C from the last bit on
        flags = [flag for bit, flag in ((1, "b"), (2, "p"), (4, "c")) if form["control_flags"] & bit]
        return {"type": 6, "subtype": 4, "flags": flags, "mtu": form["l2_mtu"]}
    raise KeyError(f"{kind} {name}")


def _prefix_sid(name: str, form: dict[str, Any]) -> dict[str, Any]:
    """RFC 8669 section 3, RFC 9252 sections 2 and 3."""
    if name == "LabelIndex":
        return {"type": 1, "value": {"flags": _no_flags(form["flags"]), "label_index": form["label_index"]}}
    kind = {"SRv6ServiceL3": 5, "SRv6ServiceL2": 6}[name]
    return {"type": kind, "value": {"sub_tlvs": [_sid(single(one)) for one in form["subtlvs"]]}}


def _sid(one: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    name, form = one
    if name != "SRv6SIDInformation":
        raise KeyError(name)
    value = {
        "sid": form["sid"],
        "flags": _no_flags(form["service_sid_flags"]),
        "endpoint_behavior": _BEHAVIOURS[form["endpoint_behaviour"]],
        "sub_sub_tlvs": [_structure(single(one)) for one in form["subsubtlvs"]],
    }
    return {"type": 1, "value": value}


def _structure(one: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    name, form = one
    if name != "SRv6SIDStructure":
        raise KeyError(name)
    value = {
        "locator_block_length": form["locator_block_len"],
        "locator_node_length": form["locator_node_len"],
        "function_length": form["function_len"],
        "argument_length": form["arg_len"],
        "transposition_length": form["transposition_len"],
        "transposition_offset": form["transposition_offset"],
    }
    return {"type": 1, "value": value}


def _no_flags(flags: int) -> list[str]:
    if flags:
        raise KeyError(f"flags {flags}")
    return []
