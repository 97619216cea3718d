from libc.stdint cimport uint8_t, uint64_t

from bgpwire._cython.as_path cimport AsPath
from bgpwire._cython.communities cimport ExtendedCommunities, LargeCommunities


cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass


cdef enum:
    ROW = 4  # places where a piece may stand


# One line of a processor's cache.
cdef struct Row:
    uint64_t[ROW] tags  # hash, size and kind of the octets; 0: none
    PyObject *values[ROW]


cdef struct Table:
    void *block
    Row *rows  # in it, where a line begins
    Py_ssize_t count  # of places: 0 or a power of two
    Py_ssize_t most  # of places, for there may be no more
    Py_ssize_t used
    Py_ssize_t octets


# What the methods give is a reference that is the caller's; NULL: an exception.
cdef class Pool:
    cdef Table _paths
    cdef Table _communities
    cdef Table _addresses

    cdef PyObject *path(self, const uint8_t *octets, Py_ssize_t size, bint asn4) except NULL
    cdef PyObject *same_path(self, AsPath path) except NULL
    cdef PyObject *address(self, const uint8_t *octets, Py_ssize_t size) except NULL
    cdef PyObject *communities(self, const uint8_t *octets, Py_ssize_t size) except NULL
    cdef ExtendedCommunities extended(self, const uint8_t *octets, Py_ssize_t size)
    cdef LargeCommunities large(self, const uint8_t *octets, Py_ssize_t size)


cdef Pool new_pool()
# Keeps nothing: of what is asked for, each value is made.
cdef Pool NO_POOL
