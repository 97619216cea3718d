"""A table of routes to prefixes of IPv4 and IPv6. See the twin, ``_python/rib.py``."""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire._cython.prefix cimport Address, Prefix, all_octets, prefix_of
from bgpwire._cython.rib_entry cimport LONGEST, NO_PATH, PLACE
from bgpwire._cython.rib_held cimport IDENTIFIED, Held, Pair, next_pair
from bgpwire._cython.rib_pieces cimport keep_piece
from bgpwire._cython.rib_prefixes cimport Key, Prefixes, key_of, read_key, sorted_numbers, write_word
from bgpwire._cython.rib_table cimport (
    OUTCOMES,
    Neighbour,
    PeerName,
    detach_peer,
    find_peer,
    forget_number,
    free_rib,
    leave_pair,
    number_of,
    put_route,
    sweep,
    take_route,
)
from bgpwire._cython.trie cimport clear

__all__ = ["Store"]

cdef enum:
    SECRET = 16
    ALL = 0x7FFFFFFFFFFFFFFF


cdef int family_number(int afi, int safi) except -1:
    if (afi != AFI_IPV4 and afi != AFI_IPV6) or (safi != SAFI_UNICAST and safi != SAFI_MULTICAST):
        raise ValueError(f"no prefixes of family {afi}/{safi}")
    return (afi - 1) * 2 + safi - 1


cdef void key_of_prefix(Prefix prefix, Key *key) noexcept:
    cdef uint8_t[16] octets
    all_octets(prefix, octets)
    read_key(key, octets, prefix._bits)


cdef Prefix prefix_of_key(const Key *key, int afi, bint identified, uint32_t path_id):
    cdef uint8_t[16] octets
    cdef Prefix prefix
    write_word(octets, key.high)
    write_word(octets + 8, key.low)
    prefix = prefix_of(octets, key.bits, afi)
    if identified:
        prefix._has_path = True
        prefix._path_id = path_id
    return prefix


cdef int check_rest(bytes path, bytes rest) except -1:
    """ValueError unless these are pieces of an entry."""
    cdef const uint8_t *octets = <const uint8_t *> PyBytes_AS_STRING(rest)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(rest), place
    if size < PLACE:
        raise ValueError("a rest without a place for AS_PATH")
    place = octets[0] << 8 | octets[1]
    if (path is None) != (place == NO_PATH) or (path is not None and place > size - PLACE):
        raise ValueError(f"AS_PATH at octet {place} of {size - PLACE}")
    if size - PLACE + (0 if path is None else PyBytes_GET_SIZE(path) + 4) > LONGEST:
        raise ValueError(f"more than {LONGEST} octets of attributes")
    return 0


