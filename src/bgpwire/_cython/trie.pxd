# The longest prefix that covers an address (RFC 4632 section 5.1), out of prefixes that do not change any more.
#
# Addresses stand left-aligned in 128 bits, ``high`` and ``low``: one of IPv4 in the upper half of ``high``, zeros
# behind it. Nothing here knows what the prefixes are for: each has a number, and that is what is found.

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from bgpwire._cython.cursor cimport be32, be64


cdef enum:
    HIGHEST_ID = 0x7FFFFFFF
    NO_MEMORY = -1
    TOO_MANY = -2


cdef struct Covering:
    # A prefix, the bits behind its length zero.
    uint64_t high
    uint64_t low
    uint32_t id  # 1 to HIGHEST_ID
    uint8_t bits


cdef struct Trie:
    # All zeros is a trie without prefixes.
    uint32_t *words
    size_t count  # of the words
    int root  # bits of an address that the first step looks at


cdef struct Bits:
    # Of an address or a prefix, those that were not looked at yet, and zeros behind them.
    uint64_t high
    uint64_t low


cdef inline void clear_host(uint64_t *high, uint64_t *low, int length) noexcept nogil:
    """Clear the bits of an address behind the first ``length``."""
    if length <= 64:
        low[0] = 0
        if length < 64:
            high[0] &= ~(~<uint64_t> 0 >> length)
    elif length < 128:
        low[0] &= ~(~<uint64_t> 0 >> (length - 64))


cdef inline Bits bits_of(const uint8_t *octets, int size) noexcept nogil:
    """An address of 4 or 16 octets in network order."""
    cdef Bits bits
    if size == 4:
        bits.high = <uint64_t> be32(octets) << 32
        bits.low = 0
    else:
        bits.high = be64(octets)
        bits.low = be64(octets + 8)
    return bits


cdef bint sort(Covering *prefixes, size_t count) noexcept nogil
cdef int build(Trie *self, const Covering *prefixes, size_t count) noexcept nogil
cdef uint32_t find(const Trie *self, uint64_t high, uint64_t low) noexcept nogil
cdef void find_all(const Trie *self, const uint8_t *octets, int size, size_t count, uint32_t *ids) noexcept nogil
cdef void clear(Trie *self) noexcept nogil
