# The prefixes of a family, each with a number as long as there are routes to it.

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from bgpwire._cython.rib_hash cimport Secret, hash_words
from bgpwire._cython.rib_index cimport Index, Probe, next_number, probe
from bgpwire._cython.trie cimport clear_host

cdef enum:
    KEYS = 1 << 12  # of a chunk
    KEYS_SHIFT = 12


cdef struct Key:
    uint64_t high  # the first 8 octets of the address, the host's bits zero; of a free one: the next that is
    uint64_t low
    uint32_t uses  # routes
    uint32_t bits


cdef struct Prefixes:
    Index index
    Key **chunks
    uint32_t chunk_count
    uint32_t top  # the number that was given last
    uint32_t free
    uint32_t count
    uint32_t[129] lengths  # how many there are of each length
    uint64_t version  # another one when a prefix has come or gone


cdef inline Key *key_of(const Prefixes *self, uint32_t number) noexcept nogil:
    return &self.chunks[number >> KEYS_SHIFT][number & (KEYS - 1)]


cdef inline uint32_t hash_prefix(const Secret *secret, uint64_t high, uint64_t low, uint32_t bits) noexcept nogil:
    return hash_words(secret, high, low, bits)


cdef inline uint32_t find_tagged(
    const Prefixes *self, uint32_t tag, uint64_t high, uint64_t low, uint32_t bits
) noexcept nogil:
    """The number of a prefix whose hash is known; 0 if it is not there."""
    cdef Probe found = probe(&self.index, tag)
    cdef uint32_t number = next_number(&found)
    cdef const Key *key
    while number:
        key = key_of(self, number)
        if key.high == high and key.low == low and key.bits == bits:
            return number
        number = next_number(&found)
    return 0


cdef inline uint32_t find_prefix(
    const Prefixes *self, const Secret *secret, uint64_t high, uint64_t low, uint32_t bits
) noexcept nogil:
    """The number of a prefix; 0 if it is not there."""
    return find_tagged(self, hash_prefix(secret, high, low, bits), high, low, bits)


cdef inline uint64_t word_of(const uint8_t *octets, int size) noexcept nogil:
    """Up to 8 octets as a number, zeros behind them."""
    cdef uint64_t out = 0
    cdef int index
    for index in range(size):
        out |= <uint64_t> octets[index] << 56 - 8 * index
    return out


cdef inline void read_key(Key *self, const uint8_t *octets, int bits) noexcept nogil:
    """A prefix as it stands on the wire, whatever its host bits are."""
    cdef int size = (bits + 7) >> 3
    self.bits = bits
    self.high = word_of(octets, size if size < 8 else 8)
    self.low = word_of(octets + 8, size - 8) if size > 8 else 0
    clear_host(&self.high, &self.low, bits)


cdef inline void write_word(uint8_t *out, uint64_t word) noexcept nogil:
    cdef int index
    for index in range(8):
        out[index] = <uint8_t> (word >> 56 - 8 * index & 0xFF)


cdef uint32_t new_prefix_number(Prefixes *self, uint32_t tag, const Key *key) noexcept nogil
cdef void leave_prefix(Prefixes *self, const Secret *secret, uint32_t number) noexcept nogil
cdef uint32_t *sorted_numbers(const Prefixes *self) noexcept nogil
cdef void free_prefixes(Prefixes *self) noexcept nogil
