"""A filter as numbers and octets: which runs, and which of their prefixes, it lets pass. Nothing here is for Python.

It answers as ``route/checks.py`` does; criteria that are not known here make no sieve, and routes are asked.
"""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcmp, memcpy

from bgpwire._cython.block cimport Block, Value, has
from bgpwire._cython.cursor cimport PrefixItem, as_number
from bgpwire._cython.emit cimport Run
from bgpwire._cython.feed cimport family_bit
from bgpwire._cython.numbers cimport AFI_IPV4, AS_PATH, COMMUNITIES, LARGE_COMMUNITY, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire._cython.prefix cimport Prefix, all_octets

from bgpwire._cython.communities import Community, LargeCommunity

__all__ = []

cdef enum:
    MOST_PLACES = 32  # more prefixes are found faster by a set of them, which the objects have

cdef double EVER = float("inf")


cdef inline bint among(const Wanted *self, const uint8_t *value, int size) noexcept nogil:
    """Whether a value is one of those, which are sorted."""
    cdef int low = 0, high = self.count, middle, order
    while low < high:
        middle = (low + high) >> 1
        order = memcmp(self.values + middle * size, value, size)
        if order == 0:
            return True
        if order < 0:
            low = middle + 1
        else:
            high = middle
    return False


cdef inline void put32(uint8_t *out, uint32_t value) noexcept nogil:
    out[0] = value >> 24
    out[1] = value >> 16 & 0xFF
    out[2] = value >> 8 & 0xFF
    out[3] = value & 0xFF


cdef bint admits_run(const Criteria *self, const Run *run, double time) noexcept nogil:
    """Whether routes of this run pass, as far as their prefixes have no say."""
    cdef uint8_t[4] asn
    if not self.kinds & kind_bit(run.kind) or not self.families & family_bit(run.afi, run.safi):
        return False
    if time < self.first or time > self.last:
        return False
    put32(asn, run.peer_asn)
    if not passes(self.peer_asns, among(&self.peer_asns[0], asn, 4), among(&self.peer_asns[1], asn, 4)):
        return False
    if not passes(self.peers, is_peer(&self.peers[0], run), is_peer(&self.peers[1], run)):
        return False
    if run.block == NULL:
        # A withdrawal has no path attributes: no criterion of them is met.
        return self.origins[0].values == NULL and self.communities[0].values == NULL and self.large[0].values == NULL
    return passes(self.origins, originated(&self.origins[0], run.block), originated(&self.origins[1], run.block)) and (
        passes_communities(self, run.block)
    )


cdef inline bint passes(const Wanted *both, bint wanted, bint unwanted) noexcept nogil:
    """Whether a criterion is met: by one of the values that are wanted, where some are, and by none that is not."""
    return (both[0].values == NULL or wanted) and not unwanted


cdef bint is_peer(const Wanted *self, const Run *run) noexcept nogil:
    cdef const Peer *peer = <const Peer *> self.values
    cdef int index
    for index in range(self.count):
        if peer[index].size == run.peer_size and not memcmp(peer[index].octets, run.peer, run.peer_size):
            return True
    return False


cdef bint originated(const Wanted *self, const Block *block) noexcept nogil:
    """Whether one of the AS numbers that originated the route, several of an AS_SET, is among these."""
    cdef uint8_t[4] asn
    cdef int index
    if self.values == NULL or not has(block, AS_PATH):
        return False
    for index in range(block.origin_count):
        put32(asn, as_number(block.origins + index * block.path_width, block.path_width))
        if among(self, asn, 4):
            return True
    return False


cdef bint passes_communities(const Criteria *self, const Block *block) noexcept nogil:
    cdef bint asked = self.communities[0].values != NULL or self.large[0].values != NULL
    if asked and not (
        tagged(&self.communities[0], block, COMMUNITIES, 4) or tagged(&self.large[0], block, LARGE_COMMUNITY, 12)
    ):
        return False
    return not (
        tagged(&self.communities[1], block, COMMUNITIES, 4) or tagged(&self.large[1], block, LARGE_COMMUNITY, 12)
    )


