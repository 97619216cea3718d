"""The prefixes of a table: see rib_prefixes.pxd. Nothing here is for Python."""

from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort, realloc

from bgpwire._cython.rib_hash cimport Secret
from bgpwire._cython.rib_index cimport add_number, drop_number, free_index

__all__ = []

cdef enum:
    MOST = (1 << 31) - 1  # the bit above is of whoever holds numbers


cdef struct Sorted:
    uint64_t high
    uint64_t low
    uint32_t bits
    uint32_t number


cdef uint32_t new_prefix_number(Prefixes *self, uint32_t tag, const Key *key) noexcept nogil:
    """A number for a prefix that has none, not used yet; 0 without memory."""
    cdef uint32_t number = self.free
    cdef Key *mine
    if number == 0:
        number = self.top + 1
        if number > MOST or (number >> KEYS_SHIFT >= self.chunk_count and add_chunk(self) < 0):
            return 0
    mine = key_of(self, number)
    if add_number(&self.index, tag, number) < 0:
        return 0
    if number > self.top:
        self.top = number
    else:
        self.free = <uint32_t> mine.high
    mine.high = key.high
    mine.low = key.low
    mine.bits = key.bits
    mine.uses = 0
    self.count += 1
    self.lengths[key.bits] += 1
    self.version += 1
    return number


cdef int add_chunk(Prefixes *self) noexcept nogil:
    # Pointers to 4096 keys each: few.
    cdef void *pointers = realloc(self.chunks, (self.chunk_count + 1) * sizeof(Key *))
    if pointers == NULL:
        return -1
    self.chunks = <Key **> pointers
    self.chunks[self.chunk_count] = <Key *> calloc(KEYS, sizeof(Key))
    if self.chunks[self.chunk_count] == NULL:
        return -1
    self.chunk_count += 1
    return 0


cdef void leave_prefix(Prefixes *self, const Secret *secret, uint32_t number) noexcept nogil:
    """A route less; with the last its number is free."""
    cdef Key *key = key_of(self, number)
    if key.uses > 1:
        key.uses -= 1
        return
    drop_number(&self.index, hash_prefix(secret, key.high, key.low, key.bits), number)
    self.lengths[key.bits] -= 1
    key.uses = 0
    key.high = self.free
    self.free = number
    self.count -= 1
    self.version += 1


cdef int compare(const void *left, const void *right) noexcept nogil:
    cdef const Sorted *one = <const Sorted *> left
    cdef const Sorted *two = <const Sorted *> right
    if one.high != two.high:
        return 1 if one.high > two.high else -1
    if one.low != two.low:
        return 1 if one.low > two.low else -1
    return <int> one.bits - <int> two.bits


cdef uint32_t *sorted_numbers(const Prefixes *self) noexcept nogil:
    """The numbers in the order of their prefixes, ``count`` of them, which are the caller's; NULL without memory."""
    cdef Sorted *rows = <Sorted *> malloc((self.count + <size_t> 1) * sizeof(Sorted))
    cdef uint32_t *out = <uint32_t *> malloc((self.count + <size_t> 1) * sizeof(uint32_t))
    cdef uint32_t number, count = 0
    cdef const Key *key
    if rows == NULL or out == NULL:
        free(rows)
        free(out)
        return NULL
    for number in range(1, self.top + 1):
        key = key_of(self, number)
        if key.uses:
            rows[count].high = key.high
            rows[count].low = key.low
            rows[count].bits = key.bits
            rows[count].number = number
            count += 1
    qsort(rows, count, sizeof(Sorted), compare)
    for number in range(count):
        out[number] = rows[number].number
    free(rows)
    return out


cdef void free_prefixes(Prefixes *self) noexcept nogil:
    cdef uint32_t at
    free_index(&self.index)
    for at in range(self.chunk_count):
        free(self.chunks[at])
    free(self.chunks)
    self.chunks = NULL
    self.chunk_count = self.top = self.free = self.count = 0
