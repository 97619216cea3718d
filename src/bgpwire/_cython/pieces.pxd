# Where the attributes of a block stand that the values of a route are made of.

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from bgpwire._cython.cursor cimport AttributeItem, Cursor, Step, cursor, next_attribute

cdef enum:
    TOLD = 33  # greater codes are of no such attribute


cdef struct Piece:
    uint32_t start
    uint32_t size


cdef struct Pieces:
    const uint8_t *data
    uint64_t there  # a bit for each attribute that is
    Piece[TOLD] at  # of those


cdef inline bint there(const Pieces *self, int code) noexcept nogil:
    return self.there >> code & 1


cdef inline void read_pieces(Pieces *self, const uint8_t *data, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """The first attribute of each code, up to one that runs over the end: as PathAttributes has them."""
    cdef Cursor cur = cursor(data, start, end)
    cdef AttributeItem item
    self.data = data
    self.there = 0
    while next_attribute(&cur, &item) == Step.ITEM:
        if item.code < TOLD and not there(self, item.code):
            self.there |= <uint64_t> 1 << item.code
            self.at[item.code].start = <uint32_t> item.start
            self.at[item.code].size = <uint32_t> (item.end - item.start)
