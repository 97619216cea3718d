"""Columns of lists, AS paths and communities, without an object. Nothing here is for Python."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from bgpwire._cython.block cimport Block, Value
from bgpwire._cython.cursor cimport Cursor, SegmentItem, Step, be16, be32, be64, cursor, next_segment
from bgpwire._cython.emit cimport AS_NUMBERS, COMMUNITY_NUMBERS, Log, runs_with, say_valid
from bgpwire._cython.numbers cimport AS_PATH, COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITY
from bgpwire._cython.rows cimport AHEAD, Node, fill_u8, fill_u32, invalid, need, valid

__all__ = []


cdef int emit_numbers(int field, Node *node, const Log *log) noexcept nogil:
    """Lists of numbers of 4 octets, or of 8 of extended communities."""
    cdef Node *items = &node.children[0]
    cdef int code = EXTENDED_COMMUNITIES
    cdef int width = items.layout.width, index
    cdef const Block *block
    cdef int32_t *ends
    cdef uint8_t *out
    cdef Py_ssize_t length, size
    cdef int64_t count, row
    cdef int32_t end
    cdef uint64_t there = 0
    if field == AS_NUMBERS:
        code = AS_PATH
    elif field == COMMUNITY_NUMBERS:
        code = COMMUNITIES
    if need(&node.values, 4 * log.rows + AHEAD) < 0:
        return -1
    ends = <int32_t *> (node.values.data + node.values.size)
    if not log.any_there >> code & 1:
        for row in range(log.rows):
            ends[row] = <int32_t> items.length
        node.values.size += 4 * log.rows
        return invalid(node, log.rows)
    for index in range(log.count):
        block = log.read[index]
        count = log.counts[index]
        length = 0
        if log.there[index] >> code & 1:
            there |= <uint64_t> 1 << index
            length = block.path_count if code == AS_PATH else block.values[code].size // width
        if length:
            size = width * length
            if need(&items.values, size * count + AHEAD) < 0:
                return -1
            out = items.values.data + items.values.size
            if code == AS_PATH:
                put_path(<uint32_t *> out, block)
            elif width == 4:
                put_u32s(<uint32_t *> out, block.values[code].octets, length)
            else:
                put_u64s(<uint64_t *> out, block.values[code].octets, length)
            if count > 1:
                put_again(out, size, count - 1)
            items.values.size += size * count
        # Four whether there are so many or not, as in ``spread``.
        end = <int32_t> items.length
        ends[0] = end + <int32_t> length
        ends[1] = end + <int32_t> (2 * length)
        ends[2] = end + <int32_t> (3 * length)
        ends[3] = end + <int32_t> (4 * length)
        for row in range(4, count):
            ends[row] = end + <int32_t> ((row + 1) * length)
        items.length += length * count
        ends += count
    node.values.size += 4 * log.rows
    return say_valid(node, log, there)


cdef inline void put_again(uint8_t *out, Py_ssize_t size, int64_t more) noexcept nogil:
    """The ``size`` octets at ``out`` ``more`` times behind themselves; some of ``AHEAD`` too.

    What was just written is read once: a processor waits for what it wrote in other pieces than it reads.
    """
    cdef uint8_t[16] first
    cdef uint8_t[16] second
    cdef uint8_t *to = out
    cdef Py_ssize_t at
    cdef int64_t _row
    memcpy(first, out, 16)
    if size <= 16:
        for _row in range(more):
            to += size
            memcpy(to, first, 16)
        return
    memcpy(second, out + 16, 16)
    for _row in range(more):
        to += size
        memcpy(to, first, 16)
        memcpy(to + 16, second, 16)
        at = 32
        while at < size:
            memcpy(to + at, out + at, 16)
            at += 16


cdef inline void put_u32s(uint32_t *out, const uint8_t *octets, Py_ssize_t count) noexcept nogil:
    """Four at a time, the last four again with those before: how many there are cannot be foreseen."""
    cdef Py_ssize_t index = 0
    if count >= 4:
        while index < count - 4:
            put_two(out + index, octets + 4 * index)
            put_two(out + index + 2, octets + 4 * index + 8)
            index += 4
        put_two(out + count - 4, octets + 4 * count - 16)
        put_two(out + count - 2, octets + 4 * count - 8)
    elif count >= 2:
        put_two(out, octets)
        put_two(out + count - 2, octets + 4 * count - 8)
    elif count == 1:
        out[0] = be32(octets)


cdef inline void put_two(uint32_t *out, const uint8_t *octets) noexcept nogil:
    cdef uint64_t two = be64(octets)
    out[0] = <uint32_t> (two >> 32)
    out[1] = <uint32_t> two


cdef inline void put_u16s(uint32_t *out, const uint8_t *octets, Py_ssize_t count) noexcept nogil:
    """As ``put_u32s``."""
    cdef Py_ssize_t index = 0
    if count >= 4:
        while index < count - 4:
            put_four(out + index, octets + 2 * index)
            index += 4
        put_four(out + count - 4, octets + 2 * count - 8)
    else:
        for index in range(count):
            out[index] = be16(octets + 2 * index)


cdef inline void put_four(uint32_t *out, const uint8_t *octets) noexcept nogil:
    cdef uint64_t four = be64(octets)
    out[0] = <uint32_t> (four >> 48)
    out[1] = <uint32_t> (four >> 32) & 0xFFFF
    out[2] = <uint32_t> (four >> 16) & 0xFFFF
    out[3] = <uint32_t> four & 0xFFFF


cdef inline void put_u64s(uint64_t *out, const uint8_t *octets, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t index
    for index in range(count):
        out[index] = be64(octets + 8 * index)


cdef inline void put_path(uint32_t *out, const Block *block) noexcept nogil:
    """The AS numbers of all segments."""
    cdef const Value *path = &block.values[AS_PATH]
    cdef Cursor cur
    cdef SegmentItem item
    if path.size == 2 + block.path_width * block.path_count:
        if block.path_width == 4:
            put_u32s(out, path.octets + 2, block.path_count)
        else:
            put_u16s(out, path.octets + 2, block.path_count)
        return
    cur = cursor(path.octets, 0, path.size)
    while next_segment(&cur, block.path_width, &item) == Step.ITEM:
        if block.path_width == 4:
            put_u32s(out, item.numbers, item.count)
        else:
            put_u16s(out, item.numbers, item.count)
        out += item.count


cdef int emit_segments(Node *node, const Log *log) noexcept nogil:
    """The type and the length of each segment of a path that is more than one AS_SEQUENCE."""
    cdef uint64_t there = 0
    cdef int index
    for index in range(log.count):
        if log.there[index] >> AS_PATH & 1 and not log.read[index].path_plain:
            there |= <uint64_t> 1 << index
    return emit_rare(node, log, there, put_segments)


cdef int emit_triples(Node *node, const Log *log) noexcept nogil:
    """Large communities, each a structure of three numbers."""
    return emit_rare(node, log, runs_with(log, LARGE_COMMUNITY), put_triples)


cdef int put_segments(Node *items, const Block *block) noexcept nogil:
    cdef Cursor cur = cursor(block.values[AS_PATH].octets, 0, block.values[AS_PATH].size)
    cdef SegmentItem item
    while next_segment(&cur, block.path_width, &item) == Step.ITEM:
        if fill_u8(&items.children[0], item.kind, 1) < 0 or fill_u32(&items.children[1], item.count, 1) < 0:
            return -1
        if valid(items, 1) < 0:
            return -1
    return 0


cdef int put_triples(Node *items, const Block *block) noexcept nogil:
    cdef const Value *value = &block.values[LARGE_COMMUNITY]
    cdef Py_ssize_t length = value.size // 12, index
    cdef int part
    for index in range(length):
        for part in range(3):
            if fill_u32(&items.children[part], be32(value.octets + 12 * index + 4 * part), 1) < 0:
                return -1
    return valid(items, length)
