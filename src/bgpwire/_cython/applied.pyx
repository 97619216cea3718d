"""Records of an archive, applied to a table of routes.

See the twin, ``_python/applied.py``. What is usual, whole and sound goes into the table as the grammar reads it,
without an object; the routes of any other record are made, and go to whoever knows more.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcmp, memcpy, memset

from bgpwire._cython.cursor cimport Cursor, PrefixItem, be16, next_prefix, offset
from bgpwire._cython.emit cimport Run
from bgpwire._cython.feed cimport Fed, FedPeer, Feed
from bgpwire._cython.feeder cimport Feeder
from bgpwire._cython.mrt cimport RecordWalker
from bgpwire._cython.mrt_grammar cimport Bgp4mpForm, bgp4mp_form
from bgpwire._cython.numbers cimport AFI_IPV4
from bgpwire._cython.rib cimport Store
from bgpwire._cython.rib_entry cimport ROOM, Entry, read_entry
from bgpwire._cython.rib_held cimport Pair
from bgpwire._cython.rib_pieces cimport keep_piece
from bgpwire._cython.rib_prefixes cimport Key, read_key
from bgpwire._cython.rib_table cimport (
    PeerName,
    Rib,
    find_peer,
    forget_number,
    leave_pair,
    number_of,
    put_route,
    share_pair,
    take_route,
)
from bgpwire._cython.route cimport Route
from bgpwire._cython.sound cimport sound

from bgpwire.errors import DecodeError

__all__ = ["iter_applied"]

cdef uint64_t NOWHERE = ~<uint64_t> 0
cdef enum:
    EVERY_FAMILY = 15


cdef struct Applying:
    Feed feed
    Rib *rib
    Entry entry
    int64_t room  # for routes, until there is something to give
    uint64_t sound  # where the UPDATE stands that was looked at last
    uint32_t source
    PeerName name  # of the peer that was met last, and its number
    int64_t peer
    int64_t *known  # by their places in the table of the feed, numbers of peers from 1 on; 0: not known yet
    int tables  # how many tables there were when it was made
    uint64_t record  # where the record stands whose prefix was met last, and the number of that
    uint32_t number


cdef int apply_run(Feed *feed, Run *run, int64_t count) noexcept nogil:
    """Put the routes of a run into the table, or take them out."""
    cdef Applying *self = <Applying *> feed
    cdef Pair pair = [0, 0, 0]
    cdef int done
    if count == 0:
        return Fed.DONE
    if self.room <= 0:
        feed.at = offset(&run.prefixes)
        feed.left = count
        return Fed.FULL
    if run.kind != c"R" and run.offset != self.sound:
        if not is_sound(feed):
            return Fed.OTHER
        self.sound = run.offset
    if find_run_peer(self, run) < 0:
        return -1
    if run.kind == c"W":
        done = take_prefixes(self, run, count)
    else:
        pair.since = <uint32_t> ((run.originated if run.kind == c"R" else run.time) // 1000000)
        if not read_entry(&self.entry, run):
            return Fed.OTHER
        done = keep_entry(self, &pair)
        if done == 0:
            done = put_prefixes(self, run, count, pair)
    if done < 0:
        return -1
    self.room -= count
    feed.done += count
    feed.left = 0
    return Fed.DONE


cdef bint is_sound(const Feed *feed) noexcept nogil:
    """Whether RFC 7606 has nothing to say of the UPDATE; what it asks for then is for objects."""
    cdef Bgp4mpForm form
    bgp4mp_form(feed.record.subtype, &form)  # it was looked at before
    return sound(
        feed.message, be16(feed.message + 16), form.width, 0, EVERY_FAMILY if form.add_path else feed.given
    )


cdef int find_run_peer(Applying *self, const Run *run) noexcept nogil:
    """Set the number of the run's peer; -1 without memory."""
    cdef int64_t *known = NULL
    cdef Py_ssize_t index
    if run.bgp_id != NULL:
        # An entry of a RIB, whose peer stands in the table of the feed.
        index = (run.peer - <const uint8_t *> self.feed.peers) // <Py_ssize_t> sizeof(FedPeer)
        known = &self.known[index]
        if known[0]:
            self.peer = known[0] - 1
            return 0
    elif self.peer >= 0 and is_named(&self.name, run):
        return 0
    memset(&self.name, 0, sizeof(PeerName))
    self.name.asn = run.peer_asn
    self.name.size = <uint8_t> run.peer_size
    self.name.source = self.source
    memcpy(self.name.address, run.peer, run.peer_size)
    if run.bgp_id != NULL:
        memcpy(self.name.bgp_id, run.bgp_id, 4)
    self.peer = find_peer(self.rib, &self.name)
    if known != NULL:
        known[0] = self.peer + 1
    return -1 if self.peer < 0 else 0


cdef inline bint is_named(const PeerName *name, const Run *run) noexcept nogil:
    if name.asn != run.peer_asn or name.size != run.peer_size:
        return False
    return memcmp(name.address, run.peer, run.peer_size) == 0


cdef int keep_entry(Applying *self, Pair *pair) noexcept nogil:
    """Have the pieces of a run's routes in use; -1 without memory."""
    cdef Rib *rib = self.rib
    cdef Entry *entry = &self.entry
    if entry.has_path:
        pair.path = keep_piece(&rib.paths, &rib.secret, entry.path, entry.path_size)
        if pair.path == 0:
            return -1
    pair.rest = keep_piece(&rib.rests, &rib.secret, entry.rest, entry.rest_size)
    if pair.rest == 0:
        leave_pair(rib, pair[0])
        return -1
    return 0


