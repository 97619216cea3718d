"""The state of SR policies in BGP-LS (RFC 9857 section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire.bgp_ls import srv6
from bgpwire.bgp_ls.common import label
from bgpwire.field import (
    Field,
    cases,
    checked,
    chosen,
    depends,
    f32,
    flags,
    ipv4,
    ipv6,
    lengths_first,
    named,
    octets,
    optional,
    record,
    repeat,
    reserved,
    text,
    tlvs,
    u8,
    u16,
    u32,
)

if TYPE_CHECKING:
    from bgpwire.field import Table

METRIC_TYPES = {
    0: "igp",
    1: "min_unidirectional_link_delay",
    2: "te",
    3: "hop_count",
    4: "sid_list_length",
    5: "bandwidth",
    6: "average_unidirectional_delay",
}
"""IANA "BGP-LS SR Policy Metric Types" (RFC 9857 section 7.7)."""

_SRV6_SUB: Table = {**srv6.BEHAVIOR, **srv6.SID_STRUCTURE}
_metric_type = named(METRIC_TYPES)


_one_sid = depends(lambda values: ipv6 if "srv6" in values["flags"] else label, ipv6, label)
_binding_sid = record(
    flags=flags("srv6", "allocated", "unavailable", "srlb", "fallback", size=2),
    reserved=reserved(2),
    binding_sid=_one_sid,
    specified_binding_sid=_one_sid,
)
"""Section 5.1: two SIDs, both SRv6 if the first flag says so, else labels."""

_affinity = lengths_first(4, 1, exclude_any=repeat(u32), include_any=repeat(u32), include_all=repeat(u32))
"""Section 5.6.1: how many words each mask has, and the masks."""

_group = chosen(
    lambda reader: u32 if len(reader) == 4 else octets,
    lambda value: u32 if isinstance(value, int) else octets,
    u32,
    octets,
    exact=True,
)
"""All that is left: a number of 4 octets, or the association object of PCEP."""

# Section 5.7.1: the letter of RFC 9256, the SID, and what it was made of.
_SEGMENTS: dict[int, tuple[str, Field, dict[str, Field]]] = {
    1: ("A", label, {"algorithm": u8}),
    2: ("B", ipv6, {"algorithm": u8}),
    3: ("C", label, {"algorithm": u8, "ipv4_address": ipv4}),
    4: ("D", label, {"algorithm": u8, "ipv6_address": ipv6}),
    5: ("E", label, {"ipv4_address": ipv4, "local_interface_id": u32}),
    6: ("F", label, {"local_address": ipv4, "remote_address": ipv4}),
    7: (
        "G",
        label,
        {"local_address": ipv6, "local_interface_id": u32, "remote_address": ipv6, "remote_interface_id": u32},
    ),
    8: ("H", label, {"local_address": ipv6, "remote_address": ipv6}),
    9: ("I", ipv6, {"algorithm": u8, "ipv6_address": ipv6}),
    10: (
        "J",
        ipv6,
        {"local_address": ipv6, "local_interface_id": u32, "remote_address": ipv6, "remote_interface_id": u32},
    ),
    11: ("K", ipv6, {"local_address": ipv6, "remote_address": ipv6}),
}
_SEGMENT_FLAGS = flags("sid_present", "explicit", "verified", "resolved", "algorithm", size=2)


_BEHIND = {
    letter: record(flags=_SEGMENT_FLAGS, sid=sid, **descriptor, sub_tlvs=optional(tlvs(_SRV6_SUB)))
    for letter, sid, descriptor in _SEGMENTS.values()
}
_LETTER = checked(
    named({kind: letter for kind, (letter, _, _) in _SEGMENTS.items()}), lambda kind: kind in _BEHIND, "segment type {}"
)
_segment = cases(
    record(segment_type=_LETTER, reserved=reserved(1)), lambda head: _BEHIND[head["segment_type"]], *_BEHIND.values()
)

CONSTRAINTS: Final[Table] = {
    1208: ("sr_affinity_constraint", _affinity),
    1209: ("sr_srlg_constraint", repeat(u32)),
    1210: ("sr_bandwidth_constraint", f32),
    1211: (
        "sr_disjoint_group_constraint",
        record(
            request_flags=flags("srlg", "node", "link", "fallback", "igp_fallback"),
            status_flags=flags("srlg", "node", "link", "fallback", "igp_fallback", "invalidated"),
            reserved=reserved(2),
            group=_group,
        ),
    ),
    1214: (
        "sr_bidirectional_group_constraint",
        record(flags=flags("reverse", "co_routed", size=2), reserved=reserved(2), group=_group),
    ),
    1215: (
        "sr_metric_constraint",
        record(
            metric_type=_metric_type,
            flags=flags("optimization", "margin", "absolute", "bound"),
            reserved=reserved(2),
            margin=u32,
            bound=u32,
        ),
    ),
}
SEGMENT_LIST: Final[Table] = {
    1206: ("sr_segment", _segment),
    1207: (
        "sr_segment_list_metric",
        record(
            metric_type=_metric_type,
            flags=flags("margin", "absolute", "bound", "value"),
            reserved=reserved(2),
            margin=u32,
            bound=u32,
            value=u32,
        ),
    ),
    1216: ("sr_segment_list_bandwidth", f32),
    1217: ("sr_segment_list_identifier", u32),
}
_STATE_FLAGS = (
    "shutdown", "active", "backup", "evaluated", "valid_sid_list", "on_demand", "delegated", "provisioned",
    "drop_upon_invalid", "transit_eligible", "dropping",
)  # fmt: skip
_LIST_FLAGS = (
    "srv6", "explicit", "computed", "verified", "resolved", "failed", "all_algorithm", "all_topology",
    "removed_by_fault",
)  # fmt: skip
_CONSTRAINT_FLAGS = (
    "srv6", "protected", "unprotected", "algorithm", "topology", "strict", "fixed", "hop_by_hop",
)  # fmt: skip
SR_POLICY: Final[Table] = {
    1201: ("sr_binding_sid", _binding_sid),
    1202: (
        "sr_candidate_path_state",
        record(priority=u8, reserved=reserved(1), flags=flags(*_STATE_FLAGS, size=2), preference=u32),
    ),
    1203: ("sr_candidate_path_name", text),
    1204: (
        "sr_candidate_path_constraints",
        record(
            flags=flags(*_CONSTRAINT_FLAGS, size=2),
            reserved=reserved(2),
            mtid=u16,
            algorithm=u8,
            padding=reserved(1),
            sub_tlvs=optional(tlvs(CONSTRAINTS)),
        ),
    ),
    1205: (
        "sr_segment_list",
        record(
            flags=flags(*_LIST_FLAGS, size=2),
            reserved=reserved(2),
            mtid=u16,
            algorithm=u8,
            padding=reserved(1),
            weight=u32,
            sub_tlvs=optional(tlvs(SEGMENT_LIST)),
        ),
    ),
    1212: (
        "srv6_binding_sid",
        record(
            flags=flags("allocated", "unavailable", "fallback", size=2),
            reserved=reserved(2),
            binding_sid=ipv6,
            specified_binding_sid=ipv6,
            sub_tlvs=optional(tlvs(_SRV6_SUB)),
        ),
    ),
    1213: ("sr_policy_name", text),
}
