# Rows of columns out of what the grammar read: one run is all that has the same time, peer and attributes.
#
# Runs are collected in a log, and each column is then written for all of them: what a column is need not be asked
# again for each row.
#
# ``-1`` is for memory that could not be had.

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from bgpwire._cython.block cimport Block
from bgpwire._cython.cursor cimport Cursor
from bgpwire._cython.rows cimport BITS, Node, Rows, invalid, need_bits, ones, popcount, put_bits, set_bits, valid

cdef enum:
    RECENT = 256
    RUNS = 32


cdef enum Field:
    # What stands in a column; ABSENT is for what plain prefixes have none of.
    ABSENT
    TIMESTAMP
    TYPE
    PEER_ADDRESS
    PEER_ASN
    PEER_BGP_ID
    AFI
    SAFI
    PREFIX
    PREFIX_ADDRESS
    PREFIX_LAST_ADDRESS
    PREFIX_LENGTH
    IPV4_FIRST
    IPV4_LAST
    PATH_ID
    NEXT_HOP_ADDRESS
    AS_NUMBERS
    AS_SEGMENTS
    HAS_AS_SET
    ORIGIN_ASN
    ORIGIN_NAME
    MED
    LOCAL_PREFERENCE
    ATOMIC
    AGGREGATOR_ASN
    AGGREGATOR_ADDRESS
    COMMUNITY_NUMBERS
    LARGE_TRIPLES
    EXTENDED_NUMBERS
    OTC
    ORIGINATED
    RAW_ATTRIBUTES
    OFFSET
    FILE_NAME
    PATH_TEXT
    COMMUNITY_TEXTS
    LARGE_TEXTS


cdef struct Recent:
    # Addresses met last, by a cheap hash: most find their number in a dictionary without being rendered.
    int32_t[RECENT] number
    uint8_t[RECENT] size  # 0 where there is none
    uint64_t[RECENT][2] octets  # zeros behind those of IPv4


cdef struct Run:
    int64_t time  # microseconds
    int kind  # "A", "W" or "R"
    const uint8_t *peer
    int peer_size  # of the address; 0 for none
    uint32_t peer_asn
    const uint8_t *bgp_id  # NULL for none
    int afi
    int safi
    bint add_path
    bint has_path_id  # of a RIB entry, whose prefix has none
    uint32_t path_id
    const Block *block  # NULL for withdrawals
    const uint8_t *hop
    int hop_size  # 0 for none
    bint has_originated
    int64_t originated
    uint64_t offset
    int64_t count  # of prefixes
    Cursor prefixes
    const uint8_t *readable  # octets behind the prefixes may be looked at up to here


cdef struct Log:
    # Runs that are still to become rows; their octets stay where they are.
    int count
    int64_t rows
    # Of each run what most columns ask for: beside each other, for a run is large.
    int64_t[RUNS] counts  # of prefixes
    uint64_t[RUNS] there  # a bit for each attribute, none of withdrawals
    const Block *read[RUNS]
    uint64_t any_there  # the attributes that one of the runs has
    bint any_path_id  # that one of the runs has path identifiers
    Run[RUNS] runs
    Block[RUNS + 1] blocks  # a ring: that of the run which comes next may be the last one's too


cdef struct Program:
    int count
    int[64] fields
    int[64] recent  # which of the caches a column has, for addresses
    Recent[4] caches
    int32_t[3] kinds  # numbers of "A", "W" and "R" in the dictionary; -1 where they are not in it yet
    int32_t[3] origins  # of the names of ORIGIN
    const char *names[64]  # of columns that have one value in all rows
    Py_ssize_t[64] sizes


cdef int emit(Program *self, Rows *rows, Log *log) noexcept nogil
cdef void forget(Program *self) noexcept nogil


cdef inline uint64_t runs_with(const Log *log, int code) noexcept nogil:
    """A bit for each run that has an attribute."""
    cdef uint64_t found = 0
    cdef int index
    if not log.any_there >> code & 1:
        return 0
    for index in range(log.count):
        found |= (log.there[index] >> code & 1) << index
    return found


cdef inline int say_valid(Node *node, const Log *log, uint64_t there) noexcept nogil:
    """Say which values are nulls: those of the runs that have no bit in ``there``."""
    cdef int index
    cdef int64_t count, at = 0
    cdef uint64_t bits = 0, found
    if there == ones(log.count):
        return valid(node, log.rows)
    if not there:
        return invalid(node, log.rows)
    if need_bits(&node.validity, node.length + log.rows) < 0:
        return -1
    if not node.nulls:
        set_bits(node.validity.data, 0, node.length)
    node.nulls += log.rows
    if log.rows == log.count:  # a bit of a run is that of its row
        node.nulls -= popcount(there)
        put_bits(node.validity.data, node.length, there)
        node.length += log.rows
        return 0
    for index in range(log.count):
        # No branch: whether there is a value is as good as random.
        count = log.counts[index]
        found = -(there >> index & 1)
        node.nulls -= count & <int64_t> found
        if at + count > BITS:
            put_bits(node.validity.data, node.length, bits)
            node.length += at
            at = 0
            bits = 0
            if count > BITS:
                if found:
                    set_bits(node.validity.data, node.length, count)
                node.length += count
                continue
        bits |= (ones(count) & found) << at
        at += count
    put_bits(node.validity.data, node.length, bits)
    node.length += at
    return 0
