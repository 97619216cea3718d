"""A route: what the loop over an archive hands out."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.ref cimport Py_INCREF
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from bgpwire._cython.attributes cimport PathAttributes, attributes_of
from bgpwire._cython.communities cimport ExtendedCommunities, LargeCommunities
from bgpwire._cython.cursor cimport be16, be32
from bgpwire._cython.event cimport Event
from bgpwire._cython.free_list cimport FreeList, Py_XDECREF, PyTypeObject, give, take, take_bare, use
from bgpwire._cython.mrt_grammar cimport originated_at
from bgpwire._cython.next_hop cimport mp_hop, mp_next_hop
from bgpwire._cython.numbers cimport (
    AS4_PATH,
    AS_PATH,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    MP_REACH_NLRI,
    NEXT_HOP,
    ORIGIN,
)
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.pieces cimport Pieces, there
from bgpwire._cython.pool cimport Pool
from bgpwire._cython.prefix cimport Address, Value
from bgpwire._cython.slots cimport PyMemberDef, show

from bgpwire.afi_safi import Family
from bgpwire.route.shared import RouteMixin, check_route

__all__ = ["Route"]

ANNOUNCED = "A"
WITHDRAWN = "W"
ENTRY = "R"
STATE = "S"
cdef enum:
    GIVEN = 3  # attributes, next hop, when: see Route._rest

cdef uint64_t MORE = <uint64_t> 1 << <int> EXTENDED_COMMUNITIES | <uint64_t> 1 << <int> LARGE_COMMUNITY
cdef dict KINDS = {kind: kind for kind in (ANNOUNCED, WITHDRAWN, ENTRY, STATE)}
cdef PyMemberDef[SHOWN] MEMBERS
cdef FreeList FREE


# Out of the collector's sight: what it holds are values, which hold octets and values, an event, which holds what it
# came in, and attributes, which the collector does watch. None of them leads back to a route; only a family of NLRI
# whose author gave it open attributes could be made to.
@cython.final
@cython.no_gc
cdef class Route(Value, RouteMixin):
    """One route of an UPDATE or of a RIB, or one change of a session's state.

    ``type`` is ``"A"`` announced, ``"W"`` withdrawn, ``"R"`` RIB entry or ``"S"`` state change. What the
    path attributes say is ``None`` where the attribute is absent or malformed (see :attr:`errors`), and for
    withdrawals and state changes. Prefix, path, next hop and communities are there from the beginning, one object for
    all routes of a file that have the same; the rest is decoded on first touch, once for all routes of an UPDATE.
    """

    def __init__(self, *args, **kwargs):
        raise TypeError("a Route is made by MrtFile.routes()")

    @classmethod
    def _restore(cls, kind, event, peer, attributes, nlri, mp, family, rare):
        cdef Route self
        check_route(kind, event, peer, attributes, family, rare)
        afi, safi = (0, 0) if family is None else family
        bare = getattr(nlri, "prefix", None)
        self = new_route(KINDS[kind], event, peer, 0, place(afi, safi, bool(mp)), nlri, bare)
        if self.type is STATE:
            self._rest = rare
            return self
        self._rest = attributes
        if self.type is not WITHDRAWN:
            tell_whole(self, attributes)
        if self.type is ENTRY:
            originated, hop = rare if type(rare) is tuple else (rare, None)
            self._rest = attributes, hop, originated
            if self.next_hop is None:
                self.next_hop = hop
        return self

    @property
    def attributes(self):
        """The UPDATE's or the RIB entry's path attributes; ``None`` for a state change."""
        cdef object block = made_block(self._rest)
        if block is not None:
            return block
        if self.type is STATE or self.event is None:
            return None
        return block_of(self)

    @property
    def originated(self):
        """When a RIB entry was learned (seconds since 1970), else ``None``."""
        return originated_of(self) if self.type is ENTRY else None

    @property
    def states(self):
        """Old and new state of a state change (RFC 4271 section 8.2.2: 1 Idle to 6 Established), else ``None``."""
        return self._rest if self.type is STATE else None

    @property
    def _rare(self):
        """What few routes have: when it was originated, with its next hop if that stands beside the attributes, or
        its states."""
        cdef object rest = self._rest
        if self.type is not ENTRY:
            return self.states
        if was_given(rest) and rest[1] is not None:
            return rest[2], rest[1]
        return originated_of(self)

    @property
    def timestamp(self):
        """Of the event: seconds since 1970, with microseconds where it has them."""
        # An instance made by __new__ has no event.
        if self.event is None:
            raise AttributeError("event")
        return self.event.seconds + self.event._micro / 1e6

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
    def path_id(self):
        """The path identifier (RFC 7911); ``None`` without ADD-PATH."""
        # Most NLRI are their own prefix, which has none.
        return None if self.nlri is self.prefix else getattr(self.nlri, "path_id", None)

    @property
    def extended_communities(self):
        cdef object rest = self._rest
        if type(rest) is ExtendedCommunities or rest is None:
            return rest
        return rarely(self, rest, EXTENDED_COMMUNITIES)

    @property
    def large_communities(self):
        cdef object rest = self._rest
        if type(rest) is LargeCommunities or rest is None:
            return rest
        return rarely(self, rest, LARGE_COMMUNITY)

    @property
    def origin(self):
        cdef object block = self.attributes
        if block is None or self.type is WITHDRAWN:
            return None
        return (<PathAttributes> block).fetch(ORIGIN)

    @property
    def origin_asn(self):
        """The AS that originated the route; ``None`` if the path is empty or ends in several."""
        return None if self.as_path is None else self.as_path.origin_asn


cdef int show_fields() except -1:
    cdef Route none = None
    cdef Py_ssize_t at = <char *> ROUTE_FIELDS(none) - <char *> <void *> none, step = sizeof(void *)
    show(Route, &MEMBERS[0], b"type", at, b"A announced, W withdrawn, R RIB entry or S state change.")
    show(Route, &MEMBERS[1], b"event", at + step,
         b"What the route came in: time, session, octets, offset; one object for all its routes.")
    show(Route, &MEMBERS[2], b"peer", at + 2 * step, b"The router that sent it to the collector.")
    show(Route, &MEMBERS[3], b"nlri", at + 3 * step,
         b"The NLRI with all it carries: path identifier, labels, route distinguisher; None for a state change.")
    show(Route, &MEMBERS[4], b"prefix", at + 4 * step,
         b"The prefix without path identifier, labels or distinguisher; None for what has none.")
    show(Route, &MEMBERS[5], b"as_path", at + 5 * step, b"The effective AS path, AS4_PATH merged in (RFC 6793).")
    show(Route, &MEMBERS[6], b"next_hop", at + 6 * step,
         b"NEXT_HOP, or the (global) next hop of MP_REACH_NLRI for what stands there.")
    show(Route, &MEMBERS[7], b"communities", at + 7 * step, b"COMMUNITIES (RFC 1997).")
    return 0


cdef PyObject *allocate(PyTypeObject *cls, Py_ssize_t items) noexcept:
    return take(&FREE, cls)


cdef void release(void *block) noexcept:
    give(&FREE, block)


cdef void dealloc(PyObject *self) noexcept:
    cdef PyObject **fields = ROUTE_FIELDS(<Route> self)
    cdef int index
    for index in range(FIELDS):
        Py_XDECREF(fields[index])
    give(&FREE, self)


show_fields()
use(Route, allocate, release, dealloc)


cdef extern from *:
    # The reference is the caller's; NULL: the exception that is set.
    Route owned "BGPWIRE_OWNED" (PyObject *made)


cdef inline void put(PyObject **field, object value) noexcept:
    """Fill a field that holds nothing."""
    Py_INCREF(value)
    field[0] = <PyObject *> value


cdef Route new_route(
    str kind, Event event, Peer peer, Py_ssize_t start, uint32_t where, object nlri, object prefix
):
    """A route of which no more is known than this; ``start``: see :attr:`Route._start`."""
    # No constructor, which would fill with None what is set here. Nobody can touch it before all is filled.
    cdef Route route = owned(take_bare(&FREE, <PyTypeObject *> Route))
    cdef PyObject **fields = ROUTE_FIELDS(route)
    cdef int index
    put(fields, kind)
    put(fields + 1, event)
    put(fields + 2, peer)
    # None is immortal: nobody counts its references, here and where another object takes its place.
    put(fields + NLRI, nlri)
    put(fields + NLRI + 1, prefix)
    for index in range(NLRI + 2, FIELDS):
        fields[index] = <PyObject *> None
    route._start = <uint32_t> start
    route._place = where
    return route


cdef PyObject *copied(Route model, object nlri, object prefix) except NULL:
    """The same route with another NLRI; the reference is the caller's."""
    cdef PyObject *made = take_bare(&FREE, <PyTypeObject *> Route)
    cdef PyObject **old = ROUTE_FIELDS(model)
    cdef PyObject **new
    cdef int index
    if made == NULL:
        raise MemoryError
    new = ROUTE_FIELDS(<Route> made)
    for index in range(NLRI):
        put(new + index, <object> old[index])
    put(new + NLRI, nlri)
    put(new + NLRI + 1, prefix)
    for index in range(NLRI + 2, FIELDS):
        put(new + index, <object> old[index])
    (<Route> made)._place = model._place
    (<Route> made)._start = model._start
    return made


