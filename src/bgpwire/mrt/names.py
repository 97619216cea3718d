"""IANA "MRT Types" and their subtypes by name, in lower case (RFC 6396 sections 4, 5 and appendix B, RFC 8050)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.numbers import mrt
from bgpwire.numbers.mrt import TYPES

if TYPE_CHECKING:
    from bgpwire.mrt.kernels import Record

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
    **dict.fromkeys((mrt.BGP, mrt.BGP4PLUS, mrt.BGP4PLUS_01), _BGP),
    # 3 and 4 are no IANA names: bgpdump knows them as TABLE_DUMP with 4-octet AS numbers.
    mrt.TABLE_DUMP: ("", "afi_ipv4", "afi_ipv6", "afi_ipv4_as4", "afi_ipv6_as4"),
    mrt.TABLE_DUMP_V2: _TABLE_DUMP_V2,
    **dict.fromkeys((mrt.BGP4MP, mrt.BGP4MP_ET, mrt.EARLY_BGP4MP, mrt.EARLY_BGP4MP_ET), _BGP4MP),
}


def type_name(record: Record) -> str:
    """``table_dump_v2`` …; ``type_N`` for a number that is not registered."""
    return TYPES.get(record.type, f"type_{record.type}")


def subtype_name(record: Record) -> str | int:
    """``rib_ipv4_unicast`` …; the number itself for types without subtypes, or one that is not registered."""
    names = SUBTYPES.get(record.type, ())
    return (names[record.subtype] if record.subtype < len(names) else "") or record.subtype
