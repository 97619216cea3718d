# The grammar of MRT (RFC 6396, RFC 8050) as iterators over a cursor; see cursor.pxd.
#
# Where a field runs over the end, the step is a fault, the cursor stands before that field, and ``need`` is how many
# octets it takes. Nothing but the cursor's octets is read, each once.

from libc.stdint cimport uint8_t, uint16_t, uint32_t

from bgpwire._cython.cursor cimport Cursor, PrefixItem, Step, as_number, be16, be32, next_prefix
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AFI_IPV6,
    BGP4MP_ENTRY,
    BGP4MP_MESSAGE_ADDPATH,
    BGP4MP_MESSAGE_AS4,
    BGP4MP_MESSAGE_AS4_ADDPATH,
    BGP4MP_MESSAGE_AS4_LOCAL,
    BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH,
    BGP4MP_MESSAGE_LOCAL,
    BGP4MP_MESSAGE_LOCAL_ADDPATH,
    BGP4MP_SNAPSHOT,
    BGP4MP_STATE_CHANGE,
    BGP4MP_STATE_CHANGE_AS4,
    GEO_PEER_TABLE,
    RIB_GENERIC,
    RIB_GENERIC_ADDPATH,
    RIB_IPV4_MULTICAST,
    RIB_IPV4_MULTICAST_ADDPATH,
    RIB_IPV4_UNICAST,
    RIB_IPV4_UNICAST_ADDPATH,
    SAFI_MULTICAST,
    SAFI_UNICAST,
    TABLE_DUMP,
    TABLE_DUMP_V2,
)

cdef enum:
    RECORD_HEADER = 12
    SHORT_BY = 4  # octets that some writers of TABLE_DUMP left out


cdef struct RecordItem:
    uint32_t seconds
    uint16_t type
    uint16_t subtype
    uint32_t length
    Py_ssize_t start


cdef struct Bgp4mpForm:
    int width  # octets of an AS number
    bint add_path
    bint states
    bint local


cdef struct AsNumbersItem:
    Py_ssize_t need
    uint32_t peer
    uint32_t local


cdef struct AddressesItem:
    Py_ssize_t need
    uint16_t interface
    uint16_t afi
    uint8_t size  # octets of one address, 0 of a family that RFC 6396 does not know
    const uint8_t *peer
    const uint8_t *local


cdef struct PeerTableItem:
    Py_ssize_t need
    const uint8_t *collector
    Py_ssize_t view
    Py_ssize_t view_end
    uint16_t count


cdef struct PeerItem:
    Py_ssize_t need
    uint8_t type
    uint8_t size  # octets of the address
    const uint8_t *bgp_id
    const uint8_t *address
    uint32_t asn


cdef struct RibForm:
    int afi  # 0 of RIB_GENERIC
    int safi
    bint add_path


cdef struct RibHeadItem:
    Py_ssize_t need
    uint32_t sequence
    PrefixItem prefix


cdef struct GenericHeadItem:
    Py_ssize_t need
    uint32_t sequence
    uint16_t afi
    uint8_t safi


cdef struct RibEntryItem:
    Py_ssize_t need
    uint16_t peer
    uint32_t originated
    uint32_t path_id
    Py_ssize_t start  # of the attributes
    Py_ssize_t end


cdef struct DumpEntryItem:
    Py_ssize_t need
    const uint8_t *octets  # of the prefix
    uint8_t bits
    uint8_t status
    uint32_t originated
    const uint8_t *address
    uint32_t asn
    int length  # that the attributes declare
    Py_ssize_t missing  # octets of them that are not there
    Py_ssize_t start  # of the attributes
    Py_ssize_t end


cdef inline int short_of(Cursor *self, const char *sizes, Py_ssize_t *need) noexcept nogil:
    """Go before the first of the fields of these ``sizes`` that is not all there; a 0 ends the list."""
    while sizes[0] and self.end - self.pos >= sizes[0]:
        self.pos += sizes[0]
        sizes += 1
    need[0] = sizes[0]
    return Step.HEADER_OVERRUN


cdef inline void record_header(const uint8_t *pos, RecordItem *item) noexcept nogil:
    """The header of an MRT record (RFC 6396 section 2), of 12 octets."""
    item.seconds = be32(pos)
    item.type = be16(pos + 4)
    item.subtype = be16(pos + 6)
    item.length = be32(pos + 8)


