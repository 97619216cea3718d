"""Opaque communities: types 0x03 and 0x43 (RFC 4360 section 3.3)."""

from __future__ import annotations

from bgpwire.extended_community.base import enter, hexadecimal
from bgpwire.extended_community.text import Shown
from bgpwire.field import Bits, flags, ipv4, joined, label, named, packed, record, spare, turned, u8, u16, u32
from bgpwire.field.number import number_schema

# IANA "BGP Tunnel Encapsulation Attribute Tunnel Types".
TUNNEL_TYPES = {
    1: "l2tpv3",
    2: "gre",
    3: "transmit_tunnel_endpoint",
    4: "ipsec_tunnel",
    5: "ip_in_ip_ipsec_transport",
    6: "mpls_in_ip_ipsec_transport",
    7: "ip_in_ip",
    8: "vxlan",
    9: "nvgre",
    10: "mpls",
    11: "mpls_in_gre",
    12: "vxlan_gpe",
    13: "mpls_in_udp",
    14: "ipv6",
    15: "sr_policy",
    16: "bare",
    17: "sr",
    18: "cloud_security",
    19: "geneve",
    20: "any_encapsulation",
    21: "gtp",
    22: "dps",
    23: "originating_pe_security_group",
    24: "dynamic_security",
    25: "sdwan_hybrid",
}
# draft-retana-bgp-custom-decision: before which step of route selection the cost counts.
POINTS_OF_INSERTION = {128: "absolute_value", 129: "igp_cost", 130: "external_internal", 131: "router_id"}
OSPF_ROUTE_TYPES = {1: "intra_area", 2: "intra_area", 3: "inter_area", 5: "external", 7: "nssa"}
VALIDATION_STATES = {0: "valid", 1: "not_found", 2: "invalid"}

ospf_route_type = record(area=ipv4, route_type=named(OSPF_ROUTE_TYPES), options=flags(*[""] * 7, "type_2"))
_cost = record(point_of_insertion=named(POINTS_OF_INSERTION), community_id=u8, cost=u32)


color = joined(packed(2, co=2, flags=Bits(14, spare=True)), record(color=u32))
"""RFC 9012 section 4.3, RFC 9256 section 8.8: the high 2 bits of the flags are Color-Only (CO)."""

_label_space = turned(
    record(id_type=u16, id=u32),
    lambda found: found | ({} if found["id_type"] else {"label": found["id"] >> 12}),
    lambda shown: {"id_type": shown["id_type"], "id": shown["id"]},
    schema={
        "type": "object",
        "properties": {"id_type": u16.schema(), "id": u32.schema(), "label": number_schema(20)},
    },
    exact=True,
)
"""RFC 9573 section 4.1: an identifier. One of type 0 is a label, in the high 20 of its bits."""


enter(0x0301, "cost", "cost", _cost)
enter(0x4301, "cost", "cost", _cost)
enter(0x0303, "cp_orf", "cp-orf", record(reserved=spare(6)))  # RFC 7543 section 7
enter(0x0304, "extranet_source", "extranet-source", record(reserved=spare(6)))  # RFC 7900 section 4.4
enter(0x0305, "extranet_separation", "extranet-separation", record(value=hexadecimal(6)))
enter(0x0306, "ospf_route_type", "ospf-route-type", ospf_route_type)  # RFC 4577 section 4.2.6
enter(
    0x0307, "additional_pmsi_tunnel_attribute_flags", "pmsi-flags", record(flags=flags(*[""] * 47, "dcb", size=6))
)  # RFC 7902; bit 47 is of RFC 9573 section 4.1
for _type in (0x03, 0x43):
    enter(
        _type << 8 | 0x08,
        "context_specific_label_space_id",
        "label-space",
        _label_space,
        Shown("id_type", "id"),
    )
enter(0x030B, "color", "color", color, Shown("co", "color"))
enter(
    0x030C,
    "encapsulation",
    "encap",
    record(reserved=spare(4), tunnel_type=named(TUNNEL_TYPES, 2)),
    Shown("tunnel_type"),
)  # RFC 9012 section 4.1
enter(0x030D, "default_gateway", "default-gateway", record(reserved=spare(6)))  # RFC 7432 section 7.8
enter(0x030E, "ppmp_label", "ppmp-label", record(reserved=spare(3), label=label), Shown("label"))
enter(
    0x0314,
    "consistent_hash_sort_order",
    "sort-order",
    record(order=u32, reserved=spare(2)),
    Shown("order"),
)  # draft-ietf-bess-service-chaining section 4.3
enter(0x03AA, "load_balance", "load-balance", record(value=hexadecimal(6)))
enter(
    0x4300, "origin_validation_state", "ovs", record(reserved=spare(5), state=named(VALIDATION_STATES)), Shown("state")
)  # RFC 8097 section 2
