# What all kernels stand on: a cursor over octets, and the grammar of BGP as iterators over it.
#
# An iterator takes a cursor and fills in an item of offsets and integers. It returns ITEM, END, or a negative
# fault; the cursor then stands behind the item, or before what is at fault. Nothing here touches Python, so
# objects, text and columns all read through the same code, with or without the GIL.

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcmp

from bgpwire._cython.numbers cimport AFI_IPV4

cdef enum:
    MESSAGE_HEADER = 19


cdef enum Step:
    END = 0
    ITEM = 1
    OVERRUN = -1
    TOO_LONG = -2
    PATH_OVERRUN = -3
    NO_BOTTOM = -4
    NO_DISTINGUISHER = -5
    BAD_TYPE = -6
    EMPTY_SEGMENT = -7
    LONE_OCTET = -8
    HEADER_OVERRUN = -9


cdef struct Cursor:
    const uint8_t *base
    const uint8_t *pos
    const uint8_t *end


cdef struct AttributeItem:
    uint8_t flags
    uint8_t code
    Py_ssize_t header
    Py_ssize_t start
    Py_ssize_t end


cdef struct MpItem:
    uint16_t afi
    uint8_t safi
    uint8_t size  # octets of the next hop
    const uint8_t *next_hop


cdef struct MessageItem:
    uint16_t length
    uint8_t type
    Py_ssize_t start
    Py_ssize_t end


cdef struct SectionsItem:
    Py_ssize_t start  # of the withdrawn routes
    Py_ssize_t withdrawn_end  # the attributes begin 2 octets behind it
    Py_ssize_t attributes_end


cdef struct PrefixItem:
    uint32_t path_id
    uint8_t bits
    uint8_t size
    const uint8_t *octets


cdef struct LabelledForm:
    int longest  # 32 or 128 bits
    int distinguisher  # bits of the route distinguisher: 64, or 0
    bint add_path
    bint withdraw
    bint multiple  # several labels were negotiated


cdef struct LabelledItem:
    uint32_t path_id
    int bits  # of the prefix
    Py_ssize_t size
    const uint8_t *labels
    const uint8_t *octets  # behind the labels: the route distinguisher, or the prefix


cdef struct SegmentItem:
    uint8_t kind
    uint8_t count
    const uint8_t *numbers


cdef inline uint16_t be16(const uint8_t *p) noexcept nogil:
    return <uint16_t> (p[0] << 8 | p[1])


cdef inline uint32_t be32(const uint8_t *p) noexcept nogil:
    return <uint32_t> p[0] << 24 | <uint32_t> p[1] << 16 | <uint32_t> p[2] << 8 | p[3]


cdef inline uint64_t be64(const uint8_t *p) noexcept nogil:
    return <uint64_t> be32(p) << 32 | be32(p + 4)


