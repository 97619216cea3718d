from libc.stdint cimport uint8_t

cdef int mp_hop(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int rib_afi, int rib_safi, const uint8_t **address
) noexcept nogil
cdef object mp_next_hop(const uint8_t *data, Py_ssize_t start, Py_ssize_t end, object rib_family)
