from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.prefix cimport Value

cdef enum:
    INDEXED = 41


cdef class PathAttributes(Value):
    cdef bytes _data
    cdef Py_ssize_t _start
    cdef Py_ssize_t _end
    cdef readonly Py_ssize_t base
    cdef readonly object session
    cdef readonly object rib_family
    cdef bint _asn4
    cdef int _torn
    cdef Py_ssize_t _torn_at
    # Where the first attribute of each code below INDEXED begins, counted from _start, plus 1; 0: absent.
    cdef uint32_t[INDEXED] _at
    cdef object _as_path
    cdef object _communities
    cdef object _next_hop
    cdef object _mp_next_hop
    cdef dict _cache

    cdef int _find(self, int code, Py_ssize_t *start, Py_ssize_t *end) noexcept
    cdef object _decode(self, int code, int flags, Py_ssize_t start, Py_ssize_t end)
    cdef object _value(self, int code)
    cdef object fetch(self, int code)
    cdef object path(self)
    cdef object tags(self)
    cdef object hop(self, bint mp)


cdef PathAttributes attributes_of(
    bytes data, Py_ssize_t start, Py_ssize_t end, object session, bint asn4, Py_ssize_t base, object rib_family
)
cdef object torn_block(int step, bytes data, Py_ssize_t where, Py_ssize_t end, Py_ssize_t base)
