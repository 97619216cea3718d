"""ROUTE-REFRESH (RFC 2918, RFC 5291, RFC 7313)."""

from __future__ import annotations

from typing import Any, Self

from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.message.base import Message

SUBTYPES = {0: "request", 1: "begin_of_route_refresh", 2: "end_of_route_refresh"}


class RouteRefresh(Message, type=5):
    """Ask for a family's routes once more, or frame the answer (RFC 7313 section 3.2)."""

    __slots__ = ()

    @classmethod
    def build(cls, family: tuple[int, int], subtype: int = 0) -> Self:
        """The message to send."""
        return cls._packed(family[0].to_bytes(2) + bytes((subtype, family[1])))

    @property
    def family(self) -> Family:
        return Family(int.from_bytes(self.data[19:21]), self.data[22])

    @property
    def subtype(self) -> int:
        """0 request, 1 BoRR, 2 EoRR; the octet was reserved in RFC 2918."""
        return self.data[21]

    @property
    def orf(self) -> bytes:
        """The octets behind the first 4: outbound route filters (RFC 5291 section 4)."""
        return self.data[23:]

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"afi": afi_name(self.family.afi), "safi": safi_name(self.family.safi)}
        out["subtype"] = SUBTYPES.get(self.subtype, self.subtype)
        return out | {"orf": self.orf.hex()} if self.orf else out
