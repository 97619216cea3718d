# Columns of which each prefix has its own value. ``-1`` is for memory that could not be had.

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcpy

from bgpwire._cython.emit cimport Log
from bgpwire._cython.rows cimport Node


cdef union Bits:
    uint8_t[16] octets
    uint64_t[2] words


cdef Bits[129] MASKS  # of each length: ones for the network, in the order of octets


cdef inline void network(const uint8_t *octets, int bits, const uint8_t *readable, Bits *out) noexcept nogil:
    """The first ``bits`` bits at ``octets`` and zeros behind them. Octets are there up to ``readable``."""
    cdef int index
    if readable - octets >= 16:
        memcpy(out.octets, octets, 16)
    else:
        out.words[0] = out.words[1] = 0
        for index in range((bits + 7) >> 3):
            out.octets[index] = octets[index]
    out.words[0] &= MASKS[bits].words[0]
    out.words[1] &= MASKS[bits].words[1]


cdef int emit_prefixes(int field, Node *node, const Log *log) noexcept nogil
