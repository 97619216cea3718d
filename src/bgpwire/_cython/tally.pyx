"""Routes of MRT records, counted.

See the twin, ``_python/tally.py``. What is usual, whole and sound is counted as the grammar reads it, without an
object; the routes of any other record are made, and counted by the statistics themselves.
"""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from bgpwire._cython.block cimport TOLD, Block
from bgpwire._cython.cursor cimport AttributeItem, Cursor, PrefixItem, Step, cursor, next_attribute, next_prefix, offset
from bgpwire._cython.emit cimport Run
from bgpwire._cython.feed cimport Fed, Feed, time_of
from bgpwire._cython.feeder cimport Feeder
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6
from bgpwire._cython.prefix cimport address_of
from bgpwire._cython.route cimport Route

from bgpwire.afi_safi import Family

__all__ = ["iter_counts"]

cdef enum:
    PLACES = 1024  # of peers, in a hash table of which half is used
    PROBES = 8  # places looked at for one: as many for whatever addresses there are
    MASKS = 64

cdef uint64_t SPREAD = 0x9E3779B97F4A7C15
cdef uint64_t NOWHERE = ~<uint64_t> 0


cdef struct PeerCount:
    int64_t routes  # 0 where there is no peer
    uint64_t high  # of the address, as it stands
    uint64_t low
    uint32_t asn
    int size


cdef struct MaskCount:
    # Blocks with the same attributes.
    uint64_t there  # as Block has it
    int64_t blocks


cdef struct Counts:
    # Since they went to the statistics the last time; names in the order in which they were first met.
    int64_t routes
    int64_t[3] types
    double first
    double last
    int64_t[4] families
    int family_count
    uint8_t[4] family_order
    int64_t[2][129] lengths
    int64_t blocks
    uint64_t met  # attributes that have their place in code_order, a bit each
    MaskCount[MASKS] masks
    int64_t[256] codes
    int code_count
    uint8_t[256] code_order
    int peer_count
    uint16_t[PLACES] peer_order


cdef struct Tally:
    Feed feed
    int64_t room  # for routes, until there is something to give
    uint64_t update  # where the UPDATE stands whose attributes were counted last
    uint64_t rib  # where the record of a RIB stands of which a route was counted, with all that they share
    int family
    int64_t *length
    int64_t again  # its other routes
    Counts counts
    PeerCount[PLACES] peers


cdef int count_run(Feed *feed, Run *run, int64_t count) noexcept nogil:
    """Count a run."""
    cdef Tally *self = <Tally *> feed
    cdef PeerCount *peer
    if count == 0:
        return Fed.DONE
    peer = NULL if self.room <= 0 else peer_of(self, run)
    if peer == NULL:
        feed.at = offset(&run.prefixes)
        feed.left = count
        return Fed.FULL
    peer.routes += count
    if run.kind == c"R":
        count_block(&self.counts, run.block)
    elif run.offset != self.update:
        self.update = run.offset
        count_block(&self.counts, feed.block)
    if run.offset == self.rib:
        self.again += 1
    else:
        count_kinds(self, run, count)
    self.room -= count
    feed.done += count
    feed.left = 0
    return Fed.DONE


cdef void count_kinds(Tally *self, const Run *run, int64_t count) noexcept nogil:
    """Count what all routes of a record of a RIB share; the others of them are only numbered then."""
    cdef Counts *counts = &self.counts
    cdef double time = time_of(&self.feed)
    cdef int family = 2 * (run.afi - 1) + run.safi - 1
    add_again(self)
    if counts.routes == 0:
        counts.first = counts.last = time
    elif time < counts.first:
        counts.first = time
    elif time > counts.last:
        counts.last = time
    if counts.families[family] == 0:
        counts.family_order[counts.family_count] = <uint8_t> family
        counts.family_count += 1
    counts.routes += count
    counts.types[0 if run.kind == c"A" else 1 if run.kind == c"W" else 2] += count
    counts.families[family] += count
    self.length = count_lengths(counts, run, count)
    if run.kind == c"R":
        self.rib = run.offset
        self.family = family


