"""Records of an archive as runs of routes, without an object and without the GIL. Nothing here is for Python."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport realloc
from libc.string cimport memcpy

from bgpwire._cython.block cimport SCRATCH, Block, find_values, has, read_block, read_codes
from bgpwire._cython.cursor cimport (
    MESSAGE_HEADER,
    Cursor,
    MessageItem,
    MpItem,
    PrefixItem,
    SectionsItem,
    Step,
    be32,
    cursor,
    left,
    next_message,
    next_mp_head,
    next_prefix,
    next_sections,
    offset,
)
from bgpwire._cython.emit cimport Run
from bgpwire._cython.mrt_grammar cimport (
    Bgp4mpForm,
    DumpEntryItem,
    PeerItem,
    PeerTableItem,
    RecordItem,
    RibEntryItem,
    RibForm,
    RibHeadItem,
    bgp4mp_form,
    dump_form,
    next_addresses,
    next_as_numbers,
    next_count,
    next_dump_entry,
    next_peer,
    next_peer_table,
    next_rib_entry,
    next_rib_head,
    rib_form,
)
from bgpwire._cython.next_hop cimport mp_hop
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    BGP4MP,
    BGP4MP_ET,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    NEXT_HOP,
    SAFI_UNICAST,
    TABLE_DUMP,
    TABLE_DUMP_V2,
    UPDATE,
)
from bgpwire._cython.sieve cimport Criteria, admits_prefix, admits_run

__all__ = []

cdef enum:
    SEQUENCE_END = 4  # of the view and the sequence number of TABLE_DUMP


cdef int feed_record(Feed *self, const RecordItem *record, const uint8_t *base, uint64_t where) noexcept nogil:
    """Give the routes of a record whose octets are all there; -1 without memory.

    A record that has more routes than there is room for is fed again when there is; ``done`` is 0 at first.
    """
    cdef Cursor cur = cursor(base, record.start, record.start + record.length)
    cdef Run run
    self.record = record
    run.time = <int64_t> record.seconds * 1000000
    run.offset = where
    run.bgp_id = NULL
    run.has_originated = run.has_path_id = False
    run.readable = self.limit
    if record.type == BGP4MP or record.type == BGP4MP_ET:
        if record.type == BGP4MP_ET:
            if left(&cur) < 4:
                return Fed.OTHER
            self.micro = be32(cur.pos)
            run.time += self.micro
            cur.pos += 4
        return feed_update(self, record.subtype, &cur, &run)
    if record.type == TABLE_DUMP_V2:
        return feed_rib(self, record.subtype, &cur, &run)
    if record.type == TABLE_DUMP:
        return feed_dump(self, record.subtype, &cur, &run)
    return Fed.OTHER


cdef inline int pass_on(Feed *self, Run *run, int64_t count) noexcept nogil:
    """Give the routes of a run that are wanted. Those that are not are done too."""
    return self.give(self, run, count) if self.criteria == NULL else pass_wanted(self, run, count)


cdef int pass_wanted(Feed *self, Run *run, int64_t count) noexcept nogil:
    cdef Cursor cur
    cdef int64_t stretch
    cdef bint wanted = False
    cdef int found
    if not admits_run(self.criteria, run, time_of(self)):
        self.done += count
        self.left = 0
        return Fed.DONE
    if self.criteria.places[0].values == NULL and self.criteria.places[1].values == NULL:
        return self.give(self, run, count)
    while count:
        cur = run.prefixes
        stretch = next_stretch(self.criteria, run, &cur, count, &wanted)
        if wanted:
            found = self.give(self, run, stretch)
            if found != Fed.DONE:
                self.left += count - stretch
                return found
        else:
            self.done += stretch
        run.prefixes.pos = cur.pos
        count -= stretch
    self.left = 0
    return Fed.DONE


cdef int64_t next_stretch(
    const Criteria *criteria, const Run *run, Cursor *cur, int64_t most, bint *wanted
) noexcept nogil:
    """How many prefixes from ``cur`` on are all wanted, or all not; it then stands behind them."""
    cdef PrefixItem item
    cdef Py_ssize_t end = 0
    cdef int64_t count = 0
    cdef bint found
    while count < most:
        if next_prefix(cur, 32 if run.afi == AFI_IPV4 else 128, run.add_path, &item) != Step.ITEM:
            break  # they were looked at before
        found = admits_prefix(criteria, &item, run.afi)
        if count == 0:
            wanted[0] = found
        elif found != wanted[0]:
            cur.pos = cur.base + end
            break
        end = offset(cur)
        count += 1
    return count


cdef inline int64_t count_prefixes(Cursor cur, int longest, bint add_path) noexcept nogil:
    """How many there are; -1 if one is not sound."""
    cdef PrefixItem item
    cdef int64_t count = 0
    cdef int step
    while True:
        step = next_prefix(&cur, longest, add_path, &item)
        if step != Step.ITEM:
            return count if step == Step.END else -1
        count += 1


cdef inline void read_asked(
    const Feed *self, Block *block, const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int width
) noexcept nogil:
    """As much of the attributes as is asked for."""
    if self.codes:
        read_codes(block, data, start, end)
    else:
        read_block(block, data, start, end, width)


cdef int feed_update(Feed *self, int subtype, Cursor *cur, Run *run) noexcept nogil:
    """A message of BGP4MP; other messages than UPDATE have no routes."""
    cdef Bgp4mpForm form
    cdef MessageItem message
    cdef SectionsItem sections
    cdef Block *block = self.block
    cdef int part, found
    cdef int64_t count
    if not bgp4mp_form(subtype, &form) or form.states:
        return Fed.OTHER
    if next_as_numbers(cur, form.width, &self.numbers) != Step.ITEM:
        return Fed.OTHER
    if next_addresses(cur, &self.addresses) != Step.ITEM:
        return Fed.OTHER
    if self.addresses.size == 0 or next_message(cur, &message) != Step.ITEM:
        return Fed.OTHER
    if message.type != UPDATE:
        return Fed.DONE
    cur[0] = cursor(cur.base, message.start, message.end)
    if next_sections(cur, &sections) != Step.ITEM:
        return Fed.OTHER
    read_asked(self, block, cur.base, sections.withdrawn_end + 2, sections.attributes_end, form.width)
    if block.odd:
        return Fed.OTHER
    if self.codes:
        find_values(block)
    run.peer = self.addresses.peer
    run.peer_size = self.addresses.size
    run.peer_asn = self.numbers.peer
    self.message = cur.base + message.start - MESSAGE_HEADER
    self.own = sections.attributes_end < message.end
    part = self.part
    while part < Part.BEHIND:
        found = begin_part(self, part, block, &sections, message.end, form.add_path, cur.base, run)
        if found < 0:
            return Fed.OTHER
        if found:
            if self.left:
                run.prefixes.pos = run.prefixes.base + self.at
                count = self.left
            else:
                count = count_prefixes(run.prefixes, 32 if run.afi == AFI_IPV4 else 128, run.add_path)
                if count < 0:
                    return Fed.OTHER
            self.part = part
            found = pass_on(self, run, count)
            if found != Fed.DONE:
                return found
        part += 1
    return Fed.DONE


cdef int begin_part(
    Feed *self,
    int part,
    const Block *block,
    const SectionsItem *sections,
    Py_ssize_t end,
    bint add_path,
    const uint8_t *base,
    Run *run,
) noexcept nogil:
    """Where the prefixes of a part stand, and what holds for all; 0 if there is no such part, -1 if it is odd."""
    cdef MpItem head
    cdef bint reach = part == Part.REACHABLE
    cdef int code = MP_REACH_NLRI if reach else MP_UNREACH_NLRI
    run.kind = c"A" if part >= Part.ANNOUNCED else c"W"
    run.block = block if part >= Part.ANNOUNCED else NULL
    run.hop_size = 0
    if part == Part.WITHDRAWN or part == Part.ANNOUNCED:
        run.afi = AFI_IPV4
        run.safi = SAFI_UNICAST
        if (sections.withdrawn_end == sections.start) if part == Part.WITHDRAWN else (sections.attributes_end == end):
            return 0
        if part == Part.WITHDRAWN:
            run.prefixes = cursor(base, sections.start, sections.withdrawn_end)
        else:
            run.prefixes = cursor(base, sections.attributes_end, end)
            if has(block, NEXT_HOP) and not self.codes:
                run.hop = block.values[NEXT_HOP].octets
                run.hop_size = 4
    else:
        if not has(block, code):
            return 0
        run.prefixes = cursor(base, 0, 0)
        run.prefixes.pos = block.values[code].octets
        run.prefixes.end = run.prefixes.pos + block.values[code].size
        if next_mp_head(&run.prefixes, reach, &head) != Step.ITEM or not family_bit(head.afi, head.safi):
            return -1
        run.afi = head.afi
        run.safi = head.safi
        if reach and not self.codes:
            run.hop_size = mp_hop(block.values[code].octets, 0, block.values[code].size, 0, 0, &run.hop)
    run.add_path = add_path or bool(self.given & family_bit(run.afi, run.safi))
    return 1


cdef int feed_rib(Feed *self, int subtype, Cursor *cur, Run *run) noexcept nogil:
    """A RIB record of prefixes of IPv4 or IPv6; a peer index table is for the objects."""
    cdef RibForm form
    cdef RibHeadItem head
    cdef RibEntryItem item
    cdef const FedPeer *peer
    cdef uint16_t count = 0
    cdef int step
    if not rib_form(subtype, &form) or not form.afi or self.peer_count < 0:
        return Fed.OTHER
    run.prefixes = cur[0]
    run.prefixes.pos = cur.pos + 4
    step = next_rib_head(cur, 32 if form.afi == AFI_IPV4 else 128, &head)
    if step != Step.ITEM or next_count(cur, &count) != Step.ITEM:
        return Fed.OTHER
    run.kind = c"R"
    run.afi = form.afi
    run.safi = form.safi
    run.add_path = False
    run.has_path_id = form.add_path
    run.has_originated = True
    if self.part:
        cur.pos = cur.base + self.at
    while self.part < count:
        self.at = offset(cur)
        if next_rib_entry(cur, form.add_path, &item) != Step.ITEM or item.peer >= self.peer_count:
            return Fed.OTHER
        run.path_id = item.path_id
        peer = &self.peers[item.peer]
        run.bgp_id = &peer.bgp_id[0]
        run.peer = &peer.address[0]
        run.peer_size = peer.size
        run.peer_asn = peer.asn
        step = feed_entry(self, cur.base, item.start, item.end, item.originated, 4, run, head.prefix.size)
        if step != Fed.DONE:
            return step
        self.part += 1
    return Fed.DONE


cdef int feed_entry(
    Feed *self,
    const uint8_t *base,
    Py_ssize_t start,
    Py_ssize_t end,
    uint32_t originated,
    int width,
    Run *run,
    int size,
) noexcept nogil:
    """The route of an entry of a RIB; its prefix, of ``size`` octets behind a length, stands at ``run.prefixes``."""
    cdef Block *block = self.block
    cdef Py_ssize_t at = self.at
    cdef const uint8_t *prefix = run.prefixes.pos
    cdef int step
    read_asked(self, block, base, start, end, width)
    if block.odd:
        return Fed.OTHER
    run.block = block
    run.originated = <int64_t> originated * 1000000
    run.hop_size = 0
    if self.codes:
        pass
    elif has(block, MP_REACH_NLRI) and not (run.afi == AFI_IPV4 and run.safi == SAFI_UNICAST):
        run.hop_size = mp_hop(
            block.values[MP_REACH_NLRI].octets, 0, block.values[MP_REACH_NLRI].size, run.afi, run.safi, &run.hop
        )
        if run.hop_size < 0:
            return Fed.OTHER
    elif has(block, NEXT_HOP):
        run.hop = block.values[NEXT_HOP].octets
        run.hop_size = 4
    run.prefixes.end = prefix + 1 + size
    step = pass_on(self, run, 1)
    run.prefixes.pos = prefix
    self.at = at
    return step


cdef int feed_dump(Feed *self, int subtype, Cursor *cur, Run *run) noexcept nogil:
    """A record of TABLE_DUMP with one whole entry."""
    cdef DumpEntryItem item
    cdef uint8_t *prefix = &self.block.prefix[0]
    cdef int afi = 0, width = 0, size
    if not dump_form(subtype, &afi, &width) or left(cur) < SEQUENCE_END:
        return Fed.OTHER
    cur.pos += SEQUENCE_END
    if next_dump_entry(cur, afi, width, &item) != Step.ITEM or item.missing > 0 or left(cur):
        return Fed.OTHER
    self.field = item.octets
    size = (item.bits + 7) >> 3
    prefix[0] = item.bits
    if afi == AFI_IPV4:
        memcpy(prefix + 1, item.octets, 4)
    else:
        memcpy(prefix + 1, item.octets, 16)
    run.peer = item.address
    run.peer_size = 4 if afi == AFI_IPV4 else 16
    run.peer_asn = item.asn
    run.kind = c"R"
    run.afi = afi
    run.safi = SAFI_UNICAST
    run.add_path = False
    run.has_originated = True
    run.prefixes = cursor(prefix, 0, 17)
    run.readable = prefix + SCRATCH
    return feed_entry(self, cur.base, item.start, item.end, item.originated, width, run, size)


cdef int feed_peers(Feed *self, const uint8_t *data, Py_ssize_t size) noexcept nogil:
    """Take over the peer index table that these octets are; it was read once before, and is sound."""
    cdef Cursor cur = cursor(data, 0, size)
    cdef PeerTableItem head
    cdef PeerItem item
    cdef FedPeer *peer
    if next_peer_table(&cur, &head) != Step.ITEM:
        return 0
    peer = <FedPeer *> realloc(self.peers, (head.count + 1) * sizeof(FedPeer))
    if peer == NULL:
        return -1
    self.peers = peer
    self.peer_count = 0
    self.tables += 1
    while self.peer_count < head.count and next_peer(&cur, &item) == Step.ITEM:
        peer = &self.peers[self.peer_count]
        peer.size = item.size
        memcpy(peer.address, item.address, item.size)
        memcpy(peer.bgp_id, item.bgp_id, 4)
        peer.asn = item.asn
        self.peer_count += 1
    return 0
