"""Columns out of MRT records.

See the twin, ``_python/columns.py``. What is usual, whole and sound goes from the grammar into the columns without an
object; any other record takes the way of ``RouteDecoder``, and its routes become rows one by one.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport free

from bgpwire._cython.batch cimport Batch, Builder
from bgpwire._cython.cursor cimport Cursor, Step, cursor, offset
from bgpwire._cython.emit cimport Field, Program, Run, emit, forget
from bgpwire._cython.event cimport Event
from bgpwire._cython.feed cimport Fed, Feed, family_bit, feed_peers, feed_record
from bgpwire._cython.headers cimport RULES, plausible, registered
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.mrt_grammar cimport RECORD_HEADER, RecordItem, next_record, record_header
from bgpwire._cython.numbers cimport TABLE_DUMP_V2
from bgpwire._cython.rows cimport FULL as MOST_OCTETS
from bgpwire._cython.rows cimport Rows

from bgpwire.errors import DecodeError

__all__ = ["iter_batches"]

FIELDS = {
    "timestamp": Field.TIMESTAMP,
    "type": Field.TYPE,
    "peer_address": Field.PEER_ADDRESS,
    "peer_asn": Field.PEER_ASN,
    "peer_bgp_id": Field.PEER_BGP_ID,
    "afi": Field.AFI,
    "safi": Field.SAFI,
    "prefix": Field.PREFIX,
    "prefix_address": Field.PREFIX_ADDRESS,
    "prefix_last_address": Field.PREFIX_LAST_ADDRESS,
    "prefix_length": Field.PREFIX_LENGTH,
    "ipv4_first": Field.IPV4_FIRST,
    "ipv4_last": Field.IPV4_LAST,
    "path_id": Field.PATH_ID,
    "nlri": Field.ABSENT,
    "nlri_json": Field.ABSENT,
    "rd": Field.ABSENT,
    "labels": Field.ABSENT,
    "next_hop": Field.NEXT_HOP_ADDRESS,
    "as_path": Field.AS_NUMBERS,
    "as_path_segments": Field.AS_SEGMENTS,
    "has_as_set": Field.HAS_AS_SET,
    "origin_asn": Field.ORIGIN_ASN,
    "origin": Field.ORIGIN_NAME,
    "med": Field.MED,
    "local_pref": Field.LOCAL_PREFERENCE,
    "atomic_aggregate": Field.ATOMIC,
    "aggregator_asn": Field.AGGREGATOR_ASN,
    "aggregator_address": Field.AGGREGATOR_ADDRESS,
    "communities": Field.COMMUNITY_NUMBERS,
    "large_communities": Field.LARGE_TRIPLES,
    "extended_communities": Field.EXTENDED_NUMBERS,
    "only_to_customer": Field.OTC,
    "originated": Field.ORIGINATED,
    "old_state": Field.ABSENT,
    "new_state": Field.ABSENT,
    "raw_attributes": Field.RAW_ATTRIBUTES,
    "offset": Field.OFFSET,
    "file": Field.FILE_NAME,
}
"""What is filled in without an object; a batch with any other column is made of routes throughout."""


cdef struct Sink:
    Feed feed
    Program program
    Rows *rows
    int64_t most  # rows of a batch
    int64_t octets  # about so many are in its lists


cdef int give(Feed *feed, Run *run, int64_t count) noexcept nogil:
    """``count`` rows of a run, or as many as the batch has room for."""
    cdef Sink *self = <Sink *> feed
    cdef Py_ssize_t size = 64
    cdef int64_t room
    if run.block != NULL:
        size += 2 * (run.block.end - run.block.start)
    while count:
        room = self.most - self.rows.length
        if self.octets + size * min(count, room) > MOST_OCTETS:
            room = (MOST_OCTETS - self.octets) // size
            if room < 1:
                room = 0 if self.rows.length else 1
        if room < 1:
            feed.at = offset(&run.prefixes)
            feed.left = count
            return Fed.FULL
        run.count = min(count, room)
        if emit(&self.program, self.rows, run) < 0:
            return -1
        feed.done += run.count
        self.octets += size * run.count
        count -= run.count
    feed.left = 0
    return Fed.DONE


cdef class BatchIterator:
    """See ``iter_batches``."""

    cdef RecordWalker _walker
    cdef object _decode
    cdef object _on_fault
    cdef object _on_end
    cdef object _close
    cdef tuple _reads
    cdef object _wanted
    cdef Builder _builder
    cdef Sink _sink
    cdef bint _fast
    cdef bytes _file
    cdef list _routes  # of a record that took the way of objects
    cdef Py_ssize_t _next

    def __dealloc__(self):
        free(self._sink.feed.peers)

    def __iter__(self):
        return self

    def __next__(self):
        cdef Rows *rows
        if self._walker is None:
            raise StopIteration
        try:
            while True:
                rows = self._builder._rows
                if not self._add_routes():
                    return self._taken()
                if self._fast and self._run():
                    return self._taken()
                if self._fast and self._walker.look_ahead():
                    continue
                if not self._record():
                    self._on_end()
                    self.close()
                    if rows.length:
                        return self._taken()
                    raise StopIteration
        except BaseException:
            self.close()
            raise

    cdef Batch _taken(self):
        """The batch; the next is empty."""
        cdef Batch batch = self._builder.take()
        self._sink.rows = self._builder._rows
        self._sink.octets = 0
        forget(&self._sink.program)
        return batch

    cdef bint _run(self) except -1:
        """Feed records without an object, as long as they are usual, and whole in what has been read; true when the
        batch is full, false when what comes next is for the objects."""
        cdef RecordWalker walker = self._walker
        cdef bytes data = walker._data  # held, whatever another thread does with the walker
        cdef Sink *sink = &self._sink
        cdef Feed *feed = &sink.feed
        cdef Cursor cur = cursor(
            <const uint8_t *> PyBytes_AS_STRING(data), walker._pos, PyBytes_GET_SIZE(data)
        )
        cdef RecordItem item, following
        cdef Py_ssize_t at = walker._pos
        cdef long long base = walker._base
        cdef int fed = Fed.OTHER
        with nogil:
            while True:
                cur.pos = cur.base + at
                if next_record(&cur, &item) != Step.ITEM or not registered(RULES, &item):
                    break
                if item.length > RULES.longest or cur.end - cur.pos < RECORD_HEADER:
                    break
                record_header(cur.pos, &following)
                if not plausible(RULES, &following):
                    break
                fed = feed_record(feed, &item, cur.base, <unsigned long long> (base + at))
                if fed != Fed.DONE:
                    break
                feed.part = 0
                feed.done = 0
                at = item.start + item.length
                if sink.rows.length >= sink.most:
                    fed = Fed.FULL
                    break
        walker._pos = at
        if fed < 0:
            raise MemoryError("no memory for a batch of columns")
        return fed == Fed.FULL

    cdef bint _record(self) except -1:
        """Take the next record by way of objects; false at the end."""
        cdef Event event = self._walker.next_event()
        cdef Py_ssize_t done = self._sink.feed.done
        cdef bint sound = True
        self._sink.feed.done = self._sink.feed.left = 0
        self._sink.feed.part = 0
        if event is None:
            return False
        try:
            self._routes = self._decode(event)
        except DecodeError as error:
            self._routes = getattr(error, "routes", [])
            sound = False
            self._on_fault(event, error)
        self._next = done
        if self._fast and sound and event._type == TABLE_DUMP_V2 and event._subtype == 1:
            if feed_peers(&self._sink.feed, <const uint8_t *> PyBytes_AS_STRING(event._data), len(event._data)) < 0:
                raise MemoryError("no memory for a table of peers")
        return True

    cdef bint _add_routes(self) except -1:
        """Make rows of the routes that wait; false when the batch is full."""
        cdef Rows *rows = self._builder._rows
        while self._next < len(self._routes):
            if rows.length >= self._sink.most or self._builder.full():
                return False
            route = self._routes[self._next]
            self._next += 1
            if self._wanted is None or self._wanted(route):
                self._builder.add([read(route) for read in self._reads])
        self._routes = []
        self._next = 0
        return rows.length < self._sink.most

    def close(self):
        """End the iteration; as a generator's."""
        if self._walker is not None:
            self._walker = None
            self._routes = []
            self._close()

    def __del__(self):
        self.close()


