# Which NLRI of an UPDATE have the path identifiers that were negotiated; see the twin, _python/path_ids.py.

from libc.stdint cimport uint8_t
from libc.string cimport memcmp

from bgpwire._cython.cursor cimport (
    MESSAGE_HEADER,
    AttributeItem,
    Cursor,
    MpItem,
    PrefixItem,
    SectionsItem,
    Step,
    are_prefixes,
    cursor,
    next_attribute,
    next_mp_head,
    next_prefix,
    next_sections,
)
from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6, MP_REACH_NLRI, MP_UNREACH_NLRI, SAFI_UNICAST

cdef enum:
    FAMILIES = 2  # IPv4 and IPv6 unicast
    KINDS = 32
    UNKNOWN_KIND = -1
    # What is known of a family of a table.
    NOT_NEGOTIATED = 0
    UNDECIDED = 1
    SEEN_WITH = 2
    SEEN_WITHOUT = 3
    # Of the first family; those of the second are two bits higher.
    WITH = 1
    WITHOUT = 2
    PLAIN = 16
    COMPARED = 256  # routes of a field, at most, which are compared with each other


cdef inline int path_ids_of(const uint8_t *data, Py_ssize_t size, const uint8_t *families) noexcept nogil:
    """The kind of the UPDATE of ``size`` octets, whose sections fit into it, by ``families``."""
    cdef Cursor cur = cursor(data, MESSAGE_HEADER, size)
    cdef SectionsItem sections
    cdef AttributeItem item
    cdef MpItem head = [0, 0, 0, NULL]
    cdef int kind = 0, seen = 0, family, step, bit
    if next_sections(&cur, &sections) != Step.ITEM:
        return UNKNOWN_KIND
    if not field(data, sections.start, sections.withdrawn_end, 0, families, &kind):
        return UNKNOWN_KIND
    if not field(data, sections.attributes_end, size, 0, families, &kind):
        return UNKNOWN_KIND
    cur = cursor(data, sections.withdrawn_end + 2, sections.attributes_end)
    while True:
        step = next_attribute(&cur, &item)
        if step != Step.ITEM:
            break
        if item.code != MP_REACH_NLRI and item.code != MP_UNREACH_NLRI:
            continue
        bit = 1 << (item.code - MP_REACH_NLRI)
        # What is said twice, or with the flags of another attribute, is for who reports it.
        if seen & bit or item.flags & 0xE0 != 0x80:
            return UNKNOWN_KIND
        seen |= bit
        family = mp_nlri(data, &item, &head)
        if family < 0 or not field(data, item.start, item.end, family, families, &kind):
            return UNKNOWN_KIND
    if step != Step.END or kind & 3 == 3 or kind >> 2 & 3 == 3:
        return UNKNOWN_KIND
    return kind


cdef inline int mp_nlri(const uint8_t *data, AttributeItem *item, MpItem *head) noexcept nogil:
    """The family of MP_REACH_NLRI or MP_UNREACH_NLRI, -1 for others than those, or a next hop of a length that is not
    theirs; the item then begins where the NLRI do."""
    cdef Cursor cur = cursor(data, item.start, item.end)
    cdef bint reach = item.code == MP_REACH_NLRI
    if next_mp_head(&cur, reach, head) != Step.ITEM or head.safi != SAFI_UNICAST:
        return -1
    if head.afi != AFI_IPV4 and head.afi != AFI_IPV6:
        return -1
    if reach and head.size != 16 and head.size != 32 and (head.size != 4 or head.afi == AFI_IPV6):
        return -1
    item.start = cur.pos - data
    return head.afi == AFI_IPV6


cdef inline bint field(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int family, const uint8_t *families, int *kind
) noexcept nogil:
    """Add what the NLRI of one field are; whether that can be told."""
    cdef int longest = 128 if family else 32
    cdef int known = families[family]
    cdef bint there, without
    cdef int better
    cdef bint plainly = False
    if start == end:
        return True
    if known == SEEN_WITH:
        kind[0] |= WITH << 2 * family
        return are_prefixes(data, start, end, longest, True)
    without = are_prefixes(data, start, end, longest, False)
    if known == NOT_NEGOTIATED:
        kind[0] |= PLAIN
        return without
    there = are_prefixes(data, start, end, longest, True)
    if there and without:
        better = reads_better(data, start, end, longest, &plainly)
        # Of a table that is undecided what reads better with them decides.
        if better < 0 or (better and known == UNDECIDED):
            return False
        without = plainly if known == UNDECIDED else not better
    elif known == UNDECIDED or there == without:
        return False
    kind[0] |= (WITHOUT if without else WITH) << 2 * family
    return True


cdef inline int reads_better(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int longest, bint *plainly
) noexcept nogil:
    """Whether a smaller share of the routes is odd with path identifiers than without; -1 for too many routes.
    ``plainly``: none is without, and each is with them."""
    cdef int count_with = 0, count_without = 0
    cdef int odd_with = odd(data, start, end, longest, True, &count_with)
    cdef int odd_without = odd(data, start, end, longest, False, &count_without)
    if odd_with < 0 or odd_without < 0:
        return -1
    plainly[0] = odd_without == 0 and odd_with == count_with
    return odd_with * count_without < odd_without * count_with


cdef inline int odd(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int longest, bint add_path, int *count
) noexcept nogil:
    """How many of the prefixes are odd; -1 for too many prefixes. They can be read."""
    cdef Cursor cur = cursor(data, start, end), again
    cdef PrefixItem item, other
    cdef int found = 0
    while next_prefix(&cur, longest, add_path, &item) == Step.ITEM:
        if count[0] == COMPARED:
            return -1
        if item.path_id >> 24 or (item.bits & 7 and item.octets[item.size - 1] & 0xFF >> (item.bits & 7)):
            found += 1
        else:
            again = cursor(data, start, item.octets - data)
            while next_prefix(&again, longest, add_path, &other) == Step.ITEM and other.octets != item.octets:
                if memcmp(other.octets - 1, item.octets - 1, item.size + 1) == 0:
                    found += 1
                    break
        count[0] += 1
    return found
