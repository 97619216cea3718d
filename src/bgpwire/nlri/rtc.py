"""Route Target constraint (AFI 1, SAFI 132): RFC 4684 section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import ExtendedCommunity, Reader
from bgpwire.errors import DecodeError
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import Declared, MalformedNlri
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.nlri.base import NlriContext


@nlri((1, 132))
class RouteTarget(Declared):
    """A prefix of 0 or 32 to 96 bits: origin AS, then a route target or the first bits of one; 0 bits ask for all."""

    length: int
    origin_as: int | None = None
    route_target: ExtendedCommunity | None = None
    """The target, bits behind the length cleared; ``None`` where the prefix ends with the AS."""

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        at = reader.offset
        bits = reader.u8()
        octets = reader.sub((bits + 7) >> 3)
        if bits and not 32 <= bits <= 96:
            return MalformedNlri(None, DecodeError(f"a route target membership of {bits} bits", at))
        return cls.bits(octets, bits)

    @classmethod
    def bits(cls, reader: Reader, length: int) -> Self:
        fields: dict[str, Any] = {"length": length}
        if length:
            fields["origin_as"] = reader.u32()
        if length > 32:
            value = reader.uint(len(reader)) << (96 - length) // 8 * 8
            value &= -1 << (96 - length)
            fields["route_target"] = ExtendedCommunity.from_bytes(value.to_bytes(8))
        return cls.of(fields)

    def __str__(self) -> str:
        """``65000:rt:65000:100/96``; ``default`` for no bits."""
        if not self.length:
            return "default"
        target = "" if self.route_target is None else f":{self.route_target}"
        return f"{self.origin_as}{target}/{self.length}"
