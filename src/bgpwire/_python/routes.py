"""Routes out of MRT records: the loop that analysts run over gigabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._python.event import new_event
from bgpwire._python.peer import Peer
from bgpwire._python.prefix import Address
from bgpwire._python.route import Route, new_route
from bgpwire._python.tables import TableDecoder
from bgpwire._python.updates import update_routes
from bgpwire.afi_safi import ALL_FAMILIES, families_of
from bgpwire.errors import DecodeError, MrtError, TruncatedError
from bgpwire.old_writers import MESSAGES
from bgpwire.route.event import BODY, MESSAGE, NO_MESSAGE
from bgpwire.session import Provenance, Session
from bgpwire.unusual_records import locate_legacy, locate_unusual, read_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire._python.event import Event
    from bgpwire._python.mrt import Record, RecordWalker

__all__ = ["RouteDecoder", "iter_routes"]

# BGP4MP subtype: octets of an AS number, ADD-PATH, state change (RFC 6396 section 4.4, RFC 8050 section 3).
_BGP4MP = {
    0: (2, False, True),
    1: (2, False, False),
    4: (4, False, False),
    5: (4, False, True),
    6: (2, False, False),
    7: (4, False, False),
    8: (2, True, False),
    9: (4, True, False),
    10: (2, True, False),
    11: (4, True, False),
}
_BGP4MP_TYPES = frozenset((16, 17, 64, 65))
_LEGACY = frozenset((5, 9, 10))
_MAX_PEERS = 1 << 16


class RouteDecoder:
    """Decodes records one by one; holds what later records of a file need of earlier ones (the peer index).

    ``add_path`` names families whose NLRI carry path identifiers although the record's subtype does not
    say so: some collectors wrote such files. ``multiple_labels`` names those whose routes may have several labels
    (RFC 8277), which no record says.
    """

    __slots__ = ("_peers", "_sessions", "_tables")

    def __init__(
        self, add_path: Iterable[tuple[int, int]] = (), multiple_labels: Iterable[tuple[int, int]] = ()
    ) -> None:
        given, labels = families_of(add_path), families_of(multiple_labels)
        told = {"asn4_from": Provenance.GIVEN, "add_path_from": Provenance.GIVEN, "extended_message": True}
        self._sessions = {
            (size, paths): Session(
                size == 4,
                ALL_FAMILIES if paths else given,
                multiple_labels=labels,
                **told,  # type: ignore[arg-type]
            )
            for size in (2, 4)
            for paths in (False, True)
        }
        self._peers: dict[bytes, Peer] = {}
        self._tables = TableDecoder(self._sessions[2, False], self._sessions[4, False])

    def routes(self, record: Record) -> list[Route]:
        """The routes of one record, in the order withdrawn, announced; body before MP attributes.

        Empty for what holds none (OPEN, KEEPALIVE, a peer index, an unknown type).
        :class:`bgpwire.DecodeError`, its offset counted in ``record.data``, where the record or its message
        cannot be read; what an UPDATE's attributes got wrong is in :attr:`Route.errors` instead.
        """
        return self.routes_of(new_event(record.seconds, record.type, record.subtype, record.data, record.offset))

    def routes_of(self, event: Event) -> list[Route]:
        """The same of a record that :meth:`RecordWalker.events` gave, which is completed."""
        kind = event._type
        if kind == 13 or kind == 12:
            return self._tables.routes(event)
        code = self.find_message(event)
        if code == 2:
            return update_routes(event)
        if code is not None:
            return []
        if event._begin:
            return [_state_route(event)]
        if event._subtype == 2 and kind in _BGP4MP_TYPES:
            return [_entry(event, self._peers)]
        return []

    def find_message(self, event: Event) -> int | None:
        """The type of the BGP message that the record is; ``event`` gets its peer and session and where it stands.

        ``None`` for another record. A change of state gets its peer, and where the states stand.
        :class:`bgpwire.DecodeError`, its offset counted in the record, where that is too short for what it says.
        """
        event._begin = 0
        event._form = NO_MESSAGE
        kind = event._type
        data = event._data
        start = 0
        if kind == 17 or kind == 65:
            if len(data) < 4:
                raise MrtError("no room for microseconds", 0)
            start = 4
        elif kind != 16 and kind != 64:
            return self._find_body(event) if kind in _LEGACY else None
        form = _BGP4MP.get(event._subtype)
        if form is None:
            return None
        size, paths, states = form
        event.peer, begin = self._locate(event, start, size, states)
        event.session = self._sessions[size, paths]
        left = len(data) - begin
        if states:
            if left < 4:
                raise MrtError("state change without states", begin)
            event._begin = begin
            return None
        if left < 19:
            raise TruncatedError(f"message of at least 19 octets, {left} there", begin, 1, 2)
        length = data[begin + 16] << 8 | data[begin + 17]
        if length < 19 or length > left:
            raise TruncatedError(f"message of {length} octets, {left} there", begin + 16, 1, 2)
        event._begin = begin
        event._end = begin + length
        event._form = MESSAGE
        return data[begin + 18]

    def _find_body(self, event: Event) -> int | None:
        """What collectors wrote before BGP4MP (RFC 6396 appendices B.2.1 and B.2.5): messages without their headers."""
        found = locate_legacy(event, self._peers)
        if found is None:
            return None
        event.peer, event._begin = found
        event.session = self._sessions[2, False]
        if event._subtype == 3:
            return None
        event._begin, event._end, event._form = event._begin - 19, len(event._data), BODY
        return MESSAGES[event._subtype]

    def _locate(self, event: Event, start: int, size: int, states: bool) -> tuple[Peer, int]:
        """The peer of a BGP4MP record, AS numbers of ``size`` octets, and where its message or states begin."""
        data = event._data
        fixed = start + 2 * size + 4
        if len(data) < fixed:
            raise MrtError("BGP4MP header runs over the end", start)
        afi = data[fixed - 2] << 8 | data[fixed - 1]
        if afi not in (1, 2) or (len(data) == fixed and states):
            return locate_unusual(event, start, size, self._peers)
        after = fixed + (8 if afi == 1 else 32)
        if len(data) < after:
            raise MrtError("BGP4MP addresses run over the end", fixed)
        key = data[start:after]
        peer = self._peers.get(key)
        if peer is None:
            if len(self._peers) >= _MAX_PEERS:
                self._peers.clear()
            middle = (fixed + after) // 2
            peer = self._peers[key] = Peer(
                Address._of(data[fixed:middle]),
                int.from_bytes(data[start : start + size]),
                None,
                Address._of(data[middle:after]),
                int.from_bytes(data[start + size : start + 2 * size]),
                data[fixed - 4] << 8 | data[fixed - 3],
            )
        return peer, after


def _entry(event: Event, peers: dict[bytes, Peer]) -> Route:
    """BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): a route of a RIB."""
    peer, attributes, prefix, family, originated = read_entry(event, peers)
    event.peer, event.session = peer, attributes.session
    route = new_route("R", event, peer, attributes, prefix, (*family, True))
    route._rare = originated
    return route


def _state_route(event: Event) -> Route:
    """The change of state that stands at ``event._begin``, in 4 octets."""
    data, at, peer = event._data, event._begin, event.peer
    assert peer is not None
    route = new_route("S", event, peer, None, None, None)
    route._rare = (data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3])
    return route


def iter_routes(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
) -> Iterator[Route]:
    """The routes of all records of ``walker``; a record that cannot be read goes to ``on_fault(event, error)``.

    ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and when the iterator is dropped.
    """
    decode = decoder.routes_of
    try:
        for event in walker.events():
            try:
                routes = decode(event)
            except DecodeError as error:
                on_fault(event, error)
                routes = getattr(error, "routes", [])
            yield from routes
        on_end()
    finally:
        close()
