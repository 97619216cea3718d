"""Routes out of MRT records: the loop that analysts run over gigabytes."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t
from libc.string cimport memcmp, memcpy

from bgpwire._cython.attributes cimport PathAttributes, attributes_of
from bgpwire._cython.cursor cimport Cursor, PrefixItem, Step, be16, be32, cursor, next_prefix, offset
from bgpwire._cython.mrt cimport Record, RecordWalker
from bgpwire._cython.prefix cimport Prefix, address_of, new_prefix, prefix_fault
from bgpwire._cython.route cimport ANNOUNCED, ENTRY, STATE, WITHDRAWN, Peer, Route, new_route
from bgpwire._cython.tables cimport TableDecoder
from bgpwire._cython.update cimport find_ends

from bgpwire.afi_safi import ALL_FAMILIES, families_of
from bgpwire.errors import OPTIONAL_ATTRIBUTE, DecodeError, MrtError, TruncatedError, UpdateMessageError
from bgpwire.session import Session
from bgpwire.unusual_records import locate_legacy, locate_unusual, read_entry
from bgpwire.route.shared import decode_field

__all__ = ["RouteDecoder", "iter_routes"]

cdef enum:
    MAX_PEERS = 1 << 16
    RECENT = 64


cdef inline int bgp4mp_form(int subtype, int *width, bint *paths, bint *states) noexcept nogil:
    """What a BGP4MP subtype says (RFC 6396 section 4.4, RFC 8050 section 3); -1 for one that holds no message."""
    if subtype > 11 or subtype == 2 or subtype == 3:
        return -1
    states[0] = subtype == 0 or subtype == 5
    paths[0] = subtype >= 8
    width[0] = 4 if subtype == 4 or subtype == 5 or subtype == 7 or subtype == 9 or subtype == 11 else 2
    return 0


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
    cdef object _given
    cdef bint _any_given

    def __init__(self, add_path=(), multiple_labels=()):
        self._given = families_of(add_path)
        self._any_given = len(self._given) > 0
        self._sessions = tuple(
            Session(
                asn4,
                ALL_FAMILIES if paths else self._given,
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
        self._given = frozenset()

    def routes(self, Record record not None):
        """The routes of one record, in the order withdrawn, announced; body before MP attributes.

        Empty for what holds none (OPEN, KEEPALIVE, a peer index, an unknown type).
        :class:`bgpwire.DecodeError`, its offset counted in ``record.data``, where the record or its message
        cannot be read; what an UPDATE's attributes got wrong is in :attr:`Route.errors` instead.
        """
        return self._routes(record)

    cdef list _routes(self, Record record):
        cdef int kind = record.type
        if kind == 16 or kind == 64:
            return self._bgp4mp(record, 0)
        if kind == 17 or kind == 65:
            if PyBytes_GET_SIZE(record.data) < 4:
                raise MrtError("no room for microseconds", 0)
            return self._bgp4mp(record, 4)
        if kind == 13:
            return self._tables._table_dump_v2(record)
        if kind == 12:
            return self._tables._table_dump(record)
        if kind == 5 or kind == 9 or kind == 10:
            return self._legacy(record)
        return []

    def session(self, Record record not None):
        """The context that the record's subtype gives its message."""
        cdef int width = 4
        cdef bint paths = False, states = False
        if record.type == 5 or record.type == 9 or record.type == 10:
            return self._sessions[0]
        bgp4mp_form(record.subtype, &width, &paths, &states)
        return self._sessions[(2 if width == 4 else 0) + paths]

    def locate(self, Record record not None, Py_ssize_t start):
        """The peer of a BGP4MP record and where its message or states begin; ``None`` for another subtype.

        Of the types before BGP4MP (5, 9, 10) too; there the message has no header, and begins with its body.
        """
        cdef Py_ssize_t after = 0
        cdef int width = 0
        cdef bint paths = False, states = False
        if record.type == 5 or record.type == 9 or record.type == 10:
            return locate_legacy(record, self._peers)
        if bgp4mp_form(record.subtype, &width, &paths, &states) < 0:
            return None
        peer = self._locate(record, start, width, &after)
        return peer, after

    cdef Peer _locate(self, Record record, Py_ssize_t start, int width, Py_ssize_t *behind):
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(record.data)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(record.data)
        cdef Py_ssize_t fixed = start + 2 * width + 4
        cdef Py_ssize_t after
        cdef int afi, octets, slot
        cdef Peer peer
        cdef bytes key
        if start < 0 or start > size or size < fixed:
            raise MrtError("BGP4MP header runs over the end", start)
        afi = be16(data + fixed - 2)
        if (afi != 1 and afi != 2) or (size == fixed and (record.subtype == 0 or record.subtype == 5)):
            found, behind[0] = locate_unusual(record, start, width, self._peers)
            return <Peer> found
        octets = 4 if afi == 1 else 16
        after = fixed + 2 * octets
        if size < after:
            raise MrtError("BGP4MP addresses run over the end", fixed)
        behind[0] = after
        slot = (data[fixed + octets - 1] + 5 * data[fixed + octets - 2] + 7 * data[fixed - 5]) % RECENT
        key = <bytes> self._recent_keys[slot]
        if PyBytes_GET_SIZE(key) == after - start and memcmp(PyBytes_AS_STRING(key), data + start, after - start) == 0:
            return <Peer> self._recent_peers[slot]
        key = record.data[start:after]
        found = self._peers.get(key)
        if found is None:
            if len(self._peers) >= MAX_PEERS:
                self._peers.clear()
            peer = Peer(
                address_of(data + fixed, octets),
                be32(data + start) if width == 4 else be16(data + start),
                None,
                address_of(data + fixed + octets, octets),
                be32(data + start + 4) if width == 4 else be16(data + start + 2),
                be16(data + fixed - 4),
            )
            self._peers[key] = peer
        else:
            peer = <Peer> found
        self._recent_keys[slot] = key
        self._recent_peers[slot] = peer
        return peer

    cdef list _bgp4mp(self, Record record, Py_ssize_t start):
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(record.data)
        cdef Py_ssize_t begin = 0, left, length
        cdef int width = 0
        cdef bint paths = False, states = False
        cdef Peer peer
        if bgp4mp_form(record.subtype, &width, &paths, &states) < 0:
            return self._entry(record) if record.subtype == 2 else []
        peer = self._locate(record, start, width, &begin)
        left = PyBytes_GET_SIZE(record.data) - begin
        if states:
            if left < 4:
                raise MrtError("state change without states", begin)
            return [state_route(record, peer, begin)]
        if left < 19:
            raise TruncatedError(f"message of at least 19 octets, {left} there", begin, 1, 2)
        length = be16(data + begin + 16)
        if length < 19 or length > left:
            raise TruncatedError(f"message of {length} octets, {left} there", begin + 16, 1, 2)
        if data[begin + 18] != 2:
            return []
        return self._update(record, peer, begin, begin + length, width, paths)

    cdef list _update(self, Record record, Peer peer, Py_ssize_t begin, Py_ssize_t end, int width, bint paths):
        """The routes of the UPDATE that ends at ``end`` and whose header begins at ``begin``, if it has one."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(record.data)
        cdef Py_ssize_t withdrawn = 0, nlri = 0
        cdef bint add_path
        cdef PathAttributes attributes
        cdef list out
        cdef object fault = None
        find_ends(data, begin + 19, end, &withdrawn, &nlri)
        session = self._sessions[(2 if width == 4 else 0) + paths]
        attributes = attributes_of(record.data, withdrawn + 2, nlri, session, width == 4, -begin, None)
        out = []
        add_path = paths or (self._any_given and (1, 1) in self._given)
        if withdrawn > begin + 21:
            fault = prefix_routes(out, WITHDRAWN, record, peer, attributes, begin + 21, withdrawn, 1, add_path, False)
        if attributes._at[15]:
            fault = self._mp(out, WITHDRAWN, record, peer, attributes, 15, paths) or fault
        if nlri < end:
            fault = prefix_routes(out, ANNOUNCED, record, peer, attributes, nlri, end, 1, add_path, False) or fault
        if attributes._at[14]:
            fault = self._mp(out, ANNOUNCED, record, peer, attributes, 14, paths) or fault
        if fault is not None:
            raise with_routes(fault, out)
        return out

    cdef list _legacy(self, Record record):
        """What collectors wrote before BGP4MP (RFC 6396 appendices B.2.1 and B.2.5): messages without their headers."""
        cdef Py_ssize_t begin, size = PyBytes_GET_SIZE(record.data)
        found = locate_legacy(record, self._peers)
        if found is None:
            return []
        peer, begin = found
        if record.subtype == 3:
            return [state_route(record, peer, begin)]
        return self._update(record, peer, begin - 19, size, 2, False) if record.subtype == 1 else []

    cdef list _entry(self, Record record):
        """BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): a route of a RIB."""
        cdef Route route
        peer, attributes, prefix, originated = read_entry(record, self._peers)
        route = new_route(ENTRY, record, peer, attributes, prefix, True)
        route._rare = originated
        return [route]

    cdef object _mp(
        self, list out, str kind, Record record, Peer peer, PathAttributes attributes, int code, bint paths
    ):
        """The NLRI of MP_REACH_NLRI or MP_UNREACH_NLRI before the first fault, which is returned."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(record.data)
        cdef Py_ssize_t start = 0, end = 0, at
        cdef int afi, safi
        attributes._find(code, &start, &end)
        if end - start < 3:
            return mp_fault(code, start)
        afi = be16(data + start)
        safi = data[start + 2]
        at = start + 3
        if code == 14:
            if end - start < 5 or end - start < 5 + data[start + 3]:
                return mp_fault(code, start)
            at = start + 5 + data[start + 3]
        if (safi == 1 or safi == 2) and (afi == 1 or afi == 2):
            paths = paths or (self._any_given and (afi, safi) in self._given)
            return prefix_routes(out, kind, record, peer, attributes, at, end, afi, paths, True)
        values, fault = decode_field(record.data, at, end, afi, safi, kind is WITHDRAWN, attributes.session)
        for nlri in values:
            out.append(new_route(kind, record, peer, attributes, nlri, True))
        return fault


