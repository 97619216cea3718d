from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.cursor cimport Cursor
from bgpwire._cython.event cimport Event
from bgpwire._cython.gathered cimport Gathered
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.pool cimport Pool


cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass


cdef enum:
    RECENT = 16
    LONGEST_KEY = 20


# A peer, held, and the octets that name it in a TABLE_DUMP entry: address and AS number.
cdef struct Recent:
    uint8_t[LONGEST_KEY] octets
    uint32_t size
    PyObject *peer


cdef class TableDecoder:
    cdef object _two
    cdef object _four
    cdef dict _peers
    cdef list _table
    cdef Pool _pool
    cdef Recent[RECENT] _recent

    cdef int _table_dump(self, Event event, Gathered *out) except -1
    cdef Peer _peer(self, const uint8_t *octets, Py_ssize_t size, int afi, uint32_t asn)
    cdef int _table_dump_v2(self, Event event, Gathered *out) except -1
    cdef int _generic(self, Event event, bint paths, Gathered *out) except -1
    cdef int _entries(
        self, Event event, Cursor *cur, int count, object nlri, uint32_t where, bint paths, Gathered *out
    ) except -1
    cdef list _peer_index(self, Event event)
