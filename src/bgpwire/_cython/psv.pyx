"""Pipe-separated values out of runs; ``text/psv.py`` has their conventions. Nothing here is for Python."""

from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.block cimport AS_SEQUENCE, AS_SET, Block, Value, find_aggregator, has
from bgpwire._cython.cursor cimport Cursor, SegmentItem, Step, as_number, be16, be32, cursor, next_segment
from bgpwire._cython.emit cimport Run
from bgpwire._cython.feed cimport Feed
from bgpwire._cython.next_hop cimport mp_hop
from bgpwire._cython.numbers cimport (
    AS_PATH,
    ATOMIC_AGGREGATE,
    BGP4MP_ET,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MULTI_EXIT_DISC,
    NEXT_HOP,
    ONLY_TO_CUSTOMER,
    ORIGIN,
)
from bgpwire._cython.page cimport (
    WIDEST,
    Page,
    Told,
    put_char,
    put_communities,
    put_path,
    put_peer_of,
    put_plain_address,
    put_seconds,
    put_text,
)
from bgpwire._cython.rows cimport need
from bgpwire._cython.text cimport put_number, put_quad

__all__ = []

cdef enum:
    MILLION = 1000000
    EXACT = 1 << 24  # from so many seconds on, the digits of the sum of seconds and microseconds are those of the two

cdef const char *STYLE = b"{,}\0 \0\0 \0{,}"
cdef const char *WITHDRAWN = b"||||||||false|||\n"
cdef const char *HEX = b"0123456789ABCDEF"


cdef char *put_psv_peer(char *out, const uint8_t *octets, int size, uint32_t asn) noexcept nogil:
    out = put_char(put_plain_address(out, octets, size), c"|")
    return put_char(put_number(out, asn), c"|")


