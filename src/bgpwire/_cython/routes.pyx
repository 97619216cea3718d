"""Routes out of MRT records: the loop that analysts run over gigabytes."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int32_t, uint8_t, uint32_t
from libc.string cimport memcmp, memset

from bgpwire._cython.cursor cimport (
    MESSAGE_HEADER,
    Cursor,
    MessageItem,
    Step,
    be16,
    be32,
    cursor,
    left,
    next_message,
    offset,
)
from bgpwire._cython.event cimport BODY, MESSAGE, MICROSECONDS, NO_MESSAGE, Event, new_event
from bgpwire._cython.free_list cimport PyObject, owned
from bgpwire._cython.gathered cimport Gathered, empty, gather, listed
from bgpwire._cython.mrt cimport Record, RecordWalker
from bgpwire._cython.mrt_grammar cimport (
    AddressesItem,
    AsNumbersItem,
    Bgp4mpForm,
    bgp4mp_form,
    next_addresses,
    next_as_numbers,
)
from bgpwire._cython.numbers cimport (
    BGP,
    BGP4MP,
    BGP4MP_ET,
    BGP4PLUS,
    BGP4PLUS_01,
    EARLY_BGP4MP,
    EARLY_BGP4MP_ET,
    TABLE_DUMP,
    TABLE_DUMP_V2,
    UPDATE,
)
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport address_of
from bgpwire._cython.route cimport ENTRY, STATE, Route, new_route
from bgpwire._cython.tables cimport TableDecoder
from bgpwire._cython.updates cimport update_routes

from bgpwire.every_family import ALL_FAMILIES, families_of
from bgpwire.errors import DecodeError, MrtError, TruncatedError
from bgpwire.route.legacy import MESSAGES
from bgpwire.session import Session
from bgpwire.mrt.unusual_records import locate_legacy, locate_unusual, read_entry

__all__ = ["RouteDecoder", "iter_routes"]

cdef enum:
    MAX_PEERS = 1 << 16
    RECENT = 64
    # No type of a BGP message, which has one octet.
    NONE = 256


cdef inline bint is_bgp4mp(int kind) noexcept nogil:
    """BGP4MP and BGP4MP_ET, and what early collectors wrote for them."""
    return kind == BGP4MP or kind == BGP4MP_ET or kind == EARLY_BGP4MP or kind == EARLY_BGP4MP_ET


cdef class RouteDecoder:
    """Decodes records one by one; holds what later records of a file need of earlier ones (the peer index).

    ``add_path`` names families whose NLRI carry path identifiers although the record's subtype does not
    say so: some collectors wrote such files. ``multiple_labels`` names those whose routes may have several labels
    (RFC 8277), which no record says.
    """

    cdef dict _peers
    cdef TableDecoder _tables
    cdef tuple _sessions
    # The peers met last, by a cheap hash of their octets: most records find theirs without the dict.
    cdef list _recent_peers
    cdef list _recent_keys
    # Families whose NLRI carry path identifiers although the record does not say so; None where there are none.
    cdef object _given

    def __init__(self, add_path=(), multiple_labels=()):
        given = families_of(add_path)
        self._given = given or None
        self._sessions = tuple(
            Session(
                asn4,
                ALL_FAMILIES if paths else given,
                extended_message=True,
                multiple_labels=multiple_labels,
            )
            for asn4 in (False, True)
            for paths in (False, True)
        )
        self._peers = {}
        self._tables = TableDecoder(self._sessions[0], self._sessions[2])

    def __cinit__(self, *args, **kwargs):
        self._peers = {}
        self._tables = TableDecoder(None, None)
        self._sessions = ()
        self._recent_peers = [None] * RECENT
        self._recent_keys = [b""] * RECENT

    @property
    def add_path(self):
        """The families that were named."""
        return frozenset(self._given or ())

    def routes(self, Record record not None):
        """The routes of one record, in the order withdrawn, announced; body before MP attributes.

        Empty for what holds none (OPEN, KEEPALIVE, a peer index, an unknown type).
        :class:`bgpwire.DecodeError`, its offset counted in ``record.data``, where the record or its message
        cannot be read; what an UPDATE's attributes got wrong is in :attr:`Route.errors` instead.
        """
        return self.routes_of(new_event(record.seconds, record.type, record.subtype, record.data, record.offset, None))

    def routes_of(self, Event event not None):
        """The same of a record that :meth:`RecordWalker.events` gave, which is completed."""
        cdef Gathered out
        memset(&out, 0, sizeof(out))
        try:
            self._routes(event, &out)
            return listed(&out)
        finally:
            empty(&out)

    def find_message(self, Event event not None):
        """The type of the BGP message that the record is; ``event`` gets its peer and session and where it stands.

        ``None`` for another record. A change of state gets its peer, and where the states stand.
        :class:`bgpwire.DecodeError`, its offset counted in the record, where that is too short for what it says.
        """
        cdef int width = 0
        cdef bint paths = False
        cdef int code = self._find(event, &width, &paths)
        return None if code == NONE else code

    cdef int _routes(self, Event event, Gathered *out) except -1:
        """The routes of a record into ``out``; those before a fault may be there too, and are those of the fault."""
        cdef int width = 0, code
        cdef bint paths = False
        if event._type == TABLE_DUMP_V2:
            return self._tables._table_dump_v2(event, out)
        if event._type == TABLE_DUMP:
            return self._tables._table_dump(event, out)
        code = self._find(event, &width, &paths)
        if code == UPDATE:
            return update_routes(event, width == 4, paths, None if paths else self._given, self._tables._pool, out)
        if code != NONE:
            return 0
        if event._begin:
            return gather(out, state_route(event))
        if event._subtype == 2 and is_bgp4mp(event._type):
            return gather(out, self._entry(event))
        return 0

    cdef int _find(self, Event event, int *width, bint *paths) except -1:
        """See :meth:`find_message`; NONE for another record. Also what the record says of AS numbers and ADD-PATH."""
        cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(event._data), 0, PyBytes_GET_SIZE(event._data))
        cdef Bgp4mpForm form
        cdef MessageItem item
        cdef int kind = event._type, step
        event._begin = 0
        event._form = NO_MESSAGE
        if kind == BGP or kind == BGP4PLUS or kind == BGP4PLUS_01:
            width[0] = 2
            return self._find_body(event)
        if kind == BGP4MP_ET or kind == EARLY_BGP4MP_ET:
            if left(&cur) < 4:
                raise MrtError("no room for microseconds", 0)
            event._micro = be32(cur.pos)
            event._said |= MICROSECONDS
            cur.pos += 4
        elif not is_bgp4mp(kind):
            return NONE
        if not bgp4mp_form(event._subtype, &form):
            return NONE
        width[0] = form.width
        paths[0] = form.add_path
        event.peer = self._locate(event, &cur, &form)
        event.session = self._sessions[(2 if form.width == 4 else 0) + form.add_path]
        if form.states:
            if left(&cur) < 4:
                raise MrtError("state change without states", offset(&cur))
            event._begin = <int32_t> offset(&cur)
            return NONE
        step = next_message(&cur, &item)
        if step == Step.ITEM:
            event._begin = <int32_t> (item.start - MESSAGE_HEADER)
            event._end = <uint32_t> item.end
            event._form = MESSAGE
            return item.type
        if step == Step.OVERRUN:
            raise TruncatedError(f"message of {item.length} octets, {left(&cur)} there", offset(&cur) + 16, 1, 2)
        raise TruncatedError(f"message of at least 19 octets, {left(&cur)} there", offset(&cur), 1, 2)

    cdef int _find_body(self, Event event) except -1:
        """What collectors wrote before BGP4MP (RFC 6396 appendices B.2.1 and B.2.5): messages without their headers."""
        found = locate_legacy(event, self._peers)
        if found is None:
            return NONE
        event.peer, event._begin = found
        event.session = self._sessions[0]
        if event._subtype == 3:
            return NONE
        event._begin -= MESSAGE_HEADER
        event._end = <uint32_t> PyBytes_GET_SIZE(event._data)
        event._form = BODY
        return MESSAGES[event._subtype]

    cdef Peer _locate(self, Event event, Cursor *cur, const Bgp4mpForm *form):
        """The peer of a BGP4MP record, whose AS numbers are at ``cur``; that then is at its message or states."""
        cdef const uint8_t *octets = cur.pos
        cdef Py_ssize_t start = offset(cur), size
        cdef AsNumbersItem numbers
        cdef AddressesItem item
        cdef int step, slot
        cdef Peer peer
        cdef bytes key
        if next_as_numbers(cur, form.width, &numbers) != Step.ITEM:
            raise MrtError("BGP4MP header runs over the end", start)
        step = next_addresses(cur, &item)
        if step == Step.HEADER_OVERRUN:
            raise MrtError("BGP4MP header runs over the end", start)
        if item.size == 0 or (form.states and cur.end == item.peer):
            found, begin = locate_unusual(event, start, form.width, self._peers)
            cur.pos = cur.base + <Py_ssize_t> begin
            return <Peer> found
        if step != Step.ITEM:
            raise MrtError("BGP4MP addresses run over the end", item.peer - cur.base)
        size = cur.pos - octets
        slot = (item.peer[item.size - 1] + 5 * item.peer[item.size - 2] + 7 * octets[2 * form.width - 1]) % RECENT
        key = <bytes> self._recent_keys[slot]
        if PyBytes_GET_SIZE(key) == size and memcmp(PyBytes_AS_STRING(key), octets, size) == 0:
            return <Peer> self._recent_peers[slot]
        key = event._data[start : start + size]
        found = self._peers.get(key)
        if found is None:
            if len(self._peers) >= MAX_PEERS:
                self._peers.clear()
            peer = Peer(
                address_of(item.peer, item.size),
                numbers.peer,
                None,
                address_of(item.local, item.size),
                numbers.local,
                item.interface,
            )
            self._peers[key] = peer
        else:
            peer = <Peer> found
        self._recent_keys[slot] = key
        self._recent_peers[slot] = peer
        return peer

    cdef Route _entry(self, Event event):
        """BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): a route of a RIB."""
        peer, attributes, prefix, family, originated = read_entry(event, self._peers)
        event.peer = peer
        event.session = attributes.session
        return Route._restore(ENTRY, event, peer, attributes, prefix, True, family, originated)


cdef class RouteIterator:
    """See ``iter_routes``."""

    cdef RecordWalker _walker
    cdef RouteDecoder _decoder
    cdef object _on_fault
    cdef object _on_end
    cdef object _close
    cdef Gathered _ready  # what the record read last has left
    cdef bint _busy  # reading on, which no other thread may do meanwhile, nor a callback: they share walker and decoder

    def __dealloc__(self):
        empty(&self._ready)

    def __iter__(self):
        return self

    def __next__(self):
        cdef PyObject *route
        while True:
            with cython.critical_section(self):
                if self._ready.next < self._ready.count:
                    route = self._ready.routes[self._ready.next]
                    self._ready.next += 1
                    return owned(route)
            if not self._more():
                raise StopIteration

    cdef bint _more(self) except -1:
        """Have the routes of the next record that has some; false at the end."""
        cdef RecordWalker walker
        cdef RouteDecoder decoder = self._decoder
        cdef Event event = None
        cdef Gathered got
        with cython.critical_section(self):
            if self._busy:
                raise ValueError("this is being read already")
            if self._ready.next < self._ready.count:
                return True  # which another thread read
            if self._walker is None:
                return False
            walker = self._walker
            self._busy = True  # until there are routes, or the end, or an exception
            # Filled aside: who asks meanwhile gets nothing of a record that is half read. The room is that of the last.
            got = self._ready
            memset(&self._ready, 0, sizeof(self._ready))
        got.next = got.count = 0
        while True:
            event = None
            try:
                event = walker.next_event()
                if event is not None:
                    decoder._routes(event, &got)
            except BaseException as error:
                self._failed(event, error, &got)
            if event is None:
                empty(&got)
                return self._end()
            if got.count:
                with cython.critical_section(self):
                    self._ready = got
                    self._busy = False
                return True

    cdef int _failed(self, Event event, error, Gathered *got) except -1:
        """Report a record that cannot be read, whose routes before the fault are in ``got``; raise anything else."""
        try:
            if event is None or not isinstance(error, DecodeError):
                raise error
            if not hasattr(error, "routes"):
                empty(got)
            self._on_fault(event, error)
        except BaseException:
            empty(got)
            self._finish()
            raise
        return 0

    cdef bint _end(self) except -1:
        try:
            self._on_end()
        finally:
            self._finish()
        return False

    def close(self):
        """End the iteration; as a generator's, which does not while it runs."""
        with cython.critical_section(self):
            if self._busy:
                raise ValueError("this is being read")
        self._finish()

    cdef int _finish(self) except -1:
        """End, once."""
        cdef Gathered rest
        self._busy = False
        if self._walker is not None:
            self._walker = None
            with cython.critical_section(self):
                rest = self._ready
                memset(&self._ready, 0, sizeof(self._ready))
            empty(&rest)
            self._close()
        return 0

    def __del__(self):
        self._finish()


def iter_routes(RecordWalker walker not None, RouteDecoder decoder not None, on_fault, on_end, close):
    """The routes of all records of ``walker``; a record that cannot be read goes to ``on_fault(event, error)``.

    ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and when the iterator is dropped.
    """
    cdef RouteIterator self = RouteIterator.__new__(RouteIterator)
    self._walker = walker
    self._decoder = decoder
    self._on_fault = on_fault
    self._on_end = on_end
    self._close = close
    return self


cdef Route state_route(Event event):
    """The change of state that stands at ``event._begin``, in 4 octets."""
    cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data) + event._begin
    cdef Route route = new_route(STATE, event, event.peer, 0, 0, None, None)
    route._rest = (be16(data), be16(data + 2))
    return route
