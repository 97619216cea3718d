"""Lines of text out of MRT records.

See the twin, ``_python/lines.py``. What is usual, whole and sound goes from the grammar into text without an object;
any other record takes the way of ``RouteDecoder``, and the format's function makes the lines of its routes.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t
from libc.stdlib cimport free

from bgpwire._cython.bgpdump cimport put_bgpdump_address, put_bgpdump_peer, render_bgpdump
from bgpwire._cython.cursor cimport Cursor, Step, cursor
from bgpwire._cython.event cimport Event
from bgpwire._cython.feed cimport Fed, Feed, family_bit, feed_peers, feed_record
from bgpwire._cython.headers cimport RULES, plausible, registered
from bgpwire._cython.jsonl cimport put_json_peer, render_json
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.mrt_grammar cimport RECORD_HEADER, RecordItem, next_record, record_header
from bgpwire._cython.numbers cimport TABLE_DUMP_V2
from bgpwire._cython.page cimport Page, give_lines, put_plain_address
from bgpwire._cython.psv cimport put_psv_peer, render_psv
from bgpwire._cython.rows cimport put
from bgpwire._cython.sieve cimport Sieve, sieve_of

from bgpwire.errors import DecodeError

__all__ = ["iter_lines"]


cdef class LineIterator:
    """See ``iter_lines``."""

    cdef RecordWalker _walker
    cdef object _decode
    cdef object _on_fault
    cdef object _on_end
    cdef object _close
    cdef object _line
    cdef object _wanted
    cdef Sieve _sieve
    cdef Page _page
    cdef bint _fast
    cdef bint _busy  # within __next__, which no other thread may enter meanwhile, nor a callback
    cdef object _error  # to be raised behind the lines that were made before it
    cdef list _routes  # of a record that took the way of objects
    cdef Py_ssize_t _next

    def __dealloc__(self):
        free(self._page.feed.peers)
        free(self._page.text.data)
        free(self._page.rest.data)

    def __iter__(self):
        return self

    def __next__(self):
        with cython.critical_section(self):
            if self._busy:
                raise ValueError("lines are being read already")
            self._busy = True
        try:
            return self._following()
        finally:
            self._busy = False

    cdef bytes _following(self):
        """What comes next; StopIteration at the end."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if self._walker is None:
            raise StopIteration
        try:
            while True:
                if not self._add_routes() or (self._fast and self._run()):
                    return self._taken()
                if self._fast and self._walker.look_ahead():
                    continue
                if self._page.text.size and self._walker._idle():
                    return self._taken()
                if not self._record():
                    self._on_end()
                    self._finish()
                    if self._page.text.size:
                        return self._taken()
                    raise StopIteration
        except StopIteration:
            raise
        except Exception as error:
            self._finish()
            if not self._page.text.size:
                raise
            self._error = error
            return self._taken()
        except BaseException:
            self._finish()
            raise

    cdef bytes _taken(self):
        """What is on the page, which then is empty."""
        cdef Py_ssize_t size = self._page.text.size
        self._page.text.size = 0
        return PyBytes_FromStringAndSize(<const char *> self._page.text.data, size)

    cdef bint _run(self) except -1:
        """Feed records without an object, as long as they are usual, and whole in what has been read; true when the
        page is full, false when what comes next is for the objects."""
        cdef RecordWalker walker = self._walker
        cdef bytes data = walker._data  # held, whatever another thread does with the walker
        cdef Page *page = &self._page
        cdef Feed *feed = &page.feed
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
                if page.text.size >= page.most:
                    fed = Fed.FULL
                    break
        walker._pos = at
        if fed < 0:
            raise MemoryError("no memory for lines")
        return fed == Fed.FULL

    cdef bint _record(self) except -1:
        """Take the next record by way of objects; false at the end."""
        cdef Event event = self._walker.next_event()
        cdef Feed *feed = &self._page.feed
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

    cdef bint _add_routes(self) except -1:
        """Make lines of the routes that wait; false when the page is full."""
        cdef bytes text
        while self._next < len(self._routes):
            if self._page.text.size >= self._page.most:
                return False
            route = self._routes[self._next]
            self._next += 1
            if self._wanted is None or self._wanted(route):
                text = self._line(route).encode()
                if put(&self._page.text, PyBytes_AS_STRING(text), PyBytes_GET_SIZE(text)) < 0:
                    raise MemoryError("no memory for lines")
        self._routes = []
        self._next = 0
        return self._page.text.size < self._page.most

    def close(self):
        """End the iteration; as a generator's, which does not while it runs."""
        with cython.critical_section(self):
            if self._busy:
                raise ValueError("lines are being read")
        self._error = None
        self._finish()

    cdef int _finish(self) except -1:
        """End, once."""
        if self._walker is not None:
            self._walker = None
            self._routes = []
            self._close()
        return 0

    def __del__(self):
        self.close()


def iter_lines(
    RecordWalker walker not None,
    decoder not None,
    on_fault,
    on_end,
    close,
    str format not None,
    line,
    Py_ssize_t size,
    filter=None,
):
    """The routes of all records of ``walker`` as lines in UTF-8, whole ones, about ``size`` octets at a time.

    ``line(route)`` gives the line of a route, or ``""``; the compiled kernel asks it for what is unusual alone where it
    knows the ``format`` of that name. ``filter`` says which routes to show, ``None``: all. What there is comes before
    an exception, and before the source has to be waited for. A record that cannot be read goes to
    ``on_fault(event, error)``; ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and
    when the iterator is dropped.
    """
    cdef LineIterator self = LineIterator.__new__(LineIterator)
    cdef Page *page = &self._page
    if size < 1:
        raise ValueError(f"lines of {size} octets at a time")
    self._walker = walker
    self._decode = decoder.routes_of
    self._on_fault = on_fault
    self._on_end = on_end
    self._close = close
    self._line = line
    self._wanted = None if filter is None else filter.predicate
    self._sieve = None if filter is None else sieve_of(filter.criteria)
    self._routes = []
    self._fast = (filter is None or self._sieve is not None) and choose(page, format)
    page.most = size
    page.feed.give = give_lines
    page.feed.peer_count = -1
    if self._sieve is not None:
        page.feed.criteria = &self._sieve.criteria
    for afi, safi in decoder.add_path:
        page.feed.given |= family_bit(afi, safi)
    return self


cdef bint choose(Page *page, str format):
    """Whether a format's lines are made without objects; its functions are put in."""
    if format == "bgpdump":
        page.render = render_bgpdump
        page.put_peer = put_bgpdump_peer
        page.put_address = put_bgpdump_address
        page.raw = True
        return True
    page.put_address = put_plain_address
    if format == "psv":
        page.render = render_psv
        page.put_peer = put_psv_peer
        return True
    if format == "json":
        page.render = render_json
        page.put_peer = put_json_peer
        return True
    return False
