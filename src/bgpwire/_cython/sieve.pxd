# A filter as numbers and octets: which runs, and which of their prefixes, it lets pass, without an object.

from libc.stdint cimport int64_t, uint8_t, uint32_t

from bgpwire._cython.cursor cimport PrefixItem
from bgpwire._cython.emit cimport Run


cdef enum How:
    EXACT
    MORE_SPECIFIC  # the prefix and those inside it
    LESS_SPECIFIC  # the prefix and those that cover it


cdef struct Place:
    int how
    int afi
    int bits
    uint8_t[16] octets


cdef struct Peer:
    int size
    uint8_t[16] octets


cdef struct Wanted:
    # Values of one criterion, sorted, as they are on the wire; NULL where it is not asked.
    const uint8_t *values
    int count


cdef struct Criteria:
    int kinds  # a bit for each of "A", "W", "R", see ``kind_bit``
    int families  # see ``family_bit``
    double first  # seconds since 1970
    double last
    # Of each two, what is wanted and what is not:
    Wanted[2] peer_asns
    Wanted[2] peers
    Wanted[2] origins
    Wanted[2] communities
    Wanted[2] large
    Wanted[2] places


cdef inline int kind_bit(int kind) noexcept nogil:
    return 1 if kind == c"A" else 2 if kind == c"W" else 4


cdef bint admits_run(const Criteria *self, const Run *run, double time) noexcept nogil
cdef bint admits_prefix(const Criteria *self, const PrefixItem *item, int afi) noexcept nogil


cdef class Sieve:
    cdef Criteria criteria
    cdef list _held  # the octets that the criteria point at


cdef Sieve sieve_of(object criteria)
