"""FlowSpec (SAFI 133, with a route distinguisher 134): RFC 8955 section 4, RFC 8956, draft-ietf-idr-flowspec-l2vpn.

As text ``dst 10.0.0.0/8 dport >=1024&<=65535``: BIRD's words, and ExaBGP's way of joining operators and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.field import Field, Layout
from bgpwire.nlri.declared import Sized, malformed
from bgpwire.nlri.flowspec_component import TABLES
from bgpwire.nlri.flowspec_components import Components
from bgpwire.nlri.parts import rd
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire._impl import Reader, RouteDistinguisher, Writer
    from bgpwire.nlri.base import NlriContext, OfFamily
    from bgpwire.nlri.flowspec_component import Component

SAFI_VPN = 134
_TWO_OCTETS = 0xF0
_LONGEST = 0x0FFF


def flowspec_length(reader: Reader) -> int:
    """One octet below 0xf0, else two whose high nibble is no part of it (RFC 8955 section 4.1)."""
    if reader.peek() < _TWO_OCTETS:
        return reader.u8()
    return reader.u16() & _LONGEST


class FlowSpecLength(Field):
    """How many octets a flow specification has, see :func:`flowspec_length`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(flowspec_length, exact=False)

    def write(self, writer: Writer, value: Any) -> None:
        if value > _LONGEST:
            raise ValueError(f"a flow specification of {value} octets")
        if value < _TWO_OCTETS:
            writer.u8(value)
        else:
            writer.u16(_TWO_OCTETS << 8 | value)


_COMPONENTS = {afi: Components(table) for afi, table in TABLES.items()}
_PLAIN = {afi: Layout(components=components) for afi, components in _COMPONENTS.items()}
_VPN = {afi: Layout(rd=rd, components=components) for afi, components in _COMPONENTS.items()}


@nlri(*families((*IP, Afi.L2VPN), Safi.FLOWSPEC, Safi.FLOWSPEC_VPN))
class FlowSpec(Sized):
    """Components in wire order. One that is malformed stays whole, with its ``error`` (treat-as-withdraw)."""

    rd: RouteDistinguisher | None = None
    components: tuple[Component, ...]
    error: DecodeError | None = None
    size = FlowSpecLength()

    @classmethod
    def layout_of(cls, context: OfFamily) -> Layout:
        return (_VPN if context.safi == SAFI_VPN else _PLAIN)[context.afi]

    def laid_out(self) -> bytes | None:
        wire = self.wire
        if wire[0] < _TWO_OCTETS:
            return wire[1:]
        return wire[2:] if len(wire) >= 2 + _TWO_OCTETS else None

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Self:
        body = reader.sub(flowspec_length(reader))
        fields: dict[str, Any] = {"rd": rd.read(body)} if context.safi == SAFI_VPN else {}
        fields["components"], error = _COMPONENTS[context.afi].salvage(body)
        if error is not None:
            fields["error"] = malformed(error)
        return cls.of(fields)

    def component(self, type: int) -> Any:
        """The value of the first component of that type, ``None`` without one."""
        return next((component.value for component in self.components if component.type == type), None)

    def __str__(self) -> str:
        rule = " ".join(map(str, self.components))
        return rule if self.rd is None else f"rd {self.rd} {rule}"
