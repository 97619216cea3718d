"""A table of routes: what the peers of a collector have announced and not withdrawn."""

from __future__ import annotations

import os
from contextlib import closing
from heapq import merge
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, cast

from bgpwire._impl import Address, Prefix, is_sound
from bgpwire.afi_safi import AFI_IPV4, SAFI_UNICAST, Family
from bgpwire.errors import Action
from bgpwire.mrt.file import open as open_mrt
from bgpwire.mrt.output import Output
from bgpwire.rib.change import Change, change_of, route_of
from bgpwire.rib.dump import TableFile, dumped
from bgpwire.rib.entry import entry_of
from bgpwire.rib.families import PLAIN
from bgpwire.rib.kernels import (
    Store,
    changes,
    covered,
    is_there,
    iter_applied,
    longest_match,
    longest_matches,
    routes_to,
)
from bgpwire.rib.others import Others
from bgpwire.route.kernels import Peer
from bgpwire.route.shared import with_path_id

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterable, Iterator
    from typing import BinaryIO

    from bgpwire._python.event import Event
    from bgpwire._python.route import Route
    from bgpwire.columns import Columns
    from bgpwire.mrt.archive import Archive
    from bgpwire.mrt.file import MrtFile
    from bgpwire.rib.change import Said
    from bgpwire.route.filter import Filter
    from bgpwire.value.text import AddressLike, PrefixLike

__all__ = ["Table"]

_ESTABLISHED: Final = 6
_WITHDRAWING: Final = frozenset((Action.SESSION_RESET, Action.AFI_SAFI_DISABLE, Action.TREAT_AS_WITHDRAW))
_SIZE: Final = 1 << 15
"""Routes that are applied at a time."""
_TOLD: Final = 1 << 10
"""The same where each change becomes objects."""


