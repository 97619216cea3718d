"""Values that many routes of a file have: one object for all that have the same octets."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.stdint cimport uint8_t, uint64_t, uintptr_t
from libc.string cimport memcmp, memcpy

from bgpwire._cython.as_path cimport AsPath, check_octets, path_of
from bgpwire._cython.communities cimport Communities, ExtendedCommunities, LargeCommunities, communities_of
from bgpwire._cython.free_list cimport owned
from bgpwire._cython.prefix cimport Address, address_of

__all__ = []

cdef enum:
    LINE = 64
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


cdef inline uint64_t tag_of(const uint8_t *octets, Py_ssize_t size, int kind) noexcept nogil:
    """The kind, the size of what is short enough to be kept, and a hash that depends on all octets; never 0. Who makes
    collisions has pieces forgotten, and no more."""
    cdef uint64_t tag = <uint64_t> (size & 0xFFF) << 4 | <uint64_t> kind
    cdef uint64_t out = tag * <uint64_t> 0x9E3779B97F4A7C15
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
    return out << 16 | tag


cdef inline Row *row_of(Table *table, uint64_t tag) noexcept nogil:
    return table.rows + (tag >> 16 & <uint64_t> (table.count // ROW - 1))


cdef inline PyObject *wire_of(PyObject *value, int kind) noexcept:
    """The octets of a value that is no address, borrowed."""
    if kind == PATH2 or kind == PATH4:
        return <PyObject *> (<AsPath> value)._wire
    if kind == STANDARD:
        return <PyObject *> (<Communities> value)._wire
    if kind == EXTENDED:
        return <PyObject *> (<ExtendedCommunities> value)._wire
    return <PyObject *> (<LargeCommunities> value)._wire


cdef inline bint is_of(PyObject *value, const uint8_t *octets, Py_ssize_t size, int kind) noexcept:
    """Whether a value of this kind has these octets."""
    cdef PyObject *wire
    if kind == ADDRESS:
        # Of a known size: no call.
        if size == 4:
            return (<Address> value)._size == 4 and memcmp((<Address> value)._octets, octets, 4) == 0
        return (<Address> value)._size == 16 and memcmp((<Address> value)._octets, octets, 16) == 0
    if (kind == PATH2 or kind == PATH4) and (<AsPath> value).asn4 != (kind == PATH4):
        return False  # it was initialised again
    wire = wire_of(value, kind)
    if PyBytes_GET_SIZE(<bytes> wire) != size:
        return False
    return memcmp(PyBytes_AS_STRING(<bytes> wire), octets, size) == 0


cdef inline PyObject *find(
    Table *table, const uint8_t *octets, Py_ssize_t size, int kind, uint64_t tag
) noexcept:
    """A reference to the value with these octets; NULL if there is none."""
    cdef Row *row
    cdef int index
    if not table.count:
        return NULL
    row = row_of(table, tag)
    for index in range(ROW):
        if row.tags[index] == tag and is_of(row.values[index], octets, size, kind):
            Py_INCREF(<object> row.values[index])
            return row.values[index]
    return NULL


cdef inline Py_ssize_t size_in(uint64_t tag) noexcept nogil:
    return <Py_ssize_t> (tag >> 4 & 0xFFF)


cdef void put(Table *table, uint64_t tag, PyObject *value) noexcept:
    """Put a value into its row, in front; what falls out of it behind is forgotten."""
    cdef Row *row = row_of(table, tag)
    cdef uint64_t last = row.tags[ROW - 1]
    cdef PyObject *old = row.values[ROW - 1]
    cdef int index
    for index in range(ROW - 1, 0, -1):
        row.tags[index] = row.tags[index - 1]
        row.values[index] = row.values[index - 1]
    row.tags[0] = tag
    row.values[0] = value
    table.octets += size_in(tag)
    if last == 0:
        table.used += 1
    else:
        table.octets -= size_in(last)
        Py_XDECREF(old)  # their classes have no finalizers that could call back


cdef void drop(Table *table) noexcept:
    """Forget all values."""
    cdef Table old = table[0]
    cdef Py_ssize_t index
    cdef int place
    table.block = table.rows = NULL
    table.count = table.used = table.octets = 0
    for index in range(old.count // ROW):
        for place in range(ROW):
            Py_XDECREF(old.rows[index].values[place])
    PyMem_Free(old.block)


cdef void grow(Table *table) noexcept:
    """Twice the places, or the first; as before where there is no memory."""
    cdef Table larger
    cdef Py_ssize_t index
    cdef int place
    larger.count = table.count * 2 if table.count else FEWEST
    larger.most = table.most
    larger.used = larger.octets = 0
    larger.block = PyMem_Calloc(larger.count // ROW + 1, sizeof(Row))
    if larger.block == NULL:
        return
    larger.rows = <Row *> ((<uintptr_t> larger.block + LINE - 1) & ~<uintptr_t> (LINE - 1))
    for index in range(table.count // ROW):
        # The oldest first.
        for place in range(ROW - 1, -1, -1):
            if table.rows[index].tags[place]:
                put(&larger, table.rows[index].tags[place], table.rows[index].values[place])
    PyMem_Free(table.block)
    table[0] = larger


cdef void keep(Table *table, object value, Py_ssize_t size, uint64_t tag) noexcept:
    """Remember a value; bounded in number and in octets."""
    if size > LONGEST:
        return
    if table.octets + size > MOST_OCTETS:
        drop(table)
    if 4 * table.used >= 3 * table.count and table.count < table.most:
        grow(table)
    if not table.count:
        return
    Py_INCREF(value)
    put(table, tag, <PyObject *> value)


cdef inline PyObject *reference(object value) noexcept:
    Py_INCREF(value)
    return <PyObject *> value


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

    cdef PyObject *path(self, const uint8_t *octets, Py_ssize_t size, bint asn4) except NULL:
        """The AS path that an AS_PATH says, ``None`` if it is malformed."""
        cdef int kind = PATH4 if asn4 else PATH2
        cdef uint64_t tag = tag_of(octets, size, kind)
        cdef PyObject *found
        cdef AsPath out
        with cython.critical_section(self):
            found = find(&self._paths, octets, size, kind, tag)
        if found != NULL:
            return found
        if check_octets(octets, 0, size, asn4, 0, False) is not None:
            return reference(None)
        out = path_of(octets, size, asn4)
        with cython.critical_section(self):
            keep(&self._paths, out, size, tag)
        return reference(out)

    cdef PyObject *same_path(self, AsPath path) except NULL:
        """A path that is made of two attributes: the same object for the same octets."""
        return self.path(
            <const uint8_t *> PyBytes_AS_STRING(path._wire), PyBytes_GET_SIZE(path._wire), path.asn4
        )

    cdef PyObject *address(self, const uint8_t *octets, Py_ssize_t size) except NULL:
        """An address of 4 or 16 octets."""
        cdef uint64_t tag = tag_of(octets, size, ADDRESS)
        cdef PyObject *found
        cdef Address out
        with cython.critical_section(self):
            found = find(&self._addresses, octets, size, ADDRESS, tag)
        if found != NULL:
            return found
        out = address_of(octets, size)
        with cython.critical_section(self):
            keep(&self._addresses, out, size, tag)
        return reference(out)

    cdef PyObject *communities(self, const uint8_t *octets, Py_ssize_t size) except NULL:
        """What COMMUNITIES says, ``None`` if it is malformed (RFC 7606 section 7.8), as the two that follow."""
        cdef uint64_t tag = tag_of(octets, size, STANDARD)
        cdef PyObject *found
        cdef Communities out
        with cython.critical_section(self):
            found = find(&self._communities, octets, size, STANDARD, tag)
        if found != NULL:
            return found
        if size == 0 or size & 3:
            return reference(None)
        out = communities_of(octets, size)
        with cython.critical_section(self):
            keep(&self._communities, out, size, tag)
        return reference(out)

    cdef ExtendedCommunities extended(self, const uint8_t *octets, Py_ssize_t size):
        """EXTENDED COMMUNITIES (RFC 7606 section 7.14)."""
        cdef uint64_t tag = tag_of(octets, size, EXTENDED)
        cdef PyObject *found
        cdef ExtendedCommunities out
        with cython.critical_section(self):
            found = find(&self._communities, octets, size, EXTENDED, tag)
        if found != NULL:
            return <ExtendedCommunities> owned(found)
        if size == 0 or size & 7:
            return None
        out = ExtendedCommunities.__new__(ExtendedCommunities)
        out._wire = PyBytes_FromStringAndSize(<const char *> octets, size)
        with cython.critical_section(self):
            keep(&self._communities, out, size, tag)
        return out

    cdef LargeCommunities large(self, const uint8_t *octets, Py_ssize_t size):
        """LARGE_COMMUNITY (RFC 8092 section 6)."""
        cdef uint64_t tag = tag_of(octets, size, LARGE)
        cdef PyObject *found
        cdef LargeCommunities out
        with cython.critical_section(self):
            found = find(&self._communities, octets, size, LARGE, tag)
        if found != NULL:
            return <LargeCommunities> owned(found)
        if size == 0 or size % 12:
            return None
        out = LargeCommunities.__new__(LargeCommunities)
        out._wire = PyBytes_FromStringAndSize(<const char *> octets, size)
        with cython.critical_section(self):
            keep(&self._communities, out, size, tag)
        return out


cdef Pool new_pool():
    """An empty pool."""
    cdef Pool pool = Pool.__new__(Pool)
    pool._paths.most = pool._communities.most = pool._addresses.most = MOST
    return pool


NO_POOL = Pool.__new__(Pool)
