# A table of routes: prefixes, peers, and of each peer the routes it announced, in octets that they share.

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from bgpwire._cython.rib_hash cimport Secret
from bgpwire._cython.rib_held cimport Held, Pair
from bgpwire._cython.rib_index cimport Index
from bgpwire._cython.rib_pieces cimport Pieces, share
from bgpwire._cython.rib_prefixes cimport Key, Prefixes

cdef enum:
    FAMILIES = 4  # unicast and multicast of IPv4, and of IPv6: (AFI - 1) * 2 + SAFI - 1


cdef enum:
    # What became of a route.
    NO_MEMORY = -1
    NOTHING = 0  # what was announced is in the table, what was withdrawn is not
    NEW = 1
    REPLACED = 2
    GONE = 3
    OUTCOMES = 4


cdef struct PeerName:
    uint8_t[16] address  # zeros behind the octets there are
    uint8_t[4] bgp_id
    uint32_t asn
    uint32_t source  # which of several sources with the same peer: whoever has sources knows
    uint8_t size  # octets of the address


cdef struct Neighbour:
    PeerName name
    Held[FAMILIES] held
    int64_t routes


cdef struct Left:
    # The routes of a peer that is gone, which nobody finds any more; swept little by little.
    Left *next
    Held held
    uint64_t at
    int family


cdef struct Change:
    int64_t time  # microseconds since 1970
    uint32_t peer
    int family
    Key key
    bint identified
    uint32_t path_id
    Pair old  # each has its pieces in use
    Pair new


cdef struct Rib:
    Secret secret
    Prefixes[FAMILIES] prefixes
    Pieces paths
    Pieces rests
    Index peers
    Neighbour **neighbours
    uint32_t peer_count
    uint32_t peer_room
    Left *left
    int64_t routes
    int64_t latest  # time of the latest change, or of what changed nothing: microseconds since 1970
    int64_t[OUTCOMES] outcomes
    bint told  # changes are kept to be told
    Change *changes
    Py_ssize_t change_first  # those before it were handed over
    Py_ssize_t change_count
    Py_ssize_t change_room


cdef inline void share_pair(Rib *self, Pair pair) noexcept nogil:
    """Use the pieces of a route once more."""
    if pair.path:
        share(&self.paths, pair.path)
    if pair.rest:
        share(&self.rests, pair.rest)


cdef int64_t find_peer(Rib *self, const PeerName *name) noexcept nogil
cdef uint32_t number_of(Rib *self, int family, const Key *key) noexcept nogil
cdef void forget_number(Rib *self, int family, uint32_t number) noexcept nogil
cdef int put_route(
    Rib *self, uint32_t peer, int family, uint32_t number, bint identified, uint32_t path_id, Pair new, int64_t time
) noexcept nogil
cdef int take_route(
    Rib *self, uint32_t peer, int family, const Key *key, bint identified, uint32_t path_id, int64_t time
) noexcept nogil
cdef int64_t detach_peer(Rib *self, uint32_t peer) noexcept nogil
cdef int64_t sweep(Rib *self, int64_t most) noexcept nogil
cdef void leave_pair(Rib *self, Pair pair) noexcept nogil
cdef void free_rib(Rib *self) noexcept nogil
