"""Multiprotocol extensions (RFC 4760 section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.capability.base import FieldCapability
from bgpwire.capability.fields import afi_code, family_of, safi_code
from bgpwire.field import record, reserved
from bgpwire.numbers.capability import MULTIPROTOCOL
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire.afi_safi import Family


@capability(MULTIPROTOCOL)
class Multiprotocol(FieldCapability):
    """One address family."""

    field = record(afi=afi_code, reserved=reserved(1), safi=safi_code)

    @property
    def family(self) -> Family:
        return family_of(self.values)
