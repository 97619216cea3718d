from libc.stdint cimport uint8_t

cdef bint sound(const uint8_t *data, Py_ssize_t size, int width, int side, int path_ids) noexcept nogil
