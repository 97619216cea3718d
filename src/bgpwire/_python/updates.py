"""The routes of one UPDATE (RFC 4271 section 4.3, RFC 4760), whatever source it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.attributes import making_attributes
from bgpwire._python.event import Event
from bgpwire._python.prefix import read_prefixes
from bgpwire._python.route import Route, making_route, new_route
from bgpwire._python.update import mp_head, section_ends
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire.errors import OPTIONAL_ATTRIBUTE, DecodeError, UpdateMessageError
from bgpwire.numbers.attribute import MP_REACH_NLRI
from bgpwire.route.event import MESSAGE, check_update
from bgpwire.route.shared import decode_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._python.attributes import PathAttributes

__all__ = ["routes_of"]

_IPV4_UNICAST = (1, 1)
_OWN_FIELD = (1, 1, False)
"""The place of the NLRI in the UPDATE's own fields."""


def routes_of(event: Event) -> list[Route]:
    """The routes of the UPDATE that ``event`` is, in the order withdrawn, announced; body before MP attributes.

    Empty for another message, a table entry or a state change. :class:`bgpwire.DecodeError`, its offset counted in
    the message, where its header or a prefix cannot be read; ``error.routes`` has the routes before. What is wrong
    with its attributes is in :attr:`Route.errors` instead. ValueError for an UPDATE without a peer.
    """
    if type(event) is not Event:
        raise TypeError(f"an Event, not {type(event).__name__}")
    if event._form != MESSAGE or not check_update(event):
        return []
    return update_routes(event, None)


def prefix_routes(
    out: list[Any],
    kind: str,
    event: Event,
    attributes: PathAttributes,
    start: int,
    end: int,
    place: tuple[int, int, bool],
    add_path: bool,
) -> DecodeError | None:
    """A route for each prefix of ``event._data[start:end]`` before the first fault, which is returned."""
    own = None if kind == "W" else attributes
    peer = event.peer
    assert peer is not None
    prefixes, fault = read_prefixes(event._data, start, end, place[0], add_path)
    for prefix in prefixes:
        route = making_route()
        route.type = kind
        route.event = event
        route.peer = peer
        route.attributes = attributes
        route.nlri = prefix
        route._own = own
        route._place = place
        route.__class__ = Route
        out.append(route)
    return fault


def update_routes(
    event: Event,
    pool: dict[int, dict[bytes, Any]] | None,
    take: Callable[..., DecodeError | None] = prefix_routes,
) -> list[Any]:
    """As :func:`routes_of`, of what is known to be an UPDATE; its header, if it has one, begins at ``event._begin``.

    ``pool`` has the values of other UPDATEs of the file. ``take`` says what becomes of the prefixes of IPv4 and IPv6:
    see :func:`prefix_routes`, which makes routes of them as they are made of all others.
    """
    session = event.session
    data = event._data
    begin = event._begin
    end = event._end
    add_path = _IPV4_UNICAST in session.add_path
    withdrawn, nlri = section_ends(data, begin + 19, end)
    attributes = making_attributes()
    attributes._pool = pool
    attributes._set(data, withdrawn + 2, nlri, session, -begin, None)
    index = attributes._index
    out: list[Any] = []
    fault: DecodeError | None = None
    if withdrawn > begin + 21:
        fault = take(out, "W", event, attributes, begin + 21, withdrawn, _OWN_FIELD, add_path)
    if 15 in index:
        fault = _mp(out, "W", event, attributes, 15, take) or fault
    if nlri < end:
        fault = take(out, "A", event, attributes, nlri, end, _OWN_FIELD, add_path) or fault
    if 14 in index:
        fault = _mp(out, "A", event, attributes, 14, take) or fault
    if fault is not None:
        raise _with_routes(fault, out)
    return out


def _mp(
    out: list[Any],
    kind: str,
    event: Event,
    attributes: PathAttributes,
    code: int,
    take: Callable[..., DecodeError | None],
) -> DecodeError | None:
    """The NLRI of MP_REACH_NLRI or MP_UNREACH_NLRI before the first fault, which is returned."""
    _, start, end = attributes._index[code]
    head = mp_head(event._data, start, end, code == MP_REACH_NLRI)
    if head is None:
        return mp_fault(code, start)
    afi, safi, _, at = head
    if code == MP_REACH_NLRI:
        at += 1
        if at > end:
            return mp_fault(code, start)
    place = afi, safi, True
    if (safi == SAFI_UNICAST or safi == SAFI_MULTICAST) and (afi == AFI_IPV4 or afi == AFI_IPV6):
        add_path = (afi, safi) in attributes.session.add_path
        return take(out, kind, event, attributes, at, end, place, add_path)
    values, fault = decode_field(event, at, end, afi, safi, kind == "W")
    peer = event.peer
    assert peer is not None
    out += [new_route(kind, event, peer, attributes, nlri, place) for nlri in values]
    return fault


def mp_fault(code: int, offset: int) -> DecodeError:
    """An MP attribute whose own fields run over its end."""
    name = "MP_REACH_NLRI" if code == MP_REACH_NLRI else "MP_UNREACH_NLRI"
    return UpdateMessageError(f"{name} runs over the end", offset, None, OPTIONAL_ATTRIBUTE)


def _with_routes(error: DecodeError, routes: list[Any]) -> DecodeError:
    """The fault of a record, and the routes before it."""
    error.routes = routes  # type: ignore[attr-defined]
    return error
