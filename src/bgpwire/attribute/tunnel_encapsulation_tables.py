"""Tunnel types and sub-TLVs of the Tunnel Encapsulation attribute (RFC 9012 section 3, RFC 9830 section 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.attribute.prefix_sid import PREFIX_SID_TLVS
from bgpwire.attribute.sr_policy_segments import behavior_structure, segment_list
from bgpwire.extended_community.base import mac
from bgpwire.field import (
    cases,
    checked,
    chosen,
    flag,
    flags,
    ipv4,
    ipv6,
    label_entry,
    marked,
    named,
    octets,
    optional,
    packed,
    record,
    repeat,
    reserved,
    text,
    tlvs,
    turned,
    u8,
    u16,
    u24,
    u32,
)
from bgpwire.field.number import number_schema

if TYPE_CHECKING:
    from bgpwire.field import Field, Table

TUNNEL_TYPES: Final[dict[int, str]] = {
    1: "l2tpv3_over_ip",
    2: "gre",
    3: "transmit_tunnel_endpoint",
    4: "ipsec_in_tunnel_mode",
    5: "ip_in_ip_with_ipsec_transport_mode",
    6: "mpls_in_ip_with_ipsec_transport_mode",
    7: "ip_in_ip",
    8: "vxlan",
    9: "nvgre",
    10: "mpls",
    11: "mpls_in_gre",
    12: "vxlan_gpe",
    13: "mpls_in_udp",
    14: "ipv6_tunnel",
    15: "sr_policy",
    16: "bare",
    17: "sr_tunnel",
    18: "cloud_security",
    19: "geneve",
    20: "any_encapsulation",
    21: "gtp",
    22: "dynamic_path_selection",
    23: "originating_pe",
    24: "dps_policy",
    25: "sdwan_hybrid",
}
"""IANA "BGP Tunnel Encapsulation Attribute Tunnel Types"."""


_virtual_network = record(flags=flags("vn_id", "mac"), vn_id=u24, mac=mac, reserved=reserved(2))


def _gpe_shown(found: dict[str, Any]) -> dict[str, Any]:
    head = found["head"]
    names = [name for name, is_set in head.items() if is_set and name != "version"]
    return {"version": head["version"], "flags": names, "vn_id": found["vn_id"]}


def _gpe_head(shown: dict[str, Any]) -> dict[str, Any]:
    names = shown["flags"]
    if not set(names) <= {"vn_id", *_GPE_BITS}:
        raise ValueError(f"no such flags among {names}")
    head = {"version": shown["version"], "vn_id": "vn_id" in names} | {name: name in names for name in _GPE_BITS}
    return {"head": head, "vn_id": shown["vn_id"]}


_GPE_BITS = tuple(f"bit_{place}" for place in range(3, 8))
_vxlan_gpe = turned(
    record(
        head=packed(1, version=2, vn_id=flag(), **{name: flag() for name in _GPE_BITS}),
        reserved=reserved(3),
        vn_id=u24,
        padding=reserved(1),
    ),
    _gpe_shown,
    _gpe_head,
    schema={
        "type": "object",
        "properties": {
            "version": number_schema(2),
            "flags": {"type": "array", "items": {"enum": ["vn_id", *_GPE_BITS]}},
            "vn_id": u24.schema(),
        },
    },
    exact=True,
)
"""RFC 9012 section 3.2.2: a version of 2 bits in front of the flags."""


ENCAPSULATIONS: Final[dict[int, Field]] = {
    1: record(session_id=u32, cookie=octets),
    2: record(gre_key=u32),
    8: _virtual_network,
    9: _virtual_network,
    11: record(gre_key=u32),
    12: _vxlan_gpe,
}
"""What the Encapsulation sub-TLV holds, by tunnel type (RFC 9012 section 3.2); octets for the others."""


_color = marked(0x030B, 2, record(flags=u16, color=u32), "not a Color extended community")
"""A Color extended community of 8 octets (RFC 9012 sections 3.4.2 and 4.3)."""

_ENDPOINTS: dict[int, Field] = {0: record(), 1: record(address=ipv4), 2: record(address=ipv6)}
_egress_endpoint = cases(
    record(reserved=reserved(4), afi=checked(u16, _ENDPOINTS.__contains__, "address family {}")),
    lambda head: _ENDPOINTS[head["afi"]],
    *_ENDPOINTS.values(),
)
"""RFC 9012 section 3.1: 4 reserved octets, an address family, an address, none if the family is 0."""

_udp_port = checked(u16, bool, "UDP destination port {}")
"""RFC 9012 section 3.3.2: port 0 is malformed."""

_protocol_type = checked(u16, lambda protocol: protocol != 0xFFFF, "protocol type {:#x}")
"""RFC 9012 section 3.4.1: 0xFFFF is malformed."""

_binding_sid = record(
    flags=flags("specified_bsid_only", "drop_upon_invalid"),
    reserved=reserved(1),
    sid=optional(
        chosen(
            lambda reader: ipv6 if len(reader) == 16 else label_entry,
            lambda value: label_entry if isinstance(value, dict) else ipv6,
            label_entry,
            ipv6,
            exact=True,
        )
    ),
)
"""RFC 9830 section 2.4.2: no SID, a label in 4 octets, or an SRv6 SID in 16."""

_ENLP = {
    1: "push_ipv4_explicit_null",
    2: "push_ipv6_explicit_null",
    3: "push_ipv4_and_ipv6_explicit_null",
    4: "do_not_push",
}

SUB_TLVS: Final[Table] = {
    2: ("protocol_type", _protocol_type),
    4: ("color", _color),
    5: ("load_balancing_block", u16),
    6: ("tunnel_egress_endpoint", _egress_endpoint),
    7: ("ds_field", u8),
    8: ("udp_destination_port", _udp_port),
    9: ("embedded_label_handling", named({1: "payload_with_label", 2: "payload_without_label"})),
    10: ("mpls_label_stack", repeat(label_entry)),
    11: ("prefix_sid", tlvs(PREFIX_SID_TLVS, 1)),
    12: ("preference", record(flags=flags(), reserved=reserved(1), preference=u32)),
    13: ("binding_sid", _binding_sid),
    14: ("enlp", record(flags=flags(), reserved=reserved(1), enlp=named(_ENLP))),
    15: ("priority", record(priority=u8, reserved=reserved(1))),
    16: ("spi_si_representation", flags("nsh", "mpls_swapping", "mpls_stacking", size=0, unit=2)),
    20: (
        "srv6_binding_sid",
        record(
            flags=flags("specified_bsid_only", "drop_upon_invalid", "behavior"),
            reserved=reserved(1),
            sid=ipv6,
            structure=optional(behavior_structure),
        ),
    ),
    128: ("segment_list", segment_list),
    129: ("candidate_path_name", record(reserved=reserved(1), name=text)),
    130: ("policy_name", record(reserved=reserved(1), name=text)),
}
"""IANA "BGP Tunnel Encapsulation Attribute Sub-TLVs", but type 1, which depends on the tunnel."""


def sub_tlv_table(tunnel: int) -> Table:
    """All sub-TLVs of a tunnel type."""
    return {1: ("encapsulation", ENCAPSULATIONS.get(tunnel, octets)), **SUB_TLVS}
