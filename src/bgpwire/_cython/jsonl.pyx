"""JSON lines out of runs; ``text/jsonl.py`` and ``route/form.py`` have their form. Nothing here is for Python."""

from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy, strlen

from bgpwire._cython.as4 cimport ODD, count_hops
from bgpwire._cython.block cimport Block, Value, find_aggregator, has
from bgpwire._cython.cursor cimport AttributeItem, Cursor, Step, as_number, be16, be32, cursor, next_attribute
from bgpwire._cython.emit cimport Run
from bgpwire._cython.next_hop cimport mp_hop
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
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
    MULTI_EXIT_DISC,
    ONLY_TO_CUSTOMER,
    ORIGIN,
    SAFI_UNICAST,
)
from bgpwire._cython.page cimport (
    MARKS,
    WIDEST,
    Mark,
    Page,
    Told,
    put_char,
    put_path,
    put_peer_of,
    put_plain_address,
    put_text,
    put_time,
)
from bgpwire._cython.rows cimport need
from bgpwire._cython.text cimport put_number, put_quad

from bgpwire.value.community import WELL_KNOWN

__all__ = []

cdef enum:
    MILLION = 1000000
    NAMES = 32
    NAME = 32

cdef const char *STYLE = b"{,}\0 \0( )[,]"
cdef uint32_t[NAMES] KNOWN
cdef char[NAMES][NAME] KNOWN_NAMES
cdef int KNOWN_COUNT = 0


def _fill():
    global KNOWN_COUNT
    cdef bytes name
    for value, text in WELL_KNOWN.items():
        name = text.encode()
        if KNOWN_COUNT == NAMES or len(name) >= NAME:
            raise OverflowError("no room for well-known communities")
        KNOWN[KNOWN_COUNT] = value
        memcpy(KNOWN_NAMES[KNOWN_COUNT], <const char *> name, len(name) + 1)
        KNOWN_COUNT += 1


_fill()


cdef inline char *put_word(char *out, const char *text) noexcept nogil:
    return put_text(out, text, <int> strlen(text))


cdef char *put_json_peer(char *out, const uint8_t *octets, int size, uint32_t asn) noexcept nogil:
    out = put_plain_address(put_text(out, b',"peer_address":"', 17), octets, size)
    return put_number(put_text(out, b'","peer_asn":', 13), asn)


