"""The segment list of an SR policy and its segments A to K (RFC 9830 section 2.4.4, RFC 9831 section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire.bgp_ls.behavior import endpoint_behavior
from bgpwire.errors import DecodeError
from bgpwire.field import chosen, flags, ipv4, ipv6, label_entry, optional, record, reserved, tlvs, u8, u32

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Field, Table


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


_TAILS: dict[int, Field] = {
    8: record(structure=behavior_structure),
    16: record(sid=ipv6),
    24: record(sid=ipv6, structure=behavior_structure),
}


def _tail(reader: Reader) -> Field:
    if len(reader) not in _TAILS:
        raise DecodeError(f"{len(reader)} octets in place of an SRv6 SID and structure", reader.offset)
    return _TAILS[len(reader)]


_srv6_tail = optional(
    chosen(
        _tail, lambda value: _TAILS[16 * ("sid" in value) + 8 * ("structure" in value)], *_TAILS.values(), exact=True
    )
)
"""What may end segments I, J and K: a SID, behaviour and structure, or both."""


def _segment(**members: Field) -> Field:
    return record(flags=_FLAGS, **members)


def _mpls(**members: Field) -> Field:
    """Segments C to H: a label may follow."""
    return _segment(**members, sid=optional(label_entry))


def _srv6(**members: Field) -> Field:
    return _segment(algorithm=u8, **members, srv6=_srv6_tail)


_PAIR6: dict[str, Field] = {"local_address": ipv6, "remote_address": ipv6}
_INTERFACES6: dict[str, Field] = {
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
