"""4-octet AS numbers (RFC 6793 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.capability.base import Capability
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader


@capability(65)
class Asn4(Capability):
    """The speaker's AS number in full."""

    def __init__(self, asn: int) -> None:
        self.asn = asn

    @classmethod
    def decode(cls, reader: Reader, code: int) -> Asn4:
        return cls(reader.u32())

    def fields(self) -> dict[str, Any]:
        return {"asn": self.asn}