@cython.final
cdef class Store:
    """Routes by peer, family, prefix and path identifier; what they have in common is kept once."""

    def __init__(self, bytes secret not None):
        if PyBytes_GET_SIZE(secret) != SECRET:
            raise ValueError(f"{SECRET} octets are needed, not {len(secret)}")
        with cython.critical_section(self):
            if self._lock != NULL:
                raise TypeError("a store is made once")
            memcpy(&self.rib.secret, PyBytes_AS_STRING(secret), SECRET)
            self.rib.secret.second |= 1
            self._lock = PyThread_allocate_lock()
            if self._lock == NULL:
                raise MemoryError("no memory for a table")

    def __dealloc__(self):
        cdef int family
        if self._lock != NULL:
            free_rib(&self.rib)
            PyThread_free_lock(self._lock)
        for family in range(FAMILIES):
            free(self._order[family])
            clear(&self.tries[family])

    cdef int enter(self) except -1:
        """Wait until nobody else is in here: who applies an archive is without Python's lock."""
        if self._lock == NULL:
            raise ValueError("a store without a secret")
        if not PyThread_acquire_lock(self._lock, 0):
            with nogil:
                PyThread_acquire_lock(self._lock, 1)
        return 0

    cdef int leave(self) except -1:
        PyThread_release_lock(self._lock)
        return 0

    def peer(self, Address address, asn, source=0, Address bgp_id=None):
        """The number of a peer, from 0 on, whether it was known or not."""
        cdef PeerName name
        cdef int64_t number
        memset(&name, 0, sizeof(name))
        name.asn = asn
        name.source = source
        if address is not None:
            name.size = address._size
            memcpy(name.address, address._octets, address._size)
        if bgp_id is not None:
            memcpy(name.bgp_id, bgp_id._octets, 4)
        self.enter()
        try:
            number = find_peer(&self.rib, &name)
            if number < 0:
                raise MemoryError("no memory for a peer")
            return number
        finally:
            self.leave()

    def peers(self, Py_ssize_t first=0):
        """Those from number ``first`` on: octets of the address, AS number, octets of the BGP identifier, source,
        routes."""
        cdef list out = []
        cdef Py_ssize_t at
        cdef Neighbour *peer
        self.enter()
        try:
            for at in range(max(first, <Py_ssize_t> 0), self.rib.peer_count):
                peer = self.rib.neighbours[at]
                out.append((
                    peer.name.address[: peer.name.size], peer.name.asn, peer.name.bgp_id[:4], peer.name.source,
                    peer.routes,
                ))
        finally:
            self.leave()
        return out

    cdef Neighbour *_neighbour(self, Py_ssize_t peer) except NULL:
        if not 0 <= peer < self.rib.peer_count:
            raise IndexError(f"no peer {peer}")
        return self.rib.neighbours[peer]

    def put(
        self,
        Py_ssize_t peer,
        Prefix prefix not None,
        int safi,
        bytes path,
        bytes rest not None,
        since=0,
        int64_t time=0,
    ):
        """A route that a peer announces: 0 it has it already, 1 it is new, 2 it is in place of another.

        ``path`` is the value of AS_PATH with AS numbers of 4 octets, ``rest`` the other attributes as ``rib/entry.py``
        has them; ``since`` is in seconds since 1970, ``time``, of the change, in microseconds.
        """
        cdef int family = family_number(prefix.afi, safi), became
        cdef Key key
        cdef Pair pair
        cdef uint32_t number
        cdef Py_ssize_t size = 0 if path is None else PyBytes_GET_SIZE(path)
        check_rest(path, rest)
        key_of_prefix(prefix, &key)
        self.enter()
        try:
            self._neighbour(peer)
            pair.path = 0
            pair.since = since
            if path is not None:
                pair.path = keep_piece(
                    &self.rib.paths, &self.rib.secret, <const uint8_t *> PyBytes_AS_STRING(path), size
                )
                if pair.path == 0:
                    raise MemoryError("no memory for a route")
            pair.rest = keep_piece(
                &self.rib.rests, &self.rib.secret, <const uint8_t *> PyBytes_AS_STRING(rest), PyBytes_GET_SIZE(rest)
            )
            became = -1
            number = number_of(&self.rib, family, &key) if pair.rest else 0
            if number:
                became = put_route(
                    &self.rib, <uint32_t> peer, family, number, prefix._has_path, prefix._path_id, pair, time
                )
                forget_number(&self.rib, family, number)
            if became <= 0:
                leave_pair(&self.rib, pair)
            if became < 0:
                raise MemoryError("no memory for a route")
            return became
        finally:
            self.leave()

    def take(self, Py_ssize_t peer, Prefix prefix not None, int safi, int64_t time=0):
        """A route that a peer withdraws: 3 it is gone, 0 there was none."""
        cdef int family = family_number(prefix.afi, safi), became
        cdef Key key
        key_of_prefix(prefix, &key)
        self.enter()
        try:
            self._neighbour(peer)
            became = take_route(&self.rib, <uint32_t> peer, family, &key, prefix._has_path, prefix._path_id, time)
            if became < 0:
                raise MemoryError("no memory for a change")
            return became
        finally:
            self.leave()

    def detach(self, Py_ssize_t peer):
        """Take all routes of a peer out, at once; how many. Their memory is free when :meth:`sweep` has been there."""
        cdef int64_t count
        self.enter()
        try:
            self._neighbour(peer)
            count = detach_peer(&self.rib, <uint32_t> peer)
            if count < 0:
                raise MemoryError("no memory to take routes out")
            return count
        finally:
            self.leave()

    def sweep(self, int64_t most):
        """Free the memory of up to ``most`` routes that :meth:`detach` took out."""
        self.enter()
        sweep(&self.rib, most)
        self.leave()

    def withdraw(self, Py_ssize_t peer, int afi, int safi, uint64_t at, Py_ssize_t most, int64_t time=0):
        """Withdraw up to ``most`` routes of a peer in a family, from the place ``at`` on, 0 at first: the place behind
        them, or ``None`` when there are no more."""
        cdef int family = family_number(afi, safi)
        cdef Held *held
        cdef uint32_t prefix = 0, path_id = 0
        cdef Key key
        self.enter()
        try:
            held = &self._neighbour(peer).held[family]
            while most > 0:
                if next_pair(held, &at, &prefix, &path_id) == NULL:
                    return None
                key = key_of(&self.rib.prefixes[family], prefix & ~<uint32_t> IDENTIFIED)[0]
                if take_route(
                    &self.rib, <uint32_t> peer, family, &key, prefix & IDENTIFIED != 0, path_id, time
                ) < 0:
                    raise MemoryError("no memory for a change")
                most -= 1
            return at
        finally:
            self.leave()

    cdef const uint32_t *ordered(self, int family) except NULL:
        """The numbers of the prefixes of a family in their order."""
        cdef Prefixes *prefixes = &self.rib.prefixes[family]
        sweep(&self.rib, ALL)
        if self._order[family] == NULL or self._versions[family] != prefixes.version:
            free(self._order[family])
            self._order[family] = sorted_numbers(prefixes)
            self._versions[family] = prefixes.version
            if self._order[family] == NULL:
                raise MemoryError("no memory for the order of prefixes")
        return self._order[family]

    def count(self, int afi, int safi):
        """How many prefixes of a family have routes."""
        cdef int family = family_number(afi, safi)
        self.enter()
        try:
            sweep(&self.rib, ALL)
            return self.rib.prefixes[family].count
        finally:
            self.leave()

    def tell(self, bint told):
        """Keep changes from now on, or not: see ``rib_reads.changes``."""
        self.enter()
        self.rib.told = told
        self.leave()

    @property
    def routes(self):
        """How many there are."""
        return self.rib.routes

    @property
    def latest(self):
        """The latest time that a route was put or taken with, in microseconds; 0 before the first."""
        return self.rib.latest

    @property
    def outcomes(self):
        """How many announcements and withdrawals changed nothing, were of a new route, replaced one, took one out."""
        return tuple([self.rib.outcomes[index] for index in range(OUTCOMES)])

    @property
    def shared(self):
        """Distinct AS paths, their octets, and the same of the rest of the attributes."""
        return self.rib.paths.count, self.rib.paths.octets, self.rib.rests.count, self.rib.rests.octets
