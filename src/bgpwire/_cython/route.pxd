from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.event cimport Event
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.pieces cimport Pieces
from bgpwire._cython.pool cimport Pool
from bgpwire._cython.prefix cimport Value


cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass


cdef class Route(Value):
    # Nine objects, one behind the other, which ROUTE_FIELDS counts on; all but the last are shown (slots.pxd).
    cdef str type
    cdef Event event
    cdef Peer peer
    cdef object nlri
    cdef object prefix
    cdef object as_path
    cdef object next_hop
    cdef object communities
    # What else is known. At first extended communities, large ones, or a tuple of both; mostly None. Then the
    # attributes, once they were made of the event's octets or where they were given; a RIB entry that was given has a
    # tuple of them, the next hop that stands beside them or None, and when it was originated. The states of a change.
    cdef object _rest
    cdef uint32_t _place
    # Where the block of attributes begins in the octets of the event, 2 behind its length; 0: it stands in none.
    cdef uint32_t _start


cdef enum:
    NLRI = 3  # the prefix is behind it
    PATH = 5
    HOP = 6
    TAGS = 7
    SHOWN = 8
    FIELDS = 9


cdef extern from *:
    """
    #define ROUTE_FIELDS(route) ((PyObject **) (void *) &(route)->type)
    """
    PyObject **ROUTE_FIELDS(Route route) noexcept


# Where the NLRI stands, in one number, so that it is one argument: AFI, SAFI, and whether in MP_REACH_NLRI or
# MP_UNREACH_NLRI. 0 for a state change.
cdef inline uint32_t place(int afi, int safi, bint mp) noexcept nogil:
    return <uint32_t> afi << 16 | <uint32_t> safi << 8 | <uint32_t> mp


# The values of Route.type: compared by identity.
cdef str ANNOUNCED
cdef str WITHDRAWN
cdef str ENTRY
cdef str STATE

cdef Route new_route(
    str kind, Event event, Peer peer, Py_ssize_t start, uint32_t where, object nlri, object prefix
)
cdef PyObject *copied(Route model, object nlri, object prefix) except NULL
cdef int tell(Route self, const Pieces *pieces, bint asn4, Pool pool) except -1
cdef int tell_hop(Route self, const Pieces *pieces, Pool pool) except -1