cdef int render_json(Page *self, const Run *run) noexcept nogil:
    cdef char *out = put_char(self.before, c"{")
    cdef const Block *block = run.block
    cdef const Mark *mark = NULL
    if self.marks != NULL:
        if self.feed.addresses.interface >= self.mark_count:
            return Told.OBJECTS
        mark = &self.marks[self.feed.addresses.interface]
        if mark.head_size + mark.peer_size > MARKS:
            return Told.OBJECTS
        out = put_text(out, mark.head, mark.head_size)
    out = put_char(put_text(out, b'"type":"', 8), <char> run.kind)
    out = put_time(self, put_text(out, b'","timestamp":', 14))
    out = put_peer_of(self, out, run.peer, run.peer_size, run.peer_asn)
    if mark != NULL:
        out = put_text(out, mark.peer, mark.peer_size)
    out = put_text(out, b',"prefix":"', 11)
    self.before_size = <int> (out - self.before)
    self.between = b'"'
    if run.safi != SAFI_UNICAST:
        self.between = b'","family":"ipv4-multicast"' if run.afi == AFI_IPV4 else b'","family":"ipv6-multicast"'
    self.between_size = <int> strlen(self.between)
    self.path = NULL
    self.path_size = 0
    if run.add_path or run.has_path_id:
        self.path = b',"path_id":'
        self.path_size = 11
    self.rest.size = 0
    if block != NULL and not plain(run):
        return Told.OBJECTS
    if need(&self.rest, 512 if block == NULL else WIDEST * (block.end - block.start) + 512) < 0:
        return -1
    out = <char *> self.rest.data
    if run.has_originated:
        out = put_number(put_text(out, b',"originated":', 14), <uint32_t> (run.originated // MILLION))
    if run.hop_size > 0:
        out = put_plain_address(put_text(out, b',"next_hop":"', 13), run.hop, run.hop_size)
        out = put_char(out, c'"')
    if block != NULL:
        out = put_fields(out, block)
        if out == NULL:
            return Told.OBJECTS
    self.rest.size = put_text(out, b"}\n", 2) - <char *> self.rest.data
    return Told.PRINTED


cdef bint plain(const Run *run) noexcept nogil:
    """Whether all attributes are known here, and sound."""
    cdef const Block *block = run.block
    cdef const Value *reach = &block.values[MP_REACH_NLRI]
    cdef const uint8_t *hop = NULL
    cdef Cursor cur = cursor(block.start, 0, block.end - block.start)
    cdef AttributeItem item
    cdef bint rib = run.kind == c"R"
    cdef bint whole
    while next_attribute(&cur, &item) == Step.ITEM:
        if item.code > COMMUNITIES and (item.code < MP_REACH_NLRI or item.code > EXTENDED_COMMUNITIES):
            if item.code == AS4_AGGREGATOR and block.width == 2:
                continue
            if item.code == AS4_PATH and block.width == 2:
                # It is in the path already, or ignored; but it is named if it is malformed.
                if count_hops(cur.base + item.start, item.end - item.start, 4) == ODD:
                    return False
                continue
            if item.code != LARGE_COMMUNITY and item.code != ONLY_TO_CUSTOMER:
                return False
        elif item.code == 0:
            return False
    if has(block, MP_UNREACH_NLRI) and block.values[MP_UNREACH_NLRI].size < 3:
        return False
    if not has(block, MP_REACH_NLRI):
        return True
    if mp_hop(reach.octets, 0, reach.size, run.afi if rib else 0, run.safi if rib else 0, &hop) <= 0:
        return False
    # All of it, up to the octet in front of its routes, or MRT's form of it, which is the next hop alone.
    whole = reach.size >= 5 and reach.size >= 5 + reach.octets[3]
    return whole or (rib and reach.octets[0] == reach.size - 1)


cdef char *put_fields(char *out, const Block *block) noexcept nogil:
    """What the attributes say; NULL where that is for the objects."""
    cdef const uint8_t *address
    cdef uint32_t asn = 0
    if has(block, AS_PATH):
        out = put_path(put_text(out, b',"as_path":"', 12), block, STYLE)
        out = put_origins(put_text(out, b'","origin_asns":[', 17), block)
        out = put_char(out, c"]")
    if has(block, ORIGIN):
        if block.values[ORIGIN].octets[0] == 0:
            out = put_text(out, b',"origin":"igp"', 15)
        elif block.values[ORIGIN].octets[0] == 1:
            out = put_text(out, b',"origin":"egp"', 15)
        else:
            out = put_text(out, b',"origin":"incomplete"', 22)
    if has(block, MULTI_EXIT_DISC):
        out = put_number(put_text(out, b',"med":', 7), be32(block.values[MULTI_EXIT_DISC].octets))
    if has(block, LOCAL_PREF):
        out = put_number(put_text(out, b',"local_pref":', 14), be32(block.values[LOCAL_PREF].octets))
    if has(block, ATOMIC_AGGREGATE):
        out = put_text(out, b',"atomic_aggregate":true', 24)
    address = find_aggregator(block, &asn)
    if address != NULL:
        out = put_number(put_text(out, b',"aggregator":{"asn":', 21), asn)
        out = put_text(put_quad(put_text(out, b',"address":"', 12), address), b'"}', 2)
    if has(block, COMMUNITIES):
        out = put_communities(put_text(out, b',"communities":[', 16), &block.values[COMMUNITIES])
    if has(block, EXTENDED_COMMUNITIES):
        out = put_extended(put_text(out, b',"extended_communities":[', 25), &block.values[EXTENDED_COMMUNITIES])
        if out == NULL:
            return NULL
    if has(block, LARGE_COMMUNITY):
        out = put_large(put_text(out, b',"large_communities":[', 22), &block.values[LARGE_COMMUNITY])
    if has(block, ONLY_TO_CUSTOMER):
        out = put_number(put_text(out, b',"only_to_customer":', 20), be32(block.values[ONLY_TO_CUSTOMER].octets))
    return out


cdef char *put_origins(char *out, const Block *block) noexcept nogil:
    """The AS numbers that originated the route."""
    cdef int index
    if not block.origin_count:
        return out
    for index in range(block.origin_count):
        out = put_number(out, as_number(block.origins + index * block.path_width, block.path_width))
        out = put_char(out, c",")
    return out - 1


cdef char *put_communities(char *out, const Value *value) noexcept nogil:
    cdef Py_ssize_t index
    cdef const uint8_t *octets
    cdef const char *name
    for index in range(0, value.size, 4):
        octets = value.octets + index
        out = put_char(out, c'"')
        name = known_name(be32(octets)) if octets[0] == 0xFF and octets[1] == 0xFF else NULL
        if name != NULL:
            out = put_word(out, name)
        else:
            out = put_number(put_char(put_number(out, be16(octets)), c":"), be16(octets + 2))
        out = put_text(out, b'",', 2)
    out[-1] = c"]"
    return out


cdef const char *known_name(uint32_t value) noexcept nogil:
    """The name of a well-known community, or NULL."""
    cdef int index
    for index in range(KNOWN_COUNT):
        if KNOWN[index] == value:
            return KNOWN_NAMES[index]
    return NULL


cdef char *put_large(char *out, const Value *value) noexcept nogil:
    cdef Py_ssize_t index
    for index in range(0, value.size, 12):
        out = put_char(put_number(put_char(out, c'"'), be32(value.octets + index)), c":")
        out = put_char(put_number(out, be32(value.octets + index + 4)), c":")
        out = put_text(put_number(out, be32(value.octets + index + 8)), b'",', 2)
    out[-1] = c"]"
    return out


cdef char *put_extended(char *out, const Value *value) noexcept nogil:
    """Route targets and route origins; NULL where there is another, whose form is declared elsewhere."""
    cdef Py_ssize_t index
    cdef const uint8_t *octets
    for index in range(0, value.size, 8):
        octets = value.octets + index
        if octets[0] > 2 or (octets[1] != 2 and octets[1] != 3):
            return NULL
        out = put_number(put_text(out, b'{"type":', 8), octets[0])
        out = put_number(put_text(out, b',"subtype":', 11), octets[1])
        out = put_word(out, b',"name":"route_target",' if octets[1] == 2 else b',"name":"route_origin",')
        if octets[0] == 1:
            out = put_char(put_quad(put_text(out, b'"address":"', 11), octets + 2), c'"')
        else:
            out = put_text(out, b'"asn":', 6)
            out = put_number(out, be32(octets + 2) if octets[0] == 2 else be16(octets + 2))
        out = put_text(out, b',"value":', 9)
        out = put_text(put_number(out, be32(octets + 4) if octets[0] == 0 else be16(octets + 6)), b"},", 2)
    out[-1] = c"]"
    return out
