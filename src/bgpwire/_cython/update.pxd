from libc.stdint cimport uint8_t

cdef int find_ends(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t *first, Py_ssize_t *second
) except -1
