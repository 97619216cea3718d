"""ADD-PATH (RFC 7911 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.capability.base import Capability
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader

DIRECTIONS = {1: "receive", 2: "send", 3: "both"}


@capability(69)
class AddPath(Capability):
    """Families with a direction each: 1 receive, 2 send, 3 both; other values are to be ignored."""

    def __init__(self, families: tuple[tuple[Family, int], ...]) -> None:
        self.families = families

    @classmethod
    def decode(cls, reader: Reader, code: int) -> AddPath:
        families = []
        while len(reader):
            families.append((Family(reader.u16(), reader.u8()), reader.u8()))
        return cls(tuple(families))

    def fields(self) -> dict[str, Any]:
        return {
            "families": [
                {"afi": afi_name(family.afi), "safi": safi_name(family.safi), "direction": DIRECTIONS.get(mode, mode)}
                for family, mode in self.families
            ]
        }
