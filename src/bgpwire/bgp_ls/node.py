"""Node attribute TLVs (RFC 9552 section 5.3.1, RFC 9085 section 2.1, RFC 9351, RFC 8814, RFC 9247, RFC 9815)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire.bgp_ls import srv6
from bgpwire.bgp_ls.common import isis_area, multi_topology, padded_u24, sid_tlv
from bgpwire.bgp_ls.protocol import PROTOCOLS, Igp, igp_flags
from bgpwire.field import (
    checked,
    chosen,
    f32,
    flags,
    ipv4,
    ipv6,
    named,
    octets,
    optional,
    record,
    repeat,
    reserved,
    switch,
    text,
    tlvs,
    u8,
    u16,
    u24,
    u32,
    u64,
)

if TYPE_CHECKING:
    from bgpwire.field import Table

MSD_TYPES = {
    1: "base_mpls_imposition",
    2: "entropy_readable_label_depth",
    41: "srh_max_segments_left",
    42: "srh_max_end_pop",
    44: "srh_max_h_encaps",
    45: "srh_max_end_d",
}
"""IANA "IGP MSD-Types" (RFC 8491, RFC 9088, RFC 9352)."""
METRIC_TYPES = {0: "igp", 1: "min_unidirectional_link_delay", 2: "te_default", 3: "bandwidth"}
"""IANA "IGP Metric-Type" (RFC 9350 section 18.1.2, RFC 9843)."""

msd = repeat(record(msd_type=named(MSD_TYPES), value=u8))
groups = repeat(u32)


_TYPES = repeat(u16)
_unsupported = record(
    protocol_id=named(PROTOCOLS),
    sub_tlv_types=switch("protocol_id", {"isis_level_1": repeat(u8), "isis_level_2": repeat(u8)}, _TYPES),
)
"""RFC 9351 section 3.6: sub-TLV types of the IGP, an octet each in IS-IS and two in OSPF."""


SPF_ALGORITHMS = {0: "spf", 1: "strict_spf"}
"""IANA "IGP Algorithm Types" (RFC 8665 section 3.1), which the SPF Capability TLV had before RFC 9815 dropped it."""
SPF_STATUS = {1: "unreachable", 2: "no_transit"}
"""Of a node; of a link or a prefix there is 1 alone (RFC 9815 sections 5.2.1.1, 5.2.2.2 and 5.2.3.1)."""


_spf_status = checked(named(SPF_STATUS), lambda status: status not in (0, 255), "SPF status {} is reserved")
_max_delay = chosen(lambda reader: u24 if len(reader) == 3 else padded_u24, lambda value: padded_u24, u24, padded_u24)
"""Microseconds in 24 bits, in 3 octets or in 4."""


FLEX_ALGO: Final[Table] = {
    1040: ("flex_algo_exclude_any_affinity", groups),
    1041: ("flex_algo_include_any_affinity", groups),
    1042: ("flex_algo_include_all_affinity", groups),
    1043: ("flex_algo_definition_flags", flags("prefix_metric", size=0, unit=4)),
    1045: ("flex_algo_exclude_srlg", groups),
    1046: ("flex_algo_unsupported", _unsupported),
    1047: ("flex_algo_exclude_minimum_bandwidth", f32),
    1048: ("flex_algo_exclude_maximum_link_delay", _max_delay),
}
"""Inside a Flexible Algorithm Definition (RFC 9351 section 3, RFC 9843)."""

definition = record(
    algorithm=u8,
    metric_type=named(METRIC_TYPES),
    calculation_type=u8,
    priority=u8,
    sub_tlvs=optional(tlvs(FLEX_ALGO)),
)
ROUTER_IDS: Final[Table] = {
    1028: ("ipv4_router_id_of_local_node", ipv4),
    1029: ("ipv6_router_id_of_local_node", ipv6),
}


def node_table(igp: Igp | None) -> Table:
    """The attributes of a node; the flags of SR capabilities are those of IS-IS (RFC 8667 section 3.1)."""
    ranges = repeat(record(range=u24, first=sid_tlv))
    return {
        263: ("multi_topology_id", multi_topology),
        266: ("node_msd", msd),
        1024: ("node_flag_bits", flags("overload", "attached", "external", "abr", "router", "v6")),
        1025: ("opaque_node_attribute", octets),
        1026: ("node_name", text),
        1027: ("isis_area_identifier", isis_area),
        **ROUTER_IDS,
        1032: ("s_bfd_discriminators", repeat(u32)),
        1034: (
            "sr_capabilities",
            record(flags=igp_flags(igp, ("mpls_ipv4", "mpls_ipv6"), ()), reserved=reserved(1), ranges=ranges),
        ),
        1035: ("sr_algorithm", repeat(u8)),
        1036: ("sr_local_block", record(flags=flags(), reserved=reserved(1), ranges=ranges)),
        1037: ("srms_preference", u8),
        **srv6.NODE,
        1039: ("flex_algo_definition", definition),
        1180: ("spf_capability", named(SPF_ALGORITHMS)),
        1181: ("sequence_number", u64),
        1184: ("spf_status", _spf_status),
    }
