"""Routes of families whose NLRI are no plain prefixes of IPv4 and IPv6: VPN, labelled, EVPN, FlowSpec and all others.

There are few of them in archives; they are kept as objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.rib.entry import joined
from bgpwire.rib.keys import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Held(NamedTuple):
    """A route: its NLRI, with labels and path identifier; AS_PATH, the rest of the attributes, and since when."""

    nlri: Any
    path: bytes | None
    rest: bytes
    since: int

    @property
    def said(self) -> tuple[int, bytes]:
        """Since when, and the octets of the attributes."""
        return self.since, joined(self.path, self.rest)


type Family = tuple[int, int]


class Others:
    """Routes by family, key, peer and path identifier."""

    def __init__(self) -> None:
        self._routes: dict[Family, dict[Any, dict[tuple[int, int | None], Held]]] = {}
        self._peers: dict[int, dict[tuple[Family, Any, int | None], None]] = {}

    def __len__(self) -> int:
        """How many routes there are."""
        return sum(map(len, self._peers.values()))

    @property
    def families(self) -> list[Family]:
        return sorted(family for family, routes in self._routes.items() if routes)

    def count(self, family: Family) -> int:
        """How many NLRI of a family have routes."""
        return len(self._routes.get(family, {}))

    def of_peer(self, peer: int) -> int:
        """How many routes a peer has."""
        return len(self._peers.get(peer, {}))

    def put(
        self, peer: int, family: Family, nlri: Any, path: bytes | None, rest: bytes, since: int
    ) -> tuple[Held | None, Held]:
        """A route that a peer announces: what was there, and what is; one that it has already stays as old as it is."""
        key, path_id = key_of(nlri), nlri.path_id
        routes = self._routes.setdefault(family, {}).setdefault(key, {})
        old = routes.get((peer, path_id))
        if old is not None and (old.nlri, old.path, old.rest) == (nlri, path, rest):
            return old, old
        new = routes[peer, path_id] = Held(nlri, path, rest, since)
        self._peers.setdefault(peer, {})[family, key, path_id] = None
        return old, new

    def take(self, peer: int, family: Family, nlri: Any) -> Held | None:
        """A route that a peer withdraws; the one that was there."""
        return self._take(peer, family, key_of(nlri), nlri.path_id)

    def _take(self, peer: int, family: Family, key: Any, path_id: int | None) -> Held | None:
        keys = self._routes.get(family, {})
        routes = keys.get(key, {})
        old = routes.pop((peer, path_id), None)
        if old is not None:
            del self._peers[peer][family, key, path_id]
            if not routes:
                del keys[key]
        return old

    def detach(self, peer: int) -> Iterator[tuple[Family, Held]]:
        """Take the routes of a peer out, one after another as they are asked for."""
        for family, key, path_id in list(self._peers.get(peer, {})):
            old = self._take(peer, family, key, path_id)
            if old is not None:
                yield family, old

    def find(self, family: Family, nlri: Any) -> list[tuple[int, Held]]:
        """The routes to an NLRI, whatever its path identifier is, by the numbers of their peers."""
        return self._sorted(self._routes.get(family, {}).get(key_of(nlri), {}))

    def all(self, family: Family) -> Iterator[list[tuple[int, Held]]]:
        """The routes of a family, those with the same key together, in the order in which these came."""
        for routes in list(self._routes.get(family, {}).values()):
            yield self._sorted(routes)

    @staticmethod
    def _sorted(routes: dict[tuple[int, int | None], Held]) -> list[tuple[int, Held]]:
        order = sorted(routes, key=lambda place: (place[0], -1 if place[1] is None else place[1]))
        return [(peer, routes[peer, path_id]) for peer, path_id in order]