cdef inline int next_record(Cursor *self, RecordItem *item) noexcept nogil:
    """An MRT record. HEADER_OVERRUN, OVERRUN: not all of it is there yet; with the latter ``item`` is filled in."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    if room == 0:
        return Step.END
    if room < RECORD_HEADER:
        return Step.HEADER_OVERRUN
    record_header(pos, item)
    item.start = pos + RECORD_HEADER - self.base
    if room - RECORD_HEADER < item.length:
        return Step.OVERRUN
    self.pos = pos + RECORD_HEADER + item.length
    return Step.ITEM


cdef inline bint bgp4mp_form(int subtype, Bgp4mpForm *form) noexcept nogil:
    """What a subtype of BGP4MP says (RFC 6396 section 4.4, RFC 8050 section 3); false for one without a peer's message
    or states."""
    if subtype > BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH or subtype == BGP4MP_ENTRY or subtype == BGP4MP_SNAPSHOT:
        return False
    form.states = subtype == BGP4MP_STATE_CHANGE or subtype == BGP4MP_STATE_CHANGE_AS4
    form.add_path = subtype >= BGP4MP_MESSAGE_ADDPATH
    form.local = (
        subtype == BGP4MP_MESSAGE_LOCAL
        or subtype == BGP4MP_MESSAGE_AS4_LOCAL
        or subtype >= BGP4MP_MESSAGE_LOCAL_ADDPATH
    )
    form.width = 4 if (
        subtype == BGP4MP_MESSAGE_AS4
        or subtype == BGP4MP_STATE_CHANGE_AS4
        or subtype == BGP4MP_MESSAGE_AS4_LOCAL
        or subtype == BGP4MP_MESSAGE_AS4_ADDPATH
        or subtype == BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH
    ) else 2
    return True


cdef inline int next_as_numbers(Cursor *self, int width, AsNumbersItem *item) noexcept nogil:
    """Peer and Local AS Number of BGP4MP, of ``width`` octets."""
    cdef const uint8_t *pos = self.pos
    if self.end - pos < 2 * width:
        return short_of(self, b"\4\4", &item.need) if width == 4 else short_of(self, b"\2\2", &item.need)
    item.peer = as_number(pos, width)
    item.local = as_number(pos + width, width)
    self.pos = pos + 2 * width
    return Step.ITEM


cdef inline int next_addresses(Cursor *self, AddressesItem *item) noexcept nogil:
    """Interface Index, Address Family, and the two addresses, of IPv4 or IPv6, that BGP4MP has behind the AS numbers.
    OVERRUN: an address is not all there."""
    cdef const uint8_t *pos = self.pos
    cdef int size
    if self.end - pos < 4:
        return short_of(self, b"\2\2", &item.need)
    item.interface = be16(pos)
    item.afi = be16(pos + 2)
    pos += 4
    size = 4 if item.afi == AFI_IPV4 else 16 if item.afi == AFI_IPV6 else 0
    item.size = <uint8_t> size
    item.peer = pos
    item.local = pos + size
    if self.end - pos < 2 * size:
        self.pos = pos if self.end - pos < size else pos + size
        item.need = size
        return Step.OVERRUN
    self.pos = pos + 2 * size
    return Step.ITEM


cdef inline int next_peer_table(Cursor *self, PeerTableItem *item) noexcept nogil:
    """Collector, view name and number of peers of PEER_INDEX_TABLE (RFC 6396 section 4.3.1)."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t size
    if self.end - pos < 6:
        return short_of(self, b"\4\2", &item.need)
    size = be16(pos + 4)
    item.collector = pos
    pos += 6
    item.view = pos - self.base
    item.view_end = item.view + size
    self.pos = pos
    item.need = size
    if self.end - pos < size:
        return Step.OVERRUN
    self.pos = pos + size
    if self.end - self.pos < 2:
        return short_of(self, b"\2", &item.need)
    item.count = be16(self.pos)
    self.pos += 2
    return Step.ITEM


