"""RIB records of a table: see rib_records.pxd. Nothing here is for Python."""

from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport free, qsort, realloc

from bgpwire._cython.numbers cimport RIB_IPV4_UNICAST, RIB_IPV4_UNICAST_ADDPATH, TABLE_DUMP_V2
from bgpwire._cython.rib_entry cimport entry_size, write_entry
from bgpwire._cython.rib_held cimport IDENTIFIED, Held, Pair, Scattered, find_head, find_pair
from bgpwire._cython.rib_prefixes cimport Key, key_of, write_word

__all__ = []

cdef enum:
    HEADER = 12  # octets of the header of a record
    COUNT_MOST = 0xFFFF


cdef inline int need(Octets *self, Py_ssize_t more) noexcept nogil:
    """Have room for so many octets; -1 without memory."""
    cdef void *data
    if self.room - self.size >= more:
        return 0
    data = realloc(self.data, self.size + more + (self.size >> 1) + 4096)
    if data == NULL:
        return -1
    self.data = <uint8_t *> data
    self.room = self.size + more + (self.size >> 1) + 4096
    return 0


cdef inline void put16(uint8_t *out, uint32_t value) noexcept nogil:
    out[0] = <uint8_t> (value >> 8 & 0xFF)
    out[1] = <uint8_t> (value & 0xFF)


cdef inline void put32(uint8_t *out, uint32_t value) noexcept nogil:
    put16(out, value >> 16)
    put16(out + 2, value & 0xFFFF)


cdef int put_prefix(Dump *self, uint32_t number) noexcept nogil:
    """Append the records of a prefix: the routes by the numbers of their peers; those with path identifiers have a
    record of their own. How many routes there are; -1 without memory."""
    cdef int plain = put_plain(self, number)
    cdef int identified = 0 if plain < 0 else put_identified(self, number | IDENTIFIED)
    return -1 if identified < 0 or plain < 0 else plain + identified


cdef int put_plain(Dump *self, uint32_t number) noexcept nogil:
    cdef Py_ssize_t begin = self.octets.size, count_at = 0
    cdef uint32_t peer
    cdef int count = 0
    cdef const Held *held
    cdef const Pair *pair
    for peer in range(self.rib.peer_count):
        held = &self.rib.neighbours[peer].held[self.family]
        if held.count == 0:
            continue
        pair = find_pair(held, &self.rib.secret, number, 0)
        if pair == NULL:
            continue
        if count == 0:
            count_at = begin_record(self, number, RIB_IPV4_UNICAST)
            if count_at < 0:
                return -1
        if put_entry(self, peer, False, 0, pair[0]) < 0:
            return -1
        count += 1
    if count:
        end_record(self, begin, count_at, count)
    return count


cdef int compare(const void *left, const void *right) noexcept nogil:
    cdef uint32_t one = (<const Scattered *> left).path_id, two = (<const Scattered *> right).path_id
    return (one > two) - (one < two)


cdef int put_identified(Dump *self, uint32_t number) noexcept nogil:
    cdef uint32_t peer, at, count
    cdef int all = 0
    cdef const Held *held
    cdef Scattered *found = NULL
    cdef void *more
    self.entries = 0
    for peer in range(self.rib.peer_count):
        held = &self.rib.neighbours[peer].held[self.family]
        at = find_head(held, &self.rib.secret, number)
        count = 0
        while at:
            if count & (count - 1) == 0:  # there is room for the next power of two
                more = realloc(found, 2 * (count + 1) * sizeof(Scattered))
                if more == NULL:
                    free(found)
                    return -1
                found = <Scattered *> more
            found[count] = held.scattered[at]
            at = held.scattered[at].next
            count += 1
        if count == 0:
            continue
        qsort(found, count, sizeof(Scattered), compare)
        if put_found(self, number & ~<uint32_t> IDENTIFIED, peer, found, count) < 0:
            free(found)
            return -1
        all += count
    free(found)
    if self.entries:
        end_record(self, self.begin, self.count_at, self.entries)
    return all


cdef int put_found(
    Dump *self, uint32_t number, uint32_t peer, const Scattered *found, uint32_t count
) noexcept nogil:
    """Append entries with path identifiers, in as many records as they need."""
    cdef uint32_t at
    for at in range(count):
        if self.entries == COUNT_MOST:
            end_record(self, self.begin, self.count_at, self.entries)
            self.entries = 0
        if self.entries == 0:
            self.begin = self.octets.size
            self.count_at = begin_record(self, number, RIB_IPV4_UNICAST_ADDPATH)
            if self.count_at < 0:
                return -1
        if put_entry(self, peer, True, found[at].path_id, found[at].pair) < 0:
            return -1
        self.entries += 1
    return 0


cdef Py_ssize_t begin_record(Dump *self, uint32_t number, int subtype) noexcept nogil:
    """Append what stands in front of the entries; where their number is to be. -1 without memory."""
    cdef const Key *key = key_of(&self.rib.prefixes[self.family], number)
    cdef int size = (key.bits + 7) >> 3
    cdef uint8_t *out
    if need(&self.octets, HEADER + 4 + 1 + 16 + 2) < 0:
        return -1
    out = self.octets.data + self.octets.size
    put32(out, self.seconds)
    put16(out + 4, TABLE_DUMP_V2)
    put16(out + 6, subtype + self.family)
    put32(out + HEADER, self.sequence)
    out[HEADER + 4] = <uint8_t> key.bits
    write_word(out + HEADER + 5, key.high)
    write_word(out + HEADER + 13, key.low)
    self.octets.size += HEADER + 5 + size + 2
    return self.octets.size - 2


cdef void end_record(Dump *self, Py_ssize_t begin, Py_ssize_t count_at, int count) noexcept nogil:
    put32(self.octets.data + begin + 8, <uint32_t> (self.octets.size - begin - HEADER))
    put16(self.octets.data + count_at, count)


cdef int put_entry(Dump *self, uint32_t peer, bint identified, uint32_t path_id, Pair pair) noexcept nogil:
    """Append an entry (RFC 6396 section 4.3.4); -1 without memory."""
    cdef Py_ssize_t size = entry_size(&self.rib.paths, &self.rib.rests, pair)
    cdef uint8_t *out
    if need(&self.octets, 12 + size) < 0:
        return -1
    out = self.octets.data + self.octets.size
    put16(out, peer)
    put32(out + 2, pair.since)
    out += 6
    if identified:
        put32(out, path_id)
        out += 4
    put16(out, <uint32_t> size)
    self.octets.size = write_entry(out + 2, &self.rib.paths, &self.rib.rests, pair) - self.octets.data
    return 0
