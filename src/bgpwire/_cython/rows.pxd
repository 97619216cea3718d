# The columns of a batch in memory: for each column a tree of arrays as Arrow has them, grown by runs of rows.
#
# Nothing here touches Python. ``-1`` is what a function gives that could not get memory; the caller raises MemoryError.

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport realloc
from libc.string cimport memcpy, memset

cdef extern from *:
    """
    static inline void bgpwire_add_bits(uint8_t *octets, uint64_t bits) {
    #if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        for (int index = 0; index < 8; index++) octets[index] |= (uint8_t) (bits >> 8 * index);
    #else
        uint64_t word;
        memcpy(&word, octets, 8);
        word |= bits;
        memcpy(octets, &word, 8);
    #endif
    }
    """
    void add_bits "bgpwire_add_bits"(uint8_t *octets, uint64_t bits) nogil

cdef enum:
    AHEAD = 32  # octets behind the filled ones that may be written: several values in one store cost what one does
    BITS = 56  # that can be added at any place, in 8 octets

cdef enum:
    LAYOUTS_MOST = 64
    CHILDREN_MOST = 3
    FULL = 1 << 28
    BIG = 1 << 20
    BITS_AT_ONCE = 512  # octets
    TEXT = 6  # of Kind


cdef struct LayoutItem:
    # One array of Arrow; the table of all is made of columns.kinds.
    char[8] format
    char code  # of the array module, for numbers; 0 for others
    uint8_t width  # octets of a number, or of fixed octets; 0 for others
    bint names
    int count
    int[CHILDREN_MOST] children  # places in the table
    const char *child_names[CHILDREN_MOST]


cdef struct Buffer:
    uint8_t *data
    Py_ssize_t size  # octets that are filled
    Py_ssize_t room


cdef struct Node:
    const LayoutItem *layout
    int64_t length
    int64_t nulls
    Buffer validity  # a bit a value, set where there is one; nothing is in it before the first null
    Buffer values  # numbers, bits, fixed octets, or the offsets of lists and octets
    Buffer octets
    Node *children
    Node *names  # the dictionary that numbers point into
    uint32_t *slots  # of the dictionary: a hash table of numbers, each plus 1
    uint32_t slots_mask


cdef struct Pool:
    # Rows that nobody holds any more, to be filled again: fresh memory costs as much as what is written into it.
    void *lock
    int references
    int free
    Rows *rows[4]
    int count
    int *kinds


cdef struct Rows:
    Pool *pool
    int references
    int count
    int64_t length
    Node *columns


cdef LayoutItem[LAYOUTS_MOST] LAYOUT
cdef int[LAYOUTS_MOST] OF_KIND

cdef Pool *new_pool(const int *kinds, int count) noexcept nogil
cdef void leave_pool(Pool *pool) noexcept nogil
cdef Rows *take_rows(Pool *pool) noexcept nogil
cdef void hold_rows(Rows *rows) noexcept nogil
cdef void leave_rows(Rows *rows) noexcept nogil
cdef int32_t name_number(Node *self, const uint8_t *text, Py_ssize_t size) noexcept nogil


cdef inline int need(Buffer *self, Py_ssize_t more) noexcept nogil:
    """Have room for ``more`` octets behind those that are filled."""
    cdef Py_ssize_t room = self.room
    cdef void *data
    if room - self.size >= more:
        return 0
    while room - self.size < more:
        room = 1024 if room == 0 else 4 * room if room < BIG else 2 * room  # what is not touched costs nothing
    data = realloc(self.data, room)
    if data == NULL:
        return -1
    self.data = <uint8_t *> data
    self.room = room
    return 0


cdef inline int put(Buffer *self, const void *octets, Py_ssize_t size) noexcept nogil:
    if need(self, size) < 0:
        return -1
    memcpy(self.data + self.size, octets, size)
    self.size += size
    return 0


cdef inline void put_bits(uint8_t *bits, int64_t start, uint64_t more) noexcept nogil:
    """Set those of at most ``BITS`` bits that are 1; there is room for 8 octets."""
    add_bits(bits + (start >> 3), more << (start & 7))


cdef inline uint64_t ones(int64_t count) noexcept nogil:
    return (<uint64_t> 1 << count) - 1


cdef inline int popcount(uint64_t bits) noexcept nogil:
    cdef int count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


cdef inline void set_bits(uint8_t *bits, int64_t start, int64_t count) noexcept nogil:
    """Set ``count`` bits; there is room as for ``put_bits``."""
    cdef int64_t octets
    if count > BITS:
        put_bits(bits, start, ones(8))
        count -= 8 - (start & 7)
        start = (start | 7) + 1
        octets = count >> 3
        memset(bits + (start >> 3), 0xFF, octets)
        start += 8 * octets
        count -= 8 * octets
    put_bits(bits, start, ones(count))


