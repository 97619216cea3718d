from libc.stdint cimport uint8_t, uint16_t, uint32_t

from bgpwire._cython.as_path cimport AsPath
from bgpwire._cython.communities cimport Communities, ExtendedCommunities, LargeCommunities
from bgpwire._cython.prefix cimport Address


cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass


cdef struct Held:
    uint32_t hash
    uint16_t size
    uint16_t kind
    const uint8_t *octets
    PyObject *owner  # what they stand in: bytes of the value, or itself
    PyObject *value  # NULL: none


cdef struct Table:
    Held *places  # in rows of ROW
    Py_ssize_t count  # of places: 0 or a power of two
    Py_ssize_t most  # of places, for there may be no more
    Py_ssize_t used
    Py_ssize_t octets


cdef class Pool:
    cdef Table _paths
    cdef Table _communities
    cdef Table _addresses

    cdef AsPath path(self, const uint8_t *octets, Py_ssize_t size, bint asn4)
    cdef AsPath same_path(self, AsPath path)
    cdef Address address(self, const uint8_t *octets, Py_ssize_t size)
    cdef Communities communities(self, const uint8_t *octets, Py_ssize_t size)
    cdef ExtendedCommunities extended(self, const uint8_t *octets, Py_ssize_t size)
    cdef LargeCommunities large(self, const uint8_t *octets, Py_ssize_t size)


cdef Pool new_pool()
# Keeps nothing: of what is asked for, each value is made.
cdef Pool NO_POOL
