"""The lines of ``bgpdump -m`` out of runs; ``text/bgpdump.py`` says what is odd about them.

Nothing here is for Python.
"""

from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy, memset

from bgpwire._cython.as4 cimport AS_SEQUENCE, AS_SET
from bgpwire._cython.block cimport Block, Value, find_aggregator, has
from bgpwire._cython.cursor cimport (
    AttributeItem,
    Cursor,
    SegmentItem,
    Step,
    be16,
    be32,
    cursor,
    next_attribute,
    next_segment,
)
from bgpwire._cython.emit cimport Run
from bgpwire._cython.feed cimport Feed, Part
from bgpwire._cython.mrt_grammar cimport RecordItem
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AS4_PATH,
    AS_PATH,
    ATOMIC_AGGREGATE,
    BGP4MP_ET,
    BGP4MP_MESSAGE_ADDPATH,
    BGP4MP_MESSAGE_AS4_LOCAL,
    BGP4MP_MESSAGE_LOCAL,
    BGP4MP_MESSAGE_LOCAL_ADDPATH,
    COMMUNITIES,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MULTI_EXIT_DISC,
    NEXT_HOP,
    ORIGIN,
    RIB_IPV4_UNICAST,
    RIB_IPV4_UNICAST_ADDPATH,
    RIB_IPV6_UNICAST,
    RIB_IPV6_UNICAST_ADDPATH,
    TABLE_DUMP,
)
from bgpwire._cython.page cimport (
    WIDEST,
    Page,
    Told,
    put_char,
    put_communities,
    put_path,
    put_peer_of,
    put_seconds,
    put_text,
    put_time,
)
from bgpwire._cython.rows cimport need
from bgpwire._cython.text cimport put_number, put_quad

__all__ = []

cdef enum:
    AFI_IPV6_AS4 = 4  # subtype of TABLE_DUMP
    PATH_MOST = 7800  # a path that may be longer goes to the objects, which know where the buffer of bgpdump ends
    COMMUNITIES_MOST = 2048  # so do so many octets of communities
    NO_HOP = 0
    BAD_HOP = -1

cdef const char *STYLE = b"{,}\0 \0( )[,]"
cdef const char *HEX = b"0123456789abcdef"


cdef inline char *put_hex(char *out, uint16_t group) noexcept nogil:
    if group > 0xFFF:
        out = put_char(out, HEX[group >> 12])
    if group > 0xFF:
        out = put_char(out, HEX[group >> 8 & 15])
    if group > 0xF:
        out = put_char(out, HEX[group >> 4 & 15])
    return put_char(out, HEX[group & 15])


cdef char *put_bgpdump_address(char *out, const uint8_t *octets, int size) noexcept nogil:
    """IPv6 with a single group of zeros shortened too, and what is above ::1 in ::/96 as a dotted quad."""
    cdef uint16_t[8] groups
    cdef int index, best = 8, longest = 0, run = 0
    if size == 4:
        return put_quad(out, octets)
    for index in range(8):
        groups[index] = be16(octets + 2 * index)
        if groups[index]:
            run = 0
            continue
        run += 1
        if run > longest:
            longest = run
            best = index - run + 1
    if best == 0:
        if longest == 5 and groups[5] == 0xFFFF:
            return put_quad(put_text(out, b"::ffff:", 7), octets + 12)
        if longest >= 6 and be32(octets + 12) > 1:
            return put_quad(put_text(out, b"::", 2), octets + 12)
    for index in range(best):
        out = put_char(put_hex(out, groups[index]), c":")
    if not longest:
        return out - 1
    if best == 0:
        out = put_char(out, c":")
    out = put_char(out, c":")
    for index in range(best + longest, 8):
        out = put_char(put_hex(out, groups[index]), c":")
    return out - 1 if best + longest < 8 else out


cdef char *put_bgpdump_peer(char *out, const uint8_t *octets, int size, uint32_t asn) noexcept nogil:
    out = put_char(put_bgpdump_address(out, octets, size), c"|")
    return put_char(put_number(out, asn), c"|")


cdef int render_bgpdump(Page *self, const Run *run) noexcept nogil:
    cdef const RecordItem *record = self.feed.record
    self.path = NULL
    self.path_size = self.between_size = 0
    self.rest.size = 0
    if run.kind != c"R":
        return update_head(self, run)
    if record.type == TABLE_DUMP:
        if record.subtype == AFI_IPV6_AS4:
            return Told.OBJECTS
        return dump_entry(self, run)
    if record.subtype == RIB_IPV4_UNICAST_ADDPATH or record.subtype == RIB_IPV6_UNICAST_ADDPATH:
        self.path = b"|"
        self.path_size = 1
        return entry(self, run, b"TABLE_DUMP2_AP|", 15)
    if record.subtype == RIB_IPV4_UNICAST or record.subtype == RIB_IPV6_UNICAST:
        return entry(self, run, b"TABLE_DUMP2|", 12)
    return Told.SILENT


