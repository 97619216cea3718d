"""The longest prefixes of a table that cover addresses. See the twin, ``_python/rib_matches.py``."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

from bgpwire._cython.numbers cimport AFI_IPV4
from bgpwire._cython.prefix cimport Address
from bgpwire._cython.rib cimport Store, family_number, prefix_of_key
from bgpwire._cython.rib_prefixes cimport Key, Prefixes, find_prefix, key_of
from bgpwire._cython.rib_table cimport Rib, sweep
from bgpwire._cython.trie cimport Bits, Covering, bits_of, build, clear, clear_host, find, find_all

from bgpwire.value.octets import as_bytes

__all__ = ["longest_match", "longest_matches"]

cdef enum:
    ALL = 0x7FFFFFFFFFFFFFFF
    WORTH = 32  # a trie of so many prefixes takes as long to make as one look without it


cdef uint32_t probe_lengths(const Rib *rib, int family, uint64_t high, uint64_t low) noexcept nogil:
    """The number of the longest prefix that covers an address, found by looking for each length there is; 0 for none.
    That takes longer than in a trie, which a table that has changed does not have."""
    cdef const Prefixes *prefixes = &rib.prefixes[family]
    cdef int bits = 32 if family < 2 else 128
    cdef uint32_t number
    while bits >= 0:
        clear_host(&high, &low, bits)
        if prefixes.lengths[bits]:
            number = find_prefix(prefixes, &rib.secret, high, low, bits)
            if number:
                return number
        bits -= 1
    return 0


cdef int build_trie(Store store, int family) except -1:
    """Have the trie of the prefixes that are there now."""
    cdef const Prefixes *prefixes = &store.rib.prefixes[family]
    cdef const uint32_t *order = store.ordered(family)
    cdef Covering *rows = <Covering *> calloc(prefixes.count + <size_t> 1, sizeof(Covering))
    cdef const Key *key
    cdef uint32_t at
    cdef int fault
    if rows == NULL:
        raise MemoryError("no memory for prefixes")
    for at in range(prefixes.count):
        key = key_of(prefixes, order[at])
        rows[at].high = key.high
        rows[at].low = key.low
        rows[at].bits = <uint8_t> key.bits
        rows[at].id = order[at]
    clear(&store.tries[family])
    store.matched[family] = 0
    fault = build(&store.tries[family], rows, prefixes.count)
    free(rows)
    if fault:
        raise MemoryError("no memory for prefixes")
    store.matched[family] = prefixes.version + 1
    store.looked[family] = 0
    return 0


cdef inline bint is_built(Store store, int family):
    return store.matched[family] == store.rib.prefixes[family].version + 1


def longest_match(Store store not None, Address address not None, int safi):
    """The longest prefix with routes that covers an address; ``None`` if there is none."""
    cdef int afi = 1 if address._size == 4 else 2
    cdef int family = family_number(afi, safi)
    cdef Bits bits = bits_of(address._octets, address._size)
    cdef uint32_t number
    store.enter()
    try:
        sweep(&store.rib, ALL)
        if not is_built(store, family):
            store.looked[family] += 1
            if store.looked[family] * WORTH > store.rib.prefixes[family].count:
                build_trie(store, family)
        if is_built(store, family):
            number = find(&store.tries[family], bits.high, bits.low)
        else:
            number = probe_lengths(&store.rib, family, bits.high, bits.low)
        return prefix_of_key(key_of(&store.rib.prefixes[family], number), afi, False, 0) if number else None
    finally:
        store.leave()


def longest_matches(Store store not None, data not None, int afi, int safi):
    """The same for each of the addresses of ``afi`` whose octets stand one behind the other.

    ValueError for octets that are no whole number of addresses.
    """
    cdef int family = family_number(afi, safi), size = 4 if afi == AFI_IPV4 else 16
    cdef bytes octets = as_bytes(data)
    cdef const uint8_t *start = octets
    cdef size_t count = <size_t> len(octets) // size, at
    cdef uint32_t *numbers
    cdef list out = []
    if <size_t> len(octets) % size:
        raise ValueError(f"{len(octets)} octets are no whole number of addresses")
    numbers = <uint32_t *> malloc((count + 1) * sizeof(uint32_t))
    if numbers == NULL:
        raise MemoryError("no memory for numbers")
    store.enter()
    try:
        sweep(&store.rib, ALL)
        if not is_built(store, family):
            build_trie(store, family)
        find_all(&store.tries[family], start, size, count, numbers)
        for at in range(count):
            out.append(
                prefix_of_key(key_of(&store.rib.prefixes[family], numbers[at]), afi, False, 0) if numbers[at] else None
            )
    finally:
        store.leave()
        free(numbers)
    return out
