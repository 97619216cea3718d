"""Extended next hop encoding (RFC 8950 section 4)."""

from __future__ import annotations

from bgpwire.capability.base import FieldCapability
from bgpwire.capability.fields import afi_code, wide_safi_code
from bgpwire.field import record, repeat
from bgpwire.numbers.capability import EXTENDED_NEXT_HOP
from bgpwire.registry import capability


@capability(EXTENDED_NEXT_HOP)
class ExtendedNextHop(FieldCapability):
    """Families whose next hop may be of another AFI: (AFI, SAFI, next-hop AFI), 6 octets each."""

    field = record(families=repeat(record(afi=afi_code, safi=wide_safi_code, next_hop_afi=afi_code)))

    @property
    def triples(self) -> tuple[tuple[int, int, int], ...]:
        """AFI, SAFI and next-hop AFI of each."""
        return tuple((item["afi"], item["safi"], item["next_hop_afi"]) for item in self.values["families"])
