# What a block of path attributes says, as integers and pointers: for consumers that make no objects of it.
#
# Only what is well formed is told. ``odd`` says that something is not, or is rarer than this knows: whoever sees it
# lets the objects decide. Of several attributes with one code the first counts, as in PathAttributes.

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from bgpwire._cython.as4 cimport AS_CONFED_SET, AS_SEQUENCE, AS_SET, MERGED, ODD, merge_paths
from bgpwire._cython.cursor cimport (
    AttributeItem,
    Cursor,
    SegmentItem,
    Step,
    as_number,
    be32,
    cursor,
    next_attribute,
    next_segment,
)
from bgpwire._cython.numbers cimport (
    AGGREGATOR,
    AS4_AGGREGATOR,
    AS4_PATH,
    AS_PATH,
    ATOMIC_AGGREGATE,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    NEXT_HOP,
    ONLY_TO_CUSTOMER,
    ORIGIN,
)

cdef enum:
    AS_TRANS = 23456

cdef enum:
    TOLD = 36  # attributes with greater codes are in no column
    SCRATCH = 24  # 17 octets, and as many behind them as are looked at with them


cdef struct Value:
    const uint8_t *octets
    Py_ssize_t size


cdef struct Block:
    bint odd
    int width  # octets of an AS number
    uint64_t there  # a bit for each attribute that is
    bint more  # attributes that have no bit: of greater codes, or of a code that one before has
    const uint8_t *start
    const uint8_t *end
    int path_width  # octets of an AS number in the effective path (RFC 6793)
    bint path_plain  # of AS_SEQUENCEs alone
    bint path_set  # with an AS_SET or an AS_CONFED_SET
    int origin_count
    const uint8_t *origins  # the AS numbers that originated the route, several of an AS_SET
    Py_ssize_t path_count  # AS numbers in the effective path
    Value[TOLD] values  # of the attributes that are there; of AS_PATH the effective path
    uint8_t[MERGED] merged
    uint8_t[SCRATCH] prefix  # of an entry of TABLE_DUMP, its length in front


cdef inline bint has(const Block *self, int code) noexcept nogil:
    return self.there >> code & 1


cdef inline void read_path(Block *self) noexcept nogil:
    """AS numbers in AS_PATH, and the one that originated the route."""
    cdef const uint8_t *octets = self.values[AS_PATH].octets
    cdef Cursor cur = cursor(octets, 0, self.values[AS_PATH].size)
    cdef SegmentItem item
    cdef int step
    while True:
        step = next_segment(&cur, self.path_width, &item)
        if step != Step.ITEM:
            break
        self.path_count += item.count
        if item.kind == AS_SEQUENCE:
            self.origins = item.numbers + (item.count - 1) * self.path_width
            self.origin_count = 1
            continue
        self.path_plain = False
        if item.kind == AS_SET:
            self.path_set = True
            self.origins = item.numbers
            self.origin_count = item.count
        elif item.kind == AS_CONFED_SET:
            self.path_set = True
    if step != Step.END:
        self.odd = True


cdef inline bint fits(int code, const Value *value, int width) noexcept nogil:
    """Whether an attribute has the size it must have, and ORIGIN a value that is registered."""
    cdef Py_ssize_t size = value.size
    if code == AS_PATH or code > LARGE_COMMUNITY and code != ONLY_TO_CUSTOMER:
        return True
    if code == ORIGIN:
        return size == 1 and value.octets[0] <= 2
    if NEXT_HOP <= code <= LOCAL_PREF or code == ONLY_TO_CUSTOMER:  # MULTI_EXIT_DISC is between them
        return size == 4
    if code == COMMUNITIES:
        return size > 0 and not size & 3
    if code == ATOMIC_AGGREGATE:
        return size == 0
    if code == AGGREGATOR:
        return size == 4 + width
    if code == EXTENDED_COMMUNITIES:
        return size > 0 and not size & 7
    if code == AS4_AGGREGATOR:
        return size == 8 or width == 4
    if code == LARGE_COMMUNITY:
        return size > 0 and not size % 12
    return True


