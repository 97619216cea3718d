"""The routes of one UPDATE (RFC 4271 section 4.3, RFC 4760), whatever source it came from."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

from bgpwire._cython.attributes cimport PathAttributes, attributes_of
from bgpwire._cython.cursor cimport Cursor, MpItem, PrefixItem, Step, cursor, next_mp_head, next_prefix, offset
from bgpwire._cython.event cimport MESSAGE, Event
from bgpwire._cython.numbers cimport (
    AFI_IPV4,
    AFI_IPV6,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    SAFI_MULTICAST,
    SAFI_UNICAST,
)
from bgpwire._cython.peer cimport Peer
from bgpwire._cython.prefix cimport Prefix, new_prefix, prefix_fault
from bgpwire._cython.route cimport ANNOUNCED, WITHDRAWN, new_route, place
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
    if event._form != MESSAGE or not check_update(event):
        return []
    paths = event.session.add_path
    every = paths is ALL_FAMILIES
    return update_routes(event, event.session.asn4, every, None if every or not paths else paths)


cdef list update_routes(Event event, bint asn4, bint paths, object given):
    """As :func:`routes_of`, of what is known to be an UPDATE; its header, if it has one, begins at ``event._begin``.

    ``asn4``, ``paths`` (ADD-PATH for all families) and ``given`` (for these alone, else ``None``) are what
    ``event.session`` says.
    """
    cdef const uint8_t *data = <const uint8_t *> PyBytes_AS_STRING(event._data)
    cdef Py_ssize_t withdrawn = 0, nlri = 0, begin = event._begin, end = event._end
    cdef bint add_path
    cdef PathAttributes attributes
    cdef list out = []
    cdef object fault = None
    find_ends(data, begin + 19, end, &withdrawn, &nlri)
    attributes = attributes_of(event._data, withdrawn + 2, nlri, event.session, asn4, -begin, None)
    add_path = paths or (given is not None and (1, 1) in given)
    if withdrawn > begin + 21:
        fault = prefix_routes(out, WITHDRAWN, event, attributes, begin + 21, withdrawn, place(1, 1, False), add_path)
    if attributes._at[MP_UNREACH_NLRI]:
        fault = mp_routes(out, WITHDRAWN, event, attributes, 15, paths, given) or fault
    if nlri < end:
        fault = prefix_routes(out, ANNOUNCED, event, attributes, nlri, end, place(1, 1, False), add_path) or fault
    if attributes._at[MP_REACH_NLRI]:
        fault = mp_routes(out, ANNOUNCED, event, attributes, 14, paths, given) or fault
    if fault is not None:
        raise with_routes(fault, out)
    return out


cdef object mp_routes(
    list out, str kind, Event event, PathAttributes attributes, int code, bint paths, object given
):
    """The routes of MP_REACH_NLRI or MP_UNREACH_NLRI before the first fault, which is returned."""
    cdef Cursor cur
    cdef MpItem head
    cdef Py_ssize_t start = 0, end = 0
    cdef uint32_t where
    attributes._find(code, &start, &end)
    cur = cursor(<const uint8_t *> PyBytes_AS_STRING(event._data), start, end)
    if next_mp_head(&cur, code == MP_REACH_NLRI, &head) != Step.ITEM:
        return mp_fault(code, start)
    where = place(head.afi, head.safi, True)
    if (head.safi == SAFI_UNICAST or head.safi == SAFI_MULTICAST) and (head.afi == AFI_IPV4 or head.afi == AFI_IPV6):
        paths = paths or (given is not None and (head.afi, head.safi) in given)
        return prefix_routes(out, kind, event, attributes, offset(&cur), end, where, paths)
    values, fault = decode_field(event, offset(&cur), end, head.afi, head.safi, kind is WITHDRAWN)
    for nlri in values:
        out.append(new_route(kind, event, event.peer, attributes, nlri, where))
    return fault


cdef object prefix_routes(
    list out,
    str kind,
    Event event,
    PathAttributes attributes,
    Py_ssize_t start,
    Py_ssize_t end,
    uint32_t where,
    bint add_path,
):
    """A route for each prefix of ``event._data[start:end]`` before the first fault, which is returned."""
    cdef Cursor cur = cursor(<const uint8_t *> PyBytes_AS_STRING(event._data), start, end)
    cdef PrefixItem item
    cdef Prefix prefix
    cdef Peer peer = event.peer
    cdef uint8_t afi = <uint8_t> (where >> 16)
    cdef int longest = 32 if afi == AFI_IPV4 else 128
    cdef int step
    while True:
        step = next_prefix(&cur, longest, add_path, &item)
        if step != Step.ITEM:
            break
        prefix = new_prefix()
        memcpy(prefix._octets, item.octets, item.size)
        prefix._bits = item.bits
        prefix.afi = afi
        if add_path:
            prefix._has_path = True
            prefix._path_id = item.path_id
        out.append(new_route(kind, event, peer, attributes, prefix, where))
    return None if step == Step.END else prefix_fault(step, cur.pos[0], offset(&cur))


cdef object mp_fault(int code, Py_ssize_t where):
    """An MP attribute whose own fields run over its end."""
    name = "MP_REACH_NLRI" if code == MP_REACH_NLRI else "MP_UNREACH_NLRI"
    return UpdateMessageError(f"{name} runs over the end", where, None, OPTIONAL_ATTRIBUTE)


cdef object with_routes(object error, list routes):
    """The fault of a record, and the routes before it."""
    error.routes = routes
    return error
