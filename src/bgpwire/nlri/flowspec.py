"""FlowSpec (SAFI 133, with a route distinguisher 134): RFC 8955 section 4, RFC 8956, draft-ietf-idr-flowspec-l2vpn.

As text ``dst 10.0.0.0/8 dport >=1024&<=65535``: BIRD's words, and ExaBGP's way of joining operators and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire.errors import DecodeError
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import malformed
from bgpwire.nlri.flowspec_component import TABLES, Component, read_components
from bgpwire.nlri.parts import rd
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire._impl import Reader, RouteDistinguisher
    from bgpwire.nlri.base import NlriContext


def flowspec_length(reader: Reader) -> int:
    """One octet below 0xf0, else two whose high nibble is no part of it (RFC 8955 section 4.1)."""
    if reader.peek() < 0xF0:
        return reader.u8()
    return reader.u16() & 0x0FFF


@nlri((1, 133), (2, 133), (25, 133), (1, 134), (2, 134), (25, 134))
class FlowSpec(Nlri):
    """Components in wire order. One that is malformed stays whole, with its ``error`` (treat-as-withdraw)."""

    def __init__(
        self, components: tuple[Component, ...], rd: RouteDistinguisher | None = None, error: DecodeError | None = None
    ) -> None:
        self.components = components
        self.rd = rd
        self.error = None if error is None else malformed(error)

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Self:
        body = reader.sub(flowspec_length(reader))
        distinguisher = rd(body) if context.safi == 134 else None
        if not len(body):
            # RFC 8955 section 4.2, <[component]+>: no component would match every packet.
            return cls((), distinguisher, DecodeError("a flow specification without components", body.offset))
        components, error = read_components(body, TABLES[context.afi])
        return cls(components, distinguisher, error)

    def component(self, type: int) -> Any:
        """The value of the first component of that type, ``None`` if there is none."""
        return next((component.value for component in self.components if component.type == type), None)

    def __str__(self) -> str:
        rule = " ".join(map(str, self.components))
        return rule if self.rd is None else f"rd {self.rd} {rule}"

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {} if self.rd is None else {"rd": str(self.rd)}
        out["components"] = [component.json() for component in self.components]
        if self.error is not None:
            out["error"] = self.error.json()
        return out