cdef inline void merge(Block *self) noexcept nogil:
    """AS4_PATH into AS_PATH, on a session of 2 octets; not where AGGREGATOR says that no such speaker passed it on."""
    cdef Value *path = &self.values[AS_PATH]
    cdef const Value *path4 = &self.values[AS4_PATH]
    cdef int size
    if has(self, AGGREGATOR) and has(self, AS4_AGGREGATOR) and as_number(self.values[AGGREGATOR].octets, 2) != AS_TRANS:
        return
    size = merge_paths(path.octets, path.size, path4.octets, path4.size, &self.merged[0])
    if size == ODD:
        self.odd = True
    elif size >= 0:
        path.octets = &self.merged[0]
        path.size = size
        self.path_width = 4


cdef inline void read_block(
    Block *self, const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int width
) noexcept nogil:
    cdef Cursor cur = cursor(data, start, end)
    cdef AttributeItem item
    cdef Value *value
    cdef int step
    self.odd = False
    self.width = width
    self.there = 0
    self.more = False
    self.path_count = 0
    self.path_plain = True
    self.path_set = False
    self.origin_count = 0
    self.start = data + start
    self.end = data + end
    while True:
        step = next_attribute(&cur, &item)
        if step != Step.ITEM:
            break
        if item.code < TOLD and not has(self, item.code):
            self.there |= <uint64_t> 1 << item.code
            value = &self.values[item.code]
            value.octets = data + item.start
            value.size = item.end - item.start
            if not fits(item.code, value, width):
                self.odd = True
        else:
            self.more = True
    if step != Step.END:
        self.odd = True
    elif has(self, AS_PATH) and not self.odd:
        self.path_width = width
        if width == 2 and has(self, AS4_PATH):
            merge(self)
        read_path(self)


cdef inline void read_codes(Block *self, const uint8_t *data, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """Which attributes there are, for who asks no more: no value is told, and none is looked at."""
    cdef Cursor cur = cursor(data, start, end)
    cdef AttributeItem item
    cdef uint64_t there = 0
    cdef int step
    self.more = False
    self.start = data + start
    self.end = data + end
    while True:
        step = next_attribute(&cur, &item)
        if step != Step.ITEM:
            break
        if item.code < TOLD and not there >> item.code & 1:
            there |= <uint64_t> 1 << item.code
        else:
            self.more = True
    self.there = there
    self.odd = step != Step.END


cdef inline void find_values(Block *self) noexcept nogil:
    """Tell the values of MP_REACH_NLRI and MP_UNREACH_NLRI too, once it is known that one of them is there."""
    cdef Cursor cur = cursor(self.start, 0, self.end - self.start)
    cdef AttributeItem item
    cdef uint64_t left = self.there & (1 << MP_REACH_NLRI | 1 << MP_UNREACH_NLRI)
    while left and next_attribute(&cur, &item) == Step.ITEM:
        if left >> (item.code & 63) & 1 and item.code < TOLD:
            left &= ~(<uint64_t> 1 << item.code)
            self.values[item.code].octets = cur.base + item.start
            self.values[item.code].size = item.end - item.start


cdef inline const uint8_t *find_aggregator(const Block *self, uint32_t *asn) noexcept nogil:
    """The 4 octets of the address in AGGREGATOR, NULL without it; of AS4_AGGREGATOR where AGGREGATOR says AS_TRANS on a
    session of 2 octets (RFC 6793 section 4.2.3)."""
    cdef const uint8_t *octets
    if not has(self, AGGREGATOR):
        return NULL
    octets = self.values[AGGREGATOR].octets
    asn[0] = as_number(octets, self.width)
    if self.width == 2 and asn[0] == AS_TRANS and has(self, AS4_AGGREGATOR):
        octets = self.values[AS4_AGGREGATOR].octets
        asn[0] = be32(octets)
        return octets + 4
    return octets + self.width
