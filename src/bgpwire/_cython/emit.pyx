"""Rows of columns out of what the grammar read, without an object. Nothing here is for Python."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from bgpwire._cython.block cimport Block, find_aggregator, has
from bgpwire._cython.cursor cimport as_number, be32
from bgpwire._cython.emit_lists cimport emit_numbers, emit_segments, emit_triples
from bgpwire._cython.emit_prefix cimport emit_prefixes
from bgpwire._cython.emit_text cimport emit_path_text, emit_texts
from bgpwire._cython.numbers cimport (
    AGGREGATOR,
    AS_PATH,
    ATOMIC_AGGREGATE,
    LOCAL_PREF,
    MULTI_EXIT_DISC,
    ONLY_TO_CUSTOMER,
    ORIGIN,
)
from bgpwire._cython.rows cimport (
    AHEAD,
    Node,
    Rows,
    fill_bit,
    fill_name,
    fill_null,
    fill_octets,
    name_number,
    need,
    ones,
)
from bgpwire._cython.text cimport ADDRESS_TEXT, put_ipv4, put_ipv6

__all__ = []

cdef const char *ORIGINS[3]
ORIGINS[:] = [b"igp", b"egp", b"incomplete"]
cdef const char *KINDS = b"AWR"


cdef void forget(Program *self) noexcept nogil:
    """The dictionaries of another batch have other numbers."""
    cdef int index
    for index in range(4):
        memset(self.caches[index].size, 0, RECENT)
    for index in range(3):
        self.kinds[index] = self.origins[index] = -1


cdef int emit(Program *self, Rows *rows, Log *log) noexcept nogil:
    """Rows of all runs of the log, whose prefixes are sound; it is empty then."""
    cdef int index, field
    cdef Node *node
    cdef int done
    for index in range(self.count):
        node = &rows.columns[index]
        field = self.fields[index]
        if field == PATH_ID or field >= PREFIX and field <= IPV4_LAST:
            done = emit_prefixes(field, node, log)
        elif field == AS_NUMBERS or field == COMMUNITY_NUMBERS or field == EXTENDED_NUMBERS:
            done = emit_numbers(field, node, log)
        elif field == AS_SEGMENTS:
            done = emit_segments(node, log)
        elif field == LARGE_TRIPLES:
            done = emit_triples(node, log)
        elif field == PATH_TEXT:
            done = emit_path_text(node, log)
        elif field == COMMUNITY_TEXTS or field == LARGE_TEXTS:
            done = emit_texts(field, node, log)
        elif field == HAS_AS_SET or field == ATOMIC or field == RAW_ATTRIBUTES:
            done = emit_others(field, node, log)
        elif field == FILE_NAME:
            done = fill_name(node, name_number(node, <const uint8_t *> self.names[index], self.sizes[index]), log.rows)
        elif field == ABSENT:
            done = fill_null(node, log.rows)
        else:
            done = emit_single(self, index, node, log)
        if done < 0:
            return -1
    rows.length += log.rows
    log.count = 0
    log.rows = 0
    log.any_there = 0
    log.any_path_id = False
    return 0


cdef int emit_single(Program *self, int column, Node *node, const Log *log) noexcept nogil:
    """A column of numbers, those of texts in a dictionary among them: one for all of a run."""
    cdef uint64_t[RUNS] values
    cdef uint64_t there = ones(log.count)
    cdef int field = self.fields[column]
    cdef int done = 0
    if field == TYPE:
        done = kinds(self, node, log, values)
    elif field == ORIGIN_NAME:
        done = origins(self, node, log, values, &there)
    elif field == PEER_ADDRESS or field == NEXT_HOP_ADDRESS or field == PEER_BGP_ID or field == AGGREGATOR_ADDRESS:
        done = addresses(field, node, &self.caches[self.recent[column]], log, values, &there)
    elif field == AGGREGATOR_ASN:
        there = aggregators(log, values)
    elif field == ORIGIN_ASN:
        there = origin_asns(log, values)
    elif field == MED:
        there = of_attribute(MULTI_EXIT_DISC, log, values)
    elif field == LOCAL_PREFERENCE:
        there = of_attribute(LOCAL_PREF, log, values)
    elif field == OTC:
        there = of_attribute(ONLY_TO_CUSTOMER, log, values)
    elif field == ORIGINATED:
        there = originated(log, values)
    else:
        of_runs(field, log, values)
    if done < 0 or need(&node.values, node.layout.width * log.rows + AHEAD) < 0:
        return -1
    spread(node, log, values)
    return say_valid(node, log, there)


cdef inline void spread(Node *node, const Log *log, const uint64_t *values) noexcept nogil:
    """The number of each run, as often as it has rows. There is room for them, and for ``AHEAD`` octets behind.

    Most runs have few rows: four are written whether there are so many or not, for what is too much is written over,
    and a branch that cannot be foreseen takes longer.
    """
    cdef uint8_t *out = node.values.data + node.values.size
    cdef int width = node.layout.width
    if width == 4:
        spread_u32(<uint32_t *> out, log, values)
    elif width == 8:
        spread_u64(<uint64_t *> out, log, values)
    elif width == 1:
        spread_u8(out, log, values)
    else:
        spread_u16(<uint16_t *> out, log, values)
    node.values.size += width * log.rows


cdef inline void spread_u8(uint8_t *out, const Log *log, const uint64_t *values) noexcept nogil:
    cdef int index
    cdef int64_t count
    for index in range(log.count):
        count = log.counts[index]
        memset(out, <int> values[index], 8)
        if count > 8:
            memset(out + 8, <int> values[index], count - 8)
        out += count


cdef inline void spread_u16(uint16_t *out, const Log *log, const uint64_t *values) noexcept nogil:
    cdef int index
    cdef int64_t row
    cdef uint16_t value
    for index in range(log.count):
        value = <uint16_t> values[index]
        out[0] = out[1] = out[2] = out[3] = value
        for row in range(4, log.counts[index]):
            out[row] = value
        out += log.counts[index]


cdef inline void spread_u32(uint32_t *out, const Log *log, const uint64_t *values) noexcept nogil:
    cdef int index
    cdef int64_t row
    cdef uint32_t value
    if log.rows == log.count:
        for index in range(log.count):
            out[index] = <uint32_t> values[index]
        return
    for index in range(log.count):
        value = <uint32_t> values[index]
        out[0] = out[1] = out[2] = out[3] = value
        for row in range(4, log.counts[index]):
            out[row] = value
        out += log.counts[index]


cdef inline void spread_u64(uint64_t *out, const Log *log, const uint64_t *values) noexcept nogil:
    cdef int index
    cdef int64_t row
    cdef uint64_t value
    if log.rows == log.count:
        memcpy(out, values, 8 * log.rows)
        return
    for index in range(log.count):
        value = values[index]
        out[0] = out[1] = out[2] = out[3] = value
        for row in range(4, log.counts[index]):
            out[row] = value
        out += log.counts[index]


cdef void of_runs(int field, const Log *log, uint64_t *values) noexcept nogil:
    """What each run has, whatever its attributes."""
    cdef int index
    cdef const Run *run
    if field == TIMESTAMP:
        for index in range(log.count):
            values[index] = <uint64_t> log.runs[index].time
        return
    if field == PEER_ASN:
        for index in range(log.count):
            values[index] = log.runs[index].peer_asn
        return
    for index in range(log.count):
        run = &log.runs[index]
        if field == AFI:
            values[index] = run.afi
        elif field == SAFI:
            values[index] = run.safi
        else:
            values[index] = run.offset


cdef uint64_t originated(const Log *log, uint64_t *values) noexcept nogil:
    """A bit for each run that has one, as below."""
    cdef uint64_t there = 0
    cdef int index
    for index in range(log.count):
        values[index] = 0
        if log.runs[index].has_originated:
            values[index] = <uint64_t> log.runs[index].originated
            there |= <uint64_t> 1 << index
    return there


cdef uint64_t of_attribute(int code, const Log *log, uint64_t *values) noexcept nogil:
    """A path attribute of 4 octets."""
    cdef uint64_t there = 0
    cdef int index
    if not log.any_there >> code & 1:
        memset(values, 0, log.count * sizeof(uint64_t))
        return 0
    for index in range(log.count):
        values[index] = 0
        if log.there[index] >> code & 1:
            values[index] = be32(log.read[index].values[code].octets)
            there |= <uint64_t> 1 << index
    return there


cdef uint64_t origin_asns(const Log *log, uint64_t *values) noexcept nogil:
    cdef uint64_t there = 0
    cdef int index
    cdef const Block *block
    for index in range(log.count):
        block = log.read[index]
        values[index] = 0
        if log.there[index] >> AS_PATH & 1 and block.origin_count == 1:
            values[index] = as_number(block.origins, block.path_width)
            there |= <uint64_t> 1 << index
    return there


cdef uint64_t aggregators(const Log *log, uint64_t *values) noexcept nogil:
    cdef uint64_t there = 0
    cdef uint32_t asn
    cdef int index
    for index in range(log.count):
        values[index] = 0
        if log.there[index] >> AGGREGATOR & 1 and find_aggregator(log.read[index], &asn) != NULL:
            values[index] = asn
            there |= <uint64_t> 1 << index
    return there


cdef int kinds(Program *self, Node *node, const Log *log, uint64_t *values) noexcept nogil:
    cdef int index, place
    cdef int before = 0
    cdef uint64_t number = 0
    for index in range(log.count):
        if log.runs[index].kind != before:
            before = log.runs[index].kind
            place = 0 if before == c"A" else 1 if before == c"W" else 2
            if self.kinds[place] < 0:
                self.kinds[place] = name_number(node, <const uint8_t *> KINDS + place, 1)
                if self.kinds[place] < 0:
                    return -1
            number = <uint64_t> self.kinds[place]
        values[index] = number
    return 0


cdef int origins(Program *self, Node *node, const Log *log, uint64_t *values, uint64_t *there) noexcept nogil:
    cdef int index, origin
    there[0] = 0
    for index in range(log.count):
        values[index] = 0
        if not log.there[index] >> ORIGIN & 1:
            continue
        origin = log.read[index].values[ORIGIN].octets[0]
        if self.origins[origin] < 0:
            self.origins[origin] = name_number(node, <const uint8_t *> ORIGINS[origin], 10 if origin == 2 else 3)
            if self.origins[origin] < 0:
                return -1
        values[index] = <uint64_t> self.origins[origin]
        there[0] |= <uint64_t> 1 << index
    return 0


cdef int addresses(
    int field, Node *node, Recent *recent, const Log *log, uint64_t *values, uint64_t *there
) noexcept nogil:
    """Addresses in a dictionary of texts."""
    cdef const Run *run
    cdef const uint8_t *octets = NULL
    cdef const uint8_t *before = NULL
    cdef int32_t number = 0
    cdef uint32_t asn
    cdef int index, size
    there[0] = 0
    for index in range(log.count):
        run = &log.runs[index]
        size = 4
        if field == PEER_ADDRESS:
            octets = run.peer
            size = run.peer_size
        elif field == NEXT_HOP_ADDRESS:
            octets = run.hop
            size = run.hop_size
        elif field == PEER_BGP_ID:
            octets = run.bgp_id
        else:
            octets = find_aggregator(run.block, &asn) if run.block != NULL else NULL
        values[index] = 0
        if size <= 0 or octets == NULL:
            continue
        if octets != before:
            number = address_number(node, recent, octets, size)
            if number < 0:
                return -1
            before = octets
        values[index] = <uint64_t> number
        there[0] |= <uint64_t> 1 << index
    return 0


cdef inline int32_t address_number(Node *node, Recent *recent, const uint8_t *octets, int size) noexcept nogil:
    """The number of its text in the dictionary; -1 without memory."""
    cdef uint64_t[2] words
    cdef uint32_t slot, word
    if size == 4:
        memcpy(&word, octets, 4)
        slot = <uint32_t> (word * 0x9E3779B97F4A7C15u >> 56)
        if recent.size[slot] == 4 and recent.octets[slot][0] == word:
            return recent.number[slot]
        words[0] = word
        words[1] = 0
        return new_number(node, recent, octets, size, slot, words)
    memcpy(words, octets, 16)
    slot = <uint32_t> ((words[0] * 0x9E3779B97F4A7C15u ^ words[1] * 0xC2B2AE3D27D4EB4Fu) >> 56)
    if recent.size[slot] == size and recent.octets[slot][0] == words[0] and recent.octets[slot][1] == words[1]:
        return recent.number[slot]
    return new_number(node, recent, octets, size, slot, words)


cdef int32_t new_number(
    Node *node, Recent *recent, const uint8_t *octets, int size, uint32_t slot, const uint64_t *words
) noexcept nogil:
    cdef char[ADDRESS_TEXT] text
    cdef char *end = put_ipv4(text, octets) if size == 4 else put_ipv6(text, octets)
    cdef int32_t number = name_number(node, <const uint8_t *> text, end - text)
    if number >= 0:
        recent.number[slot] = number
        recent.size[slot] = <uint8_t> size
        recent.octets[slot][0] = words[0]
        recent.octets[slot][1] = words[1]
    return number


cdef int emit_others(int field, Node *node, const Log *log) noexcept nogil:
    """Bits, and the attributes as they came."""
    cdef int index, done
    cdef const Run *run
    cdef const Block *block
    for index in range(log.count):
        run = &log.runs[index]
        block = run.block
        if block == NULL or field == HAS_AS_SET and not has(block, AS_PATH):
            done = fill_null(node, run.count)
        elif field == RAW_ATTRIBUTES:
            done = fill_octets(node, block.start, block.end - block.start, run.count)
        else:
            done = fill_bit(node, block.path_set if field == HAS_AS_SET else has(block, ATOMIC_AGGREGATE), run.count)
        if done < 0:
            return -1
    return 0
