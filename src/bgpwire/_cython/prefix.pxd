from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.cursor cimport PrefixItem


cdef extern from "Python.h":
    object PyType_GenericAlloc(type cls, Py_ssize_t size)


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


# Neither class holds an object or a C method, so zeroed memory is a sound instance: this leaves out the chain of
# constructors, 15 % of the time it takes to make a list of prefixes.
cdef inline Prefix new_prefix():
    return <Prefix> PyType_GenericAlloc(Prefix, 0)


cdef inline Address new_address():
    return <Address> PyType_GenericAlloc(Address, 0)
