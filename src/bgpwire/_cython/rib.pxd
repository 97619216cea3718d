from libc.stdint cimport int64_t, uint32_t, uint64_t

from bgpwire._cython.prefix cimport Prefix
from bgpwire._cython.rib_prefixes cimport Key
from bgpwire._cython.rib_table cimport FAMILIES, Neighbour, Rib
from bgpwire._cython.trie cimport Trie


cdef extern from "pythread.h":
    ctypedef void *PyThread_type_lock
    PyThread_type_lock PyThread_allocate_lock()
    void PyThread_free_lock(PyThread_type_lock lock)
    int PyThread_acquire_lock(PyThread_type_lock lock, int wait) nogil
    void PyThread_release_lock(PyThread_type_lock lock) nogil


cdef class Store:
    cdef Rib rib
    cdef PyThread_type_lock _lock
    # The numbers of prefixes in their order, and the version of the prefixes that it is of.
    cdef uint32_t *_order[FAMILIES]
    cdef uint64_t _versions[FAMILIES]
    # The trie of their longest matches, the version that it is of, and how often it was missed: see rib_matches.pyx.
    cdef Trie tries[FAMILIES]
    cdef uint64_t matched[FAMILIES]
    cdef int64_t looked[FAMILIES]

    cdef int enter(self) except -1
    cdef int leave(self) except -1
    cdef const uint32_t *ordered(self, int family) except NULL
    cdef Neighbour *_neighbour(self, Py_ssize_t peer) except NULL


cdef int family_number(int afi, int safi) except -1
cdef void key_of_prefix(Prefix prefix, Key *key) noexcept
cdef Prefix prefix_of_key(const Key *key, int afi, bint identified, uint32_t path_id)
