from libc.stdint cimport uint8_t

from bgpwire._cython.prefix cimport Value


cdef class AsPath(Value):
    cdef bytes _wire
    cdef readonly bint asn4


cdef object check_octets(const uint8_t *data, Py_ssize_t start, Py_ssize_t end, bint asn4, Py_ssize_t base, bint empty)
cdef AsPath path_of(const uint8_t *octets, Py_ssize_t size, bint asn4)
