"""Routes out of MRT records: the loop that analysts run over gigabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.event import Event, new_event
from bgpwire._python.mrt_grammar import BGP4MP_FORMS, bgp4mp_addresses, bgp4mp_as_numbers, bgp4mp_end, message_at
from bgpwire._python.peer import Peer
from bgpwire._python.prefix import Address
from bgpwire._python.route import Route, new_route
from bgpwire._python.runs import prefix_run
from bgpwire._python.tables import TableDecoder
from bgpwire._python.updates import update_routes
from bgpwire.errors import DecodeError, MrtError
from bgpwire.every_family import ALL_FAMILIES, families_of
from bgpwire.immutable import fill
from bgpwire.mrt.unusual_records import locate_legacy, locate_unusual, read_entry
from bgpwire.numbers.message import UPDATE
from bgpwire.numbers.mrt import BGP4MP, BGP4MP_ET, EARLY_BGP4MP, EARLY_BGP4MP_ET, TABLE_DUMP, TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import BGP4MP_ENTRY, BGP_STATE_CHANGE
from bgpwire.remembered import remember
from bgpwire.route.event import BODY, MESSAGE, NO_MESSAGE
from bgpwire.route.legacy import LEGACY, MESSAGES
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from bgpwire._python.mrt import Record, RecordWalker
    from bgpwire._python.runs import Run

__all__ = ["RouteDecoder", "iter_routes"]

_BGP4MP_TYPES = frozenset((BGP4MP, BGP4MP_ET, EARLY_BGP4MP, EARLY_BGP4MP_ET))
_MAX_PEERS = 1 << 16


class RouteDecoder:
    """Decodes records one by one; holds what later records of a file need of earlier ones (the peer index).

    ``add_path`` names families whose NLRI carry path identifiers although the record's subtype does not
    say so: some collectors wrote such files. ``multiple_labels`` names those whose routes may have several labels
    (RFC 8277), which no record says.
    """

    __slots__ = ("_forms", "_peers", "_tables", "_two", "add_path")
    add_path: frozenset[tuple[int, int]]
    """The families that were named."""

    def __init__(
        self, add_path: Iterable[tuple[int, int]] = (), multiple_labels: Iterable[tuple[int, int]] = ()
    ) -> None:
        given, labels = families_of(add_path), families_of(multiple_labels)
        self.add_path = given
        told = {"asn4_from": Provenance.GIVEN, "add_path_from": Provenance.GIVEN, "extended_message": True}
        sessions = {
            (size, paths): Session(
                size == 4,
                ALL_FAMILIES if paths else given,
                multiple_labels=labels,
                **told,  # type: ignore[arg-type]
            )
            for size in (2, 4)
            for paths in (False, True)
        }
        # By subtype of BGP4MP: octets of an AS number, whether it is states, the session.
        self._forms = {
            subtype: (width, states, sessions[width, paths])
            for subtype, (width, paths, states, _) in BGP4MP_FORMS.items()
        }
        self._peers: dict[bytes, Peer] = {}
        self._two = sessions[2, False]
        self._tables = TableDecoder(self._two, sessions[4, False])

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
        if kind == TABLE_DUMP_V2 or kind == TABLE_DUMP:
            return self._tables._of(event, False)
        code = self.find_message(event)
        if code == UPDATE:
            return update_routes(event, self._tables._pools[event.session.asn4])
        return self._other(event, code)

    def _runs_of(self, event: Event) -> list[Run | Route]:
        """The same in runs, where routes are usual: for who makes no objects of them."""
        kind = event._type
        if kind == TABLE_DUMP_V2 or kind == TABLE_DUMP:
            return self._tables._of(event, True)
        code = self.find_message(event)
        if code == UPDATE:
            return update_routes(event, self._tables._pools[event.session.asn4], prefix_run)
        return self._other(event, code)  # type: ignore[return-value]

    def _other(self, event: Event, code: int | None) -> list[Route]:
        """The routes of what is neither a table nor an UPDATE; ``code`` is of the message that it is, if it is one."""
        if code is not None:
            return []
        if event._begin:
            return [_state_route(event)]
        if event._subtype == BGP4MP_ENTRY and event._type in _BGP4MP_TYPES:
            return [_entry(event, self._peers)]
        return []

    def find_message(self, event: Event) -> int | None:
        """The type of the BGP message that the record is; ``event`` gets its peer and session and where it stands.

        ``None`` for another record. A change of state gets its peer, and where the states stand.
        :class:`bgpwire.DecodeError`, its offset counted in the record, where that is too short for what it says.
        """
        try:
            event._begin = 0
            event._form = NO_MESSAGE
            kind = event._type
            data = event._data
            start = 0
            if kind == BGP4MP_ET or kind == EARLY_BGP4MP_ET:
                if len(data) < 4:
                    raise MrtError("no room for microseconds", 0)
                start = 4
            elif kind != BGP4MP and kind != EARLY_BGP4MP:
                return self._find_body(event) if kind in LEGACY else None
            form = self._forms.get(event._subtype)
            if form is None:
                return None
            width, states, session = form
            at = start + 2 * width
            try:
                begin = bgp4mp_end(data, at)
            except ValueError:  # TruncatedError is one
                if len(data) < at + 4:
                    raise MrtError("BGP4MP header runs over the end", start) from None
                if not states or len(data) > at + 4:
                    raise MrtError("BGP4MP addresses run over the end", at + 4) from None
                begin = at + 4
            if begin == at + 4:
                event.peer, begin = locate_unusual(event, start, width, self._peers)
            else:
                key = data[start:begin]
                event.peer = self._peers.get(key) or self._peer(key, width)
            event.session = session
            if states:
                if len(data) - begin < 4:
                    raise MrtError("state change without states", begin)
                event._begin = begin
                return None
            code, event._end = message_at(data, begin)
            event._begin = begin
            event._form = MESSAGE
            return code
        finally:
            event.__class__ = Event  # ends its making

    def _find_body(self, event: Event) -> int | None:
        """What collectors wrote before BGP4MP (RFC 6396 appendices B.2.1 and B.2.5): messages without their headers."""
        found = locate_legacy(event, self._peers)
        if found is None:
            return None
        event.peer, event._begin = found
        event.session = self._two
        if event._subtype == BGP_STATE_CHANGE:
            return None
        event._begin, event._end, event._form = event._begin - 19, len(event._data), BODY
        return MESSAGES[event._subtype]

    def _peer(self, key: bytes, width: int) -> Peer:
        """The peer, not met before, whose AS numbers, of ``width`` octets, interface and addresses are ``key``."""
        asn, local, at = bgp4mp_as_numbers(key, 0, width)
        interface, _, size, end = bgp4mp_addresses(key, at)
        own, other = Address._of(key[end - 2 * size : end - size]), Address._of(key[end - size :])
        return remember(self._peers, key, Peer(own, asn, None, other, local, interface), _MAX_PEERS)


def _entry(event: Event, peers: dict[bytes, Peer]) -> Route:
    """BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): a route of a RIB."""
    peer, attributes, prefix, family, originated = read_entry(event, peers)
    fill(event, "peer", peer)
    fill(event, "session", attributes.session)
    return new_route("R", event, peer, attributes, prefix, (*family, True), originated)


def _state_route(event: Event) -> Route:
    """The change of state that stands at ``event._begin``, in 4 octets."""
    data, at, peer = event._data, event._begin, event.peer
    assert peer is not None
    states = data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3]
    return new_route("S", event, peer, None, None, None, states)


def iter_routes(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
) -> Generator[Route, None, None]:
    """The routes of all records of ``walker``; a record that cannot be read goes to ``on_fault(event, error)``.

    ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and when the iterator is dropped.
    """
    return _each(walker, decoder.routes_of, on_fault, on_end, close)


def iter_runs(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
) -> Generator[Run | Route, None, None]:
    """The same in runs, and as routes what is in no run."""
    return _each(walker, decoder._runs_of, on_fault, on_end, close)


def _each(
    walker: RecordWalker,
    decode: Callable[[Event], list[Any]],
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
) -> Generator[Any, None, None]:
    """What ``decode(event)`` gives of all records."""
    try:
        for event in walker.events():
            try:
                routes = decode(event)
            except DecodeError as error:
                on_fault(event, error)
                routes = getattr(error, "routes", [])
            for route in routes:  # noqa: UP028  cheaper for the one or two of most records
                yield route
        on_end()
    finally:
        close()