cdef int entry(Page *self, const Run *run, const char *name, int size) noexcept nogil:
    """An entry of a RIB."""
    cdef char *out = put_seconds(self, put_text(self.before, name, size), self.feed.record.seconds)
    out = put_peer_of(self, put_text(out, b"|B|", 3), run.peer, run.peer_size, run.peer_asn)
    self.before_size = <int> (out - self.before)
    return rest(self, run, True)


cdef int dump_entry(Page *self, const Run *run) noexcept nogil:
    """An entry of TABLE_DUMP, whose prefix shows all octets of its field."""
    cdef int told = entry(self, run, b"TABLE_DUMP|", 11)
    cdef char *out
    if told == Told.PRINTED:
        out = put_bgpdump_address(self.prefix, self.feed.field, run.peer_size)
        out = put_number(put_char(out, c"/"), run.prefixes.pos[0])
        self.prefix_size = <int> (out - self.prefix)
        self.prefix_at = run.prefixes.pos
        self.prefix_record = run.offset
    return told


cdef int update_head(Page *self, const Run *run) noexcept nogil:
    """What stands before the prefixes of an UPDATE."""
    cdef const Feed *feed = &self.feed
    cdef int subtype = feed.record.subtype, index
    cdef bint local = subtype == BGP4MP_MESSAGE_LOCAL or subtype == BGP4MP_MESSAGE_AS4_LOCAL
    cdef char *out
    cdef uint8_t[16] octets
    for index in range(16):
        if feed.message[index] != 0xFF:
            return Told.SILENT
    out = put_text(self.before, b"BGP4MP_ET", 9)
    if feed.record.type != BGP4MP_ET:
        out -= 3
    if local:
        out = put_text(out, b"_LOCAL", 6)
    if subtype >= BGP4MP_MESSAGE_ADDPATH:
        out = put_text(out, b"_AP", 3)
        self.path = b"|"
        self.path_size = 1
    out = put_time(self, put_char(out, c"|"))
    out = put_text(out, b"|A|" if run.kind == c"A" else b"|W|", 3)
    if subtype >= BGP4MP_MESSAGE_LOCAL_ADDPATH:
        out = put_peer_of(self, out, feed.addresses.local, run.peer_size, feed.numbers.local)
    elif local and run.kind == c"W" and run.afi != AFI_IPV4 and run.peer_size == 4:
        # It prints the peer's address as IPv6 here although it is IPv4.
        memset(octets, 0, 16)
        memcpy(octets, run.peer, 4)
        out = put_bgpdump_peer(out, octets, 16, run.peer_asn)
    else:
        out = put_peer_of(self, out, run.peer, run.peer_size, run.peer_asn)
    self.before_size = <int> (out - self.before)
    if run.kind == c"A":
        return rest(self, run, False)
    if need(&self.rest, 1) < 0:
        return -1
    self.rest.data[0] = c"\n"
    self.rest.size = 1
    return Told.PRINTED


cdef int rest(Page *self, const Run *run, bint rib) noexcept nogil:
    """What stands behind the prefix of a route that is announced, or of a RIB: the fields of the attributes."""
    cdef const Block *block = run.block
    cdef const uint8_t *hop = NULL
    cdef bint mp = has(block, MP_REACH_NLRI) and (rib or self.feed.part == Part.REACHABLE)
    cdef int hop_size = NO_HOP
    cdef char *out
    if block.width == 2 and has(block, AS4_PATH) and not merges_alike(block):
        return Told.OBJECTS
    if 14 * block.path_count > PATH_MOST:
        return Told.OBJECTS
    if has(block, COMMUNITIES) and block.values[COMMUNITIES].size >= COMMUNITIES_MOST:
        return Told.OBJECTS
    if mp:
        if not rib and run.afi == AFI_IPV4 and self.feed.own:
            return Told.OBJECTS  # whether the prefix is in the NLRI field too decides
        hop_size = find_hop(&block.values[MP_REACH_NLRI], rib, &hop)
        if hop_size == BAD_HOP:
            return Told.OBJECTS
    if need(&self.rest, WIDEST * (block.end - block.start) + 256) < 0:
        return -1
    out = put_char(<char *> self.rest.data, c"|")
    # Without a next hop that it knows, bgpdump leaves fields out.
    if not (mp and not rib and hop_size == NO_HOP):
        out = put_middle(out, block)
        if hop_size:
            out = put_bgpdump_address(out, hop, hop_size)
        elif has(block, NEXT_HOP):
            out = put_quad(out, block.values[NEXT_HOP].octets)
        else:
            out = put_text(out, b"255.255.255.255", 15)
        out = put_preference(out, block, mp and not rib and run.afi == AFI_IPV4)
    elif run.afi == AFI_IPV4:
        out = put_middle(out, block)
    out = put_tail(out, block)
    self.rest.size = out - <char *> self.rest.data
    return Told.PRINTED


