"""Extended next hop encoding (RFC 8950 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import afi_name, safi_name
from bgpwire.capability.base import Capability
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader


@capability(5)
class ExtendedNextHop(Capability):
    """Families whose next hop may be of another AFI: (AFI, SAFI, next-hop AFI), 6 octets each."""

    def __init__(self, triples: tuple[tuple[int, int, int], ...]) -> None:
        self.triples = triples

    @classmethod
    def decode(cls, reader: Reader, code: int) -> ExtendedNextHop:
        triples = []
        while len(reader):
            triples.append((reader.u16(), reader.u16(), reader.u16()))
        return cls(tuple(triples))

    def fields(self) -> dict[str, Any]:
        return {
            "families": [
                {"afi": afi_name(afi), "safi": safi_name(safi), "next_hop_afi": afi_name(next_hop)}
                for afi, safi, next_hop in self.triples
            ]
        }
