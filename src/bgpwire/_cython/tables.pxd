from bgpwire._cython.cursor cimport Cursor
from bgpwire._cython.event cimport Event
from bgpwire._cython.mrt_grammar cimport DumpEntryItem
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.pool cimport Pool


cdef class TableDecoder:
    cdef object _two
    cdef object _four
    cdef dict _peers
    cdef list _table
    cdef Pool _pool

    cdef list _table_dump(self, Event event)
    cdef Peer _peer(self, bytes key, DumpEntryItem *item, int afi)
    cdef list _table_dump_v2(self, Event event)
    cdef list _generic(self, Event event, bint paths)
    cdef list _entries(self, Event event, Cursor *cur, int count, object nlri, tuple family, bint paths)
    cdef list _peer_index(self, Event event)
