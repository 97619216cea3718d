"""What a table of routes has. See the twin, ``_python/rib_reads.py``."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memset

from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6
from bgpwire._cython.prefix cimport Prefix
from bgpwire._cython.rib cimport Store, family_number, key_of_prefix, prefix_of_key
from bgpwire._cython.rib_entry cimport entry_size, write_entry
from bgpwire._cython.rib_held cimport IDENTIFIED, Held, Pair, find_head, find_pair
from bgpwire._cython.rib_prefixes cimport Key, Prefixes, find_prefix, key_of
from bgpwire._cython.rib_records cimport Dump, put_prefix
from bgpwire._cython.rib_table cimport Change, Rib, leave_pair, sweep

__all__ = ["changes", "covered", "is_there", "records", "routes_to"]

cdef enum:
    ALL = 0x7FFFFFFFFFFFFFFF


cdef void fill_host(Key *key) noexcept:
    """Make it the last address of the prefix."""
    if key.bits < 64:
        key.high |= ~<uint64_t> 0 >> key.bits
    if key.bits <= 64:
        key.low = ~<uint64_t> 0
    elif key.bits < 128:
        key.low |= ~<uint64_t> 0 >> (key.bits - 64)


cdef Py_ssize_t place_of(const Prefixes *prefixes, const uint32_t *order, const Key *wanted, bint behind) noexcept:
    """The place of the first prefix that is not before ``wanted``, or that is ``behind`` it."""
    cdef Py_ssize_t low = 0, high = prefixes.count, middle
    cdef const Key *key
    cdef bint before
    while low < high:
        middle = (low + high) >> 1
        key = key_of(prefixes, order[middle])
        if key.high != wanted.high:
            before = key.high < wanted.high
        elif key.low != wanted.low:
            before = key.low < wanted.low
        else:
            before = key.bits < wanted.bits + behind
        if before:
            low = middle + 1
        else:
            high = middle
    return low


cdef bytes attributes_of(const Rib *rib, Pair pair):
    cdef bytes out = PyBytes_FromStringAndSize(NULL, entry_size(&rib.paths, &rib.rests, pair))
    write_entry(<uint8_t *> PyBytes_AS_STRING(out), &rib.paths, &rib.rests, pair)
    return out


cdef int add_routes(list out, const Rib *rib, int family, uint32_t number) except -1:
    """Append the routes to a prefix."""
    cdef uint32_t peer, at
    cdef const Held *held
    cdef const Pair *pair
    cdef list identified
    for peer in range(rib.peer_count):
        held = &rib.neighbours[peer].held[family]
        if held.count == 0:
            continue
        pair = find_pair(held, &rib.secret, number, 0)
        if pair != NULL:
            out.append((peer, None, pair.since, attributes_of(rib, pair[0])))
        at = find_head(held, &rib.secret, number | IDENTIFIED)
        if at:
            identified = []
            while at:
                pair = &held.scattered[at].pair
                identified.append((held.scattered[at].path_id, pair.since, attributes_of(rib, pair[0])))
                at = held.scattered[at].next
            identified.sort()
            out.extend([(peer, *route) for route in identified])
    return 0


def routes_to(Store store not None, Prefix prefix not None, int safi):
    """The routes to a prefix: number of the peer, path identifier or ``None``, since when (seconds since 1970), octets
    of the attributes.

    By the numbers of their peers, without a path identifier first; that of ``prefix`` does not matter.
    """
    cdef int family = family_number(prefix.afi, safi)
    cdef list out = []
    cdef Key key
    cdef uint32_t number
    key_of_prefix(prefix, &key)
    store.enter()
    try:
        number = find_prefix(&store.rib.prefixes[family], &store.rib.secret, key.high, key.low, key.bits)
        if number:
            add_routes(out, &store.rib, family, number)
    finally:
        store.leave()
    return out


def is_there(Store store not None, Prefix prefix not None, int safi):
    """Whether there are routes to a prefix; its path identifier does not matter."""
    cdef int family = family_number(prefix.afi, safi)
    cdef Key key
    key_of_prefix(prefix, &key)
    store.enter()
    try:
        sweep(&store.rib, ALL)
        return find_prefix(&store.rib.prefixes[family], &store.rib.secret, key.high, key.low, key.bits) != 0
    finally:
        store.leave()


def covered(Store store not None, Prefix prefix not None, int safi, Py_ssize_t most=-1, Prefix after=None):
    """Prefixes that have routes, ``prefix`` and those inside it, in order: up to ``most``, behind ``after``, without
    path identifiers."""
    cdef int family = family_number(prefix.afi, safi)
    cdef const Prefixes *prefixes = &store.rib.prefixes[family]
    cdef list out = []
    cdef const uint32_t *order
    cdef const Key *key
    cdef Key first, last
    cdef Py_ssize_t at
    key_of_prefix(prefix, &first)
    last = first
    fill_host(&last)
    if after is not None:
        key_of_prefix(after, &first)
    store.enter()
    try:
        order = store.ordered(family)
        at = place_of(prefixes, order, &first, after is not None)
        while at < prefixes.count and (most < 0 or len(out) < most):
            key = key_of(prefixes, order[at])
            if key.high > last.high or (key.high == last.high and key.low > last.low):
                break
            out.append(prefix_of_key(key, prefix.afi, False, 0))
            at += 1
    finally:
        store.leave()
    return out


def records(
    Store store not None, int afi, int safi, Py_ssize_t first, Py_ssize_t size, uint32_t seconds, uint64_t version=0
):
    """RIB records of TABLE_DUMP_V2, of the prefixes of a family in order from number ``first`` on, about ``size``
    octets: the octets, the number of the prefix behind them, how many routes, and a version.

    ``version`` is 0 or that of the call before: ValueError if a prefix has come or gone since then. The sequence number
    of a record is the number of its prefix; of the numbers of peers the lower 16 bits are there.
    """
    cdef Dump dump
    cdef const Prefixes *prefixes
    cdef const uint32_t *order
    cdef int64_t routes = 0
    cdef int done
    if first < 0:
        raise ValueError(f"prefix {first}")
    memset(&dump, 0, sizeof(dump))
    dump.family = family_number(afi, safi)
    dump.rib = &store.rib
    dump.seconds = seconds
    prefixes = &store.rib.prefixes[dump.family]
    store.enter()
    try:
        order = store.ordered(dump.family)
        if version and version != prefixes.version:
            raise ValueError("the table has changed")
        while first < prefixes.count and dump.octets.size < size:
            dump.sequence = <uint32_t> first
            done = put_prefix(&dump, order[first])
            if done < 0:
                raise MemoryError("no memory for records")
            routes += done
            first += 1
        octets = PyBytes_FromStringAndSize(<const char *> dump.octets.data, dump.octets.size)
        return octets, first, routes, prefixes.version
    finally:
        store.leave()
        free(dump.octets.data)


def changes(Store store not None, Py_ssize_t most=-1):
    """What has changed since the last call, where ``store`` was told to keep it, up to ``most``: time in microseconds,
    peer, SAFI, prefix with its path identifier, and since when and the octets of the attributes, before and after,
    ``None`` where there was or is no route."""
    store.enter()
    try:
        return take_changes(&store.rib, most)
    finally:
        store.leave()


cdef list take_changes(Rib *rib, Py_ssize_t most):
    cdef list out = []
    cdef const Change *change
    cdef object old, new
    cdef int afi
    while rib.change_first < rib.change_count and (most < 0 or len(out) < most):
        change = &rib.changes[rib.change_first]
        afi = AFI_IPV4 if change.family < 2 else AFI_IPV6
        old = (change.old.since, attributes_of(rib, change.old)) if change.old.rest else None
        new = (change.new.since, attributes_of(rib, change.new)) if change.new.rest else None
        prefix = prefix_of_key(&change.key, afi, change.identified, change.path_id)
        out.append((change.time, change.peer, 1 + (change.family & 1), prefix, old, new))
        leave_pair(rib, change.old)
        leave_pair(rib, change.new)
        rib.change_first += 1
    if rib.change_first == rib.change_count:
        rib.change_first = rib.change_count = 0
    return out
