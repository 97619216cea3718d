"""Prefix attribute TLVs (RFC 9552 section 5.3.3, RFC 9085 section 2.3, RFC 9351 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.bgp_ls import srv6
from bgpwire.bgp_ls.common import sid
from bgpwire.bgp_ls.protocol import PREFIX_OPTIONS, Igp, igp_flags
from bgpwire.field import address, flags, ipv4, octets, record, repeat, reserved, tlvs, u8, u16, u32, u64

if TYPE_CHECKING:
    from bgpwire.field import Field, Table

# RFC 7794 section 2.1, RFC 9088, RFC 9352; RFC 7684 section 2.1, RFC 9089, RFC 9792.
_ATTRIBUTE_FLAGS: dict[Igp, tuple[str, ...]] = {
    Igp.ISIS: ("external", "readvertisement", "node", "elc", "anycast"),
    Igp.OSPFV2: ("attach", "node", "elc", "anycast"),
    Igp.OSPFV3: PREFIX_OPTIONS,
}


def prefix_table(igp: Igp | None) -> Table:
    """The attributes of a prefix."""
    sid_flags = igp_flags(
        igp,
        ("readvertisement", "node", "no_php", "explicit_null", "value", "local"),
        ("", "no_php", "mapping_server", "explicit_null", "value", "local"),
    )
    attribute_flags: Field = octets if igp is None else flags(*_ATTRIBUTE_FLAGS[igp], size=0)
    metric_flags = igp_flags(igp, (), ("external",))
    # RFC 8666 section 5: those of OSPFv3 are reserved.
    inter_area = () if igp is Igp.OSPFV3 else ("inter_area",)
    range_flags = igp_flags(igp, ("address_family", "mirror", "set", "down", "attached"), inter_area)
    prefix_sid: Table = {
        1158: ("prefix_sid", record(flags=sid_flags, algorithm=u8, reserved=reserved(2), sid=sid)),
        1161: ("sid_label", sid),
    }
    return {
        1044: ("flex_algo_prefix_metric", record(algorithm=u8, flags=metric_flags, reserved=reserved(2), metric=u32)),
        1152: ("igp_flags", flags("down", "no_unicast", "local_address", "propagate_nssa")),
        1153: ("igp_route_tag", repeat(u32)),
        1154: ("igp_extended_route_tag", repeat(u64)),
        1155: ("prefix_metric", u32),
        1156: ("ospf_forwarding_address", address),
        1157: ("opaque_prefix_attribute", octets),
        **prefix_sid,
        1159: ("range", record(flags=range_flags, reserved=reserved(1), range_size=u16, sub_tlvs=tlvs(prefix_sid))),
        **srv6.prefix_table(igp),
        1170: ("prefix_attribute_flags", attribute_flags),
        1171: ("source_router_id", address),
        1174: ("source_ospf_router_id", ipv4),
    }
