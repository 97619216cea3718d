"""Routes out of RIB records: TABLE_DUMP and TABLE_DUMP_V2 (RFC 6396 sections 4.2 and 4.3, RFC 8050 section 4)."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcmp, memcpy

from bgpwire._cython.cursor cimport Cursor, Step, cursor, left, offset
from bgpwire._cython.event cimport Event
from bgpwire._cython.gathered cimport Gathered, gather, listed
from bgpwire._cython.mrt_grammar cimport (
    DumpEntryItem,
    GenericHeadItem,
    PeerItem,
    PeerTableItem,
    RibEntryItem,
    RibForm,
    RibHeadItem,
    dump_form,
    next_count,
    next_dump_entry,
    next_generic_head,
    next_peer,
    next_peer_table,
    next_rib_entry,
    next_rib_head,
    rib_form,
)
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AFI_IPV6,
    SAFI_UNICAST,
)
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.pieces cimport Pieces, read_pieces
from bgpwire._cython.pool cimport Pool, new_pool
from bgpwire._cython.prefix cimport Prefix, address_of, prefix_of
from bgpwire._cython.route cimport ENTRY, Route, new_route, place, tell, tell_hop

from bgpwire.errors import MrtError
from bgpwire.route.shared import decode_one, with_path_id

__all__ = ["TableDecoder"]

cdef enum:
    MAX_PEERS = 1 << 16
    SEQUENCE_END = 4  # of the view and the sequence number of TABLE_DUMP


cdef class TableDecoder:
    """Decodes the RIB records of one file; holds their peers, among them the peer index table.

    ``two`` and ``four`` are the sessions of entries whose AS numbers have that many octets.
    """

    def __init__(self, two, four):
        self._two = two
        self._four = four

    def __cinit__(self, *args, **kwargs):
        self._peers = {}
        self._pool = new_pool()

    def __dealloc__(self):
        cdef int index
        for index in range(RECENT):
            Py_XDECREF(<PyObject *> self._recent[index].peer)

    cdef int _table_dump(self, Event event, Gathered *out) except -1:
        """TABLE_DUMP (RFC 6396 section 4.2): one entry; of subtypes 3 and 4 with AS numbers of 4 octets.

        Writers of 1999 and 2000 put many entries behind one view and sequence number. An entry whose attributes run
        over the end by up to 4 octets, as much as some of them left out, is a route too: the fault has it.
        """
        cdef Cursor cur
        cdef DumpEntryItem item
        cdef Py_ssize_t size = PyBytes_GET_SIZE(event._data), pos
        cdef int afi = 0, width = 0, step
        cdef Pieces pieces
        cdef Pool pool = self._pool
        cdef Prefix prefix
        cdef Route route
        if not dump_form(event._subtype, &afi, &width):
            return 0
        event.session = self._four if width == 4 else self._two
        cur = cursor(<const uint8_t *> PyBytes_AS_STRING(event._data), min(size, SEQUENCE_END), size)
        while True:
            pos = offset(&cur)
            step = next_dump_entry(&cur, afi, width, &item)
            if step != Step.ITEM:
                raise dump_fault(step, &cur, pos, &item, out)
            peer = self._peer(item.address, (4 if afi == AFI_IPV4 else 16) + width, afi, item.asn)
            prefix = prefix_of(item.octets, item.bits, afi)
            route = new_route(
                ENTRY, event, peer, item.start, place(afi, SAFI_UNICAST, afi == AFI_IPV6), prefix, prefix
            )
            read_pieces(&pieces, cur.base, item.start, item.end)
            tell(route, &pieces, width == 4, pool)
            tell_hop(route, &pieces, pool)
            gather(out, route)
            if item.missing > 0:
                raise dump_fault(Step.OVERRUN, &cur, pos, &item, out)
            if left(&cur) == 0:
                return 0

    cdef Peer _peer(self, const uint8_t *octets, Py_ssize_t size, int afi, uint32_t asn):
        """The peer of a TABLE_DUMP entry, whose address and AS number are the ``octets``."""
        cdef Recent *recent = &self._recent[(octets[size - 1] ^ octets[size - 3] ^ octets[size - 5]) % RECENT]
        cdef PyObject *old
        cdef Peer peer
        cdef bytes key
        with cython.critical_section(self):
            if recent.size == size and memcmp(recent.octets, octets, size) == 0:
                return <Peer> recent.peer
        key = octets[:size]
        found = self._peers.get(key)
        if found is None:
            if len(self._peers) >= MAX_PEERS:
                self._peers.clear()
            peer = Peer(address_of(octets, 4 if afi == AFI_IPV4 else 16), asn)
            self._peers[key] = peer
        else:
            peer = <Peer> found
        Py_INCREF(peer)
        with cython.critical_section(self):
            old = recent.peer
            recent.peer = <PyObject *> peer
            recent.size = <uint32_t> size
            memcpy(recent.octets, octets, size)
        Py_XDECREF(old)
        return peer

    cdef int _table_dump_v2(self, Event event, Gathered *out) except -1:
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Cursor cur = cursor(data, 0, PyBytes_GET_SIZE(event._data))
        cdef RibForm form
        cdef RibHeadItem head
        cdef uint16_t count = 0
        cdef uint32_t where
        cdef int step
        if event._subtype == 1:
            self._table = self._peer_index(event)
            return 0
        if not rib_form(event._subtype, &form):
            return 0
        if not form.afi:
            return self._generic(event, form.add_path, out)
        step = next_rib_head(&cur, 32 if form.afi == AFI_IPV4 else 128, &head)
        if step == Step.TOO_LONG:
            raise MrtError(f"prefix length {cur.pos[0]}", 4)
        if step == Step.HEADER_OVERRUN:
            raise MrtError("RIB record runs over the end", 0)
        if step != Step.ITEM or next_count(&cur, &count) != Step.ITEM:
            raise MrtError("RIB record runs over the end", 4)
        nlri = prefix_of(head.prefix.octets, head.prefix.bits, form.afi)
        where = place(form.afi, form.safi, form.afi != AFI_IPV4 or form.safi != SAFI_UNICAST)
        return self._entries(event, &cur, count, nlri, where, form.add_path, out)

    cdef int _generic(self, Event event, bint paths, Gathered *out) except -1:
        """RIB_GENERIC (RFC 6396 section 4.3.3): any family; of one NLRI."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Cursor cur = cursor(data, 0, PyBytes_GET_SIZE(event._data))
        cdef GenericHeadItem head
        cdef uint16_t count = 0
        cdef uint32_t where
        cdef Py_ssize_t size
        if next_generic_head(&cur, &head) != Step.ITEM:
            raise MrtError("RIB record runs over the end", 0)
        nlri, size = decode_one(event._data, 7, head.afi, head.safi, self._four)
        cur.pos += size
        if next_count(&cur, &count) != Step.ITEM:
            raise MrtError("RIB record runs over the end", 7)
        where = place(head.afi, head.safi, head.afi != AFI_IPV4 or head.safi != SAFI_UNICAST)
        return self._entries(event, &cur, count, nlri, where, paths, out)

    cdef int _entries(
        self, Event event, Cursor *cur, int count, object nlri, uint32_t where, bint paths, Gathered *out
    ) except -1:
        """The entries of a RIB record, each of which repeats nothing but its peer's number; the first is at ``cur``."""
        cdef RibEntryItem item
        cdef Py_ssize_t pos, done = 0, peers
        cdef bint plain = type(nlri) is Prefix
        cdef int step
        cdef list table = self._table
        cdef object bare
        cdef Prefix prefix
        cdef Pieces pieces
        cdef Pool pool = self._pool
        cdef Route route
        if table is None:
            raise MrtError("RIB record before a peer index table", 0)
        event.session = self._four
        peers = len(table)
        bare = nlri if plain else getattr(nlri, "prefix", None)
        while done < count:
            pos = offset(cur)
            step = next_rib_entry(cur, paths, &item)
            if step == Step.OVERRUN:
                raise partial(f"RIB entry {done + 1} runs over the end", item.start - 2, out)
            if step != Step.ITEM:
                raise partial(f"RIB record of {count} entries ends in entry {done + 1}", pos, out)
            if item.peer >= peers:
                raise partial(f"peer {item.peer} of a table of {peers}", pos, out)
            route = new_route(ENTRY, event, <Peer> table[item.peer], item.start, where, nlri, bare)
            read_pieces(&pieces, cur.base, item.start, item.end)
            tell(route, &pieces, True, pool)
            tell_hop(route, &pieces, pool)
            if paths and plain:
                prefix = prefix_of((<Prefix> nlri)._octets, (<Prefix> nlri)._bits, (<Prefix> nlri).afi)
                prefix._has_path = True
                prefix._path_id = item.path_id
                route.nlri = prefix
            elif paths:
                route.nlri = with_path_id(nlri, item.path_id)
                route.prefix = getattr(route.nlri, "prefix", None)
            gather(out, route)
            done += 1
        return 0

    cdef list _peer_index(self, Event event):
        """PEER_INDEX_TABLE (RFC 6396 section 4.3.1); it replaces an earlier one of a concatenated file."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Cursor cur = cursor(data, 0, PyBytes_GET_SIZE(event._data))
        cdef PeerTableItem head
        cdef PeerItem item
        cdef Py_ssize_t pos
        cdef list table = []
        if left(&cur) < 8:
            raise MrtError("peer index table runs over the end", 0)
        if next_peer_table(&cur, &head) != Step.ITEM:
            raise MrtError("view name runs over the end", 4)
        while len(table) < head.count:
            pos = offset(&cur)
            if next_peer(&cur, &item) != Step.ITEM:
                raise MrtError(f"peer index table of {head.count} peers ends in peer {len(table)}", pos)
            table.append(Peer(address_of(item.address, item.size), item.asn, address_of(item.bgp_id, 4)))
        return table


cdef object dump_fault(int step, Cursor *cur, Py_ssize_t pos, DumpEntryItem *item, const Gathered *routes):
    """What is wrong with an entry of TABLE_DUMP that begins at ``pos``, behind those of ``routes``."""
    if step == Step.TOO_LONG:
        return partial(f"prefix length {item.bits}", offset(cur), routes)
    if step == Step.OVERRUN:
        there = item.length - item.missing
        return partial(f"attributes of {item.length} octets, {there} there", item.start - 2, routes)
    return partial("TABLE_DUMP runs over the end", pos if routes.count else 0, routes)


cdef object partial(str reason, Py_ssize_t where, const Gathered *routes):
    """A fault in the middle of a RIB record: the entries before it are still good."""
    error = MrtError(reason, where)
    error.routes = listed(routes)
    return error
