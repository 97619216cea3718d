"""Fields that several capabilities have: an address family, a direction, a text with its length in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.afi_safi import Afi, Family, Safi, afi_name, safi_name
from bgpwire.field import named, sized, text, turned, u8, u16

if TYPE_CHECKING:
    from bgpwire._impl import Reader

DIRECTIONS = {1: "receive", 2: "send", 3: "both"}


def family(reader: Reader) -> Family:
    """AFI (2 octets) and SAFI (1)."""
    return Family(reader.u16(), reader.u8())


def family_json(value: Family) -> dict[str, Any]:
    """``{"afi": "ipv4", "safi": "unicast"}``."""
    return {"afi": afi_name(value.afi), "safi": safi_name(value.safi)}


def _number(name: str, head: str, numbers: dict[str, int]) -> int:
    """The number of a name, ``afi-N`` of one that nobody registered. ValueError if it is no name."""
    if name in numbers:
        return numbers[name]
    start, _, number = name.rpartition("-")
    if start != head or not (number.isascii() and number.isdecimal()):
        raise ValueError(f"{name!r} is no {head.upper()}")
    return int(number)


_AFIS = {afi_name(afi): int(afi) for afi in Afi}
_SAFIS = {safi_name(safi): int(safi) for safi in Safi}
_SCHEMA = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}

afi: Final = turned(u16, afi_name, lambda name: _number(name, "afi", _AFIS), schema=_SCHEMA)
"""An AFI by its name."""
safi: Final = turned(u8, safi_name, lambda name: _number(name, "safi", _SAFIS), schema=_SCHEMA)
"""A SAFI by its name."""
direction: Final = named(DIRECTIONS)
"""1 receive, 2 send, 3 both; any other number stays one."""
short_text: Final = sized(text, 1)
"""A length of 1 octet and that many of UTF-8; what is none comes as U+FFFD."""