cdef PathAttributes block_of(Route self):
    """The attributes, made anew or, of an UPDATE, those of another of its routes."""
    cdef Event event = self.event
    cdef bytes data = event._data
    cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(data)
    cdef Py_ssize_t start = self._start, end, size = PyBytes_GET_SIZE(data)
    cdef bint entry = self.type is ENTRY
    cdef object made
    # An event that was initialised again may have other octets.
    if not 2 <= start <= size:
        raise ValueError("the event has not the octets of the route")
    end = min(start + be16(octets + start - 2), size)
    family = (self._place >> 16, self._place >> 8 & 0xFF) if entry else None
    with cython.critical_section(event):
        made = None if entry else event._attributes
    if made is None or (<PathAttributes> made)._start != start or (<PathAttributes> made)._data is not data:
        made = attributes_of(
            data, start, end, event.session, event.session.asn4, 0 if entry else -event._begin, family
        )
        if not entry:
            with cython.critical_section(event):
                event._attributes = made
    with cython.critical_section(self):
        self._rest = made
    return made


cdef inline bint was_given(object rest) noexcept:
    """Whether that is what a RIB entry has that did not come out of octets."""
    return type(rest) is tuple and len(<tuple> rest) == GIVEN


cdef object made_block(object rest):
    """The attributes in :attr:`Route._rest`; ``None`` where they are not made yet."""
    if type(rest) is PathAttributes:
        return rest
    return rest[0] if was_given(rest) else None


