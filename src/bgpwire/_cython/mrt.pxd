from libc.stdint cimport uint16_t, uint32_t

from bgpwire._cython.prefix cimport Value


cdef class Record(Value):
    cdef readonly uint32_t seconds
    cdef readonly uint16_t type
    cdef readonly uint16_t subtype
    cdef readonly bytes data
    cdef readonly long long offset
    cdef public object _cache


cdef class RecordWalker:
    cdef object _read
    cdef object _on_skip
    cdef bytes _data
    cdef Py_ssize_t _pos
    cdef long long _base
    cdef bint _eof
    # Where the last TABLE_DUMP record of wrong length ended.
    cdef long long _short_end

    cdef bint _fill(self, Py_ssize_t size) except -1
    cdef Record next_record(self)
    cdef Record _torn(self, int kind, Py_ssize_t length, Py_ssize_t after)
    cdef int _skip(self, Py_ssize_t start, Py_ssize_t end, str reason) except -1
