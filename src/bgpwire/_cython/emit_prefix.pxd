# Columns of which each prefix has its own value. ``-1`` is for memory that could not be had.

from bgpwire._cython.emit cimport Log
from bgpwire._cython.rows cimport Node

cdef int emit_prefixes(int field, Node *node, const Log *log) noexcept nogil
