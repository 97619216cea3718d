"""SRv6 in BGP-LS (RFC 9514)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire.bgp_ls.behavior import endpoint_behavior
from bgpwire.bgp_ls.common import system_id
from bgpwire.bgp_ls.protocol import PREFIX_OPTIONS, Igp, igp_flags
from bgpwire.field import flags, ipv4, ipv6, optional, record, reserved, tlvs, u8, u32

if TYPE_CHECKING:
    from bgpwire.field import Field, Table

structure = record(locator_block_length=u8, locator_node_length=u8, function_length=u8, argument_length=u8)
"""Lengths in bits (RFC 9514 section 8)."""

SID_STRUCTURE: Final[Table] = {1252: ("srv6_sid_structure", structure)}
BEHAVIOR: Final[Table] = {
    1250: ("srv6_endpoint_behavior", record(endpoint_behavior=endpoint_behavior, flags=flags(), algorithm=u8)),
}
SID_INFORMATION: Final[Field] = ipv6

NODE: Final[Table] = {1038: ("srv6_capabilities", record(flags=flags("", "oam", size=2), reserved=reserved(2)))}
SID: Final[Table] = {
    **BEHAVIOR,
    1251: (
        "srv6_bgp_peer_node_sid",
        record(
            flags=flags("backup", "set", "persistent"),
            weight=u8,
            reserved=reserved(2),
            peer_as=u32,
            peer_bgp_id=ipv4,
        ),
    ),
    **SID_STRUCTURE,
}
"""Attributes of an SRv6 SID NLRI (sections 7 and 8)."""


def _end_x(**neighbor: Field) -> Field:
    return record(
        endpoint_behavior=endpoint_behavior,
        flags=flags("backup", "set", "persistent"),
        algorithm=u8,
        weight=u8,
        reserved=reserved(1),
        **neighbor,
        sid=ipv6,
        sub_tlvs=optional(tlvs(SID_STRUCTURE)),
    )


LINK: Final[Table] = {
    1106: ("srv6_end_x_sid", _end_x()),
    1107: ("isis_srv6_lan_end_x_sid", _end_x(neighbor=system_id)),
    1108: ("ospfv3_srv6_lan_end_x_sid", _end_x(neighbor=ipv4)),
}


def prefix_table(igp: Igp | None) -> Table:
    """The locator: its flags are those of RFC 9352 section 7.1, or the PrefixOptions of RFC 9513 section 7.1."""
    names = igp_flags(igp, ("down",), PREFIX_OPTIONS if igp is Igp.OSPFV3 else ())
    locator = record(flags=names, algorithm=u8, reserved=reserved(2), metric=u32, sub_tlvs=optional(tlvs({})))
    return {1162: ("srv6_locator", locator)}
