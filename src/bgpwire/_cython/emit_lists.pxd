# Columns of lists: AS paths and communities. ``-1`` is for memory that could not be had.

from libc.stdint cimport int32_t, int64_t, uint64_t

from bgpwire._cython.block cimport Block
from bgpwire._cython.emit cimport Log
from bgpwire._cython.rows cimport Node, end_of, fill_null

# Appends what the attributes of a run say; -1 without memory.
ctypedef int (*Put)(Node *items, const Block *block) noexcept nogil

cdef int emit_numbers(int field, Node *node, const Log *log) noexcept nogil
cdef int emit_segments(Node *node, const Log *log) noexcept nogil
cdef int emit_triples(Node *node, const Log *log) noexcept nogil


cdef inline int emit_rare(Node *node, const Log *log, uint64_t there, Put put) noexcept nogil:
    """A column of which most runs have nothing: those with a bit in ``there`` are ``put``, a row at a time."""
    cdef int index, done
    cdef int64_t _row
    if not there:
        return fill_null(node, log.rows)
    for index in range(log.count):
        if not there >> index & 1:
            if fill_null(node, log.counts[index]) < 0:
                return -1
            continue
        for _row in range(log.counts[index]):
            done = put(&node.children[0], log.read[index])
            if done < 0 or end_of(node, <int32_t> node.children[0].length) < 0:
                return -1
    return 0