class Table:
    """Routes by prefix, or NLRI of any family, and peer.

    What an UPDATE announces replaces what the same peer announced to the same NLRI with the same path identifier; what
    it withdraws is gone. A peer is who has an address and an AS number; a change of its state from which it is not
    Established takes its routes out. What RFC 7606 treats as withdrawn is withdrawn, and so is what it resets a session
    for: :attr:`unsound` counts such UPDATEs.

    Routes come out as entries of a RIB (``type`` ``"R"``), with attributes as TABLE_DUMP_V2 has them: AS numbers of 4
    octets, AS4_PATH merged, of MP_REACH_NLRI the next hop. Any thread may read while another writes.
    """

    def __init__(self) -> None:
        self._store = Store(os.urandom(16))
        self._others = Others()
        self._lock = RLock()
        """Of the other families, and of what is told; the store has its own."""
        self._peers: list[Peer] = []
        self._sound: tuple[Event | None, bool] = (None, True)
        self._told: list[Change] | None = None
        self._other_changes = self._latest = 0
        self.unsound = 0
        """UPDATEs whose announcements were taken for withdrawals."""

    def __repr__(self) -> str:
        return f"<Table of {self.routes:,} routes to {len(self):,} prefixes from {len(self.peers)} peers>"

    def __len__(self) -> int:
        """How many prefixes, or NLRI, have routes."""
        others = sum(self._others.count(family) for family in self._others.families)
        return sum(self._store.count(*family) for family in PLAIN) + others

    @property
    def routes(self) -> int:
        """How many there are."""
        return self._store.routes + len(self._others)

    @property
    def families(self) -> list[Family]:
        """Those that have routes."""
        plain = [family for family in PLAIN if self._store.count(*family)]
        return [Family(*family) for family in sorted([*plain, *self._others.families])]

    @property
    def peers(self) -> list[Peer]:
        """All that have announced something, or were named, in the order in which they were met."""
        with self._lock:
            for address, asn, bgp_id, _, _ in self._store.peers(len(self._peers)):
                known = Address.from_bytes(bgp_id) if any(bgp_id) else None
                self._peers.append(Peer(Address.from_bytes(address) if address else None, asn, known))
            return self._peers[:]

    @property
    def stamp(self) -> tuple[int, ...]:
        """Another one when a route has come, was replaced or is gone."""
        return *self._store.outcomes[1:], self._other_changes

    @property
    def timestamp(self) -> float:
        """Of the latest message that was applied: seconds since 1970; 0 before the first."""
        return max(self._store.latest, self._latest) / 1_000_000

    def count(self, peer: Peer) -> int:
        """How many routes a peer has."""
        number = self._number(peer)
        return self._store.peers(number)[0][4] + self._others.of_peer(number)

    # What comes in.

    def load(self, source: MrtFile | Archive, filter: Filter | None = None) -> int:
        """Apply all routes of an archive: entries of RIBs, announcements, withdrawals, changes of state; how many."""
        return sum(self.loading(source, filter))

    def loading(self, source: MrtFile | Archive, filter: Filter | None = None) -> Iterator[int]:
        """As :meth:`load`, as the iterator goes on: how many since it gave something, some 32,768 at a time."""
        yield from self._applied(source, filter, _SIZE)

    def updates(self, source: MrtFile | Archive, filter: Filter | None = None) -> Iterator[Change]:
        """As :meth:`load`; what it changes in the table, as the iterator goes on. One at a time has changes told."""
        if self._told is not None:
            raise RuntimeError("the changes of this table are told to another iterator")
        self._told = []
        self._store.tell(True)
        try:
            for _ in self._applied(source, filter, _TOLD):
                told, self._told = self._told, []
                yield from merge(self._pending(), told, key=_time_of)
        finally:
            self._store.tell(False)
            self._told = None
            changes(self._store)

    def _applied(self, source: Any, filter: Filter | None, size: int) -> Iterator[int]:
        def through(file: MrtFile) -> Iterator[int]:
            return file._through(iter_applied, self._store, self.apply, size, filter)

        return source._in_turn(through) if hasattr(source, "_in_turn") else through(source)

    def apply(self, route: Route) -> None:
        """Apply one route, of any source. :class:`bgpwire.MrtError` for attributes that no entry of a RIB has room
        for."""
        number = self._number(route.peer)
        family = route.family
        if family is None:
            states = route.states
            if states is not None and states[1] != _ESTABLISHED:
                self._leave(number, route.event)
            return
        attributes = route.attributes
        if route.type == "W" or attributes is None or (route.type == "A" and not self._is_sound(route)):
            self._take(number, family, route)
            return
        path, rest = entry_of(attributes, family, None if route.type == "R" else route._mp)
        since = route.event.seconds if route.originated is None else route.originated
        if family in PLAIN:
            self._store.put(number, cast(Prefix, route.nlri), family[1], path, rest, since, _microseconds(route.event))
            return
        with self._lock:
            self._latest = max(self._latest, _microseconds(route.event))
            old, new = self._others.put(number, family, route.nlri, path, rest, since)
            if old is not new:
                self._tell(route.timestamp, number, family, route.nlri, None if old is None else old.said, new.said)

    def _take(self, number: int, family: Family, route: Route) -> None:
        self._latest = max(self._latest, _microseconds(route.event))
        if family in PLAIN:
            self._store.take(number, cast(Prefix, route.nlri), family[1], _microseconds(route.event))
            return
        with self._lock:
            old = self._others.take(number, family, route.nlri)
            if old is not None:
                self._tell(route.timestamp, number, family, old.nlri, old.said, None)

    def _is_sound(self, route: Route) -> bool:
        """Whether what the route's UPDATE announces is to be used (RFC 7606)."""
        event = route.event
        if self._sound[0] is not event:
            sound = is_sound(event.octets, event.session) or not any(
                error.action in _WITHDRAWING for error in route.errors
            )
            self.unsound += not sound
            self._sound = event, sound
        return self._sound[1]

    def _number(self, peer: Peer) -> int:
        return self._store.peer(peer.address, peer.asn, 0, peer.bgp_id)

    def _peer(self, number: int) -> Peer:
        return self._peers[number] if number < len(self._peers) else self.peers[number]

    # Peers that go.

    def detach(self, peer: Peer) -> int:
        """Take all routes of a peer out, at once, however many there are; how many. Nothing is told of them."""
        number = self._number(peer)
        with self._lock:
            others = sum(1 for _ in self._others.detach(number))
            self._other_changes += others
            return self._store.detach(number) + others

    def withdraw(self, peer: Peer, timestamp: float = 0.0) -> Iterator[Change]:
        """Take all routes of a peer out; each is a change, and out as far as the iterator has come."""
        number = self._number(peer)
        for family in PLAIN:
            at: int | None = 0
            while at is not None:
                with self._lock:
                    earlier = changes(self._store)
                    if self._told is not None:
                        self._told += self._changes(earlier)
                    self._store.tell(True)
                    try:
                        at = self._store.withdraw(number, *family, at, _TOLD, round(timestamp * 1_000_000))
                    finally:
                        self._store.tell(self._told is not None)
                    found = changes(self._store)
                yield from self._changes(found)
        for family, old in self._others.detach(number):
            self._other_changes += 1
            yield change_of(timestamp, self._peer(number), family, old.nlri, old.said, None)

    def _leave(self, number: int, event: Event) -> None:
        """Take the routes of a peer out that is not Established any more."""
        if self._told is None:
            self.detach(self._peer(number))
            return
        for family in PLAIN:
            at: int | None = 0
            while at is not None:
                at = self._store.withdraw(number, *family, at, _SIZE, _microseconds(event))
        for family, old in self._others.detach(number):
            self._tell(event.timestamp, number, family, old.nlri, old.said, None)

    # What has changed.

    def _tell(
        self, timestamp: float, number: int, family: tuple[int, int], nlri: Any, old: Said | None, new: Said | None
    ) -> None:
        self._other_changes += 1
        if self._told is not None:
            self._told.append(change_of(timestamp, self._peer(number), family, nlri, old, new))

    def _pending(self) -> Iterator[Change]:
        """The changes in the store, as many objects at a time as are asked for: a peer may go with a million routes."""
        while found := changes(self._store, _TOLD):
            yield from self._changes(found)

    def _changes(self, found: list[Any]) -> Iterator[Change]:
        """The changes in the store, as objects."""
        for time, number, safi, prefix, old, new in found:
            yield change_of(time / 1_000_000, self._peer(number), (prefix.afi, safi), prefix, old, new)

    # What is there.

    def routes_to(self, nlri: Any, family: tuple[int, int] | None = None) -> list[Route]:
        """The routes to a prefix, or its text, or to another NLRI; by the peers in their order. ``family`` is unicast
        unless it is said; an NLRI that is no prefix needs it, and its path identifier does not matter."""
        place = nlri if hasattr(nlri, "path_id") else Prefix(nlri)
        if family is None:
            if not isinstance(place, Prefix):
                raise TypeError(f"the family of {place!r} is needed")
            family = place.afi, SAFI_UNICAST
        if family not in PLAIN:
            held = self._others.find(family, place)
            return [route_of(self._peer(number), family, one.nlri, *one.said) for number, one in held]
        bare = place.prefix
        out = []
        for number, path_id, since, attributes in routes_to(self._store, place, family[1]):
            found = bare if path_id is None else with_path_id(bare, path_id)
            out.append(route_of(self._peer(number), family, found, since, attributes))
        return out

    def __contains__(self, nlri: Any) -> bool:
        if type(nlri) is Prefix:
            return is_there(self._store, nlri, SAFI_UNICAST)
        return bool(self.routes_to(nlri))

    def __getitem__(self, nlri: Any) -> list[Route]:
        """The routes to a prefix, or its text, unicast. KeyError if there are none."""
        routes = self.routes_to(nlri)
        if not routes:
            raise KeyError(nlri)
        return routes

    def nlri(self, family: tuple[int, int]) -> Iterator[Any]:
        """The prefixes of a family that have routes, in their order; of another family its NLRI as they came."""
        if family in PLAIN:
            yield from self.covered("0.0.0.0/0" if family[0] == AFI_IPV4 else "::/0", family[1])
        else:
            for routes in self._others.all(family):
                yield routes[0][1].nlri

    def covered(self, prefix: PrefixLike | Prefix, safi: int = SAFI_UNICAST) -> Iterator[Prefix]:
        """Prefixes that have routes, ``prefix`` and those inside it, in their order."""
        place = prefix if isinstance(prefix, Prefix) else Prefix(prefix)
        last: Prefix | None = None
        while found := covered(self._store, place, safi, _TOLD, last):
            yield from found
            last = found[-1]

    def covering(self, prefix: PrefixLike | Prefix, safi: int = SAFI_UNICAST) -> list[Prefix]:
        """Prefixes that have routes, ``prefix`` and those that it is inside of, the longest first."""
        place = prefix if isinstance(prefix, Prefix) else Prefix(prefix)
        wider = [Prefix(f"{place.address}/{length}") for length in range(place.length, -1, -1)]
        return [one for one in wider if is_there(self._store, one, safi)]

    def longest_match(self, address: AddressLike | Address, safi: int = SAFI_UNICAST) -> Prefix | None:
        """The longest prefix with routes that covers an address, or its text; ``None`` if there is none."""
        return longest_match(self._store, address if isinstance(address, Address) else Address(address), safi)

    def longest_matches(
        self, addresses: Iterable[AddressLike | Address] | Buffer, afi: int = AFI_IPV4, safi: int = SAFI_UNICAST
    ) -> list[Prefix | None]:
        """The same of many, all of the family ``afi``: addresses or texts, or a buffer of their octets, one behind the
        other. ValueError for one of another family."""
        if not hasattr(addresses, "__buffer__"):
            made = [one if isinstance(one, Address) else Address(one) for one in cast("Iterable[Any]", addresses)]
            size = 4 if afi == AFI_IPV4 else 16
            if wrong := next((one for one in made if len(bytes(one)) != size), None):
                raise ValueError(f"{wrong} among addresses of AFI {afi}")
            addresses = b"".join(map(bytes, made))
        return longest_matches(self._store, cast("Buffer", addresses), afi, safi)

    # What becomes of it.

    def archive(self, timestamp: float | None = None) -> MrtFile:
        """The table as an archive in TABLE_DUMP_V2, made as it is read: routes, lines, columns, statistics. Its records
        have ``timestamp``, whole seconds, which is that of the table unless it is said. A table that is changed
        meanwhile is a ValueError of who reads."""
        file: Any = TableFile(self, int(self.timestamp if timestamp is None else timestamp))
        return open_mrt(file)

    def columns(self, fields: Iterable[str] | None = None, filter: Filter | None = None, **options: Any) -> Columns:
        """The routes as columns for Arrow: see :meth:`bgpwire.mrt.MrtFile.columns`."""
        return self.archive().columns(fields, filter, **options)

    def write(self, target: str | os.PathLike[str] | BinaryIO, timestamp: float | None = None) -> None:
        """Write that archive into a file, whose name says how it is compressed, as :class:`bgpwire.mrt.Writer` does."""
        with closing(Output(target)) as out:
            for octets in dumped(self, int(self.timestamp if timestamp is None else timestamp)):
                out.put(octets)


def _time_of(change: Change) -> float:
    return change.timestamp


def _microseconds(event: Event) -> int:
    return event.seconds * 1_000_000 + (event.microseconds or 0)
