"""Graceful restart, and the long-lived one (RFC 4724, RFC 8538, RFC 9494)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.capability.base import FieldCapability
from bgpwire.capability.fields import afi_code, family_of, safi_code
from bgpwire.field import Bits, flag, joined, packed, record, repeat, u24
from bgpwire.numbers.capability import GRACEFUL_RESTART, LONG_LIVED_GRACEFUL_RESTART
from bgpwire.registry import capability

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.afi_safi import Family

_family = record(afi=afi_code, safi=safi_code)
_preserved = packed(1, forwarding_preserved=flag(), flags=Bits(7, spare=True))
"""F: the forwarding state was preserved. Other bits are shown where they are set."""


@capability(GRACEFUL_RESTART)
class GracefulRestart(FieldCapability):
    """``restarting`` (R), ``notification`` (N), ``time`` in seconds, and families with their flags octet.

    4 bits of flags, 12 of time, then 4 octets a family. Of several the last one counts (RFC 4724 section 3).
    """

    field = joined(
        packed(2, restarting=flag(), notification=flag(), flags=Bits(2, spare=True), time=12),
        record(families=repeat(joined(_family, _preserved))),
    )

    @property
    def restarting(self) -> bool:
        """R: the speaker has restarted."""
        found: bool = self.values["restarting"]
        return found

    @property
    def notification(self) -> bool:
        """N: NOTIFICATIONs and the hold timer do not end the restart (RFC 8538)."""
        found: bool = self.values["notification"]
        return found

    @property
    def flags(self) -> int:
        """All 4 bits."""
        flags: int = self.restarting << 3 | self.notification << 2 | self.values.get("flags", 0)
        return flags

    @property
    def time(self) -> int:
        """How many seconds the restart may take."""
        time: int = self.values["time"]
        return time

    @property
    def families(self) -> tuple[tuple[Family, int], ...]:
        """Each family and its flags octet."""
        return tuple((family_of(item), _flags(item)) for item in self.values["families"])


@capability(LONG_LIVED_GRACEFUL_RESTART)
class LongLivedGracefulRestart(FieldCapability):
    """Families, each with its flags octet and how many seconds its routes are kept as stale.

    7 octets a family (RFC 9494 section 3.1).
    """

    field = record(families=repeat(joined(_family, _preserved, record(stale_time=u24))))

    @property
    def families(self) -> tuple[tuple[Family, int, int], ...]:
        """Each family, its flags octet, and the time."""
        return tuple((family_of(item), _flags(item), item["stale_time"]) for item in self.values["families"])


def _flags(item: Mapping[str, Any]) -> int:
    flags: int = item["forwarding_preserved"] << 7 | item.get("flags", 0)
    return flags
