from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from bgpwire._cython.cursor cimport PrefixItem
from bgpwire._cython.free_list cimport FreeList, PyObject, PyTypeObject, alloc, take_bare


cdef class Value:
    pass


cdef class Address(Value):
    cdef uint8_t[16] _octets
    cdef uint8_t _size


cdef class Prefix(Value):
    # Five fields, one behind the other, which new_prefix counts on.
    cdef uint8_t[16] _octets
    cdef uint8_t _bits
    cdef readonly uint8_t afi
    cdef bint _has_path
    cdef uint32_t _path_id


cdef FreeList PREFIXES


cdef extern from *:
    """
    #define PREFIX_SIZE(prefix) (sizeof(*(prefix)) - ((char *) (prefix)->_octets - (char *) (prefix)))
    """
    size_t PREFIX_SIZE(Prefix prefix) noexcept
    # The reference is the caller's; NULL: the exception that is set.
    Prefix owned_prefix "BGPWIRE_OWNED" (PyObject *made)


cdef Address address_of(const uint8_t *octets, Py_ssize_t size)
cdef Prefix prefix_of(const uint8_t *octets, int bits, int afi)
cdef object foreign(value, other)
cdef object prefix_fault(int step, int bits, Py_ssize_t where)


# Neither class holds an object or a C method, so zeroed memory is a sound instance: this leaves out the chain of
# constructors, 15 % of the time it takes to make a list of prefixes.
cdef inline Prefix new_prefix():
    cdef Prefix self = owned_prefix(take_bare(&PREFIXES, <PyTypeObject *> Prefix))
    memset(self._octets, 0, PREFIX_SIZE(self))
    return self


cdef inline Address new_address():
    return alloc(Address)


cdef inline Py_hash_t mix(const uint8_t *octets, uint64_t seed) noexcept nogil:
    """A hash of 16 octets and a seed: two multiplications, folded."""
    cdef uint64_t a, b
    memcpy(&a, octets, 8)
    memcpy(&b, octets + 8, 8)
    a = (a ^ seed) * <uint64_t> 0x9E3779B97F4A7C15
    a ^= a >> 32
    a = (a ^ b) * <uint64_t> 0xD6E8FEB86659FD93
    a ^= a >> 32
    cdef Py_hash_t out = <Py_hash_t> a
    return -2 if out == -1 else out


cdef inline void set_octets(Prefix self, const uint8_t *octets, int size) noexcept nogil:
    """Copy 16 octets at most; the few of IPv4 without a call."""
    if size == 3:
        memcpy(self._octets, octets, 2)
        self._octets[2] = octets[2]
    elif size == 2:
        memcpy(self._octets, octets, 2)
    elif size == 4:
        memcpy(self._octets, octets, 4)
    elif size:
        memcpy(self._octets, octets, size)
