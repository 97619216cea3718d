"""Values that many routes of a file have: one object for all that have the same octets."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcmp, memcpy, memmove

from bgpwire._cython.as_path cimport AsPath, check_octets, path_of
from bgpwire._cython.communities cimport Communities, ExtendedCommunities, LargeCommunities, communities_of
from bgpwire._cython.prefix cimport Address, address_of

__all__ = []

cdef enum:
    ROW = 4  # places where a piece may stand
    FEWEST = 1 << 6
    MOST = 1 << 12  # of each sort: more would not be found oftener, and do not stay in a processor's cache
    LONGEST = 1 << 10  # octets of a piece that is kept
    MOST_OCTETS = 1 << 20
    # Kinds of pieces.
    PATH2 = 1
    PATH4 = 2
    STANDARD = 3
    EXTENDED = 4
    LARGE = 5
    ADDRESS = 6


cdef inline uint64_t mixed(uint64_t seed, const uint8_t *octets, int size) noexcept nogil:
    cdef uint64_t word = 0
    memcpy(&word, octets, size)
    seed = (seed ^ word) * <uint64_t> 0xD6E8FEB86659FD93
    return seed ^ seed >> 32


cdef inline uint32_t hash_of(const uint8_t *octets, Py_ssize_t size, uint64_t seed) noexcept nogil:
    """A hash whose low bits depend on all octets; who makes collisions has pieces forgotten, and no more."""
    cdef uint64_t out = (seed ^ <uint64_t> size) * <uint64_t> 0x9E3779B97F4A7C15
    cdef Py_ssize_t at
    # The last word may overlap the one before: no call for a rest of any size.
    for at in range(0, size - 7, 8):
        out = mixed(out, octets + at, 8)
    if size & 7 and size > 8:
        out = mixed(out, octets + size - 8, 8)
    elif size & 3 == 0 and size & 4:
        out = mixed(out, octets, 4)
    elif size & 7:
        out = mixed(out, octets, <int> size)
    return <uint32_t> out


cdef inline Held *row_of(Table *table, uint32_t hashed) noexcept nogil:
    return table.places + (hashed & <uint32_t> (table.count - 1) & ~<uint32_t> (ROW - 1))


cdef inline PyObject *find(Table *table, const uint8_t *octets, Py_ssize_t size, int kind, uint32_t hashed) noexcept:
    """The value with these octets, borrowed; NULL if there is none."""
    cdef Held *held
    cdef int _
    if not table.count:
        return NULL
    held = row_of(table, hashed)
    for _ in range(ROW):
        if held.hash == hashed and held.value != NULL and held.size == size and held.kind == kind:
            if memcmp(held.octets, octets, size) == 0:
                return held.value
        held += 1
    return NULL


cdef inline void forget(Held *held) noexcept:
    """Their classes have no finalizers that could call back."""
    Py_XDECREF(held.owner)
    Py_XDECREF(held.value)


cdef void put(Table *table, const Held *new) noexcept:
    """Put a value into its row, in front; what falls out of it behind is forgotten."""
    cdef Held *row = row_of(table, new.hash)
    cdef Held last = row[ROW - 1]
    memmove(row + 1, row, (ROW - 1) * sizeof(Held))
    row[0] = new[0]
    table.octets += new.size
    if last.value == NULL:
        table.used += 1
    else:
        table.octets -= last.size
        forget(&last)


cdef void drop(Table *table) noexcept:
    """Forget all values."""
    cdef Held *places = table.places
    cdef Py_ssize_t index, count = table.count
    table.places = NULL
    table.count = table.used = table.octets = 0
    for index in range(count):
        forget(&places[index])
    PyMem_Free(places)


cdef void grow(Table *table) noexcept:
    """Twice the places, or the first; as before where there is no memory."""
    cdef Table larger
    cdef Py_ssize_t index
    larger.count = table.count * 2 if table.count else FEWEST
    larger.most = table.most
    larger.used = larger.octets = 0
    larger.places = <Held *> PyMem_Calloc(larger.count, sizeof(Held))
    if larger.places == NULL:
        return
    for index in range(table.count):
        if table.places[index].value != NULL:
            put(&larger, &table.places[index])
    PyMem_Free(table.places)
    table[0] = larger


cdef void keep(
    Table *table, object value, object owner, const uint8_t *octets, Py_ssize_t size, int kind, uint32_t hashed
) noexcept:
    """Remember a value and what its ``octets`` stand in; bounded in number and in octets."""
    cdef Held new
    if size > LONGEST:
        return
    if table.octets + size > MOST_OCTETS:
        drop(table)
    if 4 * table.used >= 3 * table.count and table.count < table.most:
        grow(table)
    if not table.count:
        return
    new.hash = hashed
    new.size = <uint16_t> size
    new.kind = <uint16_t> kind
    new.octets = octets
    new.owner = <PyObject *> owner
    new.value = <PyObject *> value
    Py_INCREF(owner)
    Py_INCREF(value)
    put(table, &new)


cdef inline void keep_wire(Table *table, object value, bytes wire, int kind, uint32_t hashed) noexcept:
    keep(table, value, wire, <const uint8_t *> PyBytes_AS_STRING(wire), PyBytes_GET_SIZE(wire), kind, hashed)


@cython.final
cdef class Pool:
    """The values met last in the routes of one file, by the octets they are made of.

    At most 4,096 pieces and 1 MiB of octets of each sort: AS paths; communities, extended and large ones; addresses.
    It lives as long as the decoder: a route that is kept holds its own values, and never the pool.
    """

    # No collector need look into it: its values hold octets alone.

    def __dealloc__(self):
        drop(&self._paths)
        drop(&self._communities)
        drop(&self._addresses)

    cdef AsPath path(self, const uint8_t *octets, Py_ssize_t size, bint asn4):
        """The AS path that an AS_PATH says, ``None`` if it is malformed."""
        cdef int kind = PATH4 if asn4 else PATH2
        cdef uint32_t hashed = hash_of(octets, size, kind)
        cdef PyObject *found
        cdef AsPath out
        with cython.critical_section(self):
            found = find(&self._paths, octets, size, kind, hashed)
            if found != NULL:
                return <AsPath> found
        if check_octets(octets, 0, size, asn4, 0, False) is not None:
            return None
        out = path_of(octets, size, asn4)
        with cython.critical_section(self):
            keep_wire(&self._paths, out, out._wire, kind, hashed)
        return out

    cdef AsPath same_path(self, AsPath path):
        """A path that is made of two attributes: the same object for the same octets."""
        return self.path(
            <const uint8_t *> PyBytes_AS_STRING(path._wire), PyBytes_GET_SIZE(path._wire), path.asn4
        )

    cdef Address address(self, const uint8_t *octets, Py_ssize_t size):
        """An address of 4 or 16 octets."""
        cdef uint32_t hashed = hash_of(octets, size, ADDRESS)
        cdef PyObject *found
        cdef Address out
        with cython.critical_section(self):
            found = find(&self._addresses, octets, size, ADDRESS, hashed)
            if found != NULL:
                return <Address> found
        out = address_of(octets, size)
        with cython.critical_section(self):
            keep(&self._addresses, out, out, out._octets, size, ADDRESS, hashed)
        return out

    cdef Communities communities(self, const uint8_t *octets, Py_ssize_t size):
        """What COMMUNITIES says, ``None`` if it is malformed (RFC 7606 section 7.8), as the two that follow."""
        cdef uint32_t hashed = hash_of(octets, size, STANDARD)
        cdef PyObject *found
        cdef Communities out
        with cython.critical_section(self):
            found = find(&self._communities, octets, size, STANDARD, hashed)
            if found != NULL:
                return <Communities> found
        if size == 0 or size & 3:
            return None
        out = communities_of(octets, size)
        with cython.critical_section(self):
            keep_wire(&self._communities, out, out._wire, STANDARD, hashed)
        return out

    cdef ExtendedCommunities extended(self, const uint8_t *octets, Py_ssize_t size):
        """EXTENDED COMMUNITIES (RFC 7606 section 7.14)."""
        cdef uint32_t hashed = hash_of(octets, size, EXTENDED)
        cdef PyObject *found
        cdef ExtendedCommunities out
        with cython.critical_section(self):
            found = find(&self._communities, octets, size, EXTENDED, hashed)
            if found != NULL:
                return <ExtendedCommunities> found
        if size == 0 or size & 7:
            return None
        out = ExtendedCommunities.__new__(ExtendedCommunities)
        out._wire = PyBytes_FromStringAndSize(<const char *> octets, size)
        with cython.critical_section(self):
            keep_wire(&self._communities, out, out._wire, EXTENDED, hashed)
        return out

    cdef LargeCommunities large(self, const uint8_t *octets, Py_ssize_t size):
        """LARGE_COMMUNITY (RFC 8092 section 6)."""
        cdef uint32_t hashed = hash_of(octets, size, LARGE)
        cdef PyObject *found
        cdef LargeCommunities out
        with cython.critical_section(self):
            found = find(&self._communities, octets, size, LARGE, hashed)
            if found != NULL:
                return <LargeCommunities> found
        if size == 0 or size % 12:
            return None
        out = LargeCommunities.__new__(LargeCommunities)
        out._wire = PyBytes_FromStringAndSize(<const char *> octets, size)
        with cython.critical_section(self):
            keep_wire(&self._communities, out, out._wire, LARGE, hashed)
        return out


cdef Pool new_pool():
    """An empty pool."""
    cdef Pool pool = Pool.__new__(Pool)
    pool._paths.most = pool._communities.most = pool._addresses.most = MOST
    return pool


NO_POOL = Pool.__new__(Pool)
