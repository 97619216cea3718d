# Rows of columns out of what the grammar read: one run is all that has the same time, peer and attributes.
#
# ``-1`` is for memory that could not be had.

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from bgpwire._cython.block cimport Block
from bgpwire._cython.cursor cimport Cursor
from bgpwire._cython.rows cimport Node, Rows

cdef enum:
    RECENT = 256


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


cdef struct Recent:
    # Addresses met last, by a cheap hash: most find their number in a dictionary without being rendered.
    int32_t[RECENT] number
    uint8_t[RECENT] size  # 0 where there is none
    uint8_t[RECENT][16] octets


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


cdef struct Program:
    int count
    int[64] fields
    int[64] recent  # which of the caches a column has, for addresses
    Recent[4] caches
    const char *file
    Py_ssize_t file_size


cdef int emit(Program *self, Rows *rows, Run *run) noexcept nogil
cdef void forget(Program *self) noexcept nogil
