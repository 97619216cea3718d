# Hashes of what a table keeps, each with a secret of its table: who writes the octets cannot choose where they come to
# stand.

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy


cdef extern from *:
    """
    /* Both halves of the product, one over the other. */
    static inline uint64_t bgpwire_fold(uint64_t a, uint64_t b) {
    #ifdef __SIZEOF_INT128__
        unsigned __int128 product = (unsigned __int128) a * b;
        return (uint64_t) product ^ (uint64_t) (product >> 64);
    #else
        uint64_t a0 = (uint32_t) a, a1 = a >> 32, b0 = (uint32_t) b, b1 = b >> 32;
        uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t) cross;
        return (other << 32 | (uint32_t) low) ^ (a1 * b1 + (cross >> 32) + (other >> 32));
    #endif
    }
    """
    uint64_t fold "bgpwire_fold"(uint64_t a, uint64_t b) nogil


cdef struct Secret:
    uint64_t first
    uint64_t second  # odd


cdef inline uint32_t hash_octets(const Secret *secret, const uint8_t *octets, Py_ssize_t size) noexcept nogil:
    cdef uint64_t out = secret.first + <uint64_t> size
    cdef uint64_t word
    while size > 8:
        memcpy(&word, octets, 8)
        out = fold(out ^ word, secret.second)
        octets += 8
        size -= 8
    word = 0
    memcpy(&word, octets, size)
    return <uint32_t> (fold(fold(out ^ word, secret.second), secret.second ^ secret.first) >> 32)


cdef inline uint32_t hash_words(const Secret *secret, uint64_t a, uint64_t b, uint64_t c) noexcept nogil:
    cdef uint64_t out = fold(a ^ secret.first, b ^ secret.second)
    return <uint32_t> (fold(out ^ c, secret.second) >> 32)
