from libc.stdint cimport uint8_t

cdef int header_at(const uint8_t *octets, Py_ssize_t start, int max_message, bint strict_type) except -1
