"""A route: what the loop over an archive hands out."""

cimport cython
from libc.stdint cimport uint32_t

from bgpwire._cython.attributes cimport PathAttributes
from bgpwire._cython.event cimport Event
from bgpwire._cython.numbers cimport ORIGIN
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Prefix, Value

from bgpwire.afi_safi import Family
from bgpwire.route.shared import RouteMixin, check_route

__all__ = ["Route"]

ANNOUNCED = "A"
WITHDRAWN = "W"
ENTRY = "R"
STATE = "S"
cdef dict KINDS = {kind: kind for kind in (ANNOUNCED, WITHDRAWN, ENTRY, STATE)}


@cython.final
@cython.no_gc
cdef class Route(Value, RouteMixin):
    """One route of an UPDATE or of a RIB, or one change of a session's state.

    ``type`` is ``"A"`` announced, ``"W"`` withdrawn, ``"R"`` RIB entry or ``"S"`` state change. What the
    path attributes say is decoded on first touch, once for all routes of an UPDATE; it is ``None`` where
    the attribute is absent or malformed (see :attr:`errors`), and for withdrawals and state changes.
    """

    def __init__(self, *args, **kwargs):
        raise TypeError("a Route is made by MrtFile.routes()")

    @classmethod
    def _restore(cls, kind, event, peer, attributes, nlri, mp, family, rare):
        cdef Route self
        check_route(kind, event, peer, attributes, family, rare)
        afi, safi = (0, 0) if family is None else family
        self = new_route(KINDS[kind], event, peer, attributes, nlri, place(afi, safi, bool(mp)))
        self._rare = rare
        return self

    @property
    def originated(self):
        """When a RIB entry was learned (seconds since 1970), else ``None``."""
        if self.type is not ENTRY:
            return None
        return self._rare[0] if type(self._rare) is tuple else self._rare

    @property
    def states(self):
        """Old and new state of a state change (RFC 4271 section 8.2.2: 1 Idle to 6 Established), else ``None``."""
        return self._rare if self.type is STATE else None

    @property
    def timestamp(self):
        """Of the event: seconds since 1970, with microseconds where it has them."""
        # An instance made by __new__ has no event.
        if self.event is None:
            raise AttributeError("event")
        return self.event.timestamp

    @property
    def family(self):
        """The (AFI, SAFI); ``None`` for a state change."""
        return Family(self._place >> 16, self._place >> 8 & 0xFF) if self._place else None

    @property
    def _mp(self):
        return bool(self._place & 1)

    @property
    def peer_address(self):
        # An instance made by __new__ has no peer.
        if self.peer is None:
            raise AttributeError("peer")
        return self.peer.address

    @property
    def peer_asn(self):
        if self.peer is None:
            raise AttributeError("peer")
        return self.peer.asn

    @property
    def prefix(self):
        """The prefix without path identifier, labels or distinguisher; ``None`` for what has none."""
        nlri = self.nlri
        if type(nlri) is Prefix:
            return nlri if not (<Prefix> nlri)._has_path else (<Prefix> nlri).prefix
        return getattr(nlri, "prefix", None)

    @property
    def path_id(self):
        """The path identifier (RFC 7911); ``None`` without ADD-PATH."""
        return getattr(self.nlri, "path_id", None)

    @property
    def next_hop(self):
        """NEXT_HOP, or the (global) next hop of MP_REACH_NLRI for what stands there."""
        if self.attributes is None or self.type is WITHDRAWN:
            return None
        hop = self.attributes.hop(self._place & 1)
        return self._entry_hop if hop is None else hop

    @property
    def as_path(self):
        """The effective AS path, AS4_PATH merged in (RFC 6793)."""
        if self.attributes is None or self.type is WITHDRAWN:
            return None
        return self.attributes.path()

    @property
    def communities(self):
        if self.attributes is None or self.type is WITHDRAWN:
            return None
        return self.attributes.tags()

    @property
    def origin(self):
        if self.attributes is None or self.type is WITHDRAWN:
            return None
        return self.attributes.fetch(ORIGIN)

    @property
    def origin_asn(self):
        """The AS that originated the route; ``None`` if the path is empty or ends in several."""
        path = self.as_path
        return None if path is None else path.origin_asn


cdef Route new_route(str kind, Event event, Peer peer, PathAttributes attributes, object nlri, uint32_t where):
    cdef Route route = Route.__new__(Route)
    route.type = kind
    route.event = event
    route.peer = peer
    route.attributes = attributes
    route.nlri = nlri
    route._place = where
    return route
