"""GoBGP's key-value store in BGP (AFI 16397, SAFI 241, a private one)."""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire.nlri.declared import Declared
from bgpwire.registry import nlri


@nlri((16397, 241))
class Opaque(Declared):
    """A key behind its length of two octets, and a value: all that is left, so that there is one NLRI an attribute."""

    name: str
    value: bytes
    layout = fields.Layout(name=fields.sized(fields.text, 2), value=fields.octets)

    def __str__(self) -> str:
        return f"{self.name}={self.value!r}"
