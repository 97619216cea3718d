"""ROUTE-REFRESH (RFC 2918, RFC 5291, RFC 7313), and Cisco's from before."""

from __future__ import annotations

from typing import Any, Self

from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.errors import DecodeError, MessageHeaderError, RouteRefreshError
from bgpwire.message.base import Message
from bgpwire.message.orf import decode_orf, orf_text
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, INVALID_MESSAGE_LENGTH
from bgpwire.numbers.message import ROUTE_REFRESH, ROUTE_REFRESH_CISCO

REQUEST, BORR, EORR = 0, 1, 2
SUBTYPES = {REQUEST: "request", BORR: "begin_of_route_refresh", EORR: "end_of_route_refresh"}


class RouteRefresh(Message, type=ROUTE_REFRESH):
    """Ask for a family's routes once more, or frame the answer (RFC 7313 section 3.2)."""

    __slots__ = ()

    @classmethod
    def build(cls, family: tuple[int, int], subtype: int = 0) -> Self:
        """The message to send."""
        return cls._packed(family[0].to_bytes(2) + bytes((subtype, family[1])))

    def check(self) -> None:
        """:class:`bgpwire.MessageHeaderError` 1/2 without the 4 octets that every one has."""
        if len(self.data) < 23:
            reason = f"message of {len(self.data)} octets, type {self.data[18]}"
            raise MessageHeaderError(reason, 16, None, BAD_MESSAGE_LENGTH, data=self.data[16:18])

    @property
    def errors(self) -> list[DecodeError]:
        """BoRR and EoRR with octets behind, filters whose lengths do not fit (7/1, RFC 7313 section 5), and filters
        whose entries are malformed or FRR's (0/0; RFC 5291 has no code for them).

        Sub-types other than 0 to 2 are to be ignored, and so nothing in them is an error.
        """
        if self.subtype in (BORR, EORR) and len(self.data) != 23:
            reason = f"{SUBTYPES[self.subtype]} of {len(self.data)} octets, not 23"
            return [RouteRefreshError(reason, 16, None, INVALID_MESSAGE_LENGTH, data=self.data)]
        try:
            return self._filters()[1]
        except DecodeError as error:
            reason = f"ORF: {error.reason}"
            return [RouteRefreshError(reason, error.offset, None, INVALID_MESSAGE_LENGTH, data=self.data)]

    @property
    def family(self) -> Family:
        return Family(int.from_bytes(self.data[19:21]), self.data[22])

    @property
    def subtype(self) -> int:
        """0 request, 1 BoRR, 2 EoRR; the octet was reserved in RFC 2918, others are to be ignored."""
        return self.data[21]

    @property
    def orf(self) -> bytes:
        """The octets behind the first 4: outbound route filters in a request (RFC 5291 section 4)."""
        return self.data[23:]

    @property
    def filters(self) -> dict[str, Any] | None:
        """When to refresh, and the outbound route filters as JSON values; ``None`` without any.

        :class:`bgpwire.DecodeError` where the length of a list of entries runs over the end.
        """
        return self._filters()[0]

    def _filters(self) -> tuple[dict[str, Any] | None, list[DecodeError]]:
        if not self.orf or self.subtype:
            return None, []
        return decode_orf(self.orf, 23, self.family.afi)

    def __str__(self) -> str:
        """Family, sub-type and filters: ``ipv4-unicast request immediate address_prefix [add permit …]``."""
        words = [str(self.family), str(SUBTYPES.get(self.subtype, self.subtype))]
        if self.orf:
            try:
                filters = self.filters
            except DecodeError:
                filters = None
            words.append(f"0x{self.orf.hex()}" if filters is None else orf_text(filters))
        return " ".join(words)

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"afi": afi_name(self.family.afi), "safi": safi_name(self.family.safi)}
        out["subtype"] = SUBTYPES.get(self.subtype, self.subtype)
        if not self.orf:
            return out
        if self.subtype:
            return out | {"data": self.orf.hex()}
        try:
            filters = self.filters
        except DecodeError:
            filters = None
        return out | {"orf": self.orf.hex() if filters is None else filters}


class RouteRefreshCisco(RouteRefresh, type=ROUTE_REFRESH_CISCO):
    """Cisco's message from before RFC 2918: the same body under type 128 (capability 128)."""

    __slots__ = ()
