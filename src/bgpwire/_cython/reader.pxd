from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint64_t

cpdef bytes as_bytes(object data)

cdef class Reader:
    cdef bytes _data
    cdef Py_ssize_t _pos
    cdef Py_ssize_t _end
    cdef public Py_ssize_t base

    cdef Py_ssize_t _take(self, Py_ssize_t size) except -1

cdef Reader reader_over(bytes data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t base)
cdef object too_short(Reader reader, Py_ssize_t size)


cdef inline Py_ssize_t taken(Reader reader, Py_ssize_t size) noexcept:
    """Where the next ``size`` octets stand, which are read then; -1 where :func:`too_short` is to be raised."""
    cdef Py_ssize_t pos = reader._pos
    if size < 0 or reader._end - pos < size:
        return -1
    reader._pos = pos + size
    return pos


cdef inline uint64_t number_at(Reader reader, Py_ssize_t pos, Py_ssize_t size) noexcept:
    """The unsigned integer in ``size`` octets, at most 8, that have been read."""
    cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(reader._data) + pos
    cdef uint64_t value = 0
    cdef Py_ssize_t index
    for index in range(size):
        value = value << 8 | octets[index]
    return value
