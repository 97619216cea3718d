# Records of an archive as runs, each of routes that share time, peer and attributes: without an object, and without
# the GIL.

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from bgpwire._cython.block cimport Block
from bgpwire._cython.emit cimport Run
from bgpwire._cython.mrt_grammar cimport AddressesItem, AsNumbersItem, RecordItem
from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6, BGP4MP_ET, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire._cython.sieve cimport Criteria


cdef enum Fed:
    OTHER = 0  # what is unusual or not sound: the objects decide; with ``done`` routes of it they need not
    DONE = 1
    FULL = 2  # who takes the runs is; the rest of the record comes when there is room


cdef enum Part:
    # Of an UPDATE, in the order of its routes.
    WITHDRAWN
    UNREACHABLE
    ANNOUNCED
    REACHABLE
    BEHIND


cdef struct FedPeer:
    uint8_t size
    uint8_t[16] address
    uint8_t[4] bgp_id
    uint32_t asn


cdef struct Feed

# Takes ``count`` routes of a run, whose prefixes are sound: DONE, FULL, OTHER, or -1 without memory. ``done`` counts
# those taken; with FULL, ``at`` and ``left`` say what is left.
ctypedef int (*Give)(Feed *self, Run *run, int64_t count) noexcept nogil
# Be done with all that was given, before its octets go; -1 without memory.
ctypedef int (*Settle)(Feed *self) noexcept nogil


cdef struct Feed:
    # Whoever takes the runs has this as the first member of a structure of its own.
    Give give
    Settle settle  # NULL: whoever takes the runs keeps none of them
    Block *block  # where attributes are read to, and those of an UPDATE stand: who keeps a run's moves it on
    Block single  # that of who keeps none
    const uint8_t *limit  # the end of the octets that were read
    const Criteria *criteria  # of the routes that are given; NULL: all are
    bint codes  # who takes the runs asks for the codes of attributes alone, and there are no criteria
    int given  # families with path identifiers although no record says so: a bit each, see ``family_bit``
    FedPeer *peers
    int peer_count  # -1 before a peer index table
    int tables  # how many of them there were
    # Of the record that is being fed:
    int64_t done  # routes that were taken
    int part  # where it goes on: a Part, or which entry of a RIB
    Py_ssize_t at
    int64_t left
    # What it says beside its routes, for those who ask:
    const RecordItem *record
    uint32_t micro  # of BGP4MP_ET
    AsNumbersItem numbers  # of BGP4MP
    AddressesItem addresses
    const uint8_t *message  # of BGP4MP, from its marker
    bint own  # whether an UPDATE has routes in its NLRI field
    const uint8_t *field  # of TABLE_DUMP: its Prefix field, all octets of an address


cdef inline int family_bit(int afi, int safi) noexcept nogil:
    """The bit of a family of prefixes; 0 of any other."""
    if (afi == AFI_IPV4 or afi == AFI_IPV6) and (safi == SAFI_UNICAST or safi == SAFI_MULTICAST):
        return 1 << 2 * (afi - 1) + safi - 1
    return 0


cdef inline double time_of(const Feed *self) noexcept nogil:
    """Seconds since 1970 of the record, as an event has them."""
    cdef uint32_t micro = self.micro if self.record.type == BGP4MP_ET else 0
    return self.record.seconds + micro / 1e6


cdef int feed_record(Feed *self, const RecordItem *record, const uint8_t *base, uint64_t where) noexcept nogil
cdef int feed_peers(Feed *self, const uint8_t *data, Py_ssize_t size) noexcept nogil
