"""Multiprotocol extensions (RFC 4760 section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.capability.base import Capability
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader


@capability(1)
class Multiprotocol(Capability):
    """One address family."""

    def __init__(self, family: Family) -> None:
        self.family = family

    @classmethod
    def decode(cls, reader: Reader, code: int) -> Multiprotocol:
        """AFI, a reserved octet, SAFI."""
        afi = reader.u16()
        reader.skip(1)
        return cls(Family(afi, reader.u8()))

    def fields(self) -> dict[str, Any]:
        return {"afi": afi_name(self.family.afi), "safi": safi_name(self.family.safi)}