cdef inline Cursor cursor(const uint8_t *base, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    cdef Cursor self
    self.base = base
    self.pos = base + start
    self.end = base + end
    return self


cdef inline Py_ssize_t left(Cursor *self) noexcept nogil:
    return self.end - self.pos


cdef inline Py_ssize_t offset(Cursor *self) noexcept nogil:
    return self.pos - self.base


cdef inline void message_header(const uint8_t *pos, uint16_t *length, uint8_t *type) noexcept nogil:
    """Length and type of the message whose 19 octets of header stand at ``pos`` (RFC 4271 section 4.1), unchecked."""
    length[0] = be16(pos + 16)
    type[0] = pos[18]


cdef inline int next_message(Cursor *self, MessageItem *item) noexcept nogil:
    """A message (RFC 4271 section 4.1), whatever its marker; its body is from ``start`` to ``end``. OVERRUN: ``length``
    is less than a header's, or more than is there."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    if room == 0:
        return Step.END
    if room < MESSAGE_HEADER:
        return Step.HEADER_OVERRUN
    message_header(pos, &item.length, &item.type)
    if item.length < MESSAGE_HEADER or item.length > room:
        return Step.OVERRUN
    item.start = pos + MESSAGE_HEADER - self.base
    self.pos = pos + item.length
    item.end = self.pos - self.base
    return Step.ITEM


cdef inline int next_sections(Cursor *self, SectionsItem *item) noexcept nogil:
    """The three sections of an UPDATE's body (RFC 4271 section 4.3), which is all there is; the cursor stays.
    HEADER_OVERRUN: it has no room for the two lengths. OVERRUN, PATH_OVERRUN: the first, the second runs over the end.
    """
    cdef Py_ssize_t room = left(self), first
    if room < 4:
        return Step.HEADER_OVERRUN
    item.start = offset(self) + 2
    first = be16(self.pos)
    item.withdrawn_end = item.start + first
    if room - 4 < first:
        return Step.OVERRUN
    item.attributes_end = item.withdrawn_end + 2 + be16(self.base + item.withdrawn_end)
    if self.end - self.base < item.attributes_end:
        return Step.PATH_OVERRUN
    return Step.ITEM


cdef inline int next_attribute(Cursor *self, AttributeItem *item) noexcept nogil:
    """A path attribute (RFC 4271 section 4.3): flags, code, length of 1 or 2 octets."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    cdef Py_ssize_t length, head
    if room == 0:
        return Step.END
    if room < 3:
        return Step.HEADER_OVERRUN
    item.flags = pos[0]
    item.code = pos[1]
    if item.flags & 0x10:
        if room < 4:
            return Step.HEADER_OVERRUN
        length = be16(pos + 2)
        head = 4
    else:
        length = pos[2]
        head = 3
    if room - head < length:
        return Step.OVERRUN
    item.header = pos - self.base
    item.start = item.header + head
    item.end = item.start + length
    self.pos = pos + head + length
    return Step.ITEM


cdef inline int next_mp_family(Cursor *self, MpItem *item) noexcept nogil:
    """AFI and SAFI in front of the NLRI of MP_UNREACH_NLRI, and of MP_REACH_NLRI (RFC 4760 sections 3 and 4)."""
    cdef const uint8_t *pos = self.pos
    if self.end - pos < 3:
        return Step.HEADER_OVERRUN
    item.afi = be16(pos)
    item.safi = pos[2]
    self.pos = pos + 3
    return Step.ITEM


cdef inline int next_mp_hop(Cursor *self, MpItem *item) noexcept nogil:
    """The next hop of MP_REACH_NLRI, its length in front (RFC 4760 section 3)."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    if room < 1:
        return Step.HEADER_OVERRUN
    item.size = pos[0]
    if room - 1 < item.size:
        return Step.OVERRUN
    item.next_hop = pos + 1
    self.pos = pos + 1 + item.size
    return Step.ITEM


cdef inline int next_mp_head(Cursor *self, bint reach, MpItem *item) noexcept nogil:
    """What stands in front of the NLRI of MP_REACH_NLRI (``reach``), or of MP_UNREACH_NLRI."""
    cdef int step = next_mp_family(self, item)
    if step != Step.ITEM or not reach:
        return step
    step = next_mp_hop(self, item)
    if step != Step.ITEM:
        return step
    if self.end - self.pos < 1:
        return Step.HEADER_OVERRUN
    self.pos += 1  # reserved, whatever it is
    return Step.ITEM


cdef inline int next_path(Cursor *self, bint add_path, uint32_t *path_id) noexcept nogil:
    """The path identifier in front of a prefix with ``add_path`` (RFC 7911 section 3). ITEM: more octets follow."""
    cdef Py_ssize_t room = self.end - self.pos
    if room == 0:
        return Step.END
    path_id[0] = 0
    if add_path:
        if room < 5:
            return Step.PATH_OVERRUN
        path_id[0] = be32(self.pos)
        self.pos += 4
    return Step.ITEM


cdef inline int next_prefix(Cursor *self, int longest, bint add_path, PrefixItem *item) noexcept nogil:
    """A prefix (RFC 4271 section 4.3), behind its path identifier with ``add_path`` (RFC 7911 section 3)."""
    cdef const uint8_t *pos
    cdef int bits, size
    cdef int step = next_path(self, add_path, &item.path_id)
    if step != Step.ITEM:
        return step
    pos = self.pos
    bits = pos[0]
    if bits > longest:
        return Step.TOO_LONG
    size = (bits + 7) >> 3
    if self.end - pos - 1 < size:
        return Step.OVERRUN
    item.bits = <uint8_t> bits
    item.size = <uint8_t> size
    item.octets = pos + 1
    self.pos = pos + 1 + size
    return Step.ITEM


cdef inline bint are_prefixes(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int longest, bint add_path
) noexcept nogil:
    """Whether prefixes fill the octets, each behind its path identifier with ``add_path``."""
    cdef Cursor cur = cursor(data, start, end)
    cdef PrefixItem item
    cdef int step = Step.ITEM
    while step == Step.ITEM:
        step = next_prefix(&cur, longest, add_path, &item)
    return step == Step.END


cdef inline LabelledForm labelled_form(
    int afi, int distinguisher, bint add_path, bint withdraw, bint multiple
) noexcept nogil:
    """How a run of labelled prefixes is written."""
    cdef LabelledForm form
    form.longest = 32 if afi == AFI_IPV4 else 128
    form.distinguisher = distinguisher
    form.add_path = add_path
    form.withdraw = withdraw
    form.multiple = multiple
    return form


cdef inline Py_ssize_t stack_size(
    const uint8_t *pos, int bits, int tail, bint withdraw, bint multiple
) noexcept nogil:
    """Octets of the label stack at ``pos``, -1 if it has no end; see ``_python/label.py``."""
    cdef Py_ssize_t size = 3
    if bits < 24:
        return -1
    bits -= 24
    if bits <= tail and (withdraw or not multiple):
        return size
    if withdraw and (pos[0] == 0 or pos[0] == 0x80) and not (pos[1] | pos[2]):
        return size
    while not pos[size - 1] & 1 and not (withdraw and bits <= tail):
        if bits < 24:
            return -1
        bits -= 24
        size += 3
    return size


cdef inline int next_labelled(Cursor *self, const LabelledForm *form, LabelledItem *item) noexcept nogil:
    """A prefix behind labels (RFC 8277 section 2), and behind a route distinguisher (RFC 4364 section 4.3.4)."""
    cdef const uint8_t *pos
    cdef int bits, octets
    cdef int step = next_path(self, form.add_path, &item.path_id)
    if step != Step.ITEM:
        return step
    pos = self.pos
    bits = pos[0]
    item.bits = bits
    octets = (bits + 7) >> 3
    if self.end - pos - 1 < octets:
        return Step.OVERRUN
    item.labels = pos + 1
    item.size = stack_size(pos + 1, bits, form.longest + form.distinguisher, form.withdraw, form.multiple)
    if item.size < 0:
        return Step.NO_BOTTOM
    bits -= <int> item.size * 8 + form.distinguisher
    item.bits = bits
    if bits < 0:
        return Step.NO_DISTINGUISHER
    if bits > form.longest:
        return Step.TOO_LONG
    item.octets = pos + 1 + item.size
    self.pos = pos + 1 + octets
    return Step.ITEM


cdef inline int next_segment(Cursor *self, int width, SegmentItem *item) noexcept nogil:
    """A path segment (RFC 4271 section 4.3 b) of AS numbers of ``width`` octets."""
    cdef const uint8_t *pos = self.pos
    cdef Py_ssize_t room = self.end - pos
    cdef uint8_t kind, count
    if room == 0:
        return Step.END
    if room < 2:
        return Step.LONE_OCTET
    kind = pos[0]
    count = pos[1]
    if kind < 1 or kind > 4:
        return Step.BAD_TYPE
    if count == 0:
        return Step.EMPTY_SEGMENT
    if room - 2 < count * width:
        return Step.OVERRUN
    item.kind = kind
    item.count = count
    item.numbers = pos + 2
    self.pos = pos + 2 + count * width
    return Step.ITEM


cdef inline uint32_t as_number(const uint8_t *pos, int width) noexcept nogil:
    return be32(pos) if width == 4 else be16(pos)
