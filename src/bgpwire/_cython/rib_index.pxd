# Numbers by the hash of what they stand for. Open addressing in segments, found by the upper bits of the hash: one that
# is full is cut in two, so nothing ever waits for more than a few thousand entries to be put elsewhere.

from libc.stdint cimport uint32_t, uint64_t

cdef enum:
    LARGEST = 4096  # slots of a segment
    DEEPEST = 20  # upper bits that tell segments apart: the lower 12 are for places in one


cdef struct Slot:
    uint32_t tag  # the hash
    uint32_t number  # 0: free


cdef struct Segment:
    uint32_t mask  # slots less one, a power of two less one
    uint32_t used
    uint32_t depth  # upper bits of the hash that all in it have in common
    Slot *slots


cdef struct Index:
    Segment **segments  # 2 to the power of depth; NULL: nothing was added yet
    uint32_t depth


cdef struct Probe:
    const Slot *slots
    uint32_t mask
    uint32_t at
    uint32_t tag


cdef inline Segment *segment_of(const Index *self, uint32_t tag) noexcept nogil:
    return self.segments[<uint64_t> tag >> (32 - self.depth)]


cdef inline Probe probe(const Index *self, uint32_t tag) noexcept nogil:
    """Look for what has this hash: see ``next_number``."""
    cdef Probe out
    cdef const Segment *segment
    out.slots = NULL
    out.tag = tag
    out.mask = out.at = 0
    if self.segments != NULL:
        segment = segment_of(self, tag)
        out.slots = segment.slots
        out.mask = segment.mask
        out.at = tag & segment.mask
    return out


cdef inline uint32_t next_number(Probe *self) noexcept nogil:
    """The next number with that hash, which may stand for something else; 0 when there is none any more."""
    cdef const Slot *slot
    if self.slots == NULL:
        return 0
    while True:
        slot = &self.slots[self.at]
        if slot.number == 0:
            return 0
        self.at = (self.at + 1) & self.mask
        if slot.tag == self.tag:
            return slot.number


cdef int add_number(Index *self, uint32_t tag, uint32_t number) noexcept nogil
cdef void drop_number(Index *self, uint32_t tag, uint32_t number) noexcept nogil
cdef void free_index(Index *self) noexcept nogil
