"""A trie of prefixes, for the longest that covers an address. Nothing here is for Python.

It is made of 32-bit words. A *reference* is the number of a prefix, 0 for none, or says where in the words the next
step stands, which is one of two:

- a *block* looks at 6 bits: a vector of 64 bits that has a bit for each of the 64 values at which the reference is
  another than for the value before, and behind it one reference for each of these;
- a *skip* compares at once the bits that all longer prefixes share: how many there are, the reference where an address
  has others, the reference where it has the same, and the bits; up to 24 of them stand in one word with their number.

The words begin with a table of references by the first ``root`` bits. What is covered is written into each block and
skip below it, so no step is done twice.

A prefix takes 88 octets at most, whatever the others are. A block stands where a prefix ends or where prefixes part,
and there are fewer places of the second kind than prefixes: such a block takes 12 octets, 8 for the reference to it and
28 for a skip in front. A prefix that stands alone behind a skip takes 28 octets and 8 for the reference to it; one that
ends in a block takes 8, and the table 4.
"""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memset

__all__ = []

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define bgpwire_prefetch(where) __builtin_prefetch(where)
    #else
    #define bgpwire_prefetch(where) ((void) (where))
    #endif
    /* A processor that may lack the instruction is not asked for it; the compiler's function for those is slower. */
    #if defined(__POPCNT__) || (defined(__GNUC__) && defined(__aarch64__))
    #define bgpwire_ones(bits) __builtin_popcountll(bits)
    #else
    static CYTHON_INLINE int bgpwire_ones(uint64_t bits) {
        bits -= (bits >> 1) & 0x5555555555555555u;
        bits = (bits & 0x3333333333333333u) + ((bits >> 2) & 0x3333333333333333u);
        return (int) ((((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u) >> 56);
    }
    #endif
    """
    void prefetch "bgpwire_prefetch" (const void *where) noexcept nogil
    int ones "bgpwire_ones" (uint64_t bits) noexcept nogil

cdef enum:
    STRIDE = 6
    SLOTS = 1 << STRIDE
    ROOT = 3 * STRIDE  # bits at most, so that a block ends at /24, and at /48
    LANES = 32  # addresses that are looked for side by side: while memory comes for one, the others go on
    VECTOR = 2  # words in front of the references of a block
    HEAD = 3  # words in front of the bits of a skip
    SHORT = 24  # bits that stand beside their number
    # The highest bit of a reference is that of a step; of the others one says that it is a skip, the rest where it is.
    SKIP = 0x40000000
    PLACE = 0x3FFFFFFF


cdef struct Words:
    # They grow; ``fault`` is 0 until they could not.
    uint32_t *words
    size_t count
    size_t room
    int fault


cdef inline uint32_t is_step(uint32_t reference) noexcept nogil:
    """1 for the reference of a step, 0 for a number."""
    return reference >> 31


cdef inline uint32_t step_at(uint32_t place) noexcept nogil:
    """The reference of a block that stands there."""
    return <uint32_t> 1 << 31 | place


cdef inline Bits behind(uint64_t high, uint64_t low, int count) noexcept nogil:
    """The bits behind the first ``count``."""
    cdef Bits bits
    if count == 0:
        bits.high = high
        bits.low = low
    elif count < 64:
        bits.high = high << count | low >> (64 - count)
        bits.low = low << count
    else:
        bits.high = low << (count - 64) if count < 128 else 0
        bits.low = 0
    return bits


cdef inline uint64_t first(uint64_t high, int count) noexcept nogil:
    """The first ``count`` bits, 63 at most, as a number."""
    return (high >> 1) >> (63 - count)


# --- to find -----------------------------------------------------------------------------------------------------


cdef inline uint32_t pass_block(const uint32_t *words, Bits *bits) noexcept nogil:
    """The reference that a block has for the bits, of which it takes those that it looks at."""
    cdef uint64_t changes
    cdef int slot = <int> first(bits.high, STRIDE)
    memcpy(&changes, words, sizeof(changes))
    bits.high = bits.high << STRIDE | bits.low >> (64 - STRIDE)
    bits.low <<= STRIDE
    return words[VECTOR - 1 + ones(changes << (63 - slot))]


cdef uint32_t pass_skip(const uint32_t *words, Bits *bits) noexcept nogil:
    """The same of a skip."""
    cdef int count = <int> (words[0] & 0xFF)
    cdef uint64_t[2] shared
    cdef uint64_t others
    if count <= SHORT:
        others = (words[0] ^ <uint32_t> (bits.high >> 32)) >> (32 - count)
    elif count <= 64:
        memcpy(shared, words + HEAD, 8)
        others = (shared[0] ^ bits.high) >> (64 - count)
    else:
        memcpy(shared, words + HEAD, 16)
        others = (shared[0] ^ bits.high) | (shared[1] ^ bits.low) >> (128 - count)
    if others:
        return words[1]
    bits[0] = behind(bits.high, bits.low, count)
    return words[2]


cdef inline uint32_t pass_step(const uint32_t *words, uint32_t reference, Bits *bits) noexcept nogil:
    """The reference behind one that is no number."""
    words += reference & PLACE
    return pass_skip(words, bits) if reference & SKIP else pass_block(words, bits)


cdef uint32_t find(const Trie *self, uint64_t high, uint64_t low) noexcept nogil:
    """The number of the longest prefix that covers the address, 0 if there is none."""
    cdef uint32_t reference
    cdef Bits bits
    if self.words == NULL:
        return 0
    reference = self.words[first(high, self.root)]
    bits = behind(high, low, self.root)
    while is_step(reference):
        reference = pass_step(self.words, reference, &bits)
    return reference


cdef inline void fetch(const Trie *self, uint32_t reference) noexcept nogil:
    """Have the memory of a step come; for a number the first word, which is there."""
    prefetch(self.words + (reference & PLACE & (0 - is_step(reference))))


cdef inline void find_some(
    const Trie *self, const uint8_t *octets, int size, int count, uint32_t *ids
) noexcept nogil:
    """The same for ``count`` addresses, LANES at most."""
    cdef Bits[LANES] bits
    cdef uint8_t[LANES] lanes  # whose reference is no number yet
    cdef int lane, at, going = 0, still
    for lane in range(count):
        bits[lane] = bits_of(octets + lane * size, size)
        prefetch(self.words + first(bits[lane].high, self.root))
    for lane in range(count):
        ids[lane] = self.words[first(bits[lane].high, self.root)]
        fetch(self, ids[lane])
        bits[lane] = behind(bits[lane].high, bits[lane].low, self.root)
        lanes[going] = <uint8_t> lane
        going += is_step(ids[lane])
    while going:
        still = 0
        for at in range(going):
            lane = lanes[at]
            ids[lane] = pass_step(self.words, ids[lane], &bits[lane])
            fetch(self, ids[lane])
            lanes[still] = <uint8_t> lane
            still += is_step(ids[lane])
        going = still


cdef void find_all(const Trie *self, const uint8_t *octets, int size, size_t count, uint32_t *ids) noexcept nogil:
    """The same for each of ``count`` addresses of 4 or 16 octets in network order, one behind the other."""
    cdef int some
    if self.words == NULL:
        memset(ids, 0, count * sizeof(uint32_t))
        return
    while count:
        some = <int> min(count, <size_t> LANES)
        # A size that is known here makes a loop of its own of each.
        if size == 4:
            find_some(self, octets, 4, some, ids)
        else:
            find_some(self, octets, 16, some, ids)
        octets += some * size
        ids += some
        count -= some


# --- to build ----------------------------------------------------------------------------------------------------


cdef inline bint is_before(const Covering *one, const Covering *other) noexcept nogil:
    if one.high != other.high:
        return one.high < other.high
    if one.low != other.low:
        return one.low < other.low
    return one.bits < other.bits


cdef void merge_sort(Covering *prefixes, Covering *room, size_t count) noexcept nogil:
    """Sort them, with ``room`` for half of them; what is in order already is only looked through."""
    cdef size_t half = count >> 1, at = 0, left = 0, right = half
    if count < 2:
        return
    merge_sort(prefixes, room, half)
    merge_sort(prefixes + half, room, count - half)
    if not is_before(&prefixes[half], &prefixes[half - 1]):
        return
    memcpy(room, prefixes, half * sizeof(Covering))
    while left < half:
        if right < count and is_before(&prefixes[right], &room[left]):
            prefixes[at] = prefixes[right]
            right += 1
        else:
            prefixes[at] = room[left]
            left += 1
        at += 1


cdef bint sort(Covering *prefixes, size_t count) noexcept nogil:
    """Put prefixes in the order that ``build`` wants; equal ones stay as they stand. False where there is no memory."""
    cdef Covering *room = <Covering *> malloc((count >> 1) * sizeof(Covering) + 1)
    if room == NULL:
        return False
    merge_sort(prefixes, room, count)
    free(room)
    return True


cdef int shared_bits(const Covering *one, const Covering *other) noexcept nogil:
    """How many bits two addresses have in common."""
    cdef uint64_t unlike = one.high ^ other.high
    cdef int before = 0, step = 1
    if not unlike:
        unlike = one.low ^ other.low
        before = 64
    # All bits from the first on that is unlike.
    while step < 64:
        unlike |= unlike >> step
        step <<= 1
    return before + 64 - ones(unlike)


cdef uint32_t put(Words *self, const uint32_t *words, size_t count) noexcept nogil:
    """Write words behind the others; where they stand."""
    cdef size_t place = self.count, room = place + count + (place >> 1)
    cdef uint32_t *grown
    if self.fault:
        return 0
    if place + count > PLACE:
        self.fault = TOO_MANY
        return 0
    if place + count > self.room:
        # Where addresses have 32 bits, PLACE words may be more octets than can be counted.
        grown = NULL
        if room <= ~<size_t> 0 / sizeof(uint32_t):
            grown = <uint32_t *> realloc(self.words, room * sizeof(uint32_t))
        if grown == NULL:
            self.fault = NO_MEMORY
            return 0
        self.words = grown
        self.room = room
    memcpy(self.words + place, words, count * sizeof(uint32_t))
    self.count += count
    return <uint32_t> place


cdef uint32_t put_block(Words *self, const uint32_t *slots) noexcept nogil:
    """Write a block that has these references for its values."""
    cdef uint32_t[VECTOR + SLOTS] words
    cdef uint64_t changes = 0
    cdef int slot, count = VECTOR
    for slot in range(SLOTS):
        if slot == 0 or slots[slot] != slots[slot - 1]:
            changes |= <uint64_t> 1 << slot
            words[count] = slots[slot]
            count += 1
    memcpy(words, &changes, sizeof(changes))
    return step_at(put(self, words, count))


cdef uint32_t put_skip(Words *self, Bits bits, int count, uint32_t other, uint32_t same) noexcept nogil:
    """Write a skip of the first ``count`` of the bits."""
    cdef uint32_t[HEAD + 4] words
    words[0] = <uint32_t> count
    words[1] = other
    words[2] = same
    if count <= SHORT:
        words[0] |= <uint32_t> (bits.high >> 40) << 8
    memcpy(words + HEAD, &bits, 16)
    return SKIP | step_at(put(self, words, HEAD if count <= SHORT else HEAD + 2 if count <= 64 else HEAD + 4))


cdef uint32_t put_prefixes(
    Words *self, const Covering *prefixes, const Covering *end, int pos, uint32_t covering
) noexcept nogil:
    """Write the steps of prefixes that share their first ``pos`` bits and are longer; the reference of the first step.

    ``covering`` is the number of the longest prefix around them.
    """
    cdef uint32_t[SLOTS] slots
    cdef int slot, shared
    while end - prefixes > 1 and not is_before(&prefixes[0], &prefixes[1]):
        prefixes += 1  # of equal ones the last counts
    shared = min(shared_bits(prefixes, end - 1), <int> prefixes.bits)
    if shared - pos > STRIDE:
        return put_shared(self, prefixes, end, pos, shared, covering)
    for slot in range(SLOTS):
        slots[slot] = covering
    put_apart(self, prefixes, end, pos, STRIDE, slots)
    return put_block(self, slots)


cdef uint32_t put_shared(
    Words *self, const Covering *prefixes, const Covering *end, int pos, int shared, uint32_t covering
) noexcept nogil:
    """The same where they share the first ``shared`` bits."""
    cdef uint32_t inside
    if prefixes.bits > shared:
        inside = put_prefixes(self, prefixes, end, shared, covering)
    elif end - prefixes > 1:
        inside = put_prefixes(self, prefixes + 1, end, shared, prefixes.id)
    else:
        inside = prefixes.id
    return put_skip(self, behind(prefixes.high, prefixes.low, pos), shared - pos, covering, inside)


cdef inline uint64_t slot_of(const Covering *prefix, int pos, int stride) noexcept nogil:
    """The value of the ``stride`` bits behind the first ``pos``."""
    return first(behind(prefix.high, prefix.low, pos).high, stride)


cdef void put_apart(
    Words *self, const Covering *prefixes, const Covering *end, int pos, int stride, uint32_t *slots
) noexcept nogil:
    """Set the references for the values of ``stride`` bits, and write the steps of what is longer."""
    cdef const Covering *begin
    cdef uint64_t slot, at
    while prefixes < end:
        slot = slot_of(prefixes, pos, stride)
        if prefixes.bits <= pos + stride:
            for at in range(slot, slot + (<uint64_t> 1 << (pos + stride - prefixes.bits))):
                slots[at] = prefixes.id
            prefixes += 1
            continue
        # What covers this value comes before what is longer, and has been set.
        begin = prefixes
        while prefixes < end and slot_of(prefixes, pos, stride) == slot:
            prefixes += 1
        slots[slot] = put_prefixes(self, begin, prefixes, pos + stride, slots[slot])


cdef int build(Trie *self, const Covering *prefixes, size_t count) noexcept nogil:
    """Make a trie of prefixes that are sorted by address, then bits; of equal ones the last counts. They are not needed
    any more afterwards. Returns 0, or NO_MEMORY or TOO_MANY for a trie without prefixes; whichever, ``clear`` it."""
    cdef Words made
    cdef uint32_t *table
    cdef uint32_t *words
    cdef size_t size
    memset(self, 0, sizeof(Trie))
    memset(&made, 0, sizeof(Words))
    while self.root < ROOT and <size_t> 1 << (self.root + STRIDE) <= count:
        self.root += STRIDE
    size = <size_t> 1 << self.root
    table = <uint32_t *> calloc(size, sizeof(uint32_t))
    if table == NULL:
        return NO_MEMORY
    put(&made, table, size)
    put_apart(&made, prefixes, prefixes + count, 0, self.root, table)
    if made.fault:
        free(made.words)
    else:
        memcpy(made.words, table, size * sizeof(uint32_t))
        words = <uint32_t *> realloc(made.words, made.count * sizeof(uint32_t))
        self.words = words if words != NULL else made.words
        self.count = made.count
    free(table)
    return made.fault


cdef void clear(Trie *self) noexcept nogil:
    """Give its memory back; it has no prefixes any more."""
    free(self.words)
    memset(self, 0, sizeof(Trie))
