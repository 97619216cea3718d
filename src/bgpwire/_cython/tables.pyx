"""Routes out of RIB records: TABLE_DUMP and TABLE_DUMP_V2 (RFC 6396 sections 4.2 and 4.3, RFC 8050 section 4)."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.attributes cimport PathAttributes, attributes_of
from bgpwire._cython.cursor cimport be16, be32
from bgpwire._cython.event cimport Event
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Prefix, address_of, prefix_of
from bgpwire._cython.route cimport ENTRY, Route, new_route, place

from bgpwire.errors import MrtError
from bgpwire.route.shared import decode_one, with_path_id

__all__ = ["TableDecoder"]

cdef enum:
    MAX_PEERS = 1 << 16


cdef class TableDecoder:
    """Decodes the RIB records of one file; holds their peers, among them the peer index table.

    ``two`` and ``four`` are the sessions of entries whose AS numbers have that many octets.
    """

    def __init__(self, two, four):
        self._two = two
        self._four = four

    def __cinit__(self, *args, **kwargs):
        self._peers = {}

    def routes(self, Event event not None):
        """The routes of a record of type 12 or 13, as :meth:`RouteDecoder.routes_of` gives them."""
        return self._table_dump_v2(event) if event._type == 13 else self._table_dump(event)

    cdef list _table_dump(self, Event event):
        """TABLE_DUMP (RFC 6396 section 4.2): one entry; of subtypes 3 and 4 with AS numbers of 4 octets.

        Writers of 1999 and 2000 put many entries behind one view and sequence number. An entry whose attributes run
        over the end by up to 4 octets, as much as some of them left out, is a route too: the fault has it.
        """
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(event._data), pos = 4, begin, missing
        cdef int width, head, length, bits, afi = event._subtype
        cdef bint asn4 = afi == 3 or afi == 4
        cdef Prefix prefix
        cdef PathAttributes attributes
        cdef Route route
        cdef list out = None
        if asn4:
            afi -= 2
        if afi != 1 and afi != 2:
            return []
        event.session = self._four if asn4 else self._two
        family = (afi, 1)
        width = 4 if afi == 1 else 16
        head = 2 * width + (12 if asn4 else 10)
        while True:
            begin = pos + head
            if size < begin:
                raise partial("TABLE_DUMP runs over the end", 0 if out is None else pos, out)
            bits = data[pos + width]
            if bits > width * 8:
                raise partial(f"prefix length {bits}", pos + width, out)
            length = be16(data + begin - 2)
            missing = length - (size - begin)
            if missing > 4:
                raise partial(f"attributes of {length} octets, {size - begin} there", begin - 2, out)
            prefix = prefix_of(data + pos, bits, afi)
            key = event._data[pos + width + 6 : begin - 2]
            peer = self._peers.get(key)
            if peer is None:
                peer = self._peer(key, data + pos + width + 6, width, asn4)
            attributes = attributes_of(
                event._data,
                begin,
                size if missing > 0 else begin + length,
                event.session,
                asn4,
                0,
                family,
            )
            route = new_route(ENTRY, event, <Peer> peer, attributes, prefix, place(afi, 1, afi == 2))
            route._rare = be32(data + pos + width + 2)
            pos = begin + length
            if pos == size and out is None:
                return [route]
            if out is None:
                out = []
            out.append(route)
            if pos == size:
                return out
            if missing > 0:
                raise partial(f"attributes of {length} octets, {size - begin} there", begin - 2, out)

    cdef Peer _peer(self, bytes key, const uint8_t *at, int width, bint asn4):
        """A peer of a TABLE_DUMP entry not met before: its address and AS number stand at ``at``."""
        if len(self._peers) >= MAX_PEERS:
            self._peers.clear()
        peer = Peer(address_of(at, width), be32(at + width) if asn4 else be16(at + width))
        self._peers[key] = peer
        return peer

    cdef list _table_dump_v2(self, Event event):
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(event._data), at
        cdef int subtype = event._subtype, afi, safi, bits
        if 2 <= subtype <= 5 or 8 <= subtype <= 11:
            afi = 1 if subtype in (2, 3, 8, 9) else 2
            safi = 1 if subtype in (2, 4, 8, 10) else 2
            if size < 5:
                raise MrtError("RIB record runs over the end", 0)
            bits = data[4]
            at = 5 + ((bits + 7) >> 3)
            if bits > (32 if afi == 1 else 128):
                raise MrtError(f"prefix length {bits}", 4)
            if size < at + 2:
                raise MrtError("RIB record runs over the end", 4)
            return self._entries(event, at, prefix_of(data + 5, bits, afi), (afi, safi), subtype >= 8)
        if subtype == 1:
            self._table = self._peer_index(event)
            return []
        if subtype == 6 or subtype == 12:
            return self._generic(event, subtype == 12)
        return []

    cdef list _generic(self, Event event, bint paths):
        """RIB_GENERIC (RFC 6396 section 4.3.3): any family; of one NLRI."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Py_ssize_t size
        if PyBytes_GET_SIZE(event._data) < 7:
            raise MrtError("RIB record runs over the end", 0)
        afi, safi = be16(data + 4), data[6]
        nlri, size = decode_one(event._data, 7, afi, safi, self._four)
        if PyBytes_GET_SIZE(event._data) < 7 + size + 2:
            raise MrtError("RIB record runs over the end", 7)
        return self._entries(event, 7 + size, nlri, (afi, safi), paths)

    cdef list _entries(self, Event event, Py_ssize_t at, object nlri, tuple family, bint paths):
        """The entries of a RIB record, each of which repeats nothing but its peer's number."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Py_ssize_t end = PyBytes_GET_SIZE(event._data), pos, begin, after, done = 0, peers
        cdef int count, number, head = 12 if paths else 8
        cdef uint32_t where = place(family[0], family[1], family != (1, 1))
        cdef bint plain = type(nlri) is Prefix
        cdef object session = self._four
        cdef Prefix prefix
        cdef PathAttributes attributes
        cdef Route route
        cdef list out = []
        if self._table is None:
            raise MrtError("RIB record before a peer index table", 0)
        event.session = session
        peers = len(self._table)
        count = be16(data + at)
        pos = at + 2
        while done < count:
            if end - pos < head:
                raise partial(f"RIB record of {count} entries ends in entry {done + 1}", pos, out)
            number = be16(data + pos)
            begin = pos + head
            after = begin + be16(data + begin - 2)
            if after > end:
                raise partial(f"RIB entry {done + 1} runs over the end", begin - 2, out)
            if number >= peers:
                raise partial(f"peer {number} of a table of {peers}", pos, out)
            attributes = attributes_of(event._data, begin, after, session, True, 0, family)
            path = nlri
            if paths and plain:
                prefix = prefix_of((<Prefix> nlri)._octets, (<Prefix> nlri)._bits, (<Prefix> nlri).afi)
                prefix._has_path = True
                prefix._path_id = be32(data + pos + 6)
                path = prefix
            elif paths:
                path = with_path_id(nlri, be32(data + pos + 6))
            route = new_route(ENTRY, event, <Peer> self._table[number], attributes, path, where)
            route._rare = be32(data + pos + 2)
            out.append(route)
            pos = after
            done += 1
        return out

    cdef list _peer_index(self, Event event):
        """PEER_INDEX_TABLE (RFC 6396 section 4.3.1); it replaces an earlier one of a concatenated file."""
        cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
        cdef Py_ssize_t end = PyBytes_GET_SIZE(event._data), pos, after
        cdef int count, width, size
        cdef list table = []
        if end < 8:
            raise MrtError("peer index table runs over the end", 0)
        pos = 6 + be16(data + 4)
        if end - pos < 2:
            raise MrtError("view name runs over the end", 4)
        count = be16(data + pos)
        pos += 2
        while len(table) < count:
            if end - pos < 5:
                raise MrtError(f"peer index table of {count} peers ends in peer {len(table)}", pos)
            width = 16 if data[pos] & 1 else 4
            size = 4 if data[pos] & 2 else 2
            after = pos + 5 + width + size
            if after > end:
                raise MrtError(f"peer index table of {count} peers ends in peer {len(table)}", pos)
            asn = be32(data + after - 4) if size == 4 else be16(data + after - 2)
            table.append(Peer(address_of(data + pos + 5, width), asn, address_of(data + pos + 1, 4)))
            pos = after
        return table


cdef object partial(str reason, Py_ssize_t where, list routes):
    """A fault in the middle of a RIB record: the entries before it are still good."""
    error = MrtError(reason, where)
    error.routes = [] if routes is None else routes
    return error