def iter_batches(
    RecordWalker walker not None, decoder not None, on_fault, on_end, close, columns, Py_ssize_t size, wanted=None
):
    """The routes of all records of ``walker`` as batches of ``size`` rows; the last may be smaller.

    A record that cannot be read goes to ``on_fault(event, error)``; ``wanted(route)`` says which routes become rows.
    ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and when the iterator is dropped.
    """
    cdef BatchIterator self = BatchIterator.__new__(BatchIterator)
    cdef int index = 0, caches = 0, field
    if size < 1:
        raise ValueError(f"batches of {size} rows")
    self._builder = Builder([column.kind for column in columns])
    self._walker = walker
    self._decode = decoder.routes_of
    self._on_fault = on_fault
    self._on_end = on_end
    self._close = close
    self._reads = tuple([column.read for column in columns])
    self._wanted = wanted
    self._routes = []
    self._fast = wanted is None and all([column.name in FIELDS for column in columns])
    self._sink.feed.give = give
    self._sink.rows = self._builder._rows
    self._sink.most = size
    self._sink.feed.peer_count = -1
    for afi, safi in decoder.add_path:
        self._sink.feed.given |= family_bit(afi, safi)
    if self._fast:
        self._sink.program.count = len(columns)
        for column in columns:
            field = FIELDS[column.name]
            self._sink.program.fields[index] = field
            if field == Field.FILE_NAME:
                self._file = column.read(None).encode()
                self._sink.program.file = self._file
                self._sink.program.file_size = len(self._file)
            if field in (Field.PEER_ADDRESS, Field.PEER_BGP_ID, Field.NEXT_HOP_ADDRESS, Field.AGGREGATOR_ADDRESS):
                self._sink.program.recent[index] = caches
                caches += 1
            index += 1
    return self
