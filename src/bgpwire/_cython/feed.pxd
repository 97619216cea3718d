# Records of an archive into columns, without an object and without the GIL.

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from bgpwire._cython.emit cimport Program
from bgpwire._cython.mrt_grammar cimport RecordItem
from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire._cython.rows cimport Rows


cdef enum Fed:
    OTHER = 0  # what is unusual or not sound: the objects decide; ``done`` rows of it are there
    DONE = 1
    FULL = 2  # the batch is; the rest of the record comes with the next


cdef struct FedPeer:
    uint8_t size
    uint8_t[16] address
    uint8_t[4] bgp_id
    uint32_t asn


cdef struct Feed:
    Program program
    Rows *rows
    int64_t most  # rows of a batch
    int64_t octets  # about so many are in its lists
    int given  # families with path identifiers although no record says so: a bit each, see ``family_bit``
    FedPeer *peers
    int peer_count  # -1 before a peer index table
    # Of the record that is being fed:
    int64_t done  # rows that are in a batch
    int part  # where it goes on
    Py_ssize_t at
    int64_t left


cdef inline int family_bit(int afi, int safi) noexcept nogil:
    """The bit of a family of prefixes; 0 of any other."""
    if (afi == AFI_IPV4 or afi == AFI_IPV6) and (safi == SAFI_UNICAST or safi == SAFI_MULTICAST):
        return 1 << 2 * (afi - 1) + safi - 1
    return 0


cdef int feed_record(Feed *self, const RecordItem *record, const uint8_t *base, uint64_t where) noexcept nogil
cdef int feed_peers(Feed *self, const uint8_t *data, Py_ssize_t size) noexcept nogil
