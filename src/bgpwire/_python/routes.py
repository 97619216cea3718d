"""Routes out of MRT records: the loop that analysts run over gigabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._python.attributes import PathAttributes
from bgpwire._python.prefix import Address, read_prefixes
from bgpwire._python.route import Peer, Route, new_route
from bgpwire._python.tables import TableDecoder
from bgpwire._python.update import section_ends
from bgpwire.afi_safi import ALL_FAMILIES, families_of
from bgpwire.errors import OPTIONAL_ATTRIBUTE, DecodeError, MrtError, TruncatedError, UpdateMessageError
from bgpwire.route.shared import decode_field
from bgpwire.session import Provenance, Session
from bgpwire.unusual_records import locate_legacy, locate_unusual, read_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire._python.mrt import Record, RecordWalker

__all__ = ["RouteDecoder", "iter_routes"]

_new = object.__new__
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
        kind = record.type
        if kind == 16 or kind == 64:
            return self._bgp4mp(record, 0)
        if kind == 17 or kind == 65:
            if len(record.data) < 4:
                raise MrtError("no room for microseconds", 0)
            return self._bgp4mp(record, 4)
        if kind == 13 or kind == 12:
            return self._tables.routes(record)
        if kind == 5 or kind == 9 or kind == 10:
            return self._legacy(record)
        return []

    def session(self, record: Record) -> Session:
        """The context that the record's subtype gives its message."""
        if record.type in _LEGACY:
            return self._sessions[2, False]
        size, paths, _ = _BGP4MP.get(record.subtype, (4, False, False))
        return self._sessions[size, paths]

    def locate(self, record: Record, start: int) -> tuple[Peer, int] | None:
        """The peer of a BGP4MP record and where its message or states begin; ``None`` for another subtype.

        Of the types before BGP4MP (5, 9, 10) too; there the message has no header, and begins with its body.
        """
        if record.type in _LEGACY:
            return locate_legacy(record, self._peers)
        form = _BGP4MP.get(record.subtype)
        if form is None:
            return None
        data = record.data
        size = form[0]
        fixed = start + 2 * size + 4
        if start < 0 or len(data) < fixed:
            raise MrtError("BGP4MP header runs over the end", start)
        afi = data[fixed - 2] << 8 | data[fixed - 1]
        if afi not in (1, 2) or (len(data) == fixed and form[2]):
            return locate_unusual(record, start, size, self._peers)
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

    def _bgp4mp(self, record: Record, start: int) -> list[Route]:
        found = self.locate(record, start)
        if found is None:
            return self._entry(record) if record.subtype == 2 else []
        peer, begin = found
        size, paths, states = _BGP4MP[record.subtype]
        data = record.data
        left = len(data) - begin
        if states:
            if left < 4:
                raise MrtError("state change without states", begin)
            return [_state_route(record, peer, begin)]
        if left < 19:
            raise TruncatedError(f"message of at least 19 octets, {left} there", begin, 1, 2)
        length = data[begin + 16] << 8 | data[begin + 17]
        if length < 19 or length > left:
            raise TruncatedError(f"message of {length} octets, {left} there", begin + 16, 1, 2)
        if data[begin + 18] != 2:
            return []
        return self._update(record, peer, begin, begin + length, self._sessions[size, paths])

    def _update(self, record: Record, peer: Peer, begin: int, end: int, session: Session) -> list[Route]:
        """The routes of the UPDATE that ends at ``end`` and whose header begins at ``begin``, if it has one."""
        data = record.data
        add_path = (1, 1) in session.add_path
        withdrawn, nlri = section_ends(data, begin + 19, end)
        attributes = _new(PathAttributes)
        attributes._set(data, withdrawn + 2, nlri, session, -begin, None)
        index = attributes._index
        out: list[Route] = []
        fault: DecodeError | None = None
        if withdrawn > begin + 21:
            fault = prefix_routes(out, "W", record, peer, attributes, begin + 21, withdrawn, 1, add_path, False)
        if 15 in index:
            fault = self._mp(out, "W", record, peer, attributes, 15) or fault
        if nlri < end:
            fault = prefix_routes(out, "A", record, peer, attributes, nlri, end, 1, add_path, False) or fault
        if 14 in index:
            fault = self._mp(out, "A", record, peer, attributes, 14) or fault
        if fault is not None:
            raise _with_routes(fault, out)
        return out

    def _legacy(self, record: Record) -> list[Route]:
        """What collectors wrote before BGP4MP (RFC 6396 appendices B.2.1 and B.2.5): messages without their headers."""
        found = locate_legacy(record, self._peers)
        if found is None:
            return []
        peer, begin = found
        if record.subtype == 3:
            return [_state_route(record, peer, begin)]
        if record.subtype != 1:
            return []
        return self._update(record, peer, begin - 19, len(record.data), self._sessions[2, False])

    def _entry(self, record: Record) -> list[Route]:
        """BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): a route of a RIB."""
        peer, attributes, prefix, originated = read_entry(record, self._peers)
        route = new_route("R", record, peer, attributes, prefix, True)
        route._rare = originated
        return [route]

    def _mp(
        self, out: list[Route], kind: str, record: Record, peer: Peer, attributes: PathAttributes, code: int
    ) -> DecodeError | None:
        """The NLRI of MP_REACH_NLRI or MP_UNREACH_NLRI before the first fault, which is returned."""
        _, start, end = attributes._index[code]
        data = record.data
        if end - start < 3:
            return mp_fault(code, start)
        afi = data[start] << 8 | data[start + 1]
        safi = data[start + 2]
        at = start + 3
        if code == 14:
            if end - start < 5 or end - start < 5 + data[start + 3]:
                return mp_fault(code, start)
            at = start + 5 + data[start + 3]
        if safi in (1, 2) and afi in (1, 2):
            add_path = (afi, safi) in attributes.session.add_path
            return prefix_routes(out, kind, record, peer, attributes, at, end, afi, add_path, True)
        values, fault = decode_field(data, at, end, afi, safi, kind == "W", attributes.session)
        out += [new_route(kind, record, peer, attributes, nlri, True) for nlri in values]
        return fault


