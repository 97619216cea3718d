"""The routes of one UPDATE (RFC 4271 section 4.3, RFC 4760), whatever source it came from."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t
from libc.string cimport memset

from bgpwire._cython.cursor cimport Cursor, MpItem, PrefixItem, Step, cursor, next_mp_head, next_prefix, offset
from bgpwire._cython.event cimport MESSAGE, Event
from bgpwire._cython.gathered cimport Gathered, empty, gather, listed, make_room
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AFI_IPV6,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    SAFI_MULTICAST,
    SAFI_UNICAST,
)
from bgpwire._cython.pieces cimport Pieces, read_pieces, there
from bgpwire._cython.pool cimport NO_POOL, Pool
from bgpwire._cython.prefix cimport Prefix, new_prefix, prefix_fault, prefix_of, set_octets
from bgpwire._cython.route cimport (
    ANNOUNCED,
    WITHDRAWN,
    Route,
    copied,
    new_route,
    place,
    tell,
    tell_hop,
)
from bgpwire._cython.update cimport find_ends

from bgpwire.route.event import check_update
from bgpwire.route.shared import decode_field
from bgpwire.every_family import ALL_FAMILIES
from bgpwire.errors import OPTIONAL_ATTRIBUTE, UpdateMessageError

__all__ = ["routes_of"]


def routes_of(Event event not None):
    """The routes of the UPDATE that ``event`` is, in the order withdrawn, announced; body before MP attributes.

    Empty for another message, a table entry or a state change. :class:`bgpwire.DecodeError`, its offset counted in
    the message, where its header or a prefix cannot be read; ``error.routes`` has the routes before. What is wrong
    with its attributes is in :attr:`Route.errors` instead. ValueError for an UPDATE without a peer.
    """
    cdef Gathered out
    if event._form != MESSAGE or not check_update(event):
        return []
    paths = event.session.add_path
    every = paths is ALL_FAMILIES
    memset(&out, 0, sizeof(out))
    try:
        update_routes(event, event.session.asn4, every, None if every or not paths else paths, NO_POOL, &out)
        return listed(&out)
    finally:
        empty(&out)


cdef int update_routes(Event event, bint asn4, bint paths, object given, Pool pool, Gathered *out) except -1:
    """As :func:`routes_of`, into ``out``, of what is known to be an UPDATE; its header, if it has one, begins at
    ``event._begin``.

    ``asn4``, ``paths`` (ADD-PATH for all families) and ``given`` (for these alone, else ``None``) are what
    ``event.session`` says; ``pool`` has the values of other UPDATEs.
    """
    cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
    cdef Py_ssize_t withdrawn = 0, nlri = 0, begin = event._begin, end = event._end
    cdef bint add_path
    cdef Pieces pieces
    cdef Route model
    cdef object fault = None
    find_ends(data, begin + 19, end, &withdrawn, &nlri)
    read_pieces(&pieces, data, withdrawn + 2, nlri)
    add_path = paths or (given is not None and (1, 1) in given)
    if withdrawn > begin + 21:
        model = new_route(WITHDRAWN, event, event.peer, withdrawn + 2, place(1, 1, False), None, None)
        fault = prefix_routes(out, model, begin + 21, withdrawn, add_path)
    if there(&pieces, MP_UNREACH_NLRI):
        model = new_route(WITHDRAWN, event, event.peer, withdrawn + 2, 0, None, None)
        fault = mp_routes(out, model, &pieces, MP_UNREACH_NLRI, paths, given, pool) or fault
    if nlri < end:
        model = new_route(ANNOUNCED, event, event.peer, withdrawn + 2, place(1, 1, False), None, None)
        tell(model, &pieces, asn4, pool)
        tell_hop(model, &pieces, pool)
        fault = prefix_routes(out, model, nlri, end, add_path) or fault
    if there(&pieces, MP_REACH_NLRI):
        model = new_route(ANNOUNCED, event, event.peer, withdrawn + 2, 0, None, None)
        tell(model, &pieces, asn4, pool)
        fault = mp_routes(out, model, &pieces, MP_REACH_NLRI, paths, given, pool) or fault
    if fault is not None:
        raise with_routes(fault, listed(out))
    return 0


cdef object mp_routes(
    Gathered *out, Route model, const Pieces *pieces, int code, bint paths, object given, Pool pool
):
    """The routes of MP_REACH_NLRI or MP_UNREACH_NLRI before the first fault, which is returned. They are as ``model``,
    whose place and next hop are set."""
    cdef Py_ssize_t start = pieces.at[code].start, end = start + pieces.at[code].size
    cdef Cursor cur = cursor(pieces.data, start, end)
    cdef MpItem head
    if next_mp_head(&cur, code == MP_REACH_NLRI, &head) != Step.ITEM:
        return mp_fault(code, start)
    model._place = place(head.afi, head.safi, True)
    if code == MP_REACH_NLRI:
        tell_hop(model, pieces, pool)
    if (head.safi == SAFI_UNICAST or head.safi == SAFI_MULTICAST) and (head.afi == AFI_IPV4 or head.afi == AFI_IPV6):
        paths = paths or (given is not None and (head.afi, head.safi) in given)
        return prefix_routes(out, model, offset(&cur), end, paths)
    values, fault = decode_field(model.event, offset(&cur), end, head.afi, head.safi, code == MP_UNREACH_NLRI)
    for nlri in values:
        gather_copy(out, model, nlri, getattr(nlri, "prefix", None))
    return fault


cdef inline int gather_copy(Gathered *out, Route model, object nlri, object prefix) except -1:
    """A route as ``model``, of another NLRI."""
    make_room(out)
    out.routes[out.count] = copied(model, nlri, prefix)
    out.count += 1
    return 0


cdef object prefix_routes(Gathered *out, Route model, Py_ssize_t start, Py_ssize_t end, bint add_path):
    """A route for each prefix in ``start`` to ``end`` of its event's octets, before the first fault, which is returned.

    All are as ``model``, which is the first of them.
    """
    cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(model.event._data), start, end)
    cdef PrefixItem item
    cdef Prefix prefix, nlri = None
    cdef bint first = model.nlri is None
    cdef uint8_t afi = <uint8_t> (model._place >> 16)
    cdef int longest = 32 if afi == AFI_IPV4 else 128
    cdef int step
    while True:
        step = next_prefix(&cur, longest, add_path, &item)
        if step != Step.ITEM:
            break
        prefix = new_prefix(longest == 32)
        set_octets(prefix, item.octets, item.size)
        prefix._bits = item.bits
        prefix.afi = afi
        if add_path:
            nlri = prefix_of(prefix._octets, item.bits, afi)
            nlri._has_path = True
            nlri._path_id = item.path_id
        if first:
            first = False
            model.nlri = nlri if add_path else prefix
            model.prefix = prefix
            gather(out, model)
        elif add_path:
            gather_copy(out, model, nlri, prefix)
        else:
            gather_copy(out, model, prefix, prefix)
    return None if step == Step.END else prefix_fault(step, cur.pos[0], offset(&cur))


cdef object mp_fault(int code, Py_ssize_t where):
    """An MP attribute whose own fields run over its end."""
    name = "MP_REACH_NLRI" if code == MP_REACH_NLRI else "MP_UNREACH_NLRI"
    return UpdateMessageError(f"{name} runs over the end", where, None, OPTIONAL_ATTRIBUTE)


cdef object with_routes(object error, list routes):
    """The fault of a record, and the routes before it."""
    error.routes = routes
    return error
