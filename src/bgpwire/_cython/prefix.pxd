from libc.stdint cimport uint8_t, uint32_t

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

    cdef void _masked(self, uint8_t *out) noexcept
    cdef bytes _wire(self)


cdef Address address_of(const uint8_t *octets, Py_ssize_t size)
cdef Prefix prefix_of(const uint8_t *octets, int bits, int afi)
cdef object prefix_fault(int step, int bits, Py_ssize_t offset)
