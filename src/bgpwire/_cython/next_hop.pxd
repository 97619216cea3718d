from libc.stdint cimport uint8_t


cdef object mp_next_hop(const uint8_t *data, Py_ssize_t start, Py_ssize_t end, object rib_family)
