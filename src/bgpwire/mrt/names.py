"""IANA "MRT Types" and their subtypes by name, in lower case (RFC 6396 sections 4, 5 and appendix B, RFC 8050)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.mrt.kernels import Record

TYPES: dict[int, str] = {
    0: "null",
    1: "start",
    2: "die",
    3: "i_am_dead",
    4: "peer_down",
    5: "bgp",
    6: "rip",
    7: "idrp",
    8: "ripng",
    9: "bgp4plus",
    10: "bgp4plus_01",
    11: "ospfv2",
    12: "table_dump",
    13: "table_dump_v2",
    16: "bgp4mp",
    17: "bgp4mp_et",
    32: "isis",
    33: "isis_et",
    48: "ospfv3",
    49: "ospfv3_et",
    64: "bgp4mp",
    65: "bgp4mp_et",
}

_BGP = ("null", "update", "pref_update", "state_change", "sync", "open", "notify", "keepalive")
_BGP4MP = (
    "state_change",
    "message",
    "entry",
    "snapshot",
    "message_as4",
    "state_change_as4",
    "message_local",
    "message_as4_local",
    "message_addpath",
    "message_as4_addpath",
    "message_local_addpath",
    "message_as4_local_addpath",
)
_TABLE_DUMP_V2 = (
    "",
    "peer_index_table",
    "rib_ipv4_unicast",
    "rib_ipv4_multicast",
    "rib_ipv6_unicast",
    "rib_ipv6_multicast",
    "rib_generic",
    "geo_peer_table",
    "rib_ipv4_unicast_addpath",
    "rib_ipv4_multicast_addpath",
    "rib_ipv6_unicast_addpath",
    "rib_ipv6_multicast_addpath",
    "rib_generic_addpath",
)
SUBTYPES: dict[int, tuple[str, ...]] = {
    **dict.fromkeys((5, 9, 10), _BGP),
    # 3 and 4 are no IANA names: bgpdump knows them as TABLE_DUMP with 4-octet AS numbers.
    12: ("", "afi_ipv4", "afi_ipv6", "afi_ipv4_as4", "afi_ipv6_as4"),
    13: _TABLE_DUMP_V2,
    **dict.fromkeys((16, 17, 64, 65), _BGP4MP),
}


def type_name(record: Record) -> str:
    """``table_dump_v2`` …; ``type_N`` for a number nobody registered."""
    return TYPES.get(record.type, f"type_{record.type}")


def subtype_name(record: Record) -> str | int:
    """``rib_ipv4_unicast`` …; the number itself for types without subtypes, or one nobody registered."""
    names = SUBTYPES.get(record.type, ())
    return (names[record.subtype] if record.subtype < len(names) else "") or record.subtype
