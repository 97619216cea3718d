"""ADD-PATH (RFC 7911 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.capability.base import FieldCapability
from bgpwire.capability.fields import direction_code, families, family_of
from bgpwire.numbers.capability import ADD_PATH
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire.afi_safi import Family


@capability(ADD_PATH)
class AddPath(FieldCapability):
    """Families with a direction each: 1 receive, 2 send, 3 both; other values are to be ignored."""

    field = families(direction=direction_code)

    @property
    def families(self) -> tuple[tuple[Family, int], ...]:
        """Each family and its direction."""
        return tuple((family_of(item), item["direction"]) for item in self.values["families"])
