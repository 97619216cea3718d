from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from bgpwire._cython.cursor cimport PrefixItem
from bgpwire._cython.free_list cimport FreeList, PyObject, PyTypeObject, alloc, take_bare, take_small


cdef class Value:
    pass


cdef class Address(Value):
    cdef uint8_t[16] _octets
    cdef uint8_t _size


cdef class Prefix(Value):
    # Six fields, one behind the other, which new_prefix counts on: the octets are the last, for of an IPv4 prefix that
    # was decoded there is memory for the first four alone.
    cdef uint8_t _bits
    cdef readonly uint8_t afi
    cdef uint8_t _has_path
    cdef uint8_t _small
    cdef uint32_t _path_id
    cdef uint8_t[16] _octets


cdef FreeList PREFIXES
cdef FreeList SMALL_PREFIXES


cdef extern from *:
    """
    #define PREFIX_HEAD(prefix) (size_t) ((char *) (prefix)->_octets - (char *) &(prefix)->_bits)
    #define PREFIX_FIELDS(prefix) ((void *) &(prefix)->_bits)
    #define SMALL_PREFIX(prefix) (size_t) ((char *) (prefix)->_octets + 4 - (char *) (prefix))
    #define IS_SMALL(prefix) ((prefix)->_small)
    """
    void *PREFIX_FIELDS(Prefix prefix) noexcept
    size_t PREFIX_HEAD(Prefix prefix) noexcept
    size_t SMALL_PREFIX(Prefix prefix) noexcept
    bint IS_SMALL(Prefix prefix) noexcept
    # The reference is the caller's; NULL: the exception that is set.
    Prefix owned_prefix "BGPWIRE_OWNED" (PyObject *made)


cdef Address address_of(const uint8_t *octets, Py_ssize_t size)
cdef Prefix prefix_of(const uint8_t *octets, int bits, int afi)
cdef object foreign(value, other)
cdef object prefix_fault(int step, int bits, Py_ssize_t where)


# Neither class holds an object or a C method, so zeroed memory is a sound instance: this leaves out the chain of
# constructors, 15 % of the time it takes to make a list of prefixes.
cdef inline Prefix new_prefix(bint small):
    """A prefix, all zeros; ``small``: of IPv4, with room for 4 octets."""
    cdef Prefix self = None
    if small:
        self = owned_prefix(take_small(&SMALL_PREFIXES, <PyTypeObject *> Prefix, SMALL_PREFIX(self)))
        memset(PREFIX_FIELDS(self), 0, PREFIX_HEAD(self) + 4)
        self._small = True
    else:
        self = owned_prefix(take_bare(&PREFIXES, <PyTypeObject *> Prefix))
        memset(PREFIX_FIELDS(self), 0, PREFIX_HEAD(self) + 16)
    return self


cdef inline void all_octets(Prefix self, uint8_t *out) noexcept nogil:
    """The octets, zeros behind those there are: 16."""
    if self._small:
        memset(out + 4, 0, 12)
        memcpy(out, self._octets, 4)
    else:
        memcpy(out, self._octets, 16)


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
