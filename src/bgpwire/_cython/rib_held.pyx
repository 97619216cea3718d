"""The routes of a peer: see rib_held.pxd. Nothing here is for Python."""

from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free, realloc

from bgpwire._cython.rib_hash cimport Secret
from bgpwire._cython.rib_index cimport add_number, drop_number, free_index

__all__ = []

cdef enum:
    FEW = 1024  # routes that stay scattered, however few prefixes there are
    SHARE = 4  # from the fourth part of all prefixes on, an array is smaller


cdef Pair *make_pair(
    Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id, uint32_t prefixes
) noexcept nogil:
    """A place for a route that is not there yet, empty; of ``prefixes`` there are so many. NULL without memory."""
    cdef Pair *pair
    if not prefix & IDENTIFIED:
        if self.chunks == NULL and self.plain >= FEW and self.plain * <uint64_t> SHARE >= prefixes:
            if gather_plain(self, secret) < 0:
                return NULL
        if self.chunks != NULL:
            pair = place_in_chunk(self, prefix)
            if pair != NULL:
                self.count += 1
            return pair
    return scatter(self, secret, prefix, path_id)


cdef Pair *place_in_chunk(Held *self, uint32_t prefix) noexcept nogil:
    cdef uint32_t which = prefix >> PAIRS_SHIFT
    if which >= self.chunk_count and widen(self, which + 1) < 0:
        return NULL
    if self.chunks[which] == NULL:
        self.chunks[which] = <Pair *> calloc(PAIRS, sizeof(Pair))
        if self.chunks[which] == NULL:
            return NULL
    return &self.chunks[which][prefix & (PAIRS - 1)]


cdef int widen(Held *self, uint32_t count) noexcept nogil:
    """Have at least so many chunks."""
    cdef uint32_t more = count + (count >> 2) + 8, at
    cdef void *chunks = realloc(self.chunks, more * sizeof(Pair *))
    if chunks == NULL:
        return -1
    self.chunks = <Pair **> chunks
    for at in range(self.chunk_count, more):
        self.chunks[at] = NULL
    self.chunk_count = more
    return 0


cdef Pair *scatter(Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id) noexcept nogil:
    cdef uint32_t at = self.free, head, room
    cdef void *places
    cdef Scattered *place
    if at == 0:
        at = self.top if self.top else 1
        if at >= self.room:
            room = at + (at >> 1) + 7
            places = realloc(self.scattered, room * sizeof(Scattered))
            if places == NULL:
                return NULL
            self.scattered = <Scattered *> places
            self.room = room
    if add_number(&self.index, hash_route(secret, prefix, path_id), at) < 0:
        return NULL
    place = &self.scattered[at]
    head = find_head(self, secret, prefix) if prefix & IDENTIFIED else 0
    if prefix & IDENTIFIED and head == 0 and add_number(&self.heads, hash_route(secret, prefix, 0), at) < 0:
        drop_number(&self.index, hash_route(secret, prefix, path_id), at)
        return NULL
    if at == self.free:
        self.free = place.prefix
    else:
        self.top = at + 1
    place.prefix = prefix
    place.path_id = path_id
    place.pair.path = place.pair.rest = place.pair.since = 0
    place.previous = head
    place.next = 0
    if head:
        # Behind the first, which the index has.
        place.next = self.scattered[head].next
        self.scattered[place.next].previous = at  # place 0 is nothing
        self.scattered[head].next = at
    self.count += 1
    self.plain += not prefix & IDENTIFIED
    return &place.pair


cdef void unscatter(Held *self, const Secret *secret, uint32_t at) noexcept nogil:
    cdef Scattered *place = &self.scattered[at]
    drop_number(&self.index, hash_route(secret, place.prefix, place.path_id), at)
    if place.prefix & IDENTIFIED:
        unlink(self, hash_route(secret, place.prefix, 0), place, at)
    self.count -= 1
    self.plain -= not place.prefix & IDENTIFIED
    place.pair.path = place.pair.rest = 0
    place.prefix = self.free
    self.free = at


cdef void unlink(Held *self, uint32_t tag, const Scattered *place, uint32_t at) noexcept nogil:
    """Take a route out of those with path identifiers to its prefix."""
    self.scattered[place.next].previous = place.previous
    if place.previous:
        self.scattered[place.previous].next = place.next
        return
    drop_number(&self.heads, tag, at)
    if place.next:
        add_number(&self.heads, tag, place.next)  # in the place that is free now: it needs no memory


cdef int gather_plain(Held *self, const Secret *secret) noexcept nogil:
    """Put the routes without path identifiers into chunks; -1 without memory, and all are where they were."""
    cdef uint32_t at, moved = 0
    cdef Scattered *place
    cdef Pair *pair
    if widen(self, 1) < 0:
        return -1
    for at in range(1, self.top):
        place = &self.scattered[at]
        if place.pair.rest and not place.prefix & IDENTIFIED and place_in_chunk(self, place.prefix) == NULL:
            free_chunks(self)
            return -1
    for at in range(1, self.top):
        place = &self.scattered[at]
        if place.pair.rest and not place.prefix & IDENTIFIED:
            pair = place_in_chunk(self, place.prefix)
            pair[0] = place.pair
            unscatter(self, secret, at)
            moved += 1
    self.count += moved
    if self.count == moved:
        free(self.scattered)
        self.scattered = NULL
        self.room = self.top = self.free = 0
        free_index(&self.index)
        free_index(&self.heads)
    return 0


cdef void drop_pair(Held *self, const Secret *secret, uint32_t prefix, uint32_t path_id) noexcept nogil:
    """Take out a route that is there; its pieces are the caller's to leave."""
    cdef Pair *pair
    if self.chunks != NULL and not prefix & IDENTIFIED:
        pair = &self.chunks[prefix >> PAIRS_SHIFT][prefix & (PAIRS - 1)]
        pair.path = pair.rest = 0
        self.count -= 1
    else:
        unscatter(self, secret, find_scattered(self, secret, prefix, path_id))


cdef Pair *next_pair(const Held *self, uint64_t *at, uint32_t *prefix, uint32_t *path_id) noexcept nogil:
    """The next route from the place ``at`` on, which is 0 at first and moves behind it; NULL behind the last."""
    cdef uint64_t plain = <uint64_t> self.chunk_count << PAIRS_SHIFT
    cdef Pair *pair
    cdef Scattered *place
    while at[0] < plain:
        if self.chunks[at[0] >> PAIRS_SHIFT] == NULL:
            at[0] = ((at[0] >> PAIRS_SHIFT) + 1) << PAIRS_SHIFT
            continue
        pair = &self.chunks[at[0] >> PAIRS_SHIFT][at[0] & (PAIRS - 1)]
        prefix[0] = <uint32_t> at[0]
        path_id[0] = 0
        at[0] += 1
        if pair.rest:
            return pair
    while at[0] - plain < self.top:
        place = &self.scattered[at[0] - plain]
        at[0] += 1
        if at[0] - plain > 1 and place.pair.rest:
            prefix[0] = place.prefix
            path_id[0] = place.path_id
            return &place.pair
    return NULL


cdef void free_chunks(Held *self) noexcept nogil:
    cdef uint32_t at
    for at in range(self.chunk_count):
        free(self.chunks[at])
    free(self.chunks)
    self.chunks = NULL
    self.chunk_count = 0


cdef void free_held(Held *self) noexcept nogil:
    free_chunks(self)
    free_index(&self.index)
    free_index(&self.heads)
    free(self.scattered)
    self.scattered = NULL
    self.room = self.top = self.free = self.plain = 0
    self.count = 0