cdef object rarely(Route self, object rest, int code):
    """The extended or large communities of a route that does not have these alone: from :attr:`Route._rest`."""
    cdef object block = made_block(rest)
    if self.type is STATE or self.type is WITHDRAWN:
        return None
    if block is not None:
        return (<PathAttributes> block).fetch(code)
    return rest[0 if code == EXTENDED_COMMUNITIES else 1] if type(rest) is tuple else None


cdef object originated_of(Route self):
    """When a RIB entry was originated: 4 octets before its attributes (RFC 6396 sections 4.2 and 4.3.4)."""
    cdef Event event = self.event
    cdef Py_ssize_t where
    if was_given(self._rest):
        return self._rest[2]
    if event is None:
        raise AttributeError("event")
    where = originated_at(event._type, event._subtype, self._start)
    # As in block_of.
    if where < 0 or where + 4 > PyBytes_GET_SIZE(event._data):
        raise ValueError("the event has not the octets of the route")
    return be32(<const uint8_t *> PyBytes_AS_STRING(event._data) + where)


cdef int tell_whole(Route self, PathAttributes block) except -1:
    """Set what the attributes say of a route that did not come out of octets."""
    self.as_path = block.path()
    self.next_hop = block.hop(self._place & 1)
    self.communities = block.tags()
    return 0


cdef int tell(Route self, const Pieces *pieces, bint asn4, Pool pool) except -1:
    """Set what the attributes say, all but the next hop; ``self`` was made anew."""
    cdef const uint8_t *data = pieces.data
    cdef PyObject **fields = ROUTE_FIELDS(self)
    if not asn4 and there(pieces, AS4_PATH):
        path = block_of(self).path()
        self._rest = None
        if path is not None:
            fields[PATH] = pool.same_path(path)
    elif there(pieces, AS_PATH):
        fields[PATH] = pool.path(data + pieces.at[AS_PATH].start, pieces.at[AS_PATH].size, asn4)
    if there(pieces, COMMUNITIES):
        fields[TAGS] = pool.communities(data + pieces.at[COMMUNITIES].start, pieces.at[COMMUNITIES].size)
    if pieces.there & MORE:
        self._rest = more(pieces, pool)
    return 0


cdef object more(const Pieces *pieces, Pool pool):
    """The extended communities, the large ones, or a tuple of both."""
    cdef const uint8_t *data = pieces.data
    cdef object extended = None, large = None
    if there(pieces, EXTENDED_COMMUNITIES):
        extended = pool.extended(
            data + pieces.at[EXTENDED_COMMUNITIES].start, pieces.at[EXTENDED_COMMUNITIES].size
        )
    if there(pieces, LARGE_COMMUNITY):
        large = pool.large(data + pieces.at[LARGE_COMMUNITY].start, pieces.at[LARGE_COMMUNITY].size)
    if extended is None:
        return large
    return extended if large is None else (extended, large)


cdef int tell_hop(Route self, const Pieces *pieces, Pool pool) except -1:
    """Set the next hop, of MP_REACH_NLRI where that has the NLRI, as :meth:`PathAttributes.next_hop_of` gives it;
    ``self`` was made anew."""
    cdef const uint8_t *data = pieces.data
    cdef const uint8_t *address = NULL
    cdef PyObject **field = ROUTE_FIELDS(self) + HOP
    cdef Py_ssize_t start, end
    cdef int size, afi = 0, safi = 0
    if not self._place & 1 or not there(pieces, MP_REACH_NLRI):
        if there(pieces, NEXT_HOP) and pieces.at[NEXT_HOP].size == 4:
            field[0] = pool.address(data + pieces.at[NEXT_HOP].start, 4)
        return 0
    if self.type is ENTRY:
        afi = self._place >> 16
        safi = self._place >> 8 & 0xFF
    start = pieces.at[MP_REACH_NLRI].start
    end = start + pieces.at[MP_REACH_NLRI].size
    size = mp_hop(data, start, end, afi, safi, &address)
    if size > 0:
        field[0] = pool.address(address, size)
    elif size < 0:
        found = mp_next_hop(data, start, end, (afi, safi) if afi else None)
        if found is not None:
            field[0] = pool.address((<Address> found)._octets, (<Address> found)._size)
    return 0
