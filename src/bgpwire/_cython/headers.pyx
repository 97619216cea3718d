"""Headers of MRT records in octets that may be torn: where one can begin, and where each says the next one is."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.cursor cimport Cursor, Step, cursor, offset
from bgpwire._cython.mrt_grammar cimport RECORD_HEADER, RecordItem, next_record, record_header
from bgpwire._cython.numbers cimport PEER_INDEX_TABLE, TABLE_DUMP, TABLE_DUMP_V2

from bgpwire.mrt.resync import KNOWN_TYPES, LARGE, MAX_RECORD, SUBTYPES

__all__ = ["Headers", "step_over"]

cdef uint32_t LARGE_BODY = LARGE
cdef Rules rules
rules.longest = MAX_RECORD
for _kind in range(256):
    rules.subtypes[_kind] = SUBTYPES if _kind in KNOWN_TYPES else 0
RULES = &rules


cdef Py_ssize_t find(const uint8_t *octets, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
    """The same as :meth:`Headers.find`, ``stop`` and 11 octets more being there."""
    cdef const uint8_t *at
    while start < stop:
        at = octets + start
        if at[4] == 0 and at[6] == 0 and at[7] < rules.subtypes[at[5]] and at[8] < 2:
            return start
        start += 1
    return -1


@cython.final
cdef class Headers:
    """Looks at headers; ``at`` and all other places count from the beginning of ``data``."""

    def find(self, bytes data not None, Py_ssize_t start, Py_ssize_t stop, long long base):
        """Where, from ``start`` and before ``stop``, the header of a record of a known type may begin; -1: nowhere."""
        stop = min(stop, PyBytes_GET_SIZE(data) - RECORD_HEADER + 1)
        return find(<const uint8_t *> PyBytes_AS_STRING(data), max(start, 0), stop)

    def plausible(self, bytes data not None, Py_ssize_t at):
        """Whether the 12 octets at ``at`` look like the header of a record of a known type."""
        cdef RecordItem item
        if not 0 <= at <= PyBytes_GET_SIZE(data) - RECORD_HEADER:
            return False
        record_header(<const uint8_t *> PyBytes_AS_STRING(data) + at, &item)
        return plausible(&rules, &item)

    def follow(self, bytes data not None, Py_ssize_t at, Py_ssize_t most, Py_ssize_t limit):
        """Go from header to header, ``most`` of them and not beyond ``limit``, to one of a known type that is not
        empty: ``(at, hops, large, sound)``, ``large`` being the first of 64 KiB or -1, ``sound`` whether one was
        found, ``None`` if there is no record at ``at``."""
        cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(data)
        cdef Py_ssize_t last = PyBytes_GET_SIZE(data) - RECORD_HEADER
        cdef Py_ssize_t hops = 0
        cdef Py_ssize_t large = -1
        cdef RecordItem item
        limit = min(limit, last)
        while 0 <= at <= limit and hops < most:
            record_header(octets + at, &item)
            if item.length > rules.longest:
                return at, hops, large, None
            hops += 1
            # An empty record of a known type may be zeros, and is no evidence.
            if item.length and plausible(&rules, &item):
                return at, hops, large, True
            if item.length >= LARGE_BODY and large < 0:
                large = at
            at += RECORD_HEADER + item.length
        return at, hops, large, False

    def settled(self, bytes data not None, Py_ssize_t at, Py_ssize_t most, Py_ssize_t stop):
        """``(lead, vain)``: the last record of a known type, of the ``most`` from the one at ``at`` on whose headers
        end before ``stop``, up to which all are of known types or of less than 64 KiB, and how many headers were read
        in vain behind it."""
        cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(data)
        cdef Py_ssize_t last = min(stop, PyBytes_GET_SIZE(data)) - RECORD_HEADER
        cdef Py_ssize_t lead = at
        cdef Py_ssize_t vain = 0
        cdef RecordItem item
        while 0 <= at <= last and most > 0:
            most -= 1
            vain += 1
            record_header(octets + at, &item)
            if item.length > rules.longest:
                break
            if plausible(&rules, &item):
                if item.length:
                    lead, vain = at, 0
                if item.type == TABLE_DUMP:
                    break
            elif item.length >= LARGE_BODY:
                break
            at += RECORD_HEADER + item.length
        return lead, vain


def step_over(const unsigned char[::1] data not None, Py_ssize_t at, Py_ssize_t goal):
    """See the twin."""
    cdef Py_ssize_t size = data.shape[0]
    if not 0 <= at <= size:
        raise ValueError(f"no octet {at} in a buffer of {size}")
    if at == size:
        return at
    with nogil:
        at = step(cursor(&data[0], at, size), goal)
    return at


cdef Py_ssize_t step(Cursor cur, Py_ssize_t goal) noexcept nogil:
    """The same as :func:`step_over`."""
    cdef RecordItem item
    cdef Py_ssize_t at = offset(&cur)
    while at < goal and next_record(&cur, &item) == Step.ITEM and plausible(&rules, &item):
        if item.type == TABLE_DUMP_V2 and item.subtype == PEER_INDEX_TABLE:
            break
        at = offset(&cur)
    return at