cdef inline int need_bits(Buffer *self, int64_t count) noexcept nogil:
    """Have room for ``count`` bits, and for ``put_bits`` behind them; those that are new are 0."""
    cdef Py_ssize_t more = (count >> 3) + 9 - self.size
    if more <= 0:
        return 0
    if more < BITS_AT_ONCE:
        more = BITS_AT_ONCE
    if need(self, more) < 0:
        return -1
    memset(self.data + self.size, 0, more)
    self.size += more
    return 0


cdef inline int valid(Node *self, int64_t count) noexcept nogil:
    """``count`` values more. No bits are written before the first null."""
    if self.nulls:
        if need_bits(&self.validity, self.length + count) < 0:
            return -1
        set_bits(self.validity.data, self.length, count)
    self.length += count
    return 0


cdef inline int invalid(Node *self, int64_t count) noexcept nogil:
    """``count`` nulls more."""
    if need_bits(&self.validity, self.length + count) < 0:
        return -1
    if not self.nulls:
        set_bits(self.validity.data, 0, self.length)
    self.nulls += count
    self.length += count
    return 0


cdef inline int fill_u8(Node *self, uint8_t value, int64_t count) noexcept nogil:
    if need(&self.values, count) < 0:
        return -1
    memset(self.values.data + self.values.size, value, count)
    self.values.size += count
    return valid(self, count)


cdef inline int fill_u16(Node *self, uint16_t value, int64_t count) noexcept nogil:
    cdef uint16_t *out
    cdef int64_t index
    if need(&self.values, 2 * count) < 0:
        return -1
    out = <uint16_t *> (self.values.data + self.values.size)
    for index in range(count):
        out[index] = value
    self.values.size += 2 * count
    return valid(self, count)


cdef inline int fill_u32(Node *self, uint32_t value, int64_t count) noexcept nogil:
    cdef uint32_t *out
    cdef int64_t index
    if need(&self.values, 4 * count) < 0:
        return -1
    out = <uint32_t *> (self.values.data + self.values.size)
    for index in range(count):
        out[index] = value
    self.values.size += 4 * count
    return valid(self, count)


cdef inline int fill_u64(Node *self, uint64_t value, int64_t count) noexcept nogil:
    cdef uint64_t *out
    cdef int64_t index
    if need(&self.values, 8 * count) < 0:
        return -1
    out = <uint64_t *> (self.values.data + self.values.size)
    for index in range(count):
        out[index] = value
    self.values.size += 8 * count
    return valid(self, count)


cdef inline int fill_name(Node *self, int32_t number, int64_t count) noexcept nogil:
    """A number into the dictionary; -1 is no number."""
    if number < 0:
        return -1
    if self.layout.width == 1:
        return fill_u8(self, <uint8_t> number, count)
    return fill_u32(self, <uint32_t> number, count)


cdef inline int fill_bit(Node *self, bint value, int64_t count) noexcept nogil:
    if need_bits(&self.values, self.length + count) < 0:
        return -1
    if value:
        set_bits(self.values.data, self.length, count)
    return valid(self, count)


cdef inline int end_of(Node *self, int32_t end) noexcept nogil:
    """A list, or octets, that ends there."""
    return -1 if put(&self.values, &end, 4) < 0 else valid(self, 1)


cdef inline int fill_octets(Node *self, const void *octets, Py_ssize_t size, int64_t count) noexcept nogil:
    """Text or octets of any size."""
    cdef int64_t _index
    for _index in range(count):
        if put(&self.octets, octets, size) < 0 or end_of(self, <int32_t> self.octets.size) < 0:
            return -1
    return 0


cdef inline int fill_fixed(Node *self, const void *octets, int64_t count) noexcept nogil:
    """As many octets as the column's values have."""
    cdef int64_t _index
    for _index in range(count):
        if put(&self.values, octets, self.layout.width) < 0:
            return -1
    return valid(self, count)


cdef inline int fill_null(Node *self, int64_t count) noexcept nogil:
    cdef Py_ssize_t size = self.layout.width * count
    cdef int32_t last
    cdef int32_t *out
    cdef int64_t index
    if size:
        if need(&self.values, size) < 0:
            return -1
        if size == 4:
            (<uint32_t *> (self.values.data + self.values.size))[0] = 0
        else:
            memset(self.values.data + self.values.size, 0, size)
        self.values.size += size
    elif self.layout.format[0] == c"b":
        if need_bits(&self.values, self.length + count) < 0:
            return -1
    else:
        if need(&self.values, 4 * count) < 0:
            return -1
        last = <int32_t> (self.children[0].length if self.layout.count else self.octets.size)
        out = <int32_t *> (self.values.data + self.values.size)
        for index in range(count):
            out[index] = last
        self.values.size += 4 * count
    return invalid(self, count)


cdef inline bint is_full(const Node *self) noexcept nogil:
    """Whether a column is so long that its batch is to end: offsets have 32 bits."""
    if self.octets.size > FULL:
        return True
    return self.layout.format[1] == c"l" and (
        self.children[0].length > FULL or self.children[0].octets.size > FULL
    )
