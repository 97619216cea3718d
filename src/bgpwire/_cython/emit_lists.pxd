# Columns of lists: AS paths and communities. ``-1`` is for memory that could not be had.

from bgpwire._cython.emit cimport Log
from bgpwire._cython.rows cimport Node

cdef int emit_numbers(int field, Node *node, const Log *log) noexcept nogil
cdef int emit_segments(Node *node, const Log *log) noexcept nogil
cdef int emit_triples(Node *node, const Log *log) noexcept nogil
