from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport PrefixItem


cdef class Value:
    pass


cdef class Address(Value):
    cdef uint8_t[16] _octets
    cdef uint8_t _size


cdef class Prefix(Value):
    cdef uint8_t[16] _octets
    cdef uint8_t _bits
    cdef readonly uint8_t afi
    cdef bint _has_path
    cdef uint32_t _path_id


cdef Address address_of(const uint8_t *octets, Py_ssize_t size)
cdef Prefix prefix_of(const uint8_t *octets, int bits, int afi)
cdef object foreign(value, other)
cdef object prefix_fault(int step, int bits, Py_ssize_t where)


cdef Prefix new_prefix()
cdef Address new_address()


cdef inline void set_octets(Prefix self, const uint8_t *octets, int size) noexcept nogil:
    """Copy 16 octets at most; the few of IPv4 without a call."""
    cdef int index
    if size > 4:
        memcpy(self._octets, octets, size)
        return
    for index in range(size):
        self._octets[index] = octets[index]
