"""Fields that several capabilities have: an address family, a direction, a text with its length in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family, afi_name, safi_name

if TYPE_CHECKING:
    from bgpwire._impl import Reader

DIRECTIONS = {1: "receive", 2: "send", 3: "both"}


def family(reader: Reader) -> Family:
    """AFI (2 octets) and SAFI (1)."""
    return Family(reader.u16(), reader.u8())


def family_json(value: Family) -> dict[str, Any]:
    """``{"afi": "ipv4", "safi": "unicast"}``."""
    return {"afi": afi_name(value.afi), "safi": safi_name(value.safi)}


def direction(reader: Reader) -> str | int:
    """1 receive, 2 send, 3 both; any other number stays one."""
    value: int = reader.u8()
    return DIRECTIONS.get(value, value)


def short_text(reader: Reader) -> str:
    """A length of 1 octet and that many of UTF-8; what is none comes as U+FFFD."""
    octets: bytes = reader.take(reader.u8())
    return octets.decode("utf-8", "replace")