cdef bint tagged(const Wanted *self, const Block *block, int code, int size) noexcept nogil:
    cdef const Value *value = &block.values[code]
    cdef Py_ssize_t index
    if self.values == NULL or not has(block, code):
        return False
    for index in range(value.size // size):
        if among(self, value.octets + index * size, size):
            return True
    return False


cdef bint admits_prefix(const Criteria *self, const PrefixItem *item, int afi) noexcept nogil:
    """Whether a prefix of a run that passes does so too."""
    return passes(self.places, is_place(&self.places[0], item, afi), is_place(&self.places[1], item, afi))


cdef bint is_place(const Wanted *self, const PrefixItem *item, int afi) noexcept nogil:
    cdef const Place *place = <const Place *> self.values
    cdef int index, bits
    for index in range(self.count):
        if place[index].afi != afi:
            continue
        bits = place[index].bits
        if place[index].how == EXACT:
            if item.bits != bits:
                continue
        elif place[index].how == MORE_SPECIFIC:
            if item.bits < bits:
                continue
        else:
            if item.bits > bits:
                continue
            bits = item.bits
        if alike(item.octets, place[index].octets, bits):
            return True
    return False


cdef inline bint alike(const uint8_t *one, const uint8_t *other, int bits) noexcept nogil:
    """Whether the first ``bits`` are the same."""
    cdef int whole = bits >> 3
    if memcmp(one, other, whole):
        return False
    return not bits & 7 or not (one[whole] ^ other[whole]) & (0xFF00 >> (bits & 7) & 0xFF)


cdef class Sieve:
    """The criteria of a filter, and what they point at."""

    def __cinit__(self):
        self._held = []


cdef set KNOWN = {
    *("type", "not_type", "peer_asn", "not_peer_asn", "peer_address", "not_peer_address", "family", "not_family"),
    *("ip_version", "not_ip_version", "start", "end", "prefix", "more_specific", "less_specific", "not_prefix"),
    *("not_more_specific", "not_less_specific", "origin_asn", "not_origin_asn", "community", "not_community"),
}


cdef Sieve sieve_of(object criteria):
    """What answers as a filter of these criteria (``Filter.criteria``) does; ``None`` where routes must be asked."""
    cdef Sieve self = Sieve.__new__(Sieve)
    cdef Criteria *out = &self.criteria
    cdef int index
    if criteria is None or not KNOWN.issuperset(criteria) or bool in map(type, criteria.values()):
        return None
    out.first = criteria["start"][0] if "start" in criteria else -EVER
    out.last = criteria["end"][0] if "end" in criteria else EVER
    types = set(criteria.get("type", "AWR")) - set(criteria.get("not_type", ()))
    for kind in types & {"A", "W", "R"}:
        out.kinds |= kind_bit(ord(kind))
    for family in [(afi, safi) for afi in (1, 2) for safi in (SAFI_UNICAST, SAFI_MULTICAST)]:
        if of_family(criteria, "", family, True) and not of_family(criteria, "not_", family, False):
            out.families |= family_bit(family[0], family[1])
    for index, negated in enumerate(("", "not_")):
        hold(self, &out.peer_asns[index], [n.to_bytes(4) for n in criteria.get(negated + "peer_asn", ())], 4)
        hold(self, &out.origins[index], [n.to_bytes(4) for n in criteria.get(negated + "origin_asn", ())], 4)
        hold(self, &out.peers[index], [peer(one) for one in criteria.get(negated + "peer_address", ())], sizeof(Peer))
        communities = criteria.get(negated + "community", ())
        if not {Community, LargeCommunity}.issuperset(map(type, communities)):
            return None
        hold(self, &out.communities[index], [bytes(c) for c in communities if type(c) is Community], 4)
        hold(self, &out.large[index], [bytes(c) for c in communities if type(c) is LargeCommunity], 12)
        places = []
        for name, how in (("prefix", EXACT), ("more_specific", MORE_SPECIFIC), ("less_specific", LESS_SPECIFIC)):
            places += [place(how, prefix) for prefix in criteria.get(negated + name, ())]
        if len(places) > MOST_PLACES:
            return None
        hold(self, &out.places[index], places, sizeof(Place))
    return self


cdef bint of_family(object criteria, str negated, tuple family, bint absent) except -1:
    """Whether a family is among those of the criteria; ``absent`` where they name none."""
    cdef list found = []
    if negated + "family" in criteria:
        found.append(family in [tuple(one) for one in criteria[negated + "family"]])
    if negated + "ip_version" in criteria:
        found.append((4 if family[0] == AFI_IPV4 else 6) in criteria[negated + "ip_version"])
    return (all(found) if absent else any(found)) if found else absent


cdef int hold(Sieve self, Wanted *out, list values, int size) except -1:
    """Keep values of ``size`` octets each, sorted."""
    cdef bytes octets = b"".join(sorted(values))
    if values:
        self._held.append(octets)
        out.values = <const uint8_t *> PyBytes_AS_STRING(octets)
        out.count = len(octets) // size
    return 0


cdef bytes peer(object address):
    cdef Peer out
    cdef bytes octets = bytes(address)
    out.size = len(octets)
    out.octets = b"\0" * 16
    memcpy(out.octets, PyBytes_AS_STRING(octets), len(octets))
    return (<char *> &out)[: sizeof(Peer)]


cdef bytes place(int how, Prefix prefix):
    cdef Place out
    out.how = how
    out.afi = prefix.afi
    out.bits = prefix._bits
    all_octets(prefix, out.octets)
    return (<char *> &out)[: sizeof(Place)]
