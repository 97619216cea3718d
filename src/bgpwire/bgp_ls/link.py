"""Link attribute TLVs (RFC 9552 section 5.3.2, RFC 9085 section 2.2, RFC 9086, RFC 8571, RFC 9294 and others)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.bgp_ls import srv6
from bgpwire.bgp_ls.common import padded_u24, sid, system_id
from bgpwire.bgp_ls.node import METRIC_TYPES, ROUTER_IDS, groups, msd
from bgpwire.bgp_ls.protocol import Igp, igp_flags
from bgpwire.field import (
    Bits,
    by_length,
    chosen,
    f32,
    flags,
    ipv4,
    ipv6,
    joined,
    lengths_first,
    low,
    named,
    nothing,
    octets,
    optional,
    packed,
    record,
    repeat,
    reserved,
    text,
    tlvs,
    u8,
    u16,
    u24,
    u32,
    uint,
)

if TYPE_CHECKING:
    from bgpwire.field import Field, Table

_PROTECTION = ("", "", "enhanced", "dedicated_1_plus_1", "dedicated_1_to_1", "shared", "unprotected", "extra_traffic")
_APPLICATIONS = ("rsvp_te", "segment_routing_policy", "loop_free_alternate", "flexible_algorithm")


def _igp_metric(igp: Igp | None) -> Field:
    """1, 2 or 3 octets: 6 bits of IS-IS, 16 of OSPF, 24 of IS-IS with wide metrics (RFC 9552 section 5.3.2.4)."""
    ospf = igp in (Igp.OSPFV2, Igp.OSPFV3)
    kinds = {1: low(1, 6), 2: u16, 3: u24}
    return by_length("an IGP metric", kinds, lambda value: 2 if ospf and value < 1 << 16 else 3)


def _anomalous(**members: Field) -> Field:
    """RFC 8571 section 2: a flag, and 24 bits of a measurement behind it."""
    return record(flags=flags("anomalous"), **members)


_WIDE = {
    False: record(metric_type=named(METRIC_TYPES), metric=u24),
    True: record(metric_type=named(METRIC_TYPES), reserved=reserved(3), metric=u32),
}


def _generic_metric(igp: Igp | None) -> Field:
    """Type and metric: 24 bits of IS-IS, or 32 behind 3 reserved octets of OSPF (RFC 9843 section 2)."""
    ospf = igp in (Igp.OSPFV2, Igp.OSPFV3)
    return chosen(
        lambda reader: _WIDE[len(reader) > 4],
        lambda value: _WIDE[ospf or value["metric"] >= 1 << 24],
        *_WIDE.values(),
    )


_time_measurement = joined(
    packed(1, capability=Bits(3, {1: "one_step", 2: "two_step"}), _reserved=5), record(value=optional(octets))
)
"""RFC 8169: what the interface can do for residence time measurement in the first 3 bits."""


def _application_specific(link: Table) -> Field:
    """RFC 9294 section 2: two bit masks, each with its length, and link attributes of these applications."""
    masks = lengths_first(
        1,
        2,
        standard_applications=flags(*_APPLICATIONS, size=0, unit=4, least=0),
        user_defined_applications=octets,
    )
    return joined(masks, record(attributes=tlvs(link)))


def _adjacency(flag_names: Field, **neighbor: Field) -> Field:
    return record(flags=flag_names, weight=u8, reserved=reserved(2), **neighbor, sid=sid)


def _written_as(neighbor: Any) -> Field:
    """``0102.0304.0506`` has 3 parts, an IPv4 address 4."""
    return system_id if str(neighbor).count(".") == 2 else ipv4


_neighbor_by_length = chosen(
    lambda reader: system_id if len(reader) > 8 else ipv4, _written_as, system_id, ipv4, exact=True
)
"""Without the IGP: 6 octets of IS-IS leave 3 or 4 for the SID, 4 of OSPF leave as many."""

TRAFFIC_ENGINEERING: Final[Table] = {
    267: ("link_msd", msd),
    **ROUTER_IDS,
    1030: ("ipv4_router_id_of_remote_node", ipv4),
    1031: ("ipv6_router_id_of_remote_node", ipv6),
    1088: ("administrative_group", u32),
    1089: ("maximum_link_bandwidth", f32),
    1090: ("maximum_reservable_link_bandwidth", f32),
    1091: ("unreserved_bandwidth", repeat(f32)),
    1092: ("te_default_metric", uint),
    1093: ("link_protection_type", record(flags=flags(*_PROTECTION), reserved=reserved(1))),
    1094: ("mpls_protocol_mask", flags("ldp", "rsvp_te")),
    1095: ("igp_metric", _igp_metric(None)),
    1096: ("shared_risk_link_group", groups),
    1097: ("opaque_link_attribute", octets),
    1098: ("link_name", text),
    1105: ("rtm_capability", _time_measurement),
    1114: ("unidirectional_link_delay", _anomalous(delay=u24)),
    1115: ("min_max_unidirectional_link_delay", _anomalous(min_delay=u24, max_delay=padded_u24)),
    1116: ("unidirectional_delay_variation", padded_u24),
    1117: ("unidirectional_link_loss", _anomalous(loss=u24)),
    1118: ("unidirectional_residual_bandwidth", f32),
    1119: ("unidirectional_available_bandwidth", f32),
    1120: ("unidirectional_utilized_bandwidth", f32),
    1121: ("graceful_link_shutdown", nothing),
    1126: ("generic_metric", _generic_metric(None)),
    1173: ("extended_administrative_group", groups),
    1182: ("ipv4_link_prefix_length", u8),
    1183: ("ipv6_link_prefix_length", u8),
    **srv6.LINK,
}


def link_table(igp: Igp | None) -> Table:
    """The attributes of a link. Nothing nests deeper than a bundle member's application-specific attributes."""
    adjacency = igp_flags(
        igp,
        ("address_family", "backup", "value", "local", "set", "persistent"),
        ("backup", "value", "local", "group", "persistent"),
    )
    neighbor: dict[Igp | None, Field] = {Igp.ISIS: system_id, Igp.OSPFV2: ipv4, Igp.OSPFV3: ipv4}
    peering = _adjacency(flags("value", "local", "backup", "persistent"))
    plain: Table = {
        **TRAFFIC_ENGINEERING,
        1095: ("igp_metric", _igp_metric(igp)),
        1126: ("generic_metric", _generic_metric(igp)),
        1099: ("adjacency_sid", _adjacency(adjacency)),
        1100: ("lan_adjacency_sid", _adjacency(adjacency, neighbor=neighbor.get(igp, _neighbor_by_length))),
        1101: ("peer_node_sid", peering),
        1102: ("peer_adj_sid", peering),
        1103: ("peer_set_sid", peering),
    }
    member: Table = {**plain, 1122: ("application_specific_link_attributes", _application_specific(plain))}
    bundle = record(member_descriptor=u32, attributes=optional(tlvs(member)))
    return {**member, 1172: ("l2_bundle_member_attributes", bundle)}
