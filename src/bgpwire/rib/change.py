"""Routes of a table, and what has changed, as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bgpwire._impl import PathAttributes
from bgpwire.afi_safi import AFI_IPV4, SAFI_UNICAST
from bgpwire.numbers.attribute import MP_REACH_NLRI, NEXT_HOP
from bgpwire.route.kernels import Event, Route
from bgpwire.session import Session

if TYPE_CHECKING:
    from bgpwire._python.peer import Peer

__all__ = ["SESSION", "Change", "change_of", "route_of"]

SESSION: Final = Session(asn4=True, extended_message=True)

type Said = tuple[int, bytes]
"""Since when a route is there (seconds since 1970), and the octets of its attributes."""


class Change(NamedTuple):
    """A route that came, was replaced or went."""

    timestamp: float
    """Seconds since 1970: of the message that brought it."""
    peer: Peer
    nlri: Any
    """With its path identifier, labels and distinguisher."""
    old: Route | None
    """``None`` for a route that is new."""
    new: Route | None
    """``None`` for one that is gone."""


def route_of(peer: Peer, family: tuple[int, int], nlri: Any, since: int, attributes: bytes) -> Route:
    """The entry of a RIB that a route of a table is."""
    block = PathAttributes(attributes, 0, None, SESSION, 0, family)
    mp = MP_REACH_NLRI in block and not (family == (AFI_IPV4, SAFI_UNICAST) and NEXT_HOP in block)
    event = Event(b"", since, peer=peer, session=SESSION, message=False)
    return Route._restore("R", event, peer, block, nlri, mp, family, since)


def change_of(
    timestamp: float, peer: Peer, family: tuple[int, int], nlri: Any, old: Said | None, new: Said | None
) -> Change:
    """What became of a route."""
    before = None if old is None else route_of(peer, family, nlri, *old)
    after = None if new is None else route_of(peer, family, nlri, *new)
    return Change(timestamp, peer, nlri, before, after)
