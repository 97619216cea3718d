"""Rows of columns out of what the grammar read, without an object. Nothing here is for Python."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcmp, memcpy, memset

from bgpwire._cython.block cimport Block, Value, find_aggregator, has
from bgpwire._cython.cursor cimport (
    Cursor,
    PrefixItem,
    SegmentItem,
    Step,
    as_number,
    be16,
    be32,
    be64,
    cursor,
    next_prefix,
    next_segment,
)
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AS_PATH,
    ATOMIC_AGGREGATE,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MULTI_EXIT_DISC,
    ONLY_TO_CUSTOMER,
    ORIGIN,
)
from bgpwire._cython.rows cimport (
    Node,
    Rows,
    end_of,
    fill_bit,
    fill_fixed,
    fill_name,
    fill_null,
    fill_octets,
    fill_u8,
    fill_u16,
    fill_u32,
    fill_u64,
    name_number,
    need,
    valid,
)
from bgpwire._cython.text cimport ADDRESS_TEXT, put_ipv4, put_ipv6, put_octet

__all__ = []

cdef const char *ORIGINS[3]
ORIGINS[:] = [b"igp", b"egp", b"incomplete"]


cdef union Bits:
    uint8_t[16] octets
    uint64_t[2] words


cdef void forget(Program *self) noexcept nogil:
    """The dictionaries of another batch have other numbers."""
    cdef int index
    for index in range(4):
        memset(self.caches[index].size, 0, RECENT)


cdef int emit(Program *self, Rows *rows, Run *run) noexcept nogil:
    """``run.count`` rows; the prefixes are sound. The cursor of the run then is behind them."""
    cdef int index, field
    cdef Node *node
    cdef Recent *recent
    cdef int done
    cdef Cursor end
    end = run.prefixes
    for index in range(self.count):
        node = &rows.columns[index]
        field = self.fields[index]
        recent = &self.caches[self.recent[index]]
        if field >= AS_NUMBERS and field <= OTC or field == RAW_ATTRIBUTES:
            done = of_block(field, node, run, recent)
        elif field == PATH_ID and not run.add_path:
            done = fill_u32(node, run.path_id, run.count) if run.has_path_id else fill_null(node, run.count)
        elif field >= PREFIX and field <= PATH_ID:
            end = run.prefixes
            done = of_prefixes(field, node, run, &end)
        elif field == FILE_NAME:
            done = fill_name(node, name_number(node, <const uint8_t *> self.file, self.file_size), run.count)
        else:
            done = of_run(field, node, run, recent)
        if done < 0:
            return -1
    if end.pos == run.prefixes.pos and skip_prefixes(&end, run) < 0:
        return -1
    rows.length += run.count
    run.prefixes = end
    return 0


cdef int skip_prefixes(Cursor *cur, const Run *run) noexcept nogil:
    """Go behind the prefixes, of which no column asked anything."""
    cdef PrefixItem item
    cdef int64_t _index
    for _index in range(run.count):
        if next_prefix(cur, 32 if run.afi == AFI_IPV4 else 128, run.add_path, &item) != Step.ITEM:
            return -1
    return 0


cdef int of_run(int field, Node *node, const Run *run, Recent *recent) noexcept nogil:
    """A column that has one value for all of the run, whatever the attributes say."""
    cdef uint8_t kind
    if field == TIMESTAMP:
        return fill_u64(node, <uint64_t> run.time, run.count)
    if field == TYPE:
        kind = <uint8_t> run.kind
        return fill_name(node, name_number(node, &kind, 1), run.count)
    if field == PEER_ADDRESS:
        return fill_address(node, recent, run.peer, run.peer_size, run.count)
    if field == PEER_ASN:
        return fill_u32(node, run.peer_asn, run.count)
    if field == PEER_BGP_ID:
        return fill_address(node, recent, run.bgp_id, 4 if run.bgp_id != NULL else 0, run.count)
    if field == AFI:
        return fill_u16(node, <uint16_t> run.afi, run.count)
    if field == SAFI:
        return fill_u8(node, <uint8_t> run.safi, run.count)
    if field == NEXT_HOP_ADDRESS:
        return fill_address(node, recent, run.hop, run.hop_size, run.count)
    if field == ORIGINATED and run.has_originated:
        return fill_u64(node, <uint64_t> run.originated, run.count)
    if field == OFFSET:
        return fill_u64(node, run.offset, run.count)
    return fill_null(node, run.count)


cdef int fill_address(Node *node, Recent *recent, const uint8_t *octets, int size, int64_t count) noexcept nogil:
    """An address in a dictionary of texts."""
    cdef char[ADDRESS_TEXT] text
    cdef char *end
    cdef int32_t number
    cdef uint32_t slot
    if size == 0:
        return fill_null(node, count)
    slot = (be32(octets + size - 4) * 0x9E3779B1u) >> 24
    if recent.size[slot] == size and not memcmp(recent.octets[slot], octets, size):
        return fill_name(node, recent.number[slot], count)
    end = put_ipv4(text, octets) if size == 4 else put_ipv6(text, octets)
    number = name_number(node, <const uint8_t *> text, end - text)
    recent.number[slot] = number
    recent.size[slot] = <uint8_t> size if number >= 0 else 0
    memcpy(recent.octets[slot], octets, size)
    return fill_name(node, number, count)


cdef int of_prefixes(int field, Node *node, const Run *run, Cursor *cur) noexcept nogil:
    """A column of which each prefix has its own value."""
    cdef PrefixItem item
    cdef bint ipv4 = run.afi == AFI_IPV4
    cdef int longest = 32 if ipv4 else 128
    cdef int64_t _index
    cdef int done = 0
    cdef Bits first, last
    for _index in range(run.count):
        if next_prefix(cur, longest, run.add_path, &item) != Step.ITEM:
            return -1  # they were looked at before
        if field == PREFIX:
            network(&item, ipv4, &first)
            done = fill_prefix(node, &first, item.bits, ipv4)
        elif field == PATH_ID:
            done = fill_u32(node, item.path_id, 1)
        elif field == PREFIX_LENGTH:
            done = fill_u8(node, item.bits, 1)
        else:
            network(&item, ipv4, &first)
            last = first
            fill_host(&last, item.bits, longest)
            if field == PREFIX_ADDRESS:
                done = fill_fixed(node, &first.octets[0], 1)
            elif field == PREFIX_LAST_ADDRESS:
                done = fill_fixed(node, &last.octets[0], 1)
            elif ipv4:
                done = fill_u32(node, be32(&first.octets[0] if field == IPV4_FIRST else &last.octets[0]), 1)
            else:
                done = fill_null(node, 1)
        if done < 0:
            return -1
    return 0


cdef inline void network(const PrefixItem *item, bint ipv4, Bits *out) noexcept nogil:
    """The first address, zeros behind that of IPv4."""
    cdef int index, size = item.size
    out.words[0] = out.words[1] = 0
    for index in range(size):
        out.octets[index] = item.octets[index]
    if item.bits & 7:
        out.octets[size - 1] &= <uint8_t> (0xFF00 >> (item.bits & 7))


cdef inline void fill_host(Bits *out, int bits, int longest) noexcept nogil:
    """The last address of the network."""
    cdef int index = bits >> 3
    if bits & 7:
        out.octets[index] |= <uint8_t> (0xFF >> (bits & 7))
        index += 1
    while index < longest >> 3:
        out.octets[index] = 0xFF
        index += 1


cdef inline int fill_prefix(Node *node, const Bits *octets, int bits, bint ipv4) noexcept nogil:
    cdef char *start
    cdef char *out
    if need(&node.octets, ADDRESS_TEXT + 8) < 0:
        return -1
    start = <char *> node.octets.data + node.octets.size
    out = put_ipv4(start, octets.octets) if ipv4 else put_ipv6(start, octets.octets)
    out[0] = c"/"
    out = put_octet(out + 1, bits)
    node.octets.size += out - start
    return end_of(node, <int32_t> node.octets.size)


cdef int of_block(int field, Node *node, const Run *run, Recent *recent) noexcept nogil:
    """A column of what the attributes say."""
    cdef const Block *block = run.block
    cdef const Value *value
    cdef const char *name
    cdef int code
    if block == NULL:
        return fill_null(node, run.count)
    if field == RAW_ATTRIBUTES:
        return fill_octets(node, block.start, block.end - block.start, run.count)
    if field == ATOMIC:
        return fill_bit(node, has(block, ATOMIC_AGGREGATE), run.count)
    if field >= AS_NUMBERS and field <= ORIGIN_ASN:
        return of_path(field, node, block, run.count)
    if field == AGGREGATOR_ASN or field == AGGREGATOR_ADDRESS:
        return of_aggregator(field, node, run, recent)
    code = (
        ORIGIN if field == ORIGIN_NAME
        else MULTI_EXIT_DISC if field == MED
        else LOCAL_PREF if field == LOCAL_PREFERENCE
        else COMMUNITIES if field == COMMUNITY_NUMBERS
        else LARGE_COMMUNITY if field == LARGE_TRIPLES
        else EXTENDED_COMMUNITIES if field == EXTENDED_NUMBERS
        else ONLY_TO_CUSTOMER
    )
    if not has(block, code):
        return fill_null(node, run.count)
    value = &block.values[code]
    if code == ORIGIN:
        name = ORIGINS[value.octets[0]]
        return fill_name(node, name_number(node, <const uint8_t *> name, 10 if value.octets[0] == 2 else 3), run.count)
    if code == COMMUNITIES:
        return fill_u32_lists(node, value, run.count)
    if code == LARGE_COMMUNITY:
        return fill_triples(node, value, run.count)
    if code == EXTENDED_COMMUNITIES:
        return fill_u64_lists(node, value, run.count)
    return fill_u32(node, be32(value.octets), run.count)


cdef int of_path(int field, Node *node, const Block *block, int64_t count) noexcept nogil:
    if not has(block, AS_PATH):
        return fill_null(node, count)
    if field == ORIGIN_ASN:
        if block.origin_count != 1:
            return fill_null(node, count)
        return fill_u32(node, as_number(block.origins, block.path_width), count)
    if field == HAS_AS_SET:
        return fill_bit(node, block.path_set, count)
    if field == AS_SEGMENTS:
        return fill_null(node, count) if block.path_plain else fill_segments(node, block, count)
    return fill_path(node, block, count)


cdef int fill_path(Node *node, const Block *block, int64_t count) noexcept nogil:
    """The AS numbers, for each of ``count`` rows."""
    cdef Cursor cur = cursor(block.values[AS_PATH].octets, 0, block.values[AS_PATH].size)
    cdef Node *items = &node.children[0]
    cdef SegmentItem item
    cdef uint32_t *out
    cdef int index
    if need(&items.values, 4 * block.path_count * count) < 0:
        return -1
    out = <uint32_t *> (items.values.data + items.values.size)
    while next_segment(&cur, block.path_width, &item) == Step.ITEM:
        if block.path_width == 4:
            for index in range(item.count):
                out[index] = be32(item.numbers + 4 * index)
        else:
            for index in range(item.count):
                out[index] = be16(item.numbers + 2 * index)
        out += item.count
    return repeated(node, items, 4 * block.path_count, block.path_count, count)


cdef inline int repeated(Node *node, Node *items, Py_ssize_t size, Py_ssize_t length, int64_t count) noexcept nogil:
    """Lists of ``length`` items in ``size`` octets, of which the first is written, behind those that are filled."""
    cdef uint8_t *first = items.values.data + items.values.size
    cdef int32_t *ends
    cdef int64_t index
    for index in range(1, count):
        memcpy(first + index * size, first, size)
    items.values.size += size * count
    if need(&node.values, 4 * count) < 0:
        return -1
    ends = <int32_t *> (node.values.data + node.values.size)
    for index in range(count):
        ends[index] = <int32_t> (items.length + (index + 1) * length)
    node.values.size += 4 * count
    items.length += length * count
    return valid(node, count)


cdef int fill_u32_lists(Node *node, const Value *value, int64_t count) noexcept nogil:
    cdef Node *items = &node.children[0]
    cdef uint32_t *out
    cdef Py_ssize_t length = value.size >> 2, index
    if need(&items.values, 4 * length * count) < 0:
        return -1
    out = <uint32_t *> (items.values.data + items.values.size)
    for index in range(length):
        out[index] = be32(value.octets + 4 * index)
    return repeated(node, items, 4 * length, length, count)


cdef int fill_u64_lists(Node *node, const Value *value, int64_t count) noexcept nogil:
    cdef Node *items = &node.children[0]
    cdef Py_ssize_t length = value.size >> 3, index
    cdef uint64_t *out
    if need(&items.values, 8 * length * count) < 0:
        return -1
    out = <uint64_t *> (items.values.data + items.values.size)
    for index in range(length):
        out[index] = be64(value.octets + 8 * index)
    return repeated(node, items, 8 * length, length, count)


cdef int fill_triples(Node *node, const Value *value, int64_t count) noexcept nogil:
    """Large communities, each a structure of three numbers."""
    cdef Node *items = &node.children[0]
    cdef Py_ssize_t length = value.size // 12, index
    cdef int64_t _row
    cdef int part
    for _row in range(count):
        for index in range(length):
            for part in range(3):
                if fill_u32(&items.children[part], be32(value.octets + 12 * index + 4 * part), 1) < 0:
                    return -1
        if valid(items, length) < 0 or end_of(node, <int32_t> items.length) < 0:
            return -1
    return 0


cdef int fill_segments(Node *node, const Block *block, int64_t count) noexcept nogil:
    cdef Node *items = &node.children[0]
    cdef Cursor cur
    cdef SegmentItem item
    cdef int64_t _row
    for _row in range(count):
        cur = cursor(block.values[AS_PATH].octets, 0, block.values[AS_PATH].size)
        while next_segment(&cur, block.path_width, &item) == Step.ITEM:
            if fill_u8(&items.children[0], item.kind, 1) < 0 or fill_u32(&items.children[1], item.count, 1) < 0:
                return -1
            if valid(items, 1) < 0:
                return -1
        if end_of(node, <int32_t> items.length) < 0:
            return -1
    return 0


cdef int of_aggregator(int field, Node *node, const Run *run, Recent *recent) noexcept nogil:
    cdef uint32_t asn = 0
    cdef const uint8_t *address = find_aggregator(run.block, &asn)
    if address == NULL:
        return fill_null(node, run.count)
    if field == AGGREGATOR_ASN:
        return fill_u32(node, asn, run.count)
    return fill_address(node, recent, address, 4, run.count)
