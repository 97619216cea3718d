from libc.stdint cimport uint16_t, uint32_t

from bgpwire._cython.event cimport Event
from bgpwire._cython.prefix cimport Value


cdef class Record(Value):
    cdef readonly uint32_t seconds
    cdef readonly uint16_t type
    cdef readonly uint16_t subtype
    cdef readonly bytes data
    cdef readonly long long offset


cdef class RecordWalker:
    cdef object _read
    cdef object _on_skip
    cdef object _ready
    cdef object _resync
    cdef readonly bytes _data
    cdef readonly Py_ssize_t _pos
    cdef readonly long long _base
    cdef readonly bint _eof
    # What was read and is not in _data as a whole, see _bridge; else None. What stands in _data before it.
    cdef bytes _next
    cdef Py_ssize_t _lead
    cdef public long long _sound
    cdef public bint _strict
    # Whether there was anything but records of plausible types, each up to the next; where the PEER_INDEX_TABLE is that
    # came last, -1: none has come.
    cdef readonly bint _odd
    cdef readonly long long _table
    cdef public object _file  # what the source is called; None

    # The record that advance() came to: its header's fields, and where it begins.
    cdef uint32_t _seconds
    cdef uint16_t _type
    cdef uint16_t _subtype
    cdef long long _where

    cdef bint look_ahead(self) except -1
    cdef bint _bridge(self, Py_ssize_t need) except -1
    cdef int _come_together(self) except -1
    cdef bytes advance(self)
    cdef Record next_record(self)
    cdef Event next_event(self)