cdef class RouteIterator:
    """See ``iter_routes``."""

    cdef RecordWalker _walker
    cdef RouteDecoder _decoder
    cdef object _on_fault
    cdef list _routes
    cdef Py_ssize_t _next

    def __iter__(self):
        return self

    def __next__(self):
        cdef Record record
        while self._next >= len(self._routes):
            record = self._walker.next_record()
            if record is None:
                raise StopIteration
            self._next = 0
            try:
                self._routes = self._decoder._routes(record)
            except DecodeError as error:
                self._routes = getattr(error, "routes", [])
                self._on_fault(record, error)
        self._next += 1
        return self._routes[self._next - 1]


def iter_routes(RecordWalker walker not None, RouteDecoder decoder not None, on_fault):
    """The routes of all records of ``walker``; a record that cannot be read goes to ``on_fault(record, error)``."""
    cdef RouteIterator self = RouteIterator.__new__(RouteIterator)
    self._walker = walker
    self._decoder = decoder
    self._on_fault = on_fault
    self._routes = []
    return self


cdef object prefix_routes(
    list out,
    str kind,
    Record record,
    Peer peer,
    PathAttributes attributes,
    Py_ssize_t start,
    Py_ssize_t end,
    int afi,
    bint add_path,
    bint mp,
):
    """A route for each prefix of ``record.data[start:end]`` before the first fault, which is returned."""
    cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(record.data), start, end)
    cdef PrefixItem item
    cdef Prefix prefix
    cdef int longest = 32 if afi == 1 else 128
    cdef int step
    while True:
        step = next_prefix(&cur, longest, add_path, &item)
        if step != Step.ITEM:
            break
        prefix = new_prefix()
        memcpy(prefix._octets, item.octets, item.size)
        prefix._bits = item.bits
        prefix.afi = <uint8_t> afi
        if add_path:
            prefix._has_path = True
            prefix._path_id = item.path_id
        out.append(new_route(kind, record, peer, attributes, prefix, mp))
    return None if step == Step.END else prefix_fault(step, cur.pos[0], offset(&cur))


cdef Route state_route(Record record, Peer peer, Py_ssize_t at):
    """The change of state that stands at ``at``, in 4 octets."""
    cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(record.data) + at
    cdef Route route = new_route(STATE, record, peer, None, None, False)
    route._rare = (be16(data), be16(data + 2))
    return route


cdef object mp_fault(int code, Py_ssize_t where):
    """An MP attribute whose own fields run over its end."""
    name = "MP_REACH_NLRI" if code == 14 else "MP_UNREACH_NLRI"
    return UpdateMessageError(f"{name} runs over the end", where, None, OPTIONAL_ATTRIBUTE)


cdef object with_routes(object error, list routes):
    """The fault of a record, and the routes before it."""
    error.routes = routes
    return error
