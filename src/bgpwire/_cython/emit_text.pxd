from bgpwire._cython.emit cimport Log
from bgpwire._cython.rows cimport Node

cdef int emit_path_text(Node *node, const Log *log) noexcept nogil
cdef int emit_texts(int field, Node *node, const Log *log) noexcept nogil
