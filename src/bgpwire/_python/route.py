"""A route: what the loop over an archive hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from bgpwire._python.attributes import EFFECTIVE_PATH, MP_NEXT_HOP
from bgpwire._python.communities import Communities
from bgpwire._python.event import Event
from bgpwire._python.peer import Peer
from bgpwire._python.prefix import Address, Prefix
from bgpwire.afi_safi import Family
from bgpwire.immutable import making
from bgpwire.numbers.attribute import COMMUNITIES, NEXT_HOP
from bgpwire.route.shared import RouteMixin, check_route

if TYPE_CHECKING:
    from bgpwire._python.as_path import AsPath
    from bgpwire._python.attributes import PathAttributes
    from bgpwire.nlri.collection import AnyNlri
    from bgpwire.value.origin import Origin

__all__ = ["Route"]


@final
class Route(RouteMixin):
    """One route of an UPDATE or of a RIB, or one change of a session's state.

    ``type`` is ``"A"`` announced, ``"W"`` withdrawn, ``"R"`` RIB entry or ``"S"`` state change. What the
    path attributes say is decoded on first touch, once for all routes of an UPDATE; it is ``None`` where
    the attribute is absent or malformed (see :attr:`errors`), and for withdrawals and state changes.
    """

    __slots__ = ("_own", "_place", "_rare", "attributes", "event", "nlri", "peer", "type")
    type: str
    event: Event
    """What the route came in: time, session, octets, offset; one object for all its routes."""
    peer: Peer
    attributes: PathAttributes | None
    """The UPDATE's or the RIB entry's path attributes; ``None`` for a state change."""
    nlri: AnyNlri | None
    """The NLRI with all it carries: path identifier, labels, route distinguisher; ``None`` for a state change."""
    _place: tuple[int, int, bool] | None
    """Where the NLRI stands: AFI, SAFI, whether in MP_REACH_NLRI or MP_UNREACH_NLRI; ``None`` for a state change."""
    _own: PathAttributes | None
    """The attributes that hold for this route: none for a withdrawal."""
    _rare: Any
    """What few routes have: when it was originated, with its next hop if that stands beside the attributes, or its
    states. Unset for all others."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Route is made by MrtFile.routes()")

    @classmethod
    def _restore(
        cls,
        kind: str,
        event: Event,
        peer: Peer,
        attributes: PathAttributes | None,
        nlri: AnyNlri | None,
        mp: bool,
        family: tuple[int, int] | None,
        rare: Any,
    ) -> Route:
        check_route(kind, event, peer, attributes, family, rare)
        place = None if family is None else (*family, bool(mp))
        return new_route(kind, event, peer, attributes, nlri, place, rare)

    @property
    def originated(self) -> int | None:
        """When a RIB entry was learned (seconds since 1970), else ``None``."""
        if self.type != "R":
            return None
        rare: int | tuple[int, Address | None] = self._rare
        return rare if isinstance(rare, int) else rare[0]

    @property
    def states(self) -> tuple[int, int] | None:
        """Old and new state of a state change (RFC 4271 section 8.2.2: 1 Idle to 6 Established), else ``None``."""
        return self._rare if self.type == "S" else None

    @property
    def timestamp(self) -> float:
        """Of the event: seconds since 1970, with microseconds where it has them."""
        return self.event.timestamp

    @property
    def family(self) -> Family | None:
        """The (AFI, SAFI); ``None`` for a state change."""
        place = self._place
        return None if place is None else Family(place[0], place[1])

    @property
    def _mp(self) -> bool:
        return self._place is not None and self._place[2]

    @property
    def peer_address(self) -> Address | None:
        return self.peer.address

    @property
    def peer_asn(self) -> int:
        return self.peer.asn

    @property
    def prefix(self) -> Prefix | None:
        """The prefix without path identifier, labels or distinguisher; ``None`` for what has none."""
        nlri = self.nlri
        if type(nlri) is Prefix and nlri._path_id is None:
            return nlri
        return getattr(nlri, "prefix", None)

    @property
    def path_id(self) -> int | None:
        """The path identifier (RFC 7911); ``None`` without ADD-PATH."""
        return getattr(self.nlri, "path_id", None)

    @property
    def next_hop(self) -> Address | None:
        """NEXT_HOP, or the (global) next hop of MP_REACH_NLRI for what stands there."""
        own = self._own
        if own is None:
            return None
        place: Any = self._place
        hop = own._cache.get(MP_NEXT_HOP if place[2] else NEXT_HOP)
        if type(hop) is Address:
            return hop
        found = own.next_hop_of(place[2])
        return self._entry_hop if found is None else found

    @property
    def as_path(self) -> AsPath | None:
        """The effective AS path, AS4_PATH merged in (RFC 6793)."""
        own = self._own
        if own is None:
            return None
        return own._cache.get(EFFECTIVE_PATH) or own.as_path

    @property
    def communities(self) -> Communities | None:
        own = self._own
        if own is None:
            return None
        tags = own._cache.get(COMMUNITIES)
        return tags if type(tags) is Communities else own.get(COMMUNITIES)

    @property
    def origin(self) -> Origin | None:
        own = self._own
        return None if own is None else own.origin

    @property
    def origin_asn(self) -> int | None:
        """The AS that originated the route; ``None`` if the path is empty or ends in several."""
        path = self.as_path
        return None if path is None else path.origin_asn


making_route = making(Route)


def new_route(
    kind: str,
    event: Event,
    peer: Peer,
    attributes: PathAttributes | None,
    nlri: AnyNlri | None,
    place: tuple[int, int, bool] | None,
    rare: Any = None,
) -> Route:
    route = making_route()
    route.type = kind
    route.event = event
    route.peer = peer
    route.attributes = attributes
    route.nlri = nlri
    route._own = None if kind == "W" else attributes
    route._place = place
    if rare is not None:
        route._rare = rare
    route.__class__ = Route
    return route  # type: ignore[no-any-return]
