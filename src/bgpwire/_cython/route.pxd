from bgpwire._cython.attributes cimport PathAttributes
from bgpwire._cython.mrt cimport Record
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Value


cdef class Route(Value):
    cdef readonly str type
    cdef readonly Record record
    cdef readonly Peer peer
    cdef readonly PathAttributes attributes
    cdef readonly object nlri
    # What few routes have: when a RIB entry was originated, or the states of a state change.
    cdef object _rare
    # Whether the NLRI stands in MP_REACH_NLRI or MP_UNREACH_NLRI.
    cdef readonly bint _mp


# The values of Route.type: compared by identity.
cdef str ANNOUNCED
cdef str WITHDRAWN
cdef str ENTRY
cdef str STATE

cdef Route new_route(str kind, Record record, Peer peer, PathAttributes attributes, object nlri, bint mp)