cdef int render_psv(Page *self, const Run *run) noexcept nogil:
    cdef const Feed *feed = &self.feed
    cdef char *out = put_text(self.before, b"W|" if run.kind == c"W" else b"A|", 2)
    self.path = NULL
    self.path_size = self.between_size = 0
    self.rest.size = 0
    if run.kind == c"R":
        out = put_seconds(self, out, <uint32_t> (run.originated // MILLION))
    else:
        out = put_seconds(self, out, feed.record.seconds)
        if feed.record.type == BGP4MP_ET and feed.micro:
            if feed.micro >= MILLION or feed.record.seconds < EXACT:
                return Told.OBJECTS
            out = put_fraction(out, feed.micro)
    out = put_peer_of(self, put_char(out, c"|"), run.peer, run.peer_size, run.peer_asn)
    self.before_size = <int> (out - self.before)
    if run.kind == c"W":
        if need(&self.rest, 32) < 0:
            return -1
        self.rest.size = put_text(<char *> self.rest.data, WITHDRAWN, 17) - <char *> self.rest.data
        return Told.PRINTED
    return rest(self, run)


cdef char *put_fraction(char *out, uint32_t micro) noexcept nogil:
    """A point and six digits, without the zeros at their end."""
    cdef int index
    cdef uint32_t value = micro
    for index in range(6, 0, -1):
        out[index] = <char> (48 + value % 10)
        value //= 10
    out[0] = c"."
    out += 6
    while out[0] == c"0":
        out -= 1
    return out + 1


cdef int rest(Page *self, const Run *run) noexcept nogil:
    """What stands behind the prefix of an announcement."""
    cdef const Block *block = run.block
    cdef const uint8_t *hop = NULL
    cdef const uint8_t *address
    cdef uint32_t asn = 0
    cdef int size = 0
    cdef bint rib = run.kind == c"R"
    cdef char *out
    if has(block, NEXT_HOP):
        hop = block.values[NEXT_HOP].octets
        size = 4
    elif has(block, MP_REACH_NLRI):
        size = mp_hop(
            block.values[MP_REACH_NLRI].octets,
            0,
            block.values[MP_REACH_NLRI].size,
            run.afi if rib else 0,
            run.safi if rib else 0,
            &hop,
        )
        if size < 0:
            return Told.OBJECTS
    if need(&self.rest, WIDEST * (block.end - block.start) + 256) < 0:
        return -1
    out = put_char(<char *> self.rest.data, c"|")
    if has(block, AS_PATH):
        out = put_path(out, block, STYLE)
        out = put_origins(put_char(out, c"|"), block)
    else:
        out = put_char(out, c"|")
    out = put_char(out, c"|")
    if has(block, ORIGIN):
        if block.values[ORIGIN].octets[0] == 0:
            out = put_text(out, b"IGP", 3)
        elif block.values[ORIGIN].octets[0] == 1:
            out = put_text(out, b"EGP", 3)
        else:
            out = put_text(out, b"INCOMPLETE", 10)
    out = put_char(out, c"|")
    if size:
        out = put_plain_address(out, hop, size)
    out = put_value(put_char(out, c"|"), block, LOCAL_PREF)
    out = put_value(put_char(out, c"|"), block, MULTI_EXIT_DISC)
    out = put_all_communities(put_char(out, c"|"), block)
    if out == NULL:
        return Told.OBJECTS
    out = put_text(out, b"|true|", 6) if has(block, ATOMIC_AGGREGATE) else put_text(out, b"|false|", 7)
    address = find_aggregator(block, &asn)
    if address != NULL:
        out = put_quad(put_char(put_number(out, asn), c"|"), address)
    else:
        out = put_char(out, c"|")
    out = put_char(out, c"|")
    if has(block, ONLY_TO_CUSTOMER):
        out = put_number(out, be32(block.values[ONLY_TO_CUSTOMER].octets))
    self.rest.size = put_char(out, c"\n") - <char *> self.rest.data
    return Told.PRINTED


cdef inline char *put_value(char *out, const Block *block, int code) noexcept nogil:
    return put_number(out, be32(block.values[code].octets) if has(block, code) else 0)


cdef char *put_origins(char *out, const Block *block) noexcept nogil:
    """The last AS number of a path that ends in a sequence, all of one that ends in a set."""
    cdef Cursor cur = cursor(block.values[AS_PATH].octets, 0, block.values[AS_PATH].size)
    cdef SegmentItem item
    cdef int index, first
    if block.path_plain and block.origin_count == 1:
        return put_number(out, as_number(block.origins, block.path_width))
    item.count = 0
    item.kind = 0
    while next_segment(&cur, block.path_width, &item) == Step.ITEM:
        pass
    if item.kind != AS_SEQUENCE and item.kind != AS_SET:
        return out
    first = item.count - 1 if item.kind == AS_SEQUENCE else 0
    for index in range(first, item.count):
        out = put_char(put_number(out, as_number(item.numbers + index * block.path_width, block.path_width)), c" ")
    return out - 1


cdef char *put_all_communities(char *out, const Block *block) noexcept nogil:
    """Communities of all kinds, in the order of their attributes; NULL where there is one for the objects."""
    cdef int[3] codes
    cdef int[3] kinds
    cdef int count = 0, code, kind, index, other
    cdef const char *start = out
    kinds[0] = COMMUNITIES
    kinds[1] = EXTENDED_COMMUNITIES
    kinds[2] = LARGE_COMMUNITY
    for kind in range(3):
        code = kinds[kind]
        if has(block, code):
            index = count
            while index and block.values[codes[index - 1]].octets > block.values[code].octets:
                codes[index] = codes[index - 1]
                index -= 1
            codes[index] = code
            count += 1
    for index in range(count):
        other = codes[index]
        if other == COMMUNITIES:
            out = put_communities(out, &block.values[other], b"no-export-sub-confed ", 21)
        elif other == LARGE_COMMUNITY:
            out = put_large(out, &block.values[other])
        else:
            out = put_extended(out, &block.values[other])
            if out == NULL:
                return NULL
    return out - 1 if out != start else out


cdef char *put_large(char *out, const Value *value) noexcept nogil:
    cdef Py_ssize_t index
    for index in range(0, value.size, 12):
        out = put_char(put_number(out, be32(value.octets + index)), c":")
        out = put_char(put_number(out, be32(value.octets + index + 4)), c":")
        out = put_char(put_number(out, be32(value.octets + index + 8)), c" ")
    return out


cdef char *put_hex(char *out, const uint8_t *octets, int size) noexcept nogil:
    cdef int index
    for index in range(size):
        out[2 * index] = HEX[octets[index] >> 4]
        out[2 * index + 1] = HEX[octets[index] & 15]
    return out + 2 * size


cdef char *put_extended(char *out, const Value *value) noexcept nogil:
    """NULL where there is one with a number in floating point."""
    cdef Py_ssize_t index
    cdef const uint8_t *octets
    cdef int kind
    for index in range(0, value.size, 8):
        octets = value.octets + index
        kind = octets[0]
        if kind & 0xBF > 3:
            out = put_char(put_hex(out, octets, 8), c" ")
            continue
        if kind & 0xBF == 0 and (octets[1] == 4 or (kind == 0x40 and 6 <= octets[1] <= 9)):
            return NULL
        out = put_char(put_number(out, kind), c":")
        out = put_char(put_number(out, octets[1]), c":")
        kind &= 0xBF
        if kind == 0:
            out = put_hex(put_char(put_number(out, be16(octets + 2)), c":"), octets + 4, 4)
        elif kind == 1:
            out = put_hex(put_char(put_quad(out, octets + 2), c":"), octets + 6, 2)
        elif kind == 2:
            out = put_hex(put_char(put_number(out, be32(octets + 2)), c":"), octets + 6, 2)
        else:
            out = put_hex(out, octets + 2, 6)
        out = put_char(out, c" ")
    return out
