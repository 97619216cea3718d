"""The longest prefix that covers an address (RFC 4632 section 5.1).

See the twin, ``_python/matches.py``.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport calloc, free

from bgpwire._cython.cursor cimport be64
from bgpwire._cython.door cimport octets_of, scattered, version
from bgpwire._cython.numbers cimport AFI_IPV4
from bgpwire._cython.prefix cimport Address, Prefix, all_octets
from bgpwire._cython.trie cimport (
    NO_MEMORY,
    Bits,
    Covering,
    Trie,
    bits_of,
    build,
    clear,
    clear_host,
    find,
    find_all,
    sort,
)

from array import array

from bgpwire.value.octets import as_bytes
from bgpwire.value.signature import TwinSignature

__all__ = ["Matches"]


cdef void covering_of(Prefix prefix, uint32_t id, Covering *out) noexcept:
    """A prefix, bits behind its length cleared."""
    cdef uint8_t[16] octets
    all_octets(prefix, octets)
    out.high = be64(octets)
    out.low = be64(octets + 8)
    out.bits = prefix._bits
    out.id = id
    clear_host(&out.high, &out.low, out.bits)


cdef int build_of(Trie *self, list prefixes, int afi) except -1:
    """Make the trie of prefixes of a family; their numbers are their places in the list, from 1 on."""
    cdef size_t count = len(prefixes), at
    cdef Covering *made = <Covering *> calloc(count + 1, sizeof(Covering))
    cdef int fault
    if made == NULL:
        raise MemoryError("no memory for prefixes")
    try:
        for at in range(count):
            prefix = prefixes[at]
            if not isinstance(prefix, Prefix):
                raise TypeError(f"a Prefix is needed, not {type(prefix).__name__}")
            if (<Prefix> prefix).afi != afi:
                raise ValueError(f"{prefix} among prefixes of AFI {afi}")
            covering_of(<Prefix> prefix, <uint32_t> (at + 1), &made[at])
        with nogil:
            fault = build(self, made, count) if sort(made, count) else NO_MEMORY
        if fault:
            raise MemoryError("no memory for prefixes")
    finally:
        free(made)
    return 0


@cython.final
cdef class Matches:
    """Prefixes of one address family, to find the longest that covers an address."""

    cdef Trie _trie
    cdef int _size  # octets of an address

    __signature__ = TwinSignature()

    # It does not change any more: threads may look into it while another calls __init__.
    def __cinit__(self, prefixes, afi):
        """From :class:`bgpwire.Prefix` objects in any order, and ``afi``, 1 for IPv4 or 2 for IPv6. Path identifiers
        are left aside, and of equal prefixes the last one is found.

        TypeError for what is no prefix, ValueError for one of the other family.
        """
        cdef int family = version(afi)
        self._size = 4 if family == AFI_IPV4 else 16
        build_of(&self._trie, list(prefixes), family)

    def __dealloc__(self):
        clear(&self._trie)

    def __sizeof__(self):
        return sizeof(Trie) + object.__sizeof__(self) + self._trie.count * sizeof(uint32_t)

    def find(self, address):
        """The place, in the order in which they were given, of the longest prefix that covers an address: an
        :class:`bgpwire.Address`, or its octets in network order. -1 if there is none.

        ValueError for an address of the other family, or for another number of octets.
        """
        cdef bytes octets
        cdef Bits bits
        if isinstance(address, Address):
            self._check((<Address> address)._size)
            bits = bits_of((<Address> address)._octets, self._size)
        else:
            octets = as_bytes(address)
            self._check(len(octets))
            bits = bits_of(<const uint8_t *> PyBytes_AS_STRING(octets), self._size)
        return <int> find(&self._trie, bits.high, bits.low) - 1

    cdef int _check(self, Py_ssize_t size) except -1:
        if size != self._size:
            raise ValueError(f"an address has {self._size} octets here, not {size}")
        return 0

    def find_all(self, const unsigned char[:] data not None):
        """The same for each of the addresses whose octets stand one behind the other: an ``array`` of 32-bit integers.

        ValueError for octets that are no whole number of addresses.
        """
        cdef Py_ssize_t count = data.shape[0] // self._size, at
        cdef int[::1] places
        cdef int *out
        if data.shape[0] % self._size:
            raise ValueError(f"{data.shape[0]} octets are no addresses of {self._size} octets each")
        found = array("i", bytes(4)) * count
        if count == 0:
            return found
        if scattered(data):
            data = octets_of(data)
        places = found
        out = &places[0]
        with nogil:
            find_all(&self._trie, &data[0], self._size, count, <uint32_t *> out)
            for at in range(count):
                out[at] -= 1
        return found
