"""Whether an UPDATE is sound, told of its octets alone: what nearly all are, and then nothing has to be decoded.

It stands for :func:`bgpwire.attribute.check.update_errors`: what is sound here has no error there.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint64_t

from bgpwire._cython.cursor cimport (
    MESSAGE_HEADER,
    AttributeItem,
    Cursor,
    MpItem,
    SectionsItem,
    SegmentItem,
    Step,
    are_prefixes,
    as_number,
    cursor,
    left,
    next_attribute,
    next_mp_head,
    next_sections,
    next_segment,
)
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AFI_IPV6,
    AGGREGATOR,
    AS_PATH,
    ATOMIC_AGGREGATE,
    CLUSTER_LIST,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    MULTI_EXIT_DISC,
    NEXT_HOP,
    ONLY_TO_CUSTOMER,
    ORIGIN,
    ORIGINATOR_ID,
    SAFI_MULTICAST,
    SAFI_UNICAST,
)

__all__ = ["is_sound"]

cdef enum:
    TOLD = 36  # greater codes are rare

cdef enum:
    EXTERNAL = 1
    INTERNAL = 2

# The high three bits of the flags that each attribute must have (RFC 7606 section 3 c); Partial only where it can be.
cdef uint8_t[TOLD] FLAGS
for _code in range(TOLD):
    FLAGS[_code] = 0
for _code in (ORIGIN, AS_PATH, NEXT_HOP, LOCAL_PREF, ATOMIC_AGGREGATE):
    FLAGS[_code] = 0x40
for _code in (MULTI_EXIT_DISC, ORIGINATOR_ID, CLUSTER_LIST, MP_REACH_NLRI, MP_UNREACH_NLRI):
    FLAGS[_code] = 0x80
for _code in (AGGREGATOR, COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITY, ONLY_TO_CUSTOMER):
    FLAGS[_code] = 0xC0

cdef tuple FAMILIES = (
    (AFI_IPV4, SAFI_UNICAST), (AFI_IPV4, SAFI_MULTICAST), (AFI_IPV6, SAFI_UNICAST), (AFI_IPV6, SAFI_MULTICAST)
)
cdef frozenset NOTHING = frozenset()


def is_sound(bytes data not None, session):
    """Whether the UPDATE ``data``, header included, has nothing wrong in ``session`` (RFC 7606).

    ``False`` says that it has, or that this does not know: attributes and families that are rarer, and what is looked
    up in more than one place, such as AS4_PATH.
    """
    cdef object ibgp = session.ibgp
    cdef object add_path = session.add_path
    cdef int width = 4 if session.asn4 else 2
    cdef int side = EXTERNAL if ibgp is False else INTERNAL if ibgp else 0
    cdef int path_ids = 0  # a bit for each of FAMILIES
    cdef int index
    if add_path != NOTHING:
        for index in range(4):
            path_ids |= (FAMILIES[index] in add_path) << index
    return sound(<const uint8_t *> PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data), width, side, path_ids)


cdef bint sound(const uint8_t *data, Py_ssize_t size, int width, int side, int path_ids) noexcept nogil:
    cdef Cursor cur
    cdef SectionsItem sections
    cdef AttributeItem item
    cdef uint64_t there = 0
    cdef uint8_t hop = 0
    cdef bint routes
    cdef int step, found
    if size < MESSAGE_HEADER:
        return False
    cur = cursor(data, MESSAGE_HEADER, size)
    if next_sections(&cur, &sections) != Step.ITEM:
        return False
    if not are_prefixes(data, sections.start, sections.withdrawn_end, 32, path_ids & 1):
        return False
    routes = sections.attributes_end < size
    cur = cursor(data, sections.withdrawn_end + 2, sections.attributes_end)
    while True:
        step = next_attribute(&cur, &item)
        if step != Step.ITEM:
            break
        if item.code >= TOLD or there >> item.code & 1 or not fits(data, &item, width):
            return False
        there |= <uint64_t> 1 << item.code
        if item.code == NEXT_HOP:
            hop = data[item.start]
        elif item.code == MP_REACH_NLRI or item.code == MP_UNREACH_NLRI:
            found = mp_routes(data, &item, path_ids)
            if found < 0:
                return False
            if found and item.code == MP_REACH_NLRI:
                routes = True
    if step != Step.END:
        return False
    if side == EXTERNAL and there & (<uint64_t> 1 << LOCAL_PREF | 1 << ORIGINATOR_ID | 1 << CLUSTER_LIST):
        return False
    if sections.attributes_end < size:
        # RFC 4271 section 6.3: NEXT_HOP is the address of a host.
        if not there >> NEXT_HOP & 1 or hop == 0 or hop == 127 or hop >= 224:
            return False
        if not are_prefixes(data, sections.attributes_end, size, 32, path_ids & 1):
            return False
    if not routes:
        return True
    if not there >> ORIGIN & 1 or not there >> AS_PATH & 1:
        return False
    return side != INTERNAL or there >> LOCAL_PREF & 1


cdef inline bint fits(const uint8_t *data, const AttributeItem *item, int width) noexcept nogil:
    """Whether flags and length are those of the attribute, and what it says can be; NLRI are left to others."""
    cdef int code = item.code
    cdef Py_ssize_t size = item.end - item.start
    cdef uint8_t wanted = FLAGS[code]
    if not wanted or item.flags & 0xC0 != wanted or (item.flags & 0x20 and wanted != 0xC0):
        return False
    if code == AS_PATH:
        return path(data, item.start, item.end, width)
    if code == ORIGIN:
        return size == 1 and data[item.start] <= 2
    if code == NEXT_HOP or code == MULTI_EXIT_DISC or code == LOCAL_PREF:
        return size == 4
    if code == ORIGINATOR_ID or code == ONLY_TO_CUSTOMER:
        return size == 4
    if code == ATOMIC_AGGREGATE:
        return size == 0
    if code == AGGREGATOR:
        return size == 4 + width and as_number(data + item.start, width) != 0
    if code == COMMUNITIES or code == CLUSTER_LIST:
        return size > 0 and not size & 3
    if code == EXTENDED_COMMUNITIES:
        return size > 0 and not size & 7
    if code == LARGE_COMMUNITY:
        return size > 0 and not size % 12
    return True


cdef inline bint path(const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int width) noexcept nogil:
    """Whole segments of known types, none empty (RFC 7606 section 7.2), and no AS 0 (RFC 7607 section 2)."""
    cdef Cursor cur = cursor(data, start, end)
    cdef SegmentItem item
    cdef int index
    cdef int step = next_segment(&cur, width, &item)
    while step == Step.ITEM:
        for index in range(item.count):
            if not as_number(item.numbers + index * width, width):
                return False
        step = next_segment(&cur, width, &item)
    return step == Step.END


cdef inline int mp_routes(const uint8_t *data, const AttributeItem *item, int path_ids) noexcept nogil:
    """Whether there are NLRI in MP_REACH_NLRI or MP_UNREACH_NLRI; -1 unless they are plain prefixes, all sound, and the
    next hop has a length that is theirs (RFC 7606 section 7.11)."""
    cdef Cursor cur = cursor(data, item.start, item.end)
    cdef MpItem head = [0, 0, 0, NULL]
    cdef bint reach = item.code == MP_REACH_NLRI
    cdef int family
    if next_mp_head(&cur, reach, &head) != Step.ITEM:
        return -1
    if (head.afi != AFI_IPV4 and head.afi != AFI_IPV6) or (head.safi != SAFI_UNICAST and head.safi != SAFI_MULTICAST):
        return -1
    if reach and head.size != 16 and head.size != 32 and (head.size != 4 or head.afi == AFI_IPV6):
        return -1
    family = (head.afi - AFI_IPV4) * 2 + head.safi - SAFI_UNICAST
    if not are_prefixes(data, cur.pos - data, item.end, 32 if head.afi == AFI_IPV4 else 128, path_ids >> family & 1):
        return -1
    return left(&cur) > 0
