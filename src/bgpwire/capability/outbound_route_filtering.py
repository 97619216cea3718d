"""Outbound route filtering (RFC 5291 section 5), and its codes from before (RFC 8810)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family
from bgpwire.capability.base import Capability
from bgpwire.capability.fields import direction, family_json
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader

# IANA "BGP Outbound Route Filtering (ORF) Types", and Cisco's from before RFC 5292.
ORF_TYPES = {
    1: "nlri",
    2: "communities",
    3: "extended_communities",
    9: "as_path",
    64: "address_prefix",
    65: "cp_orf",
    68: "as_path",
    128: "address_prefix_cisco",
    129: "communities_cisco",
    130: "extended_communities_cisco",
}


@capability(3, 129, 130)
class OutboundRouteFiltering(Capability):
    """For each family, the filter types and whether the speaker wants to receive them, send them, or both."""

    def __init__(self, families: tuple[tuple[Family, tuple[tuple[int, str | int], ...]], ...]) -> None:
        self.families = families

    @classmethod
    def decode(cls, reader: Reader, code: int) -> OutboundRouteFiltering:
        """AFI, a reserved octet, SAFI, a count, and that many pairs of type and direction."""
        families = []
        while len(reader):
            afi = reader.u16()
            reader.skip(1)
            family = Family(afi, reader.u8())
            families.append((family, tuple((reader.u8(), direction.read(reader)) for _ in range(reader.u8()))))
        return cls(tuple(families))

    def fields(self) -> dict[str, Any]:
        return {
            "families": [
                family_json(family) | {"filters": [_filter_json(kind, way) for kind, way in filters]}
                for family, filters in self.families
            ]
        }


def _filter_json(kind: int, way: str | int) -> dict[str, Any]:
    return {"type": kind, "name": ORF_TYPES.get(kind, f"orf_{kind}"), "direction": way}
