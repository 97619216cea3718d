"""Tunnel types and sub-TLVs of the Tunnel Encapsulation attribute (RFC 9012 section 3, RFC 9830 section 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.attribute.prefix_sid import PREFIX_SID_TLVS
from bgpwire.attribute.sr_policy_segments import behavior_structure, label_entry, segment_list
from bgpwire.errors import DecodeError
from bgpwire.field import flags, ipv6, named, octets, optional, record, repeat, reserved, text, tlvs, u8, u16, u24, u32

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Reads, Table

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


def _mac(reader: Reader) -> str:
    return reader.take(6).hex(":")


_virtual_network = record(flags=flags("vn_id", "mac"), vn_id=u24, mac=_mac, reserved=reserved(2))


def _vxlan_gpe(reader: Reader) -> dict[str, Any]:
    """RFC 9012 section 3.2.2: a version of 2 bits in front of the flags."""
    version = reader.peek() >> 6 if len(reader) else 0
    rest = record(flags=flags("", "", "vn_id"), reserved=reserved(3), vn_id=u24, padding=reserved(1))(reader)
    rest["flags"] = [name for name in rest["flags"] if name not in ("bit_0", "bit_1")]
    return {"version": version, **rest}


ENCAPSULATIONS: Final[dict[int, Reads]] = {
    1: record(session_id=u32, cookie=octets),
    2: record(gre_key=u32),
    8: _virtual_network,
    9: _virtual_network,
    11: record(gre_key=u32),
    12: _vxlan_gpe,
}
"""What the Encapsulation sub-TLV holds, by tunnel type (RFC 9012 section 3.2); octets for the others."""


def _color(reader: Reader) -> dict[str, int]:
    """A Color extended community of 8 octets (RFC 9012 sections 3.4.2 and 4.3)."""
    at = reader.offset
    if reader.u16() != 0x030B:
        raise DecodeError("not a Color extended community", at)
    return {"flags": reader.u16(), "color": reader.u32()}


def _egress_endpoint(reader: Reader) -> dict[str, Any]:
    """RFC 9012 section 3.1: 4 reserved octets, an address family, an address, none if the family is 0."""
    reader.skip(4)
    at = reader.offset
    afi = reader.u16()
    size = {0: 0, 1: 4, 2: 16}.get(afi)
    if size is None:
        raise DecodeError(f"address family {afi}", at)
    return {"afi": afi, **({"address": reader.address(size)} if size else {})}


def _udp_port(reader: Reader) -> int:
    """RFC 9012 section 3.3.2: port 0 is malformed."""
    at = reader.offset
    port = reader.u16()
    if not port:
        raise DecodeError("UDP destination port 0", at)
    return port


def _protocol_type(reader: Reader) -> int:
    """RFC 9012 section 3.4.1: 0xFFFF is malformed."""
    at = reader.offset
    protocol = reader.u16()
    if protocol == 0xFFFF:
        raise DecodeError("protocol type 0xffff", at)
    return protocol


def _binding_sid(reader: Reader) -> dict[str, Any]:
    """RFC 9830 section 2.4.2: no SID, a label in 4 octets, or an SRv6 SID in 16."""
    out: dict[str, Any] = record(flags=flags("specified_bsid_only", "drop_upon_invalid"), reserved=reserved(1))(reader)
    if len(reader):
        out["sid"] = ipv6(reader) if len(reader) == 16 else label_entry(reader)
    return out


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
    16: ("spi_si_representation", flags("nsh", "mpls_swapping", "mpls_stacking", size=0)),
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
