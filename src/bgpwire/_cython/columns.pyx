"""Columns out of MRT records.

See the twin, ``_python/columns.py``. What is usual, whole and sound goes from the grammar into the columns without an
object; any other record takes the way of ``RouteDecoder``, and its routes become rows one by one.
"""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport int64_t

from bgpwire._cython.batch cimport Batch, Builder
from bgpwire._cython.cursor cimport PrefixItem, Step, next_prefix, offset
from bgpwire._cython.emit cimport RUNS, Field, Log, Program, Run, emit, forget
from bgpwire._cython.feed cimport Fed, Feed
from bgpwire._cython.feeder cimport Feeder
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.numbers cimport AFI_IPV4
from bgpwire._cython.rows cimport FULL as MOST_OCTETS
from bgpwire._cython.rows cimport Rows

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
    "as_path_text": Field.PATH_TEXT,
    "has_as_set": Field.HAS_AS_SET,
    "origin_asn": Field.ORIGIN_ASN,
    "origin": Field.ORIGIN_NAME,
    "med": Field.MED,
    "local_pref": Field.LOCAL_PREFERENCE,
    "atomic_aggregate": Field.ATOMIC,
    "aggregator_asn": Field.AGGREGATOR_ASN,
    "aggregator_address": Field.AGGREGATOR_ADDRESS,
    "communities": Field.COMMUNITY_NUMBERS,
    "communities_text": Field.COMMUNITY_TEXTS,
    "large_communities": Field.LARGE_TRIPLES,
    "large_communities_text": Field.LARGE_TEXTS,
    "extended_communities": Field.EXTENDED_NUMBERS,
    "only_to_customer": Field.OTC,
    "originated": Field.ORIGINATED,
    "old_state": Field.ABSENT,
    "new_state": Field.ABSENT,
    "raw_attributes": Field.RAW_ATTRIBUTES,
    "offset": Field.OFFSET,
    "file": Field.FILE_NAME,
    "collector": Field.FILE_NAME,
    "rib": Field.FILE_NAME,
    "distinguisher": Field.FILE_NAME,
}
"""What is filled in without an object; a batch with any other column is made of routes throughout."""


cdef struct Sink:
    Feed feed
    Program program
    Log log
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
        run.count = count
        room = self.most - self.rows.length - self.log.rows
        if count > room or self.octets + size * count > MOST_OCTETS:
            if self.octets + size * min(count, room) > MOST_OCTETS:
                room = (MOST_OCTETS - self.octets) // size
                if room < 1:
                    room = 0 if self.rows.length + self.log.rows else 1
            if room < 1:
                feed.at = offset(&run.prefixes)
                feed.left = count
                return Fed.FULL
            run.count = min(count, room)
        if keep(self, run) < 0:
            return -1
        feed.done += run.count
        self.octets += size * run.count
        count -= run.count
        if count and skip_prefixes(run) < 0:
            return -1
    feed.left = 0
    return Fed.DONE


cdef inline int keep(Sink *self, const Run *run) noexcept nogil:
    """Put a run into the log, which is emptied before if it is full."""
    cdef Feed *feed = &self.feed
    cdef Log *log = &self.log
    if log.count == RUNS and settle(feed) < 0:
        return -1
    log.runs[log.count] = run[0]
    log.counts[log.count] = run.count
    log.read[log.count] = run.block
    log.there[log.count] = 0 if run.block == NULL else run.block.there
    log.any_there |= log.there[log.count]
    log.any_path_id |= run.add_path or run.has_path_id
    log.count += 1
    log.rows += run.count
    if run.block == feed.block:  # none that an earlier run of the same UPDATE has kept
        feed.block += 1
        if feed.block == &log.blocks[RUNS + 1]:
            feed.block = &log.blocks[0]
    return 0


cdef int settle(Feed *feed) noexcept nogil:
    """Make rows of what is in the log."""
    cdef Sink *self = <Sink *> feed
    return emit(&self.program, self.rows, &self.log) if self.log.count else 0


cdef int skip_prefixes(Run *run) noexcept nogil:
    """Go behind the prefixes that were taken: the batch has no room for all."""
    cdef PrefixItem item
    cdef int64_t _index
    for _index in range(run.count):
        if next_prefix(&run.prefixes, 32 if run.afi == AFI_IPV4 else 128, run.add_path, &item) != Step.ITEM:
            return -1
    return 0


cdef class BatchIterator(Feeder):
    """See ``iter_batches``."""

    cdef tuple _reads
    cdef Builder _builder
    cdef Sink _sink
    cdef list _names

    cdef object _following(self):
        cdef Rows *rows
        if self._walker is None:
            raise StopIteration
        try:
            rows = self._sink.rows = self._builder.begun()
            while True:
                if not self._add_routes():
                    return self._taken()
                if self._fast and self._run():
                    return self._taken()
                if self._look_ahead():
                    continue
                if not self._record():
                    self._on_end()
                    self._finish()
                    if rows.length:
                        return self._taken()
                    raise StopIteration
        except BaseException:
            self._finish()
            raise

    cdef bint _is_full(self) noexcept:
        return self._builder._rows.length >= self._sink.most

    cdef Batch _taken(self):
        """The batch; the next is empty."""
        cdef Batch batch = self._builder.take()
        self._sink.octets = 0
        forget(&self._sink.program)
        return batch

    cdef bint _add_routes(self) except -1:
        """Make rows of the routes that wait; false when the batch is full."""
        while self._next < len(self._routes):
            if self._is_full() or self._builder.full():
                return False
            route = self._routes[self._next]
            self._next += 1
            if self._wanted is None or self._wanted(route):
                self._builder.add([read(route) for read in self._reads])
        self._routes = []
        self._next = 0
        return not self._is_full()


def iter_batches(
    RecordWalker walker not None, decoder not None, on_fault, on_end, close, columns, Py_ssize_t size, filter=None
):
    """The routes of all records of ``walker`` as batches of ``size`` rows; the last may be smaller.

    A record that cannot be read goes to ``on_fault(event, error)``; ``filter`` says which routes become rows, ``None``:
    all. ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and when the iterator is
    dropped.
    """
    cdef BatchIterator self = BatchIterator.__new__(BatchIterator)
    cdef int index = 0, caches = 0, field
    if size < 1:
        raise ValueError(f"batches of {size} rows")
    self._names = []
    self._builder = Builder([column.kind for column in columns])
    self._reads = tuple([column.read for column in columns])
    self._sink.feed.give = give
    self._sink.feed.settle = settle
    self._sink.feed.block = &self._sink.log.blocks[0]
    forget(&self._sink.program)
    self._sink.most = size
    self._begin(&self._sink.feed, walker, decoder, on_fault, on_end, close, filter)
    self._fast = self._fast and all([column.name in FIELDS for column in columns])
    if self._fast:
        self._sink.program.count = len(columns)
        for column in columns:
            field = FIELDS[column.name]
            self._sink.program.fields[index] = field
            if field == Field.FILE_NAME:
                name = column.read(None)
                if name is None:
                    self._sink.program.fields[index] = Field.ABSENT
                else:
                    self._names.append(name.encode())
                    self._sink.program.names[index] = PyBytes_AS_STRING(self._names[-1])
                    self._sink.program.sizes[index] = len(self._names[-1])
            if field in (Field.PEER_ADDRESS, Field.PEER_BGP_ID, Field.NEXT_HOP_ADDRESS, Field.AGGREGATOR_ADDRESS):
                self._sink.program.recent[index] = caches
                caches += 1
            index += 1
    return self
