"""A table of routes to prefixes of IPv4 and IPv6."""

from __future__ import annotations

from collections import deque
from threading import RLock
from typing import TYPE_CHECKING, final

from bgpwire._python.rib_kept import Held, Neighbour, Pieces, family_number, key_of, prefix_of_key

if TYPE_CHECKING:
    from bgpwire._python.prefix import Address, Prefix
    from bgpwire._python.rib_kept import Change, Key

__all__ = ["Store"]

_SECRET = 16
_LONGEST = 0xFFFF
_NO_PATH = 0xFFFF
_NOTHING, _NEW, _REPLACED, _GONE = range(4)


@final
class Store:
    """Routes by peer, family, prefix and path identifier; what they have in common is kept once."""

    def __init__(self, secret: bytes) -> None:
        if not isinstance(secret, bytes):
            raise TypeError(f"octets are needed, not {type(secret).__name__}")
        if len(secret) != _SECRET:
            raise ValueError(f"{_SECRET} octets are needed, not {len(secret)}")
        self._paths = Pieces()
        self._rests = Pieces()
        self._neighbours: list[Neighbour] = []
        self._numbers: dict[tuple[bytes, int, int], int] = {}
        self._prefixes: dict[tuple[int, int], dict[Key, dict[tuple[int, int | None], Held]]] = {}
        self._order: dict[tuple[int, int], tuple[int, list[Key]]] = {}
        self._version = 0
        self._outcomes = [0] * 4
        self._told = False
        self._latest = 0
        self._changes: deque[Change] = deque()
        self._lock = RLock()

    def peer(self, address: Address | None, asn: int, source: int = 0, bgp_id: Address | None = None) -> int:
        """The number of a peer, from 0 on, whether it was known or not."""
        with self._lock:
            octets = b"" if address is None else bytes(address)
            for number in (asn, source):
                if not 0 <= number <= 0xFFFFFFFF:
                    raise OverflowError(f"{number} has more than 32 bits")
            number = self._numbers.setdefault((octets, asn, source), len(self._neighbours))
            if number == len(self._neighbours):
                self._neighbours.append(
                    Neighbour(octets, asn, source, bytes(4) if bgp_id is None else bytes(bgp_id)[:4])
                )
            return number

    def peers(self, first: int = 0) -> list[tuple[bytes, int, bytes, int, int]]:
        """Those from number ``first`` on: octets of the address, AS number, octets of the BGP identifier, source,
        routes."""
        found = self._neighbours[max(first, 0) :]
        return [(peer.address, peer.asn, peer.bgp_id, peer.source, len(peer)) for peer in found]

    def _neighbour(self, peer: int) -> Neighbour:
        if not 0 <= peer < len(self._neighbours):
            raise IndexError(f"no peer {peer}")
        return self._neighbours[peer]

    def put(
        self, peer: int, prefix: Prefix, safi: int, path: bytes | None, rest: bytes, since: int = 0, time: int = 0
    ) -> int:
        """A route that a peer announces: 0 it has it already, 1 it is new, 2 it is in place of another.

        ``path`` is the value of AS_PATH with AS numbers of 4 octets, ``rest`` the other attributes as ``rib/entry.py``
        has them; ``since`` is in seconds since 1970, ``time``, of the change, in microseconds.
        """
        with self._lock:
            family = family_number(prefix.afi, safi)
            _check_rest(path, rest)
            if not 0 <= since <= 0xFFFFFFFF:
                raise OverflowError(f"{since} has more than 32 bits")
            neighbour = self._neighbour(peer)
            self._latest = max(self._latest, time)
            key, path_id = key_of(prefix), prefix.path_id
            prefixes = self._prefixes.setdefault(family, {})
            routes = prefixes.get(key, {})
            old = routes.get((peer, path_id))
            if old is not None and old.path == path and old.rest == rest:
                self._outcomes[_NOTHING] += 1
                return _NOTHING
            if not routes:
                prefixes[key] = routes
                self._version += 1
            new = Held(None if path is None else self._paths.keep(path), self._rests.keep(rest), since)
            routes[peer, path_id] = new
            neighbour.routes.setdefault(family, {})[key, path_id] = None
            self._leave(old)
            self._tell(time, peer, family, key, path_id, old, new)
            became = _NEW if old is None else _REPLACED
            self._outcomes[became] += 1
            return became

    def take(self, peer: int, prefix: Prefix, safi: int, time: int = 0) -> int:
        """A route that a peer withdraws: 3 it is gone, 0 there was none."""
        with self._lock:
            family = family_number(prefix.afi, safi)
            self._neighbour(peer)
            return self._take(peer, family, key_of(prefix), prefix.path_id, time)

    def _take(self, peer: int, family: tuple[int, int], key: Key, path_id: int | None, time: int) -> int:
        self._latest = max(self._latest, time)
        prefixes = self._prefixes.get(family, {})
        routes = prefixes.get(key, {})
        old = routes.pop((peer, path_id), None)
        if old is None:
            self._outcomes[_NOTHING] += 1
            return _NOTHING
        if not routes:
            del prefixes[key]
            self._version += 1
        del self._neighbours[peer].routes[family][key, path_id]
        self._tell(time, peer, family, key, path_id, old, None)
        self._leave(old)
        self._outcomes[_GONE] += 1
        return _GONE

    def detach(self, peer: int) -> int:
        """Take all routes of a peer out, at once; how many. Their memory is free when :meth:`sweep` has been there."""
        with self._lock:
            neighbour = self._neighbour(peer)
            count = len(neighbour)
            told, self._told = self._told, False
            for family, routes in neighbour.routes.items():
                for key, path_id in list(routes):
                    self._take(peer, family, key, path_id, 0)
            self._told = told
            return count

    def sweep(self, most: int) -> None:
        """Free the memory of up to ``most`` routes that :meth:`detach` took out."""

    def withdraw(self, peer: int, afi: int, safi: int, at: int, most: int, time: int = 0) -> int | None:
        """Withdraw up to ``most`` routes of a peer in a family, from the place ``at`` on, 0 at first: the place behind
        them, or ``None`` when there are no more."""
        with self._lock:
            family = family_number(afi, safi)
            routes = self._neighbour(peer).routes.get(family, {})
            for key, path_id in list(routes)[:most]:
                self._take(peer, family, key, path_id, time)
                most -= 1
            return None if most > 0 else at + 1

    def _ordered(self, family: tuple[int, int]) -> list[Key]:
        """The prefixes of a family in their order."""
        with self._lock:
            version, keys = self._order.get(family, (-1, []))
            if version != self._version:
                keys = sorted(self._prefixes.get(family, {}))
                self._order[family] = self._version, keys
            return keys

    def count(self, afi: int, safi: int) -> int:
        """How many prefixes of a family have routes."""
        return len(self._prefixes.get(family_number(afi, safi), {}))

    def tell(self, told: bool) -> None:
        """Keep changes from now on, or not: see ``rib_reads.changes``."""
        self._told = told

    def _tell(
        self,
        time: int,
        peer: int,
        family: tuple[int, int],
        key: Key,
        path_id: int | None,
        old: Held | None,
        new: Held | None,
    ) -> None:
        if self._told:
            self._changes.append((time, peer, family[1], prefix_of_key(key, family[0], path_id), old, new))

    def _leave(self, old: Held | None) -> None:
        if old is not None:
            self._rests.leave(old.rest)
            if old.path is not None:
                self._paths.leave(old.path)

    @property
    def routes(self) -> int:
        """How many there are."""
        return sum(map(len, self._neighbours))

    @property
    def latest(self) -> int:
        """The latest time that a route was put or taken with, in microseconds; 0 before the first."""
        return self._latest

    @property
    def outcomes(self) -> tuple[int, ...]:
        """How many announcements and withdrawals changed nothing, were of a new route, replaced one, took one out."""
        return tuple(self._outcomes)

    @property
    def shared(self) -> tuple[int, int, int, int]:
        """Distinct AS paths, their octets, and the same of the rest of the attributes."""
        return len(self._paths), self._paths.octets, len(self._rests), self._rests.octets


def _check_rest(path: bytes | None, rest: bytes) -> None:
    """ValueError unless these are pieces of an entry."""
    if len(rest) < 2:
        raise ValueError("a rest without a place for AS_PATH")
    place = int.from_bytes(rest[:2])
    if (path is None) != (place == _NO_PATH) or (path is not None and place > len(rest) - 2):
        raise ValueError(f"AS_PATH at octet {place} of {len(rest) - 2}")
    if len(rest) - 2 + (0 if path is None else len(path) + 4) > _LONGEST:
        raise ValueError(f"more than {_LONGEST} octets of attributes")
