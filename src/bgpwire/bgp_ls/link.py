"""Link attribute TLVs (RFC 9552 section 5.3.2, RFC 9085 section 2.2, RFC 9086, RFC 8571, RFC 9294 and others)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.bgp_ls import srv6
from bgpwire.bgp_ls.common import padded_u24, sid, system_id
from bgpwire.bgp_ls.node import METRIC_TYPES, ROUTER_IDS, groups, msd
from bgpwire.bgp_ls.protocol import Igp, igp_flags
from bgpwire.errors import DecodeError
from bgpwire.field import (
    f32,
    flags,
    ipv4,
    ipv6,
    named,
    nothing,
    octets,
    optional,
    record,
    repeat,
    reserved,
    text,
    tlvs,
    u8,
    u24,
    u32,
    uint,
)

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Reads, Table

_PROTECTION = ("", "", "enhanced", "dedicated_1_plus_1", "dedicated_1_to_1", "shared", "unprotected", "extra_traffic")
_APPLICATIONS = ("rsvp_te", "segment_routing_policy", "loop_free_alternate", "flexible_algorithm")


def igp_metric(reader: Reader) -> int:
    """1, 2 or 3 octets: 6 bits of IS-IS, 16 of OSPF, 24 of IS-IS with wide metrics (RFC 9552 section 5.3.2.4)."""
    if len(reader) == 1:
        return reader.u8() & 0x3F
    if len(reader) in (2, 3):
        return reader.uint(len(reader))
    raise DecodeError(f"an IGP metric of {len(reader)} octets", reader.offset)


def _anomalous(**members: Reads) -> Reads:
    """RFC 8571 section 2: a flag, and 24 bits of a measurement behind it."""
    return record(flags=flags("anomalous"), **members)


def _generic_metric(reader: Reader) -> dict[str, Any]:
    """Type and metric: 24 bits of IS-IS, or 32 behind 3 reserved octets of OSPF (RFC 9843 section 2)."""
    out: dict[str, Any] = {"metric_type": named(METRIC_TYPES)(reader)}
    if len(reader) > 3:
        reader.skip(3)
    return out | {"metric": reader.uint(4 if len(reader) > 3 else 3)}


def _time_measurement(reader: Reader) -> dict[str, Any]:
    """RFC 8169: what the interface can do for residence time measurement in the first 3 bits."""
    first = reader.u8()
    names = {1: "one_step", 2: "two_step"}
    out: dict[str, Any] = {"capability": names.get(first >> 5, first >> 5)}
    return out | ({"value": reader.rest()} if len(reader) else {})


def _application_specific(link: Table) -> Reads:
    """RFC 9294 section 2: two bit masks, each with its length, and link attributes of these applications."""

    def read(reader: Reader) -> dict[str, Any]:
        standard, own = reader.u8(), reader.u8()
        reader.skip(2)
        out: dict[str, Any] = {"standard_applications": flags(*_APPLICATIONS, size=0)(reader.sub(standard))}
        out["user_defined_applications"] = reader.take(own)
        return out | {"attributes": tlvs(link)(reader)}

    return read


def _adjacency(flag_names: Reads, **neighbor: Reads) -> Reads:
    return record(flags=flag_names, weight=u8, reserved=reserved(2), **neighbor, sid=sid)


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
    1095: ("igp_metric", igp_metric),
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
    1126: ("generic_metric", _generic_metric),
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
    neighbor: dict[Igp | None, Reads] = {Igp.ISIS: system_id, Igp.OSPFV2: ipv4, Igp.OSPFV3: ipv4}
    peering = _adjacency(flags("value", "local", "backup", "persistent"))
    plain: Table = {
        **TRAFFIC_ENGINEERING,
        1099: ("adjacency_sid", _adjacency(adjacency)),
        1100: ("lan_adjacency_sid", _adjacency(adjacency, neighbor=neighbor.get(igp, _neighbor_by_length))),
        1101: ("peer_node_sid", peering),
        1102: ("peer_adj_sid", peering),
        1103: ("peer_set_sid", peering),
    }
    member: Table = {**plain, 1122: ("application_specific_link_attributes", _application_specific(plain))}
    bundle = record(member_descriptor=u32, attributes=optional(tlvs(member)))
    return {**member, 1172: ("l2_bundle_member_attributes", bundle)}


def _neighbor_by_length(reader: Reader) -> Any:
    """Without the IGP: 6 octets of IS-IS leave 3 or 4 for the SID, 4 of OSPF leave as many."""
    return system_id(reader) if len(reader) > 8 else ipv4(reader)
