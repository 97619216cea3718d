from libc.stdint cimport uint8_t

from bgpwire._cython.event cimport Event
from bgpwire._cython.peer cimport Peer


cdef class TableDecoder:
    cdef object _two
    cdef object _four
    cdef dict _peers
    cdef list _table

    cdef list _table_dump(self, Event event)
    cdef Peer _peer(self, bytes key, const uint8_t *at, int width, bint asn4)
    cdef list _table_dump_v2(self, Event event)
    cdef list _generic(self, Event event, bint paths)
    cdef list _entries(self, Event event, Py_ssize_t at, object nlri, tuple family, bint paths)
    cdef list _peer_index(self, Event event)
