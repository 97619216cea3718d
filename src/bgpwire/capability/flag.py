"""Capabilities without a value: to announce them is all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.capability.base import Capability
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader

NAMES = {
    2: "route_refresh",  # RFC 2918
    6: "extended_message",  # RFC 8654
    70: "enhanced_route_refresh",  # RFC 7313
    128: "prestandard_route_refresh",  # RFC 8810
}


@capability(*NAMES)
class Flag(Capability):
    """A capability of 0 octets."""

    @classmethod
    def decode(cls, reader: Reader, code: int) -> Flag:
        return cls()

    def json(self) -> dict[str, Any]:
        return {"code": self.code, "name": NAMES[self.code]}
