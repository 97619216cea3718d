"""Text and equality of peers, which both twins share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.immutable import Immutable

if TYPE_CHECKING:
    from bgpwire._python.prefix import Address
    from bgpwire._python.rd import RouteDistinguisher


class PeerMixin(Immutable):
    """Text and equality of a peer."""

    __slots__ = ()

    if TYPE_CHECKING:
        address: Address | None
        asn: int
        bgp_id: Address | None
        local_address: Address | None
        local_asn: int | None
        interface: int | None
        rib: str | None
        distinguisher: RouteDistinguisher | None

    def _key(self) -> tuple[Any, ...]:
        where = self.rib, self.distinguisher
        return self.asn, self.address, self.bgp_id, self.local_asn, self.local_address, self.interface, *where

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return f"AS{self.asn}" if self.address is None else f"AS{self.asn} {self.address}"

    def __repr__(self) -> str:
        return f"<Peer {self}>"
