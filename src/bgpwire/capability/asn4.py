"""4-octet AS numbers (RFC 6793 section 3)."""

from __future__ import annotations

from bgpwire.capability.base import FieldCapability
from bgpwire.field import record, u32
from bgpwire.numbers.capability import FOUR_OCTET_AS
from bgpwire.registry import capability


@capability(FOUR_OCTET_AS)
class Asn4(FieldCapability):
    """The speaker's AS number in full."""

    field = record(asn=u32)

    @property
    def asn(self) -> int:
        asn: int = self.values["asn"]
        return asn
