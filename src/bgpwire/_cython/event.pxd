from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t

from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Value

cdef enum Form:
    # As in route/event.py.
    NO_MESSAGE = 0
    MESSAGE = 1
    BODY = 2

cdef enum Said:
    MICROSECONDS = 1
    TYPE = 2
    SUBTYPE = 4


cdef class Event(Value):
    # Six objects, one behind the other, which EVENT_FIELDS counts on; the first three are shown (slots.pxd).
    cdef Peer peer
    cdef object session
    cdef object file
    # The attributes of an UPDATE, once one of its routes was asked for them.
    cdef object _attributes
    cdef public object _message
    cdef readonly bytes _data
    # One is made for each record: with these it takes 96 octets.
    cdef readonly long long offset
    cdef readonly uint32_t seconds
    # 0 for what the source does not say.
    cdef uint32_t _micro
    # Where the message, or the states, begin in _data, which is all of an MRT record but its header; else 0. Negative
    # for a message without its header, which would begin before them.
    cdef readonly int32_t _begin
    cdef readonly uint32_t _end
    cdef uint16_t _type
    cdef uint16_t _subtype
    cdef readonly uint8_t _form
    cdef uint8_t _said


cdef enum:
    EVENT_OBJECTS = 6


cdef extern from *:
    """
    #define EVENT_FIELDS(event) ((PyObject **) (void *) &(event)->peer)
    """
    void *EVENT_FIELDS(Event event) noexcept


cdef Event new_event(uint32_t seconds, int mrt_type, int mrt_subtype, bytes data, long long offset, object file)
