"""Path attributes as a table keeps them: see rib_entry.pxd. Nothing here is for Python.

``rib/entry.py`` says the same of attributes that are objects.
"""

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcpy

from bgpwire._cython.as4 cimport put_segment
from bgpwire._cython.block cimport Block, has
from bgpwire._cython.cursor cimport (
    AttributeItem,
    Cursor,
    MpItem,
    SegmentItem,
    Step,
    be16,
    cursor,
    left,
    next_attribute,
    next_mp_family,
    next_mp_hop,
    next_segment,
)
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AGGREGATOR,
    AS4_AGGREGATOR,
    AS4_PATH,
    AS_PATH,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    NEXT_HOP,
    SAFI_UNICAST,
)
from bgpwire._cython.rib_pieces cimport Piece, octets_of, piece_of

__all__ = []

cdef enum:
    TRANSITIVE = 0x40
    OPTIONAL = 0x80
    EXTENDED = 0x10  # the length has 2 octets
    AS_TRANS = 23456


cdef uint64_t REWRITTEN = (
    <uint64_t> 1 << <int> AS4_PATH | <uint64_t> 1 << <int> AS4_AGGREGATOR
    | <uint64_t> 1 << <int> MP_REACH_NLRI | <uint64_t> 1 << <int> MP_UNREACH_NLRI
)


cdef bint read_entry(Entry *self, const Run *run) noexcept nogil:
    """The pieces of the run's routes; false for what has no place in an entry, or is rarer than this knows."""
    cdef const Block *block = run.block
    self.has_path = has(block, AS_PATH)
    if self.has_path and block.width == 4 and not block.there & REWRITTEN and not block.more:
        return read_usual(self, block)
    return read_unusual(self, run)


cdef inline bint read_usual(Entry *self, const Block *block) noexcept nogil:
    """A block of which all stays as it is: what stands in front of AS_PATH and behind it."""
    cdef const uint8_t *path = block.values[AS_PATH].octets
    cdef Py_ssize_t size = block.values[AS_PATH].size
    # Its header has 4 octets, code and length the last three of them, or 3: then the code is in the length's place.
    cdef Py_ssize_t header = 4 if (path - 3)[0] == AS_PATH and be16(path - 2) == size else 3
    cdef Py_ssize_t before = path - block.start - header, behind = block.end - path - size
    self.path = path
    self.path_size = size
    self.rest = self.octets
    self.rest_size = PLACE + before + behind
    self.octets[0] = <uint8_t> (before >> 8)
    self.octets[1] = <uint8_t> (before & 0xFF)
    memcpy(self.octets + PLACE, block.start, before)
    memcpy(self.octets + PLACE + before, path + size, behind)
    return True


cdef bint read_unusual(Entry *self, const Run *run) noexcept nogil:
    cdef const Block *block = run.block
    cdef uint8_t *rest
    cdef uint8_t *end
    cdef Cursor cur = cursor(block.start, 0, block.end - block.start)
    cdef AttributeItem item
    cdef Py_ssize_t place = NO_PATH
    # Whether the routes stand in MP_REACH_NLRI.
    cdef bint mp = block.start <= run.prefixes.pos < block.end
    if block.more and repeats(block):
        return False
    self.path = self.octets
    self.path_size = read_path(self.octets, block)
    rest = self.octets + self.path_size
    end = rest + PLACE
    while next_attribute(&cur, &item) == Step.ITEM:
        if item.code == AS_PATH:
            place = end - rest - PLACE
        elif item.code == AS4_PATH or item.code == AS4_AGGREGATOR:
            pass  # merged, or of no meaning (RFC 6793 section 4.1)
        elif item.code == AGGREGATOR and block.width == 2:
            end = put_aggregator(end, block, item.flags)
        elif item.code == MP_REACH_NLRI:
            if run.kind == c"R" or mp:
                end = put_hop(end, run, cur.base, &item)
        elif run.kind != c"R" and (item.code == MP_UNREACH_NLRI or (mp and item.code == NEXT_HOP)):
            pass
        else:
            end = put_same(end, cur.base, &item)
    rest[0] = <uint8_t> (place >> 8)
    rest[1] = <uint8_t> (place & 0xFF)
    self.rest = rest
    self.rest_size = end - rest
    return self.rest_size - PLACE + self.path_size + 4 <= LONGEST


cdef bint repeats(const Block *block) noexcept nogil:
    """Whether a code is there twice."""
    cdef uint64_t[4] seen = [0, 0, 0, 0]
    cdef Cursor cur = cursor(block.start, 0, block.end - block.start)
    cdef AttributeItem item
    cdef uint64_t bit
    while next_attribute(&cur, &item) == Step.ITEM:
        bit = <uint64_t> 1 << (item.code & 63)
        if seen[item.code >> 6] & bit:
            return True
        seen[item.code >> 6] |= bit
    return False


