# The grammar of MRT (RFC 6396, RFC 8050) as iterators over a cursor; see cursor.pxd.

from libc.stdint cimport uint8_t, uint16_t, uint32_t

from bgpwire._cython.cursor cimport Cursor, Step, be16, be32


cdef struct RecordItem:
    uint32_t seconds
    uint16_t type
    uint16_t subtype
    uint32_t length
    Py_ssize_t start


cdef inline int next_record(Cursor *self, RecordItem *item) noexcept nogil:
    """An MRT record (RFC 6396 section 2). OVERRUN: not all of it is there yet."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    if room == 0:
        return Step.END
    if room < 12:
        return Step.HEADER_OVERRUN
    item.seconds = be32(pos)
    item.type = be16(pos + 4)
    item.subtype = be16(pos + 6)
    item.length = be32(pos + 8)
    if room - 12 < item.length:
        return Step.OVERRUN
    item.start = pos + 12 - self.base
    self.pos = pos + 12 + item.length
    return Step.ITEM
