# The routes of one peer in one family: to each prefix, by its number, a pair of pieces and a time. A peer with most of
# the prefixes has an array, cut into short chunks; the others, and routes with path identifiers, an index.

from libc.stdint cimport int64_t, uint32_t, uint64_t

from bgpwire._cython.rib_hash cimport Secret, hash_words
from bgpwire._cython.rib_index cimport Index, Probe, next_number, probe

cdef enum:
    PAIRS = 128  # of a chunk
    PAIRS_SHIFT = 7

cdef enum:
    IDENTIFIED = 0x80000000  # a bit of the prefix's number: there is a path identifier


cdef struct Pair:
    uint32_t path  # AS_PATH, by its number; 0: none
    uint32_t rest  # the other attributes; 0: there is no such route
    uint32_t since  # when it was originated, or announced: seconds since 1970


cdef struct Scattered:
    uint32_t prefix  # of one that is free: the next that is
    uint32_t path_id
    Pair pair
    # Of those with path identifiers, others to the same prefix: 0 for none.
    uint32_t next
    uint32_t previous


cdef struct Held:
    Pair **chunks  # NULL: all are scattered
    uint32_t chunk_count
    Index index
    Index heads  # the first with a path identifier of each prefix
    Scattered *scattered
    uint32_t room
    uint32_t top  # places of ``scattered`` that were ever used, the first of which is nothing
    uint32_t free
    uint32_t plain  # of those that are scattered, routes without path identifiers
    int64_t count


cdef inline uint32_t hash_route(const Secret *secret, uint32_t prefix, uint32_t path_id) noexcept nogil:
    return hash_words(secret, prefix, path_id, 0)


cdef inline uint32_t find_scattered(
    const Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id
) noexcept nogil:
    """Where a route stands that has no place in chunks; 0 if it is not there."""
    cdef Probe found = probe(&self.index, hash_route(secret, prefix, path_id))
    cdef uint32_t at = next_number(&found)
    while at:
        if self.scattered[at].prefix == prefix and self.scattered[at].path_id == path_id:
            return at
        at = next_number(&found)
    return 0


cdef inline Pair *find_pair(const Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id) noexcept nogil:
    """The pieces of a route to ``prefix``, which has the bit IDENTIFIED with a path identifier; NULL: there is none."""
    cdef Pair *pair
    cdef uint32_t at
    if self.chunks != NULL and not prefix & IDENTIFIED:
        if prefix >> PAIRS_SHIFT >= self.chunk_count or self.chunks[prefix >> PAIRS_SHIFT] == NULL:
            return NULL
        pair = &self.chunks[prefix >> PAIRS_SHIFT][prefix & (PAIRS - 1)]
        return pair if pair.rest else NULL
    at = find_scattered(self, secret, prefix, path_id)
    return &self.scattered[at].pair if at else NULL


cdef inline uint32_t find_head(const Held *self, const Secret *secret, uint32_t prefix) noexcept nogil:
    """Where the first route with a path identifier to ``prefix``, which has the bit IDENTIFIED, stands; 0 for none."""
    cdef Probe found = probe(&self.heads, hash_route(secret, prefix, 0))
    cdef uint32_t at = next_number(&found)
    while at and self.scattered[at].prefix != prefix:
        at = next_number(&found)
    return at


cdef Pair *make_pair(
    Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id, uint32_t prefixes
) noexcept nogil
cdef void drop_pair(Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id) noexcept nogil
cdef Pair *next_pair(const Held *self, uint64_t *at, uint32_t *prefix, uint32_t *path_id) noexcept nogil
cdef void free_held(Held *self) noexcept nogil
