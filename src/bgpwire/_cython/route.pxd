from libc.stdint cimport uint32_t

from bgpwire._cython.attributes cimport PathAttributes
from bgpwire._cython.event cimport Event
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Value


cdef class Route(Value):
    cdef readonly str type
    cdef readonly Event event
    cdef readonly Peer peer
    cdef readonly PathAttributes attributes
    cdef readonly object nlri
    # What few routes have: when a RIB entry was originated, with its next hop if that stands beside the attributes,
    # or the states of a state change.
    cdef readonly object _rare
    cdef uint32_t _place


# Where the NLRI stands, in one number, so that it is one argument: AFI, SAFI, and whether in MP_REACH_NLRI or
# MP_UNREACH_NLRI. 0 for a state change.
cdef inline uint32_t place(int afi, int safi, bint mp) noexcept nogil:
    return <uint32_t> afi << 16 | <uint32_t> safi << 8 | <uint32_t> mp


# The values of Route.type: compared by identity.
cdef str ANNOUNCED
cdef str WITHDRAWN
cdef str ENTRY
cdef str STATE

cdef Route new_route(str kind, Event event, Peer peer, PathAttributes attributes, object nlri, uint32_t where)
