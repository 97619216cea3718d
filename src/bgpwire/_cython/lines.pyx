"""Lines of text out of MRT records.

See the twin, ``_python/lines.py``. What is usual, whole and sound goes from the grammar into text without an object;
any other record takes the way of ``RouteDecoder``, and the format's function makes the lines of its routes.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.object cimport PyObject
from libc.stdint cimport uint8_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

from bgpwire._cython.bgpdump cimport put_bgpdump_address, put_bgpdump_peer, render_bgpdump
from bgpwire._cython.feeder cimport Feeder
from bgpwire._cython.jsonl cimport put_json_peer, render_json
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.page cimport Mark, Page, give_lines, need_text, put_plain_address
from bgpwire._cython.psv cimport put_psv_peer, render_psv
from bgpwire._cython.rows cimport Buffer, put

__all__ = ["iter_lines"]

cdef extern from "Python.h":
    PyObject *new_bytes "PyBytes_FromStringAndSize" (const char *text, Py_ssize_t size) except NULL
    char *memory_of "PyBytes_AS_STRING" (PyObject *text) noexcept
    int resize "_PyBytes_Resize" (PyObject **text, Py_ssize_t size) except -1
    void set_size "Py_SET_SIZE" (PyObject *text, Py_ssize_t size) noexcept
    void Py_CLEAR(PyObject *thing)

cdef enum:
    LARGE = 1 << 20  # octets with which a page that may have more begins
    BESIDE = 4096  # octets that a page may have beyond those with which it is full, without memory of its own


cdef class LineIterator(Feeder):
    """See ``iter_lines``."""

    cdef object _line
    cdef Page _page
    cdef PyObject *_sheet  # the ``bytes`` whose memory the page is written into; nobody else knows them yet
    cdef list _marks  # whose octets are those of the page
    cdef object _error  # to be raised behind the lines that were made before it

    def __dealloc__(self):
        if not self._page.lent:
            free(self._page.text.data)
        Py_CLEAR(self._sheet)
        free(self._page.rest.data)
        free(self._page.marks)

    cdef object _following(self):
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if self._walker is None:
            raise StopIteration
        if self._page.text.data == NULL:
            self._new_page()
        try:
            while True:
                if not self._add_routes() or (self._fast and self._run()):
                    return self._taken()
                if self._look_ahead():
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

    cdef int _mark(self, list marks) except -1:
        """Have the texts of ``marks`` where no object is needed for them."""
        cdef Mark *mark
        cdef bytes head, peer
        self._marks = list(marks)  # somebody may go on to fill it
        self._page.marks = <Mark *> malloc((len(self._marks) + 1) * sizeof(Mark))
        if self._page.marks == NULL:
            raise MemoryError("no memory for lines")
        for head, peer in self._marks:
            mark = &self._page.marks[self._page.mark_count]
            mark.head = PyBytes_AS_STRING(head)
            mark.head_size = <int> PyBytes_GET_SIZE(head)
            mark.peer = PyBytes_AS_STRING(peer)
            mark.peer_size = <int> PyBytes_GET_SIZE(peer)
            self._page.mark_count += 1
        return 0

    cdef bint _is_full(self) noexcept:
        return self._page.text.size >= self._page.most

    cdef int _new_page(self) except -1:
        """Lines are written where they stay: copying them costs a tenth of making them."""
        cdef Page *page = &self._page
        cdef Py_ssize_t room = min(page.most, <Py_ssize_t> LARGE) + BESIDE
        self._sheet = new_bytes(NULL, room)
        page.text.data = <uint8_t *> memory_of(self._sheet)
        page.text.room = room
        page.text.size = 0
        page.lent = True
        return 0

    cdef bytes _taken(self):
        """What is on the page, which then is none."""
        cdef Page *page = &self._page
        cdef Buffer text = page.text
        cdef bint lent = page.lent
        cdef bytes out
        memset(&page.text, 0, sizeof(Buffer))
        page.lent = False
        if lent:
            if text.size < page.most:
                resize(&self._sheet, text.size)
            else:
                # With the few octets behind it: memory that shrinks is not what the allocator will give again for the
                # next page, and a page of fresh memory takes as long as its text.
                set_size(self._sheet, text.size)
                text.data[text.size] = 0
            out = <bytes> self._sheet
        else:
            try:
                out = PyBytes_FromStringAndSize(<const char *> text.data, text.size)
            finally:
                free(text.data)
        Py_CLEAR(self._sheet)
        return out

    cdef bint _add_routes(self) except -1:
        """Make lines of the routes that wait; false when the page is full."""
        cdef bytes text
        cdef Py_ssize_t size
        cdef Page *page = &self._page
        while self._next < len(self._routes):
            if self._is_full():
                return False
            route = self._routes[self._next]
            self._next += 1
            if self._wanted is None or self._wanted(route):
                text = self._line(route).encode()
                size = PyBytes_GET_SIZE(text)
                if need_text(page, size) < 0 or put(&page.text, PyBytes_AS_STRING(text), size) < 0:
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
    list marks=None,
):
    """The routes of all records of ``walker`` as lines in UTF-8, whole ones, about ``size`` octets at a time.

    ``line(route)`` gives the line of a route, or ``""``; the compiled kernel asks it for what is unusual alone where it
    knows the ``format`` of that name. ``filter`` says which routes to show, ``None``: all. ``marks``, for JSON lines
    alone, are what those of ``line`` have in front of all members and behind those of the peer, by the interface index
    of a record; :class:`bgpwire.listen.records.Records` has them. What there is comes before an exception, and before
    the source has to be waited for. A record that cannot be read goes to ``on_fault(event, error)``; ``on_end()`` is
    called behind the last; ``close()`` at the end, at an exception, and when the iterator is dropped.
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
    if marks is not None:
        self._mark(marks)
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
