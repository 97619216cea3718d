# What iterators over an archive have in common that take runs of routes: see feeder.pyx.

from bgpwire._cython.feed cimport Feed
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.sieve cimport Sieve


cdef class Feeder:
    cdef RecordWalker _walker  # None at the end
    cdef object _decode
    cdef object _on_fault
    cdef object _on_end
    cdef object _close
    cdef object _wanted  # of a route; None: all are
    cdef Sieve _sieve  # the same of runs; None if only routes can be asked
    cdef Feed *_feed  # that of the subclass
    cdef bint _fast  # whether there is a way without objects
    cdef bint _busy  # within __next__, which no other thread may enter meanwhile, nor a callback
    cdef list _routes  # of a record that took the way of objects
    cdef Py_ssize_t _next

    cdef int _begin(self, Feed *feed, RecordWalker walker, decoder, on_fault, on_end, close, filter) except -1
    cdef object _following(self)
    cdef bint _is_full(self) noexcept
    cdef bint _run(self) except -1
    cdef bint _look_ahead(self) except -1
    cdef bint _record(self) except -1
    cdef int _finish(self) except -1