def prefix_routes(
    out: list[Route],
    kind: str,
    record: Record,
    peer: Peer,
    attributes: PathAttributes,
    start: int,
    end: int,
    afi: int,
    add_path: bool,
    mp: bool,
) -> DecodeError | None:
    """A route for each prefix of ``record.data[start:end]`` before the first fault, which is returned."""
    own = None if kind == "W" else attributes
    prefixes, fault = read_prefixes(record.data, start, end, afi, add_path)
    for prefix in prefixes:
        route = _new(Route)
        route.type = kind
        route.record = record
        route.peer = peer
        route.attributes = attributes
        route.nlri = prefix
        route._own = own
        route._mp = mp
        out.append(route)
    return fault


def _state_route(record: Record, peer: Peer, at: int) -> Route:
    """The change of state that stands at ``at``, in 4 octets."""
    data = record.data
    route = new_route("S", record, peer, None, None, False)
    route._rare = (data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3])
    return route


def mp_fault(code: int, offset: int) -> DecodeError:
    """An MP attribute whose own fields run over its end."""
    name = "MP_REACH_NLRI" if code == 14 else "MP_UNREACH_NLRI"
    return UpdateMessageError(f"{name} runs over the end", offset, None, OPTIONAL_ATTRIBUTE)


def _with_routes(error: DecodeError, routes: list[Route]) -> DecodeError:
    """The fault of a record, and the routes before it."""
    error.routes = routes  # type: ignore[attr-defined]
    return error


def iter_routes(
    walker: RecordWalker, decoder: RouteDecoder, on_fault: Callable[[Record, DecodeError], None]
) -> Iterator[Route]:
    """The routes of all records of ``walker``; a record that cannot be read goes to ``on_fault(record, error)``."""
    decode = decoder.routes
    for record in walker:
        try:
            routes = decode(record)
        except DecodeError as error:
            on_fault(record, error)
            routes = getattr(error, "routes", [])
        yield from routes
