"""Capabilities without a value: to announce them is all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.capability.base import Capability
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader

CODES = (
    2,  # RFC 2918
    6,  # RFC 8654
    70,  # RFC 7313
    128,  # RFC 8810, as the one below
    185,
)
LENIENT = (
    4,  # RFC 3107, obsoleted by RFC 8277
    74,  # draft-ietf-idr-bgp-bfd-strict-mode
    77,  # draft-ietf-idr-linklocal-capability
)


@capability(*CODES)
class Flag(Capability):
    """A capability of 0 octets."""

    @classmethod
    def decode(cls, reader: Reader, code: int) -> Flag:
        return cls()


@capability(*LENIENT)
class LenientFlag(Capability):
    """A capability of 0 octets as its specification stands today; octets that it may yet get are shown."""

    @classmethod
    def decode(cls, reader: Reader, code: int) -> LenientFlag:
        reader.skip(len(reader))
        return cls()

    def fields(self) -> dict[str, Any]:
        return {"value": self.data.hex()} if self.data else {}
