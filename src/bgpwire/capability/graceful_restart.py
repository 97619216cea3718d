"""Graceful restart, and the long-lived one (RFC 4724, RFC 8538, RFC 9494)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.capability.base import Capability
from bgpwire.capability.fields import family, family_json
from bgpwire.registry import capability

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.afi_safi import Family


@capability(64)
class GracefulRestart(Capability):
    """``restarting`` (R), ``notification`` (N), ``time`` in seconds, and families with their flags octet.

    Of several the last one counts (RFC 4724 section 3).
    """

    def __init__(self, flags: int, time: int, families: tuple[tuple[Family, int], ...]) -> None:
        self.flags = flags
        self.time = time
        self.families = families

    @classmethod
    def decode(cls, reader: Reader, code: int) -> GracefulRestart:
        """4 bits of flags, 12 of time, then 4 octets a family."""
        head = reader.u16()
        families = []
        while len(reader):
            families.append((family(reader), reader.u8()))
        return cls(head >> 12, head & 0xFFF, tuple(families))

    @property
    def restarting(self) -> bool:
        """R: the speaker has restarted."""
        return bool(self.flags & 8)

    @property
    def notification(self) -> bool:
        """N: NOTIFICATIONs and the hold timer do not end the restart (RFC 8538)."""
        return bool(self.flags & 4)

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"restarting": self.restarting, "notification": self.notification}
        if self.flags & 3:
            out["flags"] = self.flags & 3
        out["time"] = self.time
        out["families"] = [family_json(f) | _preserved(flags) for f, flags in self.families]
        return out


@capability(71)
class LongLivedGracefulRestart(Capability):
    """Families, each with its flags octet and how many seconds its routes are kept as stale."""

    def __init__(self, families: tuple[tuple[Family, int, int], ...]) -> None:
        self.families = families

    @classmethod
    def decode(cls, reader: Reader, code: int) -> LongLivedGracefulRestart:
        """7 octets a family (RFC 9494 section 3.1)."""
        families = []
        while len(reader):
            families.append((family(reader), reader.u8(), reader.u24()))
        return cls(tuple(families))

    def fields(self) -> dict[str, Any]:
        return {
            "families": [family_json(f) | _preserved(flags) | {"stale_time": time} for f, flags, time in self.families]
        }


def _preserved(flags: int) -> dict[str, Any]:
    """F (0x80): the forwarding state was preserved. Other bits are shown where they are set."""
    out: dict[str, Any] = {"forwarding_preserved": bool(flags & 0x80)}
    return out | {"flags": flags & 0x7F} if flags & 0x7F else out
