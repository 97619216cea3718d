# AS_PATH and AS4_PATH merged, without an object (RFC 6793 section 4.2.3). The rules are those of ``merge_segments`` in
# value/as_path.py, word for word; what takes more room than a usual path is left to it.

from libc.stdint cimport uint8_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport Cursor, SegmentItem, Step, cursor, next_segment

# Types of path segments: RFC 4271 section 4.3 b, RFC 5065 section 3.
cdef enum:
    AS_SET = 1
    AS_SEQUENCE = 2
    AS_CONFED_SEQUENCE = 3
    AS_CONFED_SET = 4

cdef enum:
    MERGED = 1024  # octets of a merged path; most have fewer than 100

cdef enum:
    IGNORED = -1  # AS4_PATH is: it has no hops, or more than AS_PATH
    ODD = -2  # a path is malformed, or takes more room


cdef inline int count_hops(const uint8_t *path, Py_ssize_t size, int width) noexcept nogil:
    """An AS_SET counts once, a confederation not at all (RFC 4271 section 9.1.2.2 a, RFC 5065 section 5.3).

    0 where there is nothing but confederations, for no segment is empty; ODD if one is malformed.
    """
    cdef Cursor cur = cursor(path, 0, size)
    cdef SegmentItem item
    cdef int step, hops = 0
    while True:
        step = next_segment(&cur, width, &item)
        if step != Step.ITEM:
            break
        if item.kind == AS_SEQUENCE:
            hops += item.count
        elif item.kind == AS_SET:
            hops += 1
    return hops if step == Step.END else ODD


cdef inline uint8_t *put_segment(uint8_t *out, int kind, const uint8_t *numbers, int count, int width) noexcept nogil:
    """A segment of AS numbers of 4 octets, out of such of ``width``."""
    cdef int index
    out[0] = <uint8_t> kind
    out[1] = <uint8_t> count
    out += 2
    if width == 4:
        memcpy(out, numbers, 4 * count)
        return out + 4 * count
    for index in range(count):
        out[0] = out[1] = 0
        out[2] = numbers[2 * index]
        out[3] = numbers[2 * index + 1]
        out += 4
    return out


cdef inline int merge_paths(
    const uint8_t *path, Py_ssize_t size, const uint8_t *path4, Py_ssize_t size4, uint8_t *merged
) noexcept nogil:
    """The octets in ``merged``, with AS numbers of 4 octets; IGNORED or ODD.

    As many leading hops of AS_PATH, whose AS numbers have 2 octets, as it has more than AS4_PATH; then AS4_PATH without
    its confederations.
    """
    cdef int hops, missing
    cdef Cursor cur = cursor(path, 0, size)
    cdef SegmentItem item
    cdef uint8_t *out = merged
    cdef uint8_t *kept = NULL  # a sequence that was cut: AS4_PATH goes on in it
    if 2 * size + size4 + 4 > MERGED:
        return ODD
    missing = count_hops(path, size, 2)
    hops = count_hops(path4, size4, 4)
    if missing == ODD or hops == ODD:
        return ODD
    if hops == 0 or hops > missing:
        return IGNORED
    missing -= hops
    while next_segment(&cur, 2, &item) == Step.ITEM:
        if item.kind == AS_CONFED_SEQUENCE or item.kind == AS_CONFED_SET:
            out = put_segment(out, item.kind, item.numbers, item.count, 2)
            continue
        if not missing:
            break
        if item.kind == AS_SET or item.count <= missing:
            out = put_segment(out, item.kind, item.numbers, item.count, 2)
            missing -= 1 if item.kind == AS_SET else item.count
            continue
        kept = out
        out = put_segment(out, AS_SEQUENCE, item.numbers, missing, 2)
        break
    cur = cursor(path4, 0, size4)
    while next_segment(&cur, 4, &item) == Step.ITEM:
        if item.kind != AS_SEQUENCE and item.kind != AS_SET:
            continue
        if kept != NULL and item.kind == AS_SEQUENCE:
            if kept[1] + item.count > 255:
                return ODD
            kept[1] += item.count
            memcpy(out, item.numbers, 4 * item.count)
            out += 4 * item.count
        else:
            out = put_segment(out, item.kind, item.numbers, item.count, 4)
        kept = NULL
    return <int> (out - merged)
