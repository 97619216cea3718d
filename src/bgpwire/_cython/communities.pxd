from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.prefix cimport Value


cdef class Community(Value):
    cdef uint32_t _value


cdef class Communities(Value):
    cdef bytes _wire


cdef class ExtendedCommunities(Value):
    cdef bytes _wire


cdef class LargeCommunities(Value):
    cdef bytes _wire


cdef Communities communities_of(const uint8_t *octets, Py_ssize_t size)
