"""Iterators over an archive that take runs of routes, and routes of what is unusual. Nothing here is for Python."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport free

from bgpwire._cython.cursor cimport Cursor, Step, cursor
from bgpwire._cython.emit cimport Run
from bgpwire._cython.event cimport Event
from bgpwire._cython.feed cimport Fed, Feed, Give, family_bit, feed_peers, feed_record
from bgpwire._cython.headers cimport RULES, plausible, registered
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.mrt_grammar cimport RECORD_HEADER, RecordItem, next_record, record_header
from bgpwire._cython.numbers cimport TABLE_DUMP_V2
from bgpwire._cython.sieve cimport Criteria, sieve_of

from bgpwire.errors import DecodeError

__all__ = []


cdef int take(Feed *self, Run *run, int64_t count) noexcept nogil:
    """A ``give`` that gives nobody anything."""
    self.done += count
    self.left = 0
    return Fed.DONE


cdef int look_through(Feed *self, const RecordItem *record, const uint8_t *base, uint64_t where) noexcept nogil:
    """What becomes of a record that is fed from its beginning, of which nothing is given yet."""
    cdef Give give = self.give
    cdef const Criteria *criteria = self.criteria
    cdef int fed
    self.give = take
    self.criteria = NULL
    fed = feed_record(self, record, base, where)
    self.give = give
    self.criteria = criteria
    self.part = 0
    self.done = self.left = 0
    return fed


cdef class Feeder:
    """The base of such an iterator.

    ``_run`` gives runs to the subclass, by the ``give`` of its feed; ``_record`` puts the routes of a record that is
    unusual, or not sound, into ``_routes``, from ``_next`` on.
    """

    def __dealloc__(self):
        if self._feed != NULL:
            free(self._feed.peers)

    def __iter__(self):
        return self

    def __next__(self):
        with cython.critical_section(self):
            if self._busy:
                raise ValueError("this is being read already")
            self._busy = True
        try:
            return self._following()
        finally:
            self._busy = False

    cdef object _following(self):
        """What comes next; StopIteration at the end."""
        raise StopIteration

    cdef bint _is_full(self) noexcept:
        """Whether the subclass has enough to give something."""
        return True

    cdef int _begin(self, Feed *feed, RecordWalker walker, decoder, on_fault, on_end, close, filter) except -1:
        """``feed`` is part of this object, all zeros but for ``give``."""
        self._feed = feed
        self._walker = walker
        self._decode = decoder.routes_of
        self._on_fault = on_fault
        self._on_end = on_end
        self._close = close
        self._wanted = None if filter is None else filter.predicate
        self._sieve = None if filter is None else sieve_of(filter.criteria)
        self._fast = filter is None or self._sieve is not None
        self._routes = []
        feed.peer_count = -1
        if feed.block == NULL:
            feed.block = &feed.single
        if self._sieve is not None:
            feed.criteria = &self._sieve.criteria
        for afi, safi in decoder.add_path:
            feed.given |= family_bit(afi, safi)
        return 0

    cdef bint _run(self) except -1:
        """Feed records without an object, as long as they are usual, and whole in what has been read; true when the
        subclass is full, false when what comes next is for the objects."""
        cdef RecordWalker walker = self._walker
        cdef bytes data = walker._data  # held, whatever another thread does with the walker
        cdef Feed *feed = self._feed
        cdef Cursor cur = cursor(
            <const uint8_t *> PyBytes_AS_STRING(data), walker._pos, PyBytes_GET_SIZE(data)
        )
        cdef RecordItem item, following
        cdef Py_ssize_t at = walker._pos
        cdef long long base = walker._base
        cdef long long sound = walker._sound  # a record that ends there at most leads to another
        cdef int fed = Fed.OTHER
        feed.limit = cur.end
        with nogil:
            while True:
                cur.pos = cur.base + at
                if next_record(&cur, &item) != Step.ITEM or not registered(RULES, &item):
                    break
                if item.length > RULES.longest:
                    break
                if base + item.start + item.length > sound:
                    if cur.end - cur.pos < RECORD_HEADER:
                        break
                    record_header(cur.pos, &following)
                    if not plausible(RULES, &following):
                        break
                if walker._strict and feed.part == 0 and feed.done == 0:
                    # A fault of it would end all, and nothing of it be given.
                    fed = look_through(feed, &item, cur.base, <uint64_t> (base + at))
                    if fed != Fed.DONE:
                        break
                fed = feed_record(feed, &item, cur.base, <uint64_t> (base + at))
                if fed != Fed.DONE:
                    break
                feed.part = 0
                feed.done = 0
                at = item.start + item.length
            if feed.settle != NULL and feed.settle(feed) < 0:
                fed = -1
        walker._pos = at
        if fed < 0:
            raise MemoryError("no memory for the routes of an archive")
        # What is full is given before the next record is looked at, which may raise. One of which something was given
        # cannot be fed again.
        return fed == Fed.FULL or (self._is_full() and (fed == Fed.DONE or (feed.part == 0 and feed.done == 0)))

    cdef bint _look_ahead(self) except -1:
        """Have more octets for :meth:`_run`; false when there are none, or what comes next is for the objects."""
        # A record of which something was given is not fed again.
        return self._fast and self._feed.part == 0 and self._feed.done == 0 and self._walker.look_ahead()

    cdef bint _record(self) except -1:
        """Take the next record by way of objects; false at the end."""
        cdef Event event = self._walker.next_event()
        cdef Feed *feed = self._feed
        cdef Py_ssize_t done = feed.done
        cdef bint sound = True
        feed.done = feed.left = 0
        feed.part = 0
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
            if feed_peers(feed, <const uint8_t *> PyBytes_AS_STRING(event._data), len(event._data)) < 0:
                raise MemoryError("no memory for a table of peers")
        return True

    def close(self):
        """End the iteration; as a generator's, which does not while it runs."""
        with cython.critical_section(self):
            if self._busy:
                raise ValueError("this is being read")
        self._finish()

    cdef int _finish(self) except -1:
        """End, once."""
        if self._walker is not None:
            self._walker = None
            self._routes = []
            self._close()
        return 0

    def __del__(self):
        self._finish()