cdef inline int next_peer(Cursor *self, PeerItem *item) noexcept nogil:
    """A peer entry of PEER_INDEX_TABLE: type (bit 1: an address of 16 octets, bit 2: an AS number of 4), BGP ID,
    address, AS number."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    cdef int size, width
    if room < 1:
        return short_of(self, b"\1", &item.need)
    item.type = pos[0]
    size = 16 if item.type & 1 else 4
    width = 4 if item.type & 2 else 2
    if room < 5 + size + width:
        self.pos = pos + 1
        if size == 4:
            return short_of(self, b"\4\4\4" if width == 4 else b"\4\4\2", &item.need)
        return short_of(self, b"\4\20\4" if width == 4 else b"\4\20\2", &item.need)
    item.size = <uint8_t> size
    item.bgp_id = pos + 1
    item.address = pos + 5
    item.asn = as_number(pos + 5 + size, width)
    self.pos = pos + 5 + size + width
    return Step.ITEM


cdef inline bint rib_form(int subtype, RibForm *form) noexcept nogil:
    """What a subtype of TABLE_DUMP_V2 says (RFC 6396 section 4.3, RFC 8050 section 4); false for one without RIB
    entries."""
    if subtype < RIB_IPV4_UNICAST or subtype == GEO_PEER_TABLE or subtype > RIB_GENERIC_ADDPATH:
        return False
    form.add_path = subtype >= RIB_IPV4_UNICAST_ADDPATH
    if subtype == RIB_GENERIC or subtype == RIB_GENERIC_ADDPATH:
        form.afi = form.safi = 0
        return True
    form.afi = AFI_IPV4 if (
        subtype == RIB_IPV4_UNICAST
        or subtype == RIB_IPV4_MULTICAST
        or subtype == RIB_IPV4_UNICAST_ADDPATH
        or subtype == RIB_IPV4_MULTICAST_ADDPATH
    ) else AFI_IPV6
    form.safi = SAFI_MULTICAST if subtype & 1 else SAFI_UNICAST
    return True


cdef inline int next_rib_head(Cursor *self, int longest, RibHeadItem *item) noexcept nogil:
    """Sequence number and prefix of a RIB record of one family (RFC 6396 section 4.3.2); the number of entries follows.
    TOO_LONG: the cursor stands before the length of the prefix; OVERRUN: before its octets, which are not all there."""
    cdef const uint8_t *pos = self.pos
    cdef int step
    if self.end - pos < 5:
        return short_of(self, b"\4\1", &item.need)
    item.sequence = be32(pos)
    self.pos = pos + 4
    step = next_prefix(self, longest, False, &item.prefix)
    if step == Step.OVERRUN:
        self.pos += 1
        item.need = (pos[4] + 7) >> 3
    return step


cdef inline int next_generic_head(Cursor *self, GenericHeadItem *item) noexcept nogil:
    """Sequence number and family of RIB_GENERIC (RFC 6396 section 4.3.3); one NLRI and the number of entries follow."""
    cdef const uint8_t *pos = self.pos
    if self.end - pos < 7:
        return short_of(self, b"\4\2\1", &item.need)
    item.sequence = be32(pos)
    item.afi = be16(pos + 4)
    item.safi = pos[6]
    self.pos = pos + 7
    return Step.ITEM


cdef inline int next_count(Cursor *self, uint16_t *count) noexcept nogil:
    """The number of entries of a RIB record."""
    if self.end - self.pos < 2:
        return Step.HEADER_OVERRUN
    count[0] = be16(self.pos)
    self.pos += 2
    return Step.ITEM


cdef inline int next_rib_entry(Cursor *self, bint add_path, RibEntryItem *item) noexcept nogil:
    """A RIB entry (RFC 6396 section 4.3.4), with a path identifier where ``add_path`` (RFC 8050 section 4.1).
    OVERRUN: its attributes are not all there, ``start`` is set."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos, head = 12 if add_path else 8, size
    if room < head:
        return short_of(self, b"\2\4\4\2" if add_path else b"\2\4\2", &item.need)
    item.peer = be16(pos)
    item.originated = be32(pos + 2)
    item.path_id = be32(pos + 6) if add_path else 0
    size = be16(pos + head - 2)
    item.start = pos + head - self.base
    if room - head < size:
        self.pos = pos + head
        item.need = size
        return Step.OVERRUN
    item.end = item.start + size
    self.pos = pos + head + size
    return Step.ITEM


cdef inline bint dump_form(int subtype, int *afi, int *width) noexcept nogil:
    """The family of TABLE_DUMP and the octets of its AS number (RFC 6396 section 4.2; 3 and 4 are what some writers had
    for AS numbers of 4 octets); false for another subtype."""
    if subtype < 1 or subtype > 4:
        return False
    afi[0] = 2 - (subtype & 1)
    width[0] = 4 if subtype > 2 else 2
    return True


cdef inline Py_ssize_t originated_at(int kind, int subtype, Py_ssize_t start) noexcept nogil:
    """Where it stands when the RIB entry was originated whose attributes begin at ``start``, 2 behind their length;
    negative for a record that has no such entries."""
    cdef RibForm form
    cdef int afi = 0, width = 0
    if kind == TABLE_DUMP_V2 and rib_form(subtype, &form):
        return start - (10 if form.add_path else 6)
    if kind == TABLE_DUMP and dump_form(subtype, &afi, &width):
        return start - 6 - width - (4 if afi == AFI_IPV4 else 16)
    return -1


cdef inline int next_dump_entry(Cursor *self, int afi, int width, DumpEntryItem *item) noexcept nogil:
    """An entry of TABLE_DUMP, behind view and sequence number (RFC 6396 section 4.2), AS number of ``width`` octets.

    TOO_LONG: the cursor stands before the prefix length. OVERRUN: more than 4 octets of the attributes, which begin at
    ``start``, are ``missing``, and the cursor stands before their length; fewer are forgiven, since some writers left
    them out.
    """
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos, head
    cdef int size = 4 if afi == AFI_IPV4 else 16
    head = 2 * size + width + 8
    if room < head:
        if size == 4:
            return short_of(self, b"\4\1\1\4\4\4\2" if width == 4 else b"\4\1\1\4\4\2\2", &item.need)
        return short_of(self, b"\20\1\1\4\20\4\2" if width == 4 else b"\20\1\1\4\20\2\2", &item.need)
    item.octets = pos
    item.bits = pos[size]
    if item.bits > 8 * size:
        self.pos = pos + size
        return Step.TOO_LONG
    item.status = pos[size + 1]
    item.originated = be32(pos + size + 2)
    item.address = pos + size + 6
    item.asn = as_number(pos + 2 * size + 6, width)
    item.length = be16(pos + head - 2)
    item.missing = item.length - (room - head)
    item.start = pos + head - self.base
    if item.missing > SHORT_BY:
        self.pos = pos + head - 2
        return Step.OVERRUN
    item.end = item.start + item.length
    if item.missing > 0:
        item.end -= item.missing
    self.pos = self.base + item.end
    return Step.ITEM
