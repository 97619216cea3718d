"""Routes that come and go: see rib_table.pxd. Nothing here is for Python."""

from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcmp, memset

from bgpwire._cython.rib_hash cimport hash_octets
from bgpwire._cython.rib_held cimport IDENTIFIED, drop_pair, find_pair, free_held, make_pair, next_pair
from bgpwire._cython.rib_index cimport Probe, add_number, free_index, next_number, probe
from bgpwire._cython.rib_pieces cimport free_pieces, leave_piece
from bgpwire._cython.rib_prefixes cimport (
    find_prefix,
    find_tagged,
    free_prefixes,
    hash_prefix,
    key_of,
    leave_prefix,
    new_prefix_number,
)

__all__ = []

cdef enum:
    SWEPT = 4  # routes of peers that are gone, with each that is put


cdef inline uint32_t hash_peer(const Rib *self, const PeerName *name) noexcept nogil:
    cdef uint8_t[25] octets
    cdef int index
    for index in range(16):
        octets[index] = name.address[index]
    for index in range(4):
        octets[16 + index] = <uint8_t> (name.asn >> 8 * index & 0xFF)
        octets[20 + index] = <uint8_t> (name.source >> 8 * index & 0xFF)
    octets[24] = name.size
    return hash_octets(&self.secret, octets, 25)


cdef int64_t find_peer(Rib *self, const PeerName *name) noexcept nogil:
    """The number of a peer, whoever it is; a new one has no routes. -1 without memory."""
    cdef uint32_t tag = hash_peer(self, name), number
    cdef Probe found = probe(&self.peers, tag)
    cdef Neighbour *peer
    cdef void *places
    number = next_number(&found)
    while number:
        peer = self.neighbours[number - 1]
        if (
            peer.name.asn == name.asn and peer.name.source == name.source and peer.name.size == name.size
            and memcmp(peer.name.address, name.address, 16) == 0
        ):
            return number - 1
        number = next_number(&found)
    if self.peer_count == self.peer_room:
        places = realloc(self.neighbours, (2 * self.peer_room + 16) * sizeof(Neighbour *))
        if places == NULL:
            return -1
        self.neighbours = <Neighbour **> places
        self.peer_room = 2 * self.peer_room + 16
    peer = <Neighbour *> calloc(1, sizeof(Neighbour))
    if peer == NULL or add_number(&self.peers, tag, self.peer_count + 1) < 0:
        free(peer)
        return -1
    peer.name = name[0]
    self.neighbours[self.peer_count] = peer
    self.peer_count += 1
    return self.peer_count - 1


cdef void leave_pair(Rib *self, Pair pair) noexcept nogil:
    """Use the pieces of a route once less; those of none are nothing."""
    leave_piece(&self.paths, &self.secret, pair.path)
    leave_piece(&self.rests, &self.secret, pair.rest)


cdef int tell(
    Rib *self, uint32_t peer, int family, uint32_t number, bint identified, uint32_t path_id, Pair old, Pair new,
    int64_t time
) noexcept nogil:
    """Keep a change to be told, with the pieces of both in use once more; -1 without memory."""
    cdef void *places
    cdef Change *change
    if self.change_count == self.change_room:
        places = realloc(self.changes, (2 * self.change_room + 64) * sizeof(Change))
        if places == NULL:
            return -1
        self.changes = <Change *> places
        self.change_room = 2 * self.change_room + 64
    change = &self.changes[self.change_count]
    change.time = time
    change.peer = peer
    change.family = family
    change.key = key_of(&self.prefixes[family], number)[0]
    change.identified = identified
    change.path_id = path_id
    change.old = old
    change.new = new
    share_pair(self, old)
    share_pair(self, new)
    self.change_count += 1
    return 0


cdef uint32_t number_of(Rib *self, int family, const Key *key) noexcept nogil:
    """The number of a prefix, a new one if it has none: where no route is put to it, see ``forget_number``. 0 without
    memory. A little is swept before it, which might take that number back."""
    cdef uint32_t tag = hash_prefix(&self.secret, key.high, key.low, key.bits), number
    if self.left != NULL:
        sweep(self, SWEPT)
    number = find_tagged(&self.prefixes[family], tag, key.high, key.low, key.bits)
    return number if number else new_prefix_number(&self.prefixes[family], tag, key)


cdef void forget_number(Rib *self, int family, uint32_t number) noexcept nogil:
    """Take the number of a prefix back if no route has it."""
    if key_of(&self.prefixes[family], number).uses == 0:
        leave_prefix(&self.prefixes[family], &self.secret, number)


