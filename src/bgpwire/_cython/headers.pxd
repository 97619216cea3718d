from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.mrt_grammar cimport RecordItem


cdef struct Rules:
    uint8_t[256] subtypes  # how many a record type may have: 0 of one that is not registered
    uint32_t longest


cdef Rules *RULES  # filled in from what resync says


cdef inline bint registered(const Rules *rules, const RecordItem *item) noexcept nogil:
    """Whether a record is of a registered type, or of one that was written for such."""
    return item.type < 256 and rules.subtypes[item.type] > 0


cdef inline bint plausible(const Rules *rules, const RecordItem *item) noexcept nogil:
    """Whether a header looks like that of a record of a known type."""
    return item.type < 256 and item.subtype < rules.subtypes[item.type] and item.length <= rules.longest
