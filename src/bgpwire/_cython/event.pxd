from libc.stdint cimport int64_t, uint32_t

from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Value

cdef enum Form:
    # As in route/event.py.
    NO_MESSAGE = 0
    MESSAGE = 1
    BODY = 2


cdef class Event(Value):
    # Six objects, one behind the other, which EVENT_FIELDS counts on; the first three are shown (slots.pxd).
    cdef Peer peer
    cdef object session
    cdef object file
    # The attributes of an UPDATE, once one of its routes was asked for them.
    cdef object _attributes
    cdef public object _message
    cdef readonly bytes _data
    cdef readonly uint32_t seconds
    cdef readonly long long offset
    # Where the message, or the states, begin in _data, which is all of an MRT record but its header; else 0.
    cdef readonly Py_ssize_t _begin
    cdef readonly Py_ssize_t _end
    cdef readonly int _form
    # -1 for what the source does not say.
    cdef int64_t _micro
    cdef int _type
    cdef int _subtype


cdef enum:
    EVENT_OBJECTS = 6


cdef extern from *:
    """
    #define EVENT_FIELDS(event) ((PyObject **) (void *) &(event)->peer)
    """
    void *EVENT_FIELDS(Event event) noexcept


cdef Event new_event(uint32_t seconds, int mrt_type, int mrt_subtype, bytes data, long long offset, object file)
