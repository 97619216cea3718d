"""Who a piece of link-state information comes from, and what depends on it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bgpwire.field import Field, flags, u8

PROTOCOLS: Final[dict[int, str]] = {
    1: "isis_level_1",
    2: "isis_level_2",
    3: "ospfv2",
    4: "direct",
    5: "static_configuration",
    6: "ospfv3",
    7: "bgp",
    8: "rsvp_te",
    9: "segment_routing",
}
"""IANA "BGP-LS Protocol-IDs" (RFC 9552 section 5.2, RFC 9086, RFC 9857)."""


class Igp(StrEnum):
    """The IGPs whose flags differ."""

    ISIS = "isis"
    OSPFV2 = "ospfv2"
    OSPFV3 = "ospfv3"

    @classmethod
    def of(cls, protocol_id: int | None) -> Igp | None:
        """The IGP of a Protocol-ID; ``None`` for other protocols, and unknown ones."""
        return {1: cls.ISIS, 2: cls.ISIS, 3: cls.OSPFV2, 6: cls.OSPFV3}.get(protocol_id or 0)


# Of OSPFv3: RFC 5340 A.4.1.1, RFC 8362 section 3.1.1, RFC 9089 section 3.2, RFC 9513 section 6.
PREFIX_OPTIONS = ("anycast", "elc", "node", "down", "propagate", "multicast", "local_address", "no_unicast")


def igp_flags(igp: Igp | None, isis: tuple[str, ...], ospf: tuple[str, ...]) -> Field:
    """One octet of flags whose names the IGP decides; a number where the IGP is unknown."""
    if igp is None:
        return u8
    return flags(*(isis if igp is Igp.ISIS else ospf))
