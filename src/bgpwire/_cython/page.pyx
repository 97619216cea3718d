"""Lines of routes, written into memory out of runs: what formats have in common. Nothing here is for Python."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from bgpwire._cython.block cimport Block, Value
from bgpwire._cython.cursor cimport (
    Cursor,
    PrefixItem,
    SegmentItem,
    Step,
    as_number,
    be16,
    be32,
    cursor,
    next_prefix,
    next_segment,
    offset,
)
from bgpwire._cython.emit cimport Run
from bgpwire._cython.emit_prefix cimport Bits, network
from bgpwire._cython.feed cimport Fed, Feed
from bgpwire._cython.numbers cimport AFI_IPV4, AS_PATH, BGP4MP_ET
from bgpwire._cython.rows cimport Buffer, need, put
from bgpwire._cython.text cimport put_ipv6, put_number, put_quad, put_short

__all__ = []


cdef int give_lines(Feed *feed, Run *run, int64_t count) noexcept nogil:
    """The lines of a run, or as many as the page has room for."""
    cdef Page *self = <Page *> feed
    cdef PrefixItem item
    cdef bint ipv4 = run.afi == AFI_IPV4
    cdef int told
    cdef Py_ssize_t size
    cdef char *out
    if count == 0:
        return Fed.DONE
    told = self.render(self, run)
    if told != Told.PRINTED:
        if told == Told.SILENT:
            feed.done += count
            feed.left = 0
            return Fed.DONE
        return told if told < 0 else Fed.OTHER
    size = self.before_size + self.between_size + self.path_size + self.rest.size + LINE
    while count:
        if self.text.size >= self.most:
            feed.at = offset(&run.prefixes)
            feed.left = count
            return Fed.FULL
        if need_text(self, size) < 0:
            return -1
        out = put_long(<char *> self.text.data + self.text.size, self.before, self.before_size)
        if run.kind == c"R":
            out = put_entry_prefix(self, out, run, ipv4)
            item.path_id = run.path_id
        else:
            if next_prefix(&run.prefixes, 32 if ipv4 else 128, run.add_path, &item) != Step.ITEM:
                return -1  # they were looked at before
            out = put_prefix(self, out, &item, ipv4, False, run.readable)
        out = put_text(out, self.between, self.between_size)
        if self.path != NULL:
            out = put_number(put_text(out, self.path, self.path_size), item.path_id)
        out = put_long(out, <const char *> self.rest.data, self.rest.size)
        self.text.size = out - <char *> self.text.data
        feed.done += 1
        count -= 1
    feed.left = 0
    return Fed.DONE


cdef int widen(Page *self, Py_ssize_t more) noexcept nogil:
    """Give the text more room; where its memory is lent, memory of its own."""
    cdef Buffer text
    if self.lent:
        memset(&text, 0, sizeof(Buffer))
        if put(&text, self.text.data, self.text.size) < 0:
            return -1
        self.text = text
        self.lent = False
    return need(&self.text, more)


cdef char *put_prefix(
    Page *self, char *out, const PrefixItem *item, bint ipv4, bint raw, const uint8_t *readable
) noexcept nogil:
    """Address and length; the host bits are cleared unless ``raw``."""
    cdef Bits first
    network(item.octets, 8 * item.size if raw else item.bits, readable, &first)
    out = put_char(self.put_address(out, first.octets, 4 if ipv4 else 16), c"/")
    return put_short(out, item.bits)


cdef char *put_entry_prefix(Page *self, char *out, Run *run, bint ipv4) noexcept nogil:
    """The prefix of a RIB entry, which is written once for all entries of a record."""
    cdef Cursor cur = run.prefixes
    cdef PrefixItem item
    cdef char *end
    if self.prefix_at != cur.pos or self.prefix_record != run.offset:
        if next_prefix(&cur, 32 if ipv4 else 128, False, &item) == Step.ITEM:  # it was looked at before
            end = put_prefix(self, self.prefix, &item, ipv4, self.raw, run.readable)
            self.prefix_size = <int> (end - self.prefix)
        self.prefix_at = run.prefixes.pos
        self.prefix_record = run.offset
    return put_long(out, self.prefix, self.prefix_size)


cdef char *put_peer_of(Page *self, char *out, const uint8_t *address, int size, uint32_t asn) noexcept nogil:
    """A peer as the format writes it; peers met last are remembered."""
    cdef PeerText *peer = &self.peers[((be32(address + size - 4) ^ asn) * 0x9E3779B1u) >> 25]
    cdef uint64_t key = <uint64_t> asn << 8 | size
    cdef uint64_t[2] words
    if size == 4:
        words[0] = be32(address)
        words[1] = 0
    else:
        memcpy(words, address, 16)
    if peer.key != key or peer.address[0] != words[0] or peer.address[1] != words[1]:
        peer.key = key
        peer.address = words
        peer.length = <int> (self.put_peer(peer.text, address, size, asn) - peer.text)
    return put_long(out, peer.text, peer.length)


cdef char *put_path(char *out, const Block *block, const char *style) noexcept nogil:
    """The path of AS_PATH; ``style`` has for each type of segment what stands before, between and behind its numbers, 0
    for nothing."""
    cdef Cursor cur = cursor(block.values[AS_PATH].octets, 0, block.values[AS_PATH].size)
    cdef SegmentItem item
    cdef const char *marks
    cdef const char *start = out
    cdef int index
    while next_segment(&cur, block.path_width, &item) == Step.ITEM:
        marks = style + 3 * (item.kind - 1)
        if out != start:
            out = put_char(out, c" ")
        if marks[0]:
            out = put_char(out, marks[0])
        if block.path_width == 4:
            for index in range(item.count):
                out = put_char(put_number(out, be32(item.numbers + 4 * index)), marks[1])
        else:
            for index in range(item.count):
                out = put_char(put_number(out, as_number(item.numbers + 2 * index, 2)), marks[1])
        out -= 1
        if marks[2]:
            out = put_char(out, marks[2])
    return out


cdef char *put_time(Page *self, char *out) noexcept nogil:
    """Seconds since 1970, with microseconds, of at least six digits, where the record has them."""
    cdef uint32_t micro = self.feed.micro, least = 100000
    out = put_seconds(self, out, self.feed.record.seconds)
    if self.feed.record.type != BGP4MP_ET:
        return out
    out = put_char(out, c".")
    while least > 1 and micro < least:
        out = put_char(out, c"0")
        least //= 10
    return put_number(out, micro)


cdef char *put_communities(char *out, const Value *value, const char *confed, int size) noexcept nogil:
    """Communities, a blank behind each; ``confed``, of ``size`` characters, is what NO_EXPORT_SUBCONFED is called."""
    cdef Py_ssize_t index
    cdef const uint8_t *octets
    for index in range(0, value.size, 4):
        octets = value.octets + index
        if octets[0] == 0xFF and octets[1] == 0xFF and octets[2] == 0xFF and 1 <= octets[3] <= 3:
            if octets[3] == 1:
                out = put_text(out, b"no-export ", 10)
            elif octets[3] == 2:
                out = put_text(out, b"no-advertise ", 13)
            else:
                out = put_text(out, confed, size)
            continue
        out = put_char(put_number(out, be16(octets)), c":")
        out = put_char(put_number(out, be16(octets + 2)), c" ")
    return out


cdef char *put_plain_address(char *out, const uint8_t *octets, int size) noexcept nogil:
    """An address as RFC 5952 has it."""
    return put_quad(out, octets) if size == 4 else put_ipv6(out, octets)