cdef int put_prefixes(Applying *self, const Run *run, int64_t count, Pair pair) noexcept nogil:
    """Put the routes of a run, whose pieces are in use once; -1 without memory."""
    cdef Cursor cur = run.prefixes
    cdef PrefixItem item
    cdef int64_t index
    cdef int done, family = (run.afi - 1) * 2 + run.safi - 1
    cdef bint identified = run.add_path or run.has_path_id
    cdef uint32_t number, path_id
    for index in range(count):
        if index:
            share_pair(self.rib, pair)
        if run.kind == c"R" and self.record == run.offset:
            number = self.number  # all entries of a record have the same prefix
            item.path_id = 0
        else:
            number = read_number(self, run, &cur, family, &item)
        if number == 0:
            leave_pair(self.rib, pair)
            return -1
        path_id = run.path_id if run.has_path_id else item.path_id
        done = put_route(self.rib, <uint32_t> self.peer, family, number, identified, path_id, pair, run.time)
        if done <= 0:
            forget_number(self.rib, family, number)
            leave_pair(self.rib, pair)
        if done < 0:
            return -1
    return 0


cdef inline uint32_t read_number(
    Applying *self, const Run *run, Cursor *cur, int family, PrefixItem *item
) noexcept nogil:
    """The number of the next prefix; 0 without memory."""
    cdef Key key
    next_prefix(cur, 32 if run.afi == AFI_IPV4 else 128, run.add_path, item)  # it was looked at before
    read_key(&key, item.octets, item.bits)
    self.record = run.offset
    self.number = number_of(self.rib, family, &key)
    return self.number


cdef int take_prefixes(Applying *self, const Run *run, int64_t count) noexcept nogil:
    """Take the routes of a run out; -1 without memory."""
    cdef Cursor cur = run.prefixes
    cdef PrefixItem item
    cdef Key key
    cdef int64_t _index
    cdef int family = (run.afi - 1) * 2 + run.safi - 1
    for _index in range(count):
        next_prefix(&cur, 32 if run.afi == AFI_IPV4 else 128, run.add_path, &item)  # it was looked at before
        read_key(&key, item.octets, item.bits)
        if take_route(self.rib, <uint32_t> self.peer, family, &key, run.add_path, item.path_id, run.time) < 0:
            return -1
    return 0


cdef class Applier(Feeder):
    """See ``iter_applied``."""

    cdef Applying _applying
    cdef Py_ssize_t _size
    cdef Store _store
    cdef object _other

    def __dealloc__(self):
        free(self._applying.entry.octets)
        free(self._applying.known)

    cdef object _following(self):
        if self._walker is None:
            raise StopIteration
        try:
            while True:
                if not self._apply_routes() or (self._fast and self._apply_runs()):
                    return self._taken()
                if self._look_ahead():
                    continue
                if not self._record():
                    self._on_end()
                    taken = self._taken()
                    self._finish()
                    if taken:
                        return taken
                    raise StopIteration
        except BaseException:
            self._finish()
            raise

    cdef bint _is_full(self) noexcept:
        return self._applying.room <= 0

    cdef bint _apply_runs(self) except -1:
        cdef Applying *applying = &self._applying
        self._store.enter()
        try:
            # What was found before may have gone since.
            applying.record = NOWHERE
            if applying.tables != applying.feed.tables:
                free(applying.known)
                applying.known = <int64_t *> calloc(applying.feed.peer_count + 1, sizeof(int64_t))
                if applying.known == NULL:
                    raise MemoryError("no memory for peers")
                applying.tables = applying.feed.tables
            return self._run()
        finally:
            self._store.leave()

    cdef object _taken(self):
        """How many routes were applied since it was asked the last time."""
        cdef int64_t number = self._size - self._applying.room
        self._applying.room = self._size
        return number

    cdef bint _apply_routes(self) except -1:
        """Apply the routes that wait; false when there is something to give."""
        cdef list routes = self._routes
        cdef Py_ssize_t at = self._next
        cdef Route route
        self._routes = []
        self._next = 0
        while at < len(routes):
            route = routes[at]
            if self._wanted is None or self._wanted(route):
                self._applying.room -= 1
                try:
                    self._other(route)
                except DecodeError as error:
                    self._on_fault(route.event, error)
            at += 1
        return not self._is_full()


def iter_applied(
    RecordWalker walker not None,
    decoder not None,
    on_fault,
    on_end,
    close,
    Store store not None,
    other,
    Py_ssize_t size,
    filter=None,
    uint32_t source=0,
):
    """Apply the routes of all records of ``walker`` to ``store``; gives how many, about ``size`` at a time.

    What is no route to a usual prefix, or not sound, goes to ``other(route)``. ``filter`` says which routes to apply,
    ``None``: all. ``source`` is the source of the peers. A record that cannot be read, and one of which ``other``
    raises a DecodeError, goes to ``on_fault(event, error)``; ``on_end()`` is called behind the last; ``close()`` at the
    end, at an exception, and when the iterator is dropped.
    """
    cdef Applier self = Applier.__new__(Applier)
    if size < 1:
        raise ValueError(f"{size} routes at a time")
    self._applying.entry.octets = <uint8_t *> malloc(ROOM)
    if self._applying.entry.octets == NULL:
        raise MemoryError("no memory for attributes")
    self._store = store
    self._other = other
    self._size = size
    self._applying.rib = &store.rib
    self._applying.room = size
    self._applying.sound = NOWHERE
    self._applying.source = source
    self._applying.peer = -1
    self._applying.feed.give = apply_run
    self._begin(&self._applying.feed, walker, decoder, on_fault, on_end, close, filter)
    return self
