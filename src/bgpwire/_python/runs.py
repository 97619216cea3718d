"""Runs: the usual routes of a record that differ in nothing but their prefix, without an object for each.

Columns and lines are made of them. What is in no run (other families than IPv4 and IPv6, changes of state, what
collectors wrote before TABLE_DUMP) comes as routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from bgpwire._python.attributes import making_attributes
from bgpwire._python.prefix import Prefix, read_octets
from bgpwire._python.route import new_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.event import Event
    from bgpwire._python.peer import Peer
    from bgpwire._python.route import Route
    from bgpwire.errors import DecodeError
    from bgpwire.session import Session

    type Pool = dict[int, dict[bytes, object]] | None

__all__ = ["Run", "entry_run", "prefix_run"]


@final
class Run:
    """Routes of one record that differ in their prefix alone, in the order in which they came."""

    __slots__ = (
        *("_attributes", "_pool", "_start", "block", "event", "kind", "octets", "originated", "path_ids", "peer"),
        *("place", "rib_family", "session"),
    )
    kind: str
    """As :attr:`Route.type`; never a change of state."""
    place: tuple[int, int, bool]
    """AFI, SAFI, and whether they stand in MP_REACH_NLRI or MP_UNREACH_NLRI, as a route has it."""
    octets: list[bytes]
    """Of each prefix, its length in front."""
    path_ids: list[int] | None
    """Of each prefix (RFC 7911); ``None`` without ADD-PATH."""
    block: bytes
    """The path attributes as they came; whose AS numbers have 4 octets or 2, the session says."""
    rib_family: tuple[int, int] | None
    """Of the attributes, as :class:`PathAttributes` has it: ``None`` in an UPDATE."""
    originated: int | None
    """Of an entry of a RIB."""
    event: Event
    peer: Peer
    session: Session
    _attributes: PathAttributes | None
    """Of a RIB entry they are made when they are asked for: ``_start`` is where their octets begin."""
    _start: int
    _pool: Pool

    def __len__(self) -> int:
        return len(self.octets)

    @property
    def attributes(self) -> PathAttributes:
        """The path attributes, one object for all runs of an UPDATE; those of withdrawals say nothing of them."""
        attributes = self._attributes
        if attributes is None:
            attributes = self._attributes = making_attributes()
            attributes._pool = self._pool
            start = self._start
            attributes._set(self.event._data, start, start + len(self.block), self.session, 0, self.rib_family)
        return attributes

    def route(self, index: int) -> Route:
        """One of the routes, as an object."""
        path_id = None if self.path_ids is None else self.path_ids[index]
        prefix = Prefix._of(self.octets[index], self.place[0], path_id)
        return new_route(self.kind, self.event, self.peer, self.attributes, prefix, self.place, self.originated)

    def keep(self, wanted: Callable[[Route], bool]) -> None:
        """Leave out the routes that are not wanted; all of them may be."""
        kept = [index for index in range(len(self.octets)) if wanted(self.route(index))]
        if len(kept) < len(self.octets):
            self.octets = [self.octets[index] for index in kept]
            if self.path_ids is not None:
                self.path_ids = [self.path_ids[index] for index in kept]


def entry_run(
    event: Event,
    peer: Peer,
    place: tuple[int, int, bool],
    octets: list[bytes],
    path_ids: list[int] | None,
    block: bytes,
    session: Session,
    pool: Pool,
    start: int,
    family: tuple[int, int],
    originated: int,
) -> Run:
    """An entry of a RIB; its attributes, ``block``, begin at ``start`` in the record."""
    run = Run()
    run.kind = "R"
    run.event = event
    run.peer = peer
    run.place = place
    run.octets = octets
    run.path_ids = path_ids
    run.block = block
    run.session = session
    run._attributes = None
    run._pool = pool
    run._start = start
    run.rib_family = family
    run.originated = originated
    return run


def prefix_run(
    out: list[Run | Route],
    kind: str,
    event: Event,
    attributes: PathAttributes,
    start: int,
    end: int,
    place: tuple[int, int, bool],
    add_path: bool,
) -> DecodeError | None:
    """A run of the prefixes of ``event._data[start:end]`` before the first fault, which is returned.

    The twin of :func:`prefix_routes` for who wants runs.
    """
    octets, path_ids, fault = read_octets(event._data, start, end, place[0], add_path)
    if octets:
        peer = event.peer
        assert peer is not None
        run = Run()
        run.kind = kind
        run.event = event
        run.peer = peer
        run.place = place
        run.octets = octets
        run.path_ids = path_ids
        run.block = bytes(attributes)
        run.session = event.session
        run._attributes = attributes
        run.rib_family = run.originated = None
        out.append(run)
    return fault