cdef bint merges_alike(const Block *block) noexcept nogil:
    """Whether bgpdump merges AS_PATH and AS4_PATH into the path that RFC 6793 has, as the block does: the one is a
    single AS_SEQUENCE, and the other has no confederations."""
    cdef Cursor cur = cursor(block.start, 0, block.end - block.start)
    cdef AttributeItem item
    cdef SegmentItem segment
    cdef Py_ssize_t size
    cdef int step
    while next_attribute(&cur, &item) == Step.ITEM:
        if item.code != AS_PATH:
            continue
        # As it came: the block has the effective one.
        size = item.end - item.start
        if size == 0 or cur.base[item.start] != AS_SEQUENCE or size != 2 + 2 * cur.base[item.start + 1]:
            return False
        break
    cur = cursor(block.values[AS4_PATH].octets, 0, block.values[AS4_PATH].size)
    while True:
        step = next_segment(&cur, 4, &segment)
        if step != Step.ITEM:
            return step == Step.END
        if segment.kind != AS_SEQUENCE and segment.kind != AS_SET:
            return False


cdef int find_hop(const Value *reach, bint rib, const uint8_t **hop) noexcept nogil:
    """The octets of the next hop of MP_REACH_NLRI, 4 or 16; BAD_HOP if it is not all there.

    NO_HOP for lengths that bgpdump does not know, and for another family in a RIB.
    """
    cdef const uint8_t *octets = reach.octets
    cdef Py_ssize_t at = 0
    cdef int size
    if reach.size == 0:
        return NO_HOP
    if octets[0] == 0:
        if reach.size < 4:
            return BAD_HOP
        if rib and ((octets[1] != 1 and octets[1] != 2) or octets[2] != 1):
            return NO_HOP
        at = 3
    size = octets[at]
    if size != 4 and size != 16 and size != 32:
        return NO_HOP
    if reach.size - at - 1 < min(size, 16):
        return BAD_HOP
    hop[0] = octets + at + 1
    return min(size, 16)


cdef char *put_middle(char *out, const Block *block) noexcept nogil:
    """AS path and origin, a bar behind each."""
    cdef int origin = 2
    if has(block, AS_PATH):
        out = put_path(out, block, STYLE)
    if has(block, ORIGIN):
        origin = block.values[ORIGIN].octets[0]
    if origin == 0:
        return put_text(out, b"|IGP|", 5)
    if origin == 1:
        return put_text(out, b"|EGP|", 5)
    return put_text(out, b"|INCOMPLETE|", 12)


cdef char *put_preference(char *out, const Block *block, bint signed) noexcept nogil:
    """LOCAL_PREF and MULTI_EXIT_DISC, bars around them."""
    cdef int index
    cdef uint32_t value
    cdef int[2] codes
    codes[0] = LOCAL_PREF
    codes[1] = MULTI_EXIT_DISC
    out = put_char(out, c"|")
    for index in range(2):
        value = be32(block.values[codes[index]].octets) if has(block, codes[index]) else 0
        if signed and value >> 31:
            out = put_char(out, c"-")
            value = 0 - value
        out = put_char(put_number(out, value), c"|")
    return out


cdef char *put_tail(char *out, const Block *block) noexcept nogil:
    """Communities, ATOMIC_AGGREGATE and AGGREGATOR."""
    cdef const uint8_t *address
    cdef uint32_t asn = 0
    if has(block, COMMUNITIES):
        out = put_communities(out, &block.values[COMMUNITIES], b"local-AS ", 9) - 1
    out = put_text(out, b"|AG|", 4) if has(block, ATOMIC_AGGREGATE) else put_text(out, b"|NAG|", 5)
    address = find_aggregator(block, &asn)
    if address != NULL and be32(address) != 0xFFFFFFFFu:
        out = put_quad(put_char(put_number(out, asn), c" "), address)
    return put_text(out, b"|\n", 2)
