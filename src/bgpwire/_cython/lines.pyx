"""Lines of text out of MRT records.

See the twin, ``_python/lines.py``. What is usual, whole and sound goes from the grammar into text without an object;
any other record takes the way of ``RouteDecoder``, and the format's function makes the lines of its routes.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdlib cimport free

from bgpwire._cython.bgpdump cimport put_bgpdump_address, put_bgpdump_peer, render_bgpdump
from bgpwire._cython.feeder cimport Feeder
from bgpwire._cython.jsonl cimport put_json_peer, render_json
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.page cimport Page, give_lines, put_plain_address
from bgpwire._cython.psv cimport put_psv_peer, render_psv
from bgpwire._cython.rows cimport put

__all__ = ["iter_lines"]


cdef class LineIterator(Feeder):
    """See ``iter_lines``."""

    cdef object _line
    cdef Page _page
    cdef object _error  # to be raised behind the lines that were made before it

    def __dealloc__(self):
        free(self._page.text.data)
        free(self._page.rest.data)

    cdef object _following(self):
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

    cdef bint _is_full(self) noexcept:
        return self._page.text.size >= self._page.most

    cdef bytes _taken(self):
        """What is on the page, which then is empty."""
        cdef Py_ssize_t size = self._page.text.size
        self._page.text.size = 0
        return PyBytes_FromStringAndSize(<const char *> self._page.text.data, size)

    cdef bint _add_routes(self) except -1:
        """Make lines of the routes that wait; false when the page is full."""
        cdef bytes text
        while self._next < len(self._routes):
            if self._is_full():
                return False
            route = self._routes[self._next]
            self._next += 1
            if self._wanted is None or self._wanted(route):
                text = self._line(route).encode()
                if put(&self._page.text, PyBytes_AS_STRING(text), PyBytes_GET_SIZE(text)) < 0:
                    raise MemoryError("no memory for lines")
        self._routes = []
        self._next = 0
        return not self._is_full()

    cdef int _finish(self) except -1:
        self._error = None
        return Feeder._finish(self)


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
    self._line = line
    page.most = size
    page.feed.give = give_lines
    self._begin(&page.feed, walker, decoder, on_fault, on_end, close, filter)
    self._fast = self._fast and choose(page, format)
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
