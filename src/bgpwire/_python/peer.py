"""The peer that a collector or a speaker heard from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final

from bgpwire.immutable import fill
from bgpwire.route.peer import PeerMixin
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from bgpwire._python.prefix import Address
    from bgpwire._python.rd import RouteDistinguisher

__all__ = ["Peer"]


@final
class Peer(PeerMixin):
    """The router that sent to the collector; one object for all records of a file that name the same peer."""

    __slots__ = ("address", "asn", "bgp_id", "distinguisher", "interface", "local_address", "local_asn", "rib")
    address: Address | None
    """``None`` where the record has none: a few writers left it out for a session that was not up."""
    asn: int
    bgp_id: Address | None
    """From a peer index table, else ``None``."""
    local_address: Address | None
    local_asn: int | None
    interface: int | None
    """The interface index of BGP4MP, else ``None``."""
    rib: str | None
    """Which table of a router that is monitored its routes are in (RFC 7854, RFC 8671, RFC 9069), else ``None``:
    ``adj-rib-in-pre``, ``adj-rib-in-post``, ``adj-rib-out-pre``, ``adj-rib-out-post``, ``loc-rib``."""
    distinguisher: RouteDistinguisher | None
    """Of the instance of that router that it is a peer of (RFC 7854 section 4.2); ``None`` for the global one."""

    def __init__(
        self,
        address: Address | None,
        asn: int,
        bgp_id: Address | None = None,
        local_address: Address | None = None,
        local_asn: int | None = None,
        interface: int | None = None,
        rib: str | None = None,
        distinguisher: RouteDistinguisher | None = None,
    ) -> None:
        fill(self, "address", address)
        fill(self, "asn", asn)
        fill(self, "bgp_id", bgp_id)
        fill(self, "local_address", local_address)
        fill(self, "local_asn", local_asn)
        fill(self, "interface", interface)
        fill(self, "rib", rib)
        fill(self, "distinguisher", distinguisher)

    @classmethod
    def _restore(cls, *args: Any) -> Self:
        return cls(*args)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, (
            *("Peer", self.address, self.asn, self.bgp_id),
            *(self.local_address, self.local_asn, self.interface, self.rib, self.distinguisher),
        )