cdef int put_route(
    Rib *self, uint32_t peer, int family, uint32_t number, bint identified, uint32_t path_id, Pair new, int64_t time
) noexcept nogil:
    """A route to the prefix ``number`` that a peer announces, in place of the one it has: what became of it.

    NEW and REPLACED have the caller's use of the pieces; NOTHING, which is what a peer has already and stays as old as
    it is, and NO_MEMORY leave it to the caller.
    """
    cdef Neighbour *neighbour = self.neighbours[peer]
    cdef Held *held = &neighbour.held[family]
    cdef uint32_t named = number | (IDENTIFIED if identified else 0)
    cdef Pair none = [0, 0, 0]
    cdef Pair *pair = find_pair(held, &self.secret, named, path_id)
    if time > self.latest:
        self.latest = time
    if pair != NULL:
        if pair.path == new.path and pair.rest == new.rest:
            self.outcomes[NOTHING] += 1
            return NOTHING
        if self.told and tell(self, peer, family, number, identified, path_id, pair[0], new, time) < 0:
            return NO_MEMORY
        leave_pair(self, pair[0])
        pair[0] = new
        self.outcomes[REPLACED] += 1
        return REPLACED
    pair = make_pair(held, &self.secret, named, path_id, self.prefixes[family].count)
    if pair == NULL:
        return NO_MEMORY
    if self.told and tell(self, peer, family, number, identified, path_id, none, new, time) < 0:
        drop_pair(held, &self.secret, named, path_id)
        return NO_MEMORY
    pair[0] = new
    key_of(&self.prefixes[family], number).uses += 1
    neighbour.routes += 1
    self.routes += 1
    self.outcomes[NEW] += 1
    return NEW


cdef int take_route(
    Rib *self, uint32_t peer, int family, const Key *key, bint identified, uint32_t path_id, int64_t time
) noexcept nogil:
    """A route that a peer withdraws: what became of it."""
    cdef Prefixes *prefixes = &self.prefixes[family]
    cdef Neighbour *neighbour = self.neighbours[peer]
    cdef Held *held = &neighbour.held[family]
    cdef uint32_t number, named
    cdef Pair none = [0, 0, 0]
    cdef Pair *pair = NULL
    cdef Pair old
    if time > self.latest:
        self.latest = time
    if self.left != NULL:
        sweep(self, SWEPT)
    number = find_prefix(prefixes, &self.secret, key.high, key.low, key.bits)
    named = number | (IDENTIFIED if identified else 0)
    if number:
        pair = find_pair(held, &self.secret, named, path_id)
    if pair == NULL:
        self.outcomes[NOTHING] += 1
        return NOTHING
    if self.told and tell(self, peer, family, number, identified, path_id, pair[0], none, time) < 0:
        return NO_MEMORY
    old = pair[0]
    drop_pair(held, &self.secret, named, path_id)
    leave_pair(self, old)
    leave_prefix(prefixes, &self.secret, number)
    neighbour.routes -= 1
    self.routes -= 1
    self.outcomes[GONE] += 1
    return GONE


cdef int64_t detach_peer(Rib *self, uint32_t peer) noexcept nogil:
    """Take all routes of a peer out of the table, at once, however many there are; how many. -1 without memory."""
    cdef Neighbour *neighbour = self.neighbours[peer]
    cdef Left *left
    cdef Left *first = NULL
    cdef int family
    cdef int64_t routes = neighbour.routes
    for family in range(FAMILIES):
        if neighbour.held[family].count:
            left = <Left *> malloc(sizeof(Left))
            if left == NULL:
                while first != NULL:
                    left = first
                    first = left.next
                    neighbour.held[left.family] = left.held
                    free(left)
                return -1
            left.held = neighbour.held[family]
            left.family = family
            left.at = 0
            left.next = first
            first = left
            memset(&neighbour.held[family], 0, sizeof(Held))
    self.routes -= routes
    neighbour.routes = 0
    self.outcomes[GONE] += routes
    while first != NULL:
        left = first
        first = left.next
        left.next = self.left
        self.left = left
    return routes


cdef int64_t sweep(Rib *self, int64_t most) noexcept nogil:
    """Leave what up to ``most`` routes of peers that are gone have in use; how many there were."""
    cdef Left *left
    cdef Pair *pair
    cdef uint32_t prefix = 0, path_id = 0
    cdef int64_t done = 0
    while done < most and self.left != NULL:
        left = self.left
        pair = next_pair(&left.held, &left.at, &prefix, &path_id)
        if pair == NULL:
            self.left = left.next
            free_held(&left.held)
            free(left)
            continue
        leave_pair(self, pair[0])
        leave_prefix(&self.prefixes[left.family], &self.secret, prefix & ~<uint32_t> IDENTIFIED)
        done += 1
    return done


cdef void free_rib(Rib *self) noexcept nogil:
    """Free all; it is not to be used again."""
    cdef uint32_t peer
    cdef int family
    cdef Left *left
    while self.left != NULL:
        left = self.left
        self.left = left.next
        free_held(&left.held)
        free(left)
    for peer in range(self.peer_count):
        for family in range(FAMILIES):
            free_held(&self.neighbours[peer].held[family])
        free(self.neighbours[peer])
    for family in range(FAMILIES):
        free_prefixes(&self.prefixes[family])
    free_pieces(&self.paths)
    free_pieces(&self.rests)
    free_index(&self.peers)
    free(self.neighbours)
    free(self.changes)
