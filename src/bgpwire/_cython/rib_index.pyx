"""The index of a table: see rib_index.pxd. Nothing here is for Python."""

from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

__all__ = []

cdef enum:
    SMALLEST = 8


cdef Segment *new_segment(uint32_t slots, uint32_t depth) noexcept nogil:
    cdef Segment *self = <Segment *> malloc(sizeof(Segment))
    if self == NULL:
        return NULL
    self.slots = <Slot *> calloc(slots, sizeof(Slot))
    if self.slots == NULL:
        free(self)
        return NULL
    self.mask = slots - 1
    self.used = 0
    self.depth = depth
    return self


cdef void free_segment(Segment *self) noexcept nogil:
    if self != NULL:
        free(self.slots)
        free(self)


cdef inline void put_slot(Segment *self, uint32_t tag, uint32_t number) noexcept nogil:
    cdef uint32_t at = tag & self.mask
    while self.slots[at].number:
        at = (at + 1) & self.mask
    self.slots[at].tag = tag
    self.slots[at].number = number
    self.used += 1


cdef int add_number(Index *self, uint32_t tag, uint32_t number) noexcept nogil:
    """Add a number that is not there; -1 without memory, and nothing has changed then."""
    cdef Segment *segment
    if self.segments == NULL and begin(self) < 0:
        return -1
    segment = segment_of(self, tag)
    while segment.used >= segment.mask - (segment.mask >> 2):  # three quarters
        if make_room(self, segment, tag) < 0:
            return -1
        segment = segment_of(self, tag)
    put_slot(segment, tag, number)
    return 0


cdef int begin(Index *self) noexcept nogil:
    self.segments = <Segment **> malloc(sizeof(Segment *))
    if self.segments == NULL:
        return -1
    self.segments[0] = new_segment(SMALLEST, 0)
    if self.segments[0] == NULL:
        free(self.segments)
        self.segments = NULL
        return -1
    self.depth = 0
    return 0


cdef int make_room(Index *self, Segment *segment, uint32_t tag) noexcept nogil:
    """Give a segment that is full twice the slots, or cut it in two."""
    cdef Segment *zero
    cdef Segment *one = NULL
    cdef Segment *half
    cdef uint32_t slots = segment.mask + 1, bit, at
    cdef bint cut = slots >= LARGEST and segment.depth < DEEPEST
    if cut and segment.depth == self.depth and deepen(self) < 0:
        return -1
    zero = new_segment(slots if cut else 2 * slots, segment.depth + cut)
    if cut:
        one = new_segment(slots, segment.depth + 1)
    if zero == NULL or (cut and one == NULL):
        free_segment(zero)
        free_segment(one)
        return -1
    bit = 31 - segment.depth
    for at in range(slots):
        if segment.slots[at].number:
            half = one if cut and segment.slots[at].tag >> bit & 1 else zero
            put_slot(half, segment.slots[at].tag, segment.slots[at].number)
    place(self, segment, tag, zero, one)
    free_segment(segment)
    return 0


cdef void place(Index *self, const Segment *segment, uint32_t tag, Segment *zero, Segment *one) noexcept nogil:
    """Put one or two segments where one stands, which ``tag`` belongs to."""
    cdef uint64_t count = <uint64_t> 1 << (self.depth - segment.depth), at
    cdef uint64_t first = (<uint64_t> tag >> (32 - self.depth)) & ~(count - 1)
    for at in range(count):
        self.segments[first + at] = one if one != NULL and at >= count >> 1 else zero


cdef int deepen(Index *self) noexcept nogil:
    """Tell segments apart by a bit more."""
    cdef uint64_t count = <uint64_t> 1 << self.depth, at
    cdef Segment **segments = <Segment **> malloc(2 * count * sizeof(Segment *))
    if segments == NULL:
        return -1
    for at in range(count):
        segments[2 * at] = segments[2 * at + 1] = self.segments[at]
    free(self.segments)
    self.segments = segments
    self.depth += 1
    return 0


cdef void drop_number(Index *self, uint32_t tag, uint32_t number) noexcept nogil:
    """Take a number out that is there. Those behind it move up, so that no place is lost."""
    cdef Segment *segment = segment_of(self, tag)
    cdef Slot *slots = segment.slots
    cdef uint32_t mask = segment.mask, hole = tag & mask, at
    while slots[hole].number != number:
        hole = (hole + 1) & mask
    segment.used -= 1
    at = hole
    while True:
        at = (at + 1) & mask
        if slots[at].number == 0:
            break
        # It may stand in the hole unless its own place lies behind that.
        if ((at - slots[at].tag) & mask) >= ((at - hole) & mask):
            slots[hole] = slots[at]
            hole = at
    slots[hole].number = 0


cdef void free_index(Index *self) noexcept nogil:
    """Free all; it is empty then."""
    cdef uint64_t count, at
    cdef Segment *last = NULL
    if self.segments == NULL:
        return
    count = <uint64_t> 1 << self.depth
    for at in range(count):
        if self.segments[at] != last:
            # All of a segment's places are beside each other.
            last = self.segments[at]
            free_segment(last)
    free(self.segments)
    self.segments = NULL
    self.depth = 0