cdef inline Py_ssize_t read_path(uint8_t *out, const Block *block) noexcept nogil:
    """Write the effective AS path with AS numbers of 4 octets; how many octets it has."""
    cdef const uint8_t *octets = block.values[AS_PATH].octets
    cdef Py_ssize_t size = block.values[AS_PATH].size
    cdef uint8_t *end = out
    cdef Cursor cur
    cdef SegmentItem item
    if not has(block, AS_PATH):
        return 0
    if block.path_width == 4:
        memcpy(out, octets, size)
        return size
    cur = cursor(octets, 0, size)
    while next_segment(&cur, 2, &item) == Step.ITEM:
        end = put_segment(end, item.kind, item.numbers, item.count, 2)
    return end - out


cdef inline uint8_t *put_same(uint8_t *out, const uint8_t *base, const AttributeItem *item) noexcept nogil:
    memcpy(out, base + item.header, item.end - item.header)
    return out + (item.end - item.header)


cdef uint8_t *put_aggregator(uint8_t *out, const Block *block, int flags) noexcept nogil:
    """AGGREGATOR with an AS number of 4 octets, that of AS4_AGGREGATOR where it stands for one (RFC 6793 section
    4.2.3)."""
    cdef const uint8_t *octets = block.values[AGGREGATOR].octets
    out[0] = <uint8_t> (flags & ~EXTENDED)
    out[1] = AGGREGATOR
    out[2] = 8
    if be16(octets) == AS_TRANS and has(block, AS4_AGGREGATOR):
        memcpy(out + 3, block.values[AS4_AGGREGATOR].octets, 8)
    else:
        out[3] = out[4] = 0
        memcpy(out + 5, octets, 6)
    return out + 11


cdef uint8_t *put_hop(uint8_t *out, const Run *run, const uint8_t *base, const AttributeItem *item) noexcept nogil:
    """MP_REACH_NLRI with the next hop alone; of unicast of IPv4 that is NEXT_HOP in an UPDATE, if it has 4 octets."""
    cdef Cursor cur = cursor(base, item.start, item.end)
    cdef MpItem head
    if run.kind == c"R" and next_mp_hop(&cur, &head) == Step.ITEM and left(&cur) == 0:
        return put_same(out, base, item)
    cur = cursor(base, item.start, item.end)
    if next_mp_family(&cur, &head) != Step.ITEM or next_mp_hop(&cur, &head) != Step.ITEM:
        return put_same(out, base, item)
    if run.kind != c"R" and run.afi == AFI_IPV4 and run.safi == SAFI_UNICAST and head.size == 4:
        out[0] = TRANSITIVE
        out[1] = NEXT_HOP
        out[2] = 4
        memcpy(out + 3, head.next_hop, 4)
        return out + 7
    if head.size == 255:
        return put_same(out, base, item)
    out[0] = OPTIONAL
    out[1] = MP_REACH_NLRI
    out[2] = head.size + 1
    out[3] = head.size
    memcpy(out + 4, head.next_hop, head.size)
    return out + 4 + head.size


cdef Py_ssize_t entry_size(const Pieces *paths, const Pieces *rests, Pair pair) noexcept nogil:
    """Octets of the attributes of a route."""
    cdef Py_ssize_t size = piece_of(rests, pair.rest).size - PLACE, path
    if pair.path:
        path = piece_of(paths, pair.path).size
        size += path + (3 if path < 256 else 4)
    return size


cdef uint8_t *write_entry(uint8_t *out, const Pieces *paths, const Pieces *rests, Pair pair) noexcept nogil:
    """Write the attributes of a route; where they end."""
    cdef Piece *rest = piece_of(rests, pair.rest)
    cdef Piece *path
    cdef const uint8_t *octets = octets_of(rest)
    cdef Py_ssize_t place = be16(octets), size = rest.size - PLACE
    octets += PLACE
    if pair.path == 0:
        memcpy(out, octets, size)
        return out + size
    path = piece_of(paths, pair.path)
    memcpy(out, octets, place)
    out += place
    out[0] = TRANSITIVE
    out[1] = AS_PATH
    if path.size < 256:
        out[2] = <uint8_t> path.size
        out += 3
    else:
        out[0] = TRANSITIVE | EXTENDED
        out[2] = <uint8_t> (path.size >> 8)
        out[3] = <uint8_t> (path.size & 0xFF)
        out += 4
    memcpy(out, octets_of(path), path.size)
    out += path.size
    memcpy(out, octets + place, size - place)
    return out + size - place
