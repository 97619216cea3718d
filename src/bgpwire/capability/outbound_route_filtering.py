"""Outbound route filtering (RFC 5291 section 5), and its codes from before (RFC 8810)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.capability.base import FieldCapability
from bgpwire.capability.fields import afi_code, direction, family_of, safi_code
from bgpwire.field import counted, record, repeat, reserved, text, turned, u8
from bgpwire.numbers.capability import (
    OUTBOUND_ROUTE_FILTERING,
    PRESTANDARD_OUTBOUND_ROUTE_FILTERING,
    PRESTANDARD_OUTBOUND_ROUTE_FILTERING_CISCO,
)
from bgpwire.registry import capability

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.afi_safi import Family

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


def orf_name(kind: int) -> str:
    """The name of a filter type, ``orf_N`` for one that is not registered."""
    return ORF_TYPES.get(kind, f"orf_{kind}")


def _named(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": found["type"], "name": orf_name(found["type"]), "direction": found["direction"]}


def _unnamed(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": found["type"], "direction": found["direction"]}


_filter = turned(
    record(type=u8, direction=direction),
    _named,
    _unnamed,
    schema={
        "type": "object",
        "properties": {"type": u8.schema(), "name": text.schema(), "direction": direction.schema()},
        "required": ["type", "direction"],
    },
    exact=True,
)
_family = record(afi=afi_code, reserved=reserved(1), safi=safi_code, filters=counted(_filter, 1))
"""AFI, a reserved octet, SAFI, a count, and that many pairs of type and direction."""


@capability(OUTBOUND_ROUTE_FILTERING, PRESTANDARD_OUTBOUND_ROUTE_FILTERING, PRESTANDARD_OUTBOUND_ROUTE_FILTERING_CISCO)
class OutboundRouteFiltering(FieldCapability):
    """For each family, the filter types and whether the speaker wants to receive them, send them, or both."""

    field = record(families=repeat(_family))

    @property
    def families(self) -> tuple[tuple[Family, tuple[tuple[int, str | int], ...]], ...]:
        """Each family and its pairs of type and direction."""
        return tuple(
            (family_of(item), tuple((found["type"], found["direction"]) for found in item["filters"]))
            for item in self.values["families"]
        )