cdef void add_again(Tally *self) noexcept nogil:
    """Count the routes that were only numbered."""
    if self.again:
        self.counts.routes += self.again
        self.counts.types[2] += self.again
        self.counts.families[self.family] += self.again
        self.length[0] += self.again
        self.again = 0


cdef inline PeerCount *peer_of(Tally *self, const Run *run) noexcept nogil:
    """The place of the run's peer; NULL if there is none any more for a new one."""
    cdef uint64_t high = 0, low = 0
    cdef uint32_t word, place
    cdef int _probe
    cdef PeerCount *peer
    if run.peer_size == 4:
        memcpy(&word, run.peer, 4)
        low = word
    else:
        memcpy(&high, run.peer, 8)
        memcpy(&low, run.peer + 8, 8)
    place = <uint32_t> (((high ^ low * SPREAD ^ run.peer_asn) * SPREAD) >> 54)
    for _probe in range(PROBES):
        peer = &self.peers[place]
        if peer.routes == 0:
            return new_peer(self, place, high, low, run)
        if peer.low == low and peer.high == high and peer.asn == run.peer_asn and peer.size == run.peer_size:
            return peer
        place = (place + 1) % PLACES
    return NULL


cdef PeerCount *new_peer(Tally *self, uint32_t place, uint64_t high, uint64_t low, const Run *run) noexcept nogil:
    """Put the run's peer in a place that is free."""
    cdef PeerCount *peer = &self.peers[place]
    if self.counts.peer_count == PLACES // 2:
        return NULL
    peer.high = high
    peer.low = low
    peer.asn = run.peer_asn
    peer.size = run.peer_size
    self.counts.peer_order[self.counts.peer_count] = <uint16_t> place
    self.counts.peer_count += 1
    return peer


cdef inline int64_t *count_lengths(Counts *self, const Run *run, int64_t count) noexcept nogil:
    """Where the last of them is counted."""
    cdef Cursor cur = run.prefixes
    cdef PrefixItem item
    cdef int which = 0 if run.afi == AFI_IPV4 else 1
    cdef int64_t _index
    cdef int64_t *found = &self.lengths[which][0]
    for _index in range(count):
        if next_prefix(&cur, 128 if which else 32, run.add_path, &item) != Step.ITEM:
            break  # they were looked at before
        found = &self.lengths[which][item.bits]
        found[0] += 1
    return found


cdef inline void count_block(Counts *self, const Block *block) noexcept nogil:
    """Blocks are counted by the set of their attributes, of which an archive has few."""
    cdef MaskCount *mask = &self.masks[(block.there * SPREAD) >> 58]
    self.blocks += 1
    if block.more or block.there & ~self.met:
        walk_block(self, block)
    if mask.there != block.there:
        add_mask(self, mask)
        mask.there = block.there
    mask.blocks += 1


cdef void walk_block(Counts *self, const Block *block) noexcept nogil:
    """Take in attributes that were not met before, and count those that ``there`` cannot tell."""
    cdef Cursor cur = cursor(block.start, 0, block.end - block.start)
    cdef AttributeItem item
    cdef uint64_t[4] seen
    cdef uint64_t bit
    seen[0] = seen[1] = seen[2] = seen[3] = 0
    while next_attribute(&cur, &item) == Step.ITEM:
        bit = <uint64_t> 1 << (item.code & 63)
        if seen[item.code >> 6] & bit:
            continue
        seen[item.code >> 6] |= bit
        if not self.met & bit if item.code < TOLD else self.codes[item.code] == 0:
            self.code_order[self.code_count] = item.code
            self.code_count += 1
        if item.code >= TOLD:
            self.codes[item.code] += 1
    self.met |= block.there


cdef void add_mask(Counts *self, MaskCount *mask) noexcept nogil:
    """Count the attributes of blocks that have the same."""
    cdef uint64_t there = mask.there
    cdef int code = 0
    while there:
        if there & 1:
            self.codes[code] += mask.blocks
        there >>= 1
        code += 1
    mask.blocks = 0


