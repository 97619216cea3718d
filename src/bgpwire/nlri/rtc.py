"""Route Target constraint (AFI 1, SAFI 132): RFC 4684 section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import ExtendedCommunity, Reader
from bgpwire.afi_safi import Afi, Safi
from bgpwire.extended_community.base import extended_community
from bgpwire.field import Field, Layout, u8, u32
from bgpwire.field.address import bits_behind
from bgpwire.nlri.by_bits import ByBits
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire._impl import Writer

_SHORTEST, _LONGEST = 32, 96
"""Bits: the origin AS alone, and with a whole route target."""


class FirstBits(Field):
    """The first ``bits`` bits of an extended community, in as few octets; those behind are cleared."""

    __slots__ = ("_bits", "_mask", "_size")

    def __init__(self, bits: int) -> None:
        size = (bits + 7) >> 3
        shift, mask = 64 - 8 * size, -1 << (64 - bits)

        def read(reader: Reader) -> ExtendedCommunity:
            value = reader.uint(size) << shift
            value &= mask
            return ExtendedCommunity.from_bytes(value.to_bytes(8))

        super().__init__(read, exact=not bits % 8, width=size)
        self._bits = bits
        self._size = size
        self._mask = mask

    def write(self, writer: Writer, value: Any) -> None:
        octets = bytes(value)
        if int.from_bytes(octets) & ~self._mask:
            raise ValueError(f"{value} has bits behind the length")
        writer.octets(octets[: self._size])

    def restores(self, value: Any, data: bytes) -> bool:
        return not bits_behind(bytes((self._bits,)) + data)

    def from_json(self, form: Any) -> Any:
        return extended_community.from_json(form)

    def schema(self) -> dict[str, Any]:
        return extended_community.schema()


_LAYOUTS = {0: Layout(), _SHORTEST: Layout(origin_as=u32)} | {
    bits: Layout(origin_as=u32, route_target=FirstBits(bits - _SHORTEST)) for bits in range(_SHORTEST + 1, _LONGEST + 1)
}
"""By the length in bits."""


@nlri((Afi.IPV4, Safi.ROUTE_TARGET))
class RouteTarget(ByBits):
    """A prefix of 0 or 32 to 96 bits: origin AS, then a route target or the first bits of one; 0 bits ask for all."""

    origin_as: int | None = None
    route_target: ExtendedCommunity | None = None
    """The target, bits behind the length cleared; ``None`` where the prefix ends with the AS."""

    layouts = _LAYOUTS
    layout = Layout(length=u8, **_LAYOUTS[_LONGEST])
    reason = "a route target membership of {} bits"

    def __str__(self) -> str:
        """``65000:rt:65000:100/96``; ``default`` for no bits."""
        if not self.length:
            return "default"
        target = "" if self.route_target is None else f":{self.route_target}"
        return f"{self.origin_as}{target}/{self.length}"
