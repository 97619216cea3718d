"""The segment list of an SR policy and its segments A to K (RFC 9830 section 2.4.4, RFC 9831 section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.bgp_ls.behavior import endpoint_behavior
from bgpwire.errors import DecodeError
from bgpwire.field import flags, ipv4, ipv6, optional, record, reserved, tlvs, u8, u32

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Reads, Table


def label_entry(reader: Reader) -> dict[str, Any]:
    """A label stack entry of 4 octets (RFC 3032 section 2.1)."""
    entry = reader.u32()
    return {
        "label": entry >> 12,
        "traffic_class": entry >> 9 & 7,
        "bottom_of_stack": bool(entry & 0x100),
        "ttl": entry & 0xFF,
    }


behavior_structure = record(
    endpoint_behavior=endpoint_behavior,
    reserved=reserved(2),
    locator_block_length=u8,
    locator_node_length=u8,
    function_length=u8,
    argument_length=u8,
)
"""SRv6 Endpoint Behavior and SID Structure, 8 octets (RFC 9830 section 2.4.4.2.4)."""

_FLAGS = flags("verification", "algorithm", "sid", "behavior")


def _srv6_tail(reader: Reader) -> dict[str, Any] | None:
    """What may end segments I, J and K: a SID, behaviour and structure, or both."""
    out: dict[str, Any] = {}
    left = len(reader)
    if left not in (0, 8, 16, 24):
        raise DecodeError(f"{left} octets in place of an SRv6 SID and structure", reader.offset)
    if left >= 16:
        out["sid"] = ipv6(reader)
    if left % 16:
        out["structure"] = behavior_structure(reader)
    return out or None


def _segment(**members: Reads) -> Reads:
    return record(flags=_FLAGS, **members)


def _mpls(**members: Reads) -> Reads:
    """Segments C to H: a label may follow."""
    return _segment(**members, sid=optional(label_entry))


def _srv6(**members: Reads) -> Reads:
    return _segment(algorithm=u8, **members, srv6=_srv6_tail)


_PAIR6: dict[str, Reads] = {"local_address": ipv6, "remote_address": ipv6}
_INTERFACES6: dict[str, Reads] = {
    "local_interface_id": u32,
    "local_address": ipv6,
    "remote_interface_id": u32,
    "remote_address": ipv6,
}
SEGMENTS: Final[Table] = {
    1: ("segment_a", _segment(reserved=reserved(1), sid=label_entry)),
    3: ("segment_c", _mpls(algorithm=u8, ipv4_address=ipv4)),
    4: ("segment_d", _mpls(algorithm=u8, ipv6_address=ipv6)),
    5: ("segment_e", _mpls(reserved=reserved(1), local_interface_id=u32, ipv4_address=ipv4)),
    6: ("segment_f", _mpls(reserved=reserved(1), local_address=ipv4, remote_address=ipv4)),
    7: ("segment_g", _mpls(reserved=reserved(1), **_INTERFACES6)),
    8: ("segment_h", _mpls(reserved=reserved(1), **_PAIR6)),
    9: ("weight", record(flags=flags(), reserved=reserved(1), weight=u32)),
    13: ("segment_b", _segment(reserved=reserved(1), sid=ipv6, structure=optional(behavior_structure))),
    14: ("segment_i", _srv6(ipv6_address=ipv6)),
    15: ("segment_j", _srv6(**_INTERFACES6)),
    16: ("segment_k", _srv6(**_PAIR6)),
}
"""Sub-TLVs of the segment list: types and lengths of 1 octet."""

segment_list = record(reserved=reserved(1), sub_tlvs=tlvs(SEGMENTS, 1, 1))