cdef class CountIterator(Feeder):
    """See ``iter_counts``."""

    cdef Tally _tally
    cdef Py_ssize_t _size
    cdef object _statistics

    cdef object _following(self):
        if self._walker is None:
            raise StopIteration
        try:
            while True:
                if not self._add_routes() or (self._fast and self._run()):
                    return self._taken()
                if self._look_ahead():
                    continue
                if not self._record():
                    self._on_end()
                    number = self._taken()
                    self._finish()
                    if number:
                        return number
                    raise StopIteration
        except BaseException:
            self._finish()
            raise

    cdef bint _is_full(self) noexcept:
        return self._tally.room <= 0

    cdef object _taken(self):
        """How many routes were counted since it was asked the last time."""
        cdef int64_t number = self._size - self._tally.room
        self._tally.room = self._size
        self._hand_over()
        return number

    cdef bint _add_routes(self) except -1:
        """Count the routes that wait; false when there is something to give."""
        cdef Route route
        if self._next < len(self._routes):
            # First what stands before them, for the order in which names are met.
            self._hand_over()
            route = self._routes[self._next]
            if route.event.offset == <long long> self._tally.update:
                # The rest of an UPDATE of which other routes were counted, with its attributes.
                self._statistics._seen = route.attributes
            routes = iter(self._routes[self._next :])
            self._tally.room -= self._statistics.add(
                routes if self._wanted is None else filter(self._wanted, routes)
            )
        self._routes = []
        self._next = 0
        return not self._is_full()

    cdef int _hand_over(self) except -1:
        """Add to the statistics what was counted without an object; the counts are empty then."""
        cdef Counts *counts = &self._tally.counts
        cdef object statistics = self._statistics
        cdef PeerCount *peer
        cdef int index, code
        add_again(&self._tally)
        self._tally.rib = NOWHERE
        if counts.routes == 0:
            return 0
        for index, name in enumerate("AWR"):
            if counts.types[index]:
                statistics.types[name] += counts.types[index]
        for index in range(counts.family_count):
            code = counts.family_order[index]
            statistics.families[Family(1 + (code >> 1), 1 + (code & 1))] += counts.families[code]
        for index in range(counts.peer_count):
            peer = &self._tally.peers[counts.peer_order[index]]
            address = (
                address_of(<const uint8_t *> &peer.low, 4) if peer.size == 4
                else address_of(<const uint8_t *> &peer.high, 16)
            )
            statistics.peers[peer.asn, address] += peer.routes
            peer.routes = 0
        for index in range(MASKS):
            add_mask(counts, &counts.masks[index])
        for index in range(counts.code_count):
            code = counts.code_order[index]
            statistics.attributes[code] += counts.codes[code]
        for code in (AFI_IPV4, AFI_IPV6):
            lengths = statistics.lengths[code]
            for index in range(129):
                if counts.lengths[code - 1][index]:
                    lengths[index] += counts.lengths[code - 1][index]
        statistics.attribute_blocks += counts.blocks
        statistics.cover(counts.first, counts.last)
        memset(counts, 0, sizeof(Counts))
        return 0

    cdef int _finish(self) except -1:
        self._hand_over()
        return Feeder._finish(self)


def iter_counts(
    RecordWalker walker not None, decoder not None, on_fault, on_end, close, statistics, Py_ssize_t size, filter=None
):
    """Count the routes of all records of ``walker`` into ``statistics``; gives how many, about ``size`` at a time.

    ``filter`` says which routes to count, ``None``: all. A record that cannot be read goes to
    ``on_fault(event, error)``; ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and
    when the iterator is dropped.
    """
    cdef CountIterator self = CountIterator.__new__(CountIterator)
    if size < 1:
        raise ValueError(f"counts of {size} routes")
    self._statistics = statistics
    self._size = size
    self._tally.room = size
    self._tally.update = self._tally.rib = NOWHERE
    self._tally.feed.give = count_run
    self._tally.feed.codes = filter is None
    self._begin(&self._tally.feed, walker, decoder, on_fault, on_end, close, filter)
    return self
