"""What a table of routes has."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from struct import Struct
from typing import TYPE_CHECKING, Final

from bgpwire._python.rib_kept import family_number, key_of, prefix_of_key
from bgpwire.afi_safi import AFI_IPV4
from bgpwire.numbers.attribute import AS_PATH
from bgpwire.numbers.mrt import TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import RIB_IPV4_UNICAST, RIB_IPV4_UNICAST_ADDPATH

if TYPE_CHECKING:
    from bgpwire._python.prefix import Prefix
    from bgpwire._python.rib import Store
    from bgpwire._python.rib_kept import Held, Key

    type _Route = tuple[int, bytes]
    """Since when (seconds since 1970), and the octets of the attributes."""

__all__ = ["changes", "covered", "is_there", "records", "routes_to"]

_HEADER, _HEAD, _COUNT = Struct(">IHHI").pack, Struct(">IB").pack, Struct(">H").pack
_ENTRY, _PATH_ENTRY = Struct(">HIH").pack, Struct(">HIIH").pack
_MOST: Final = 0xFFFF


def _attributes(held: Held) -> bytes:
    """The octets of the attributes of an entry."""
    if held.path is None:
        return held.rest[2:]
    place = 2 + int.from_bytes(held.rest[:2])
    size = len(held.path)
    head = bytes((0x40, AS_PATH, size)) if size < 256 else bytes((0x50, AS_PATH, size >> 8, size & 0xFF))
    return held.rest[2:place] + head + held.path + held.rest[place:]


def _said(held: Held) -> _Route:
    return held.since, _attributes(held)


def _at(store: Store, family: tuple[int, int], key: Key) -> list[tuple[int, int | None, int, bytes]]:
    with store._lock:
        routes = store._prefixes.get(family, {}).get(key, {}).copy()
    out = [(peer, path_id, held.since, _attributes(held)) for (peer, path_id), held in routes.items()]
    return sorted(out, key=lambda route: (route[0], -1 if route[1] is None else route[1]))


def routes_to(store: Store, prefix: Prefix, safi: int) -> list[tuple[int, int | None, int, bytes]]:
    """The routes to a prefix: number of the peer, path identifier or ``None``, since when (seconds since 1970), octets
    of the attributes.

    By the numbers of their peers, without a path identifier first; that of ``prefix`` does not matter.
    """
    return _at(store, family_number(prefix.afi, safi), key_of(prefix))


def is_there(store: Store, prefix: Prefix, safi: int) -> bool:
    """Whether there are routes to a prefix; its path identifier does not matter."""
    return key_of(prefix) in store._prefixes.get(family_number(prefix.afi, safi), {})


def covered(store: Store, prefix: Prefix, safi: int, most: int = -1, after: Prefix | None = None) -> list[Prefix]:
    """Prefixes that have routes, ``prefix`` and those inside it, in order: up to ``most``, behind ``after``, without
    path identifiers."""
    family = family_number(prefix.afi, safi)
    keys = store._ordered(family)
    packed, bits = key_of(prefix)
    free = 8 * len(packed) - bits
    last = (int.from_bytes(packed) | (1 << free) - 1).to_bytes(len(packed))
    at = bisect_left(keys, (packed, bits)) if after is None else bisect_right(keys, key_of(after))
    out: list[Prefix] = []
    while at < len(keys) and keys[at][0] <= last and (most < 0 or len(out) < most):
        out.append(prefix_of_key(keys[at], prefix.afi))
        at += 1
    return out


def records(
    store: Store, afi: int, safi: int, first: int, size: int, seconds: int, version: int = 0
) -> tuple[bytes, int, int, int]:
    """RIB records of TABLE_DUMP_V2, of the prefixes of a family in order from number ``first`` on, about ``size``
    octets: the octets, the number of the prefix behind them, how many routes, and a version.

    ``version`` is 0 or that of the call before: ValueError if a prefix has come or gone since then. The sequence number
    of a record is the number of its prefix; of the numbers of peers the lower 16 bits are there.
    """
    if first < 0:
        raise ValueError(f"prefix {first}")
    family = family_number(afi, safi)
    with store._lock:
        if version and version != store._version:
            raise ValueError("the table has changed")
        keys = store._ordered(family)
        out = bytearray()
        count = 0
        subtype = 2 * (afi - AFI_IPV4) + safi - 1
        while first < len(keys) and len(out) < size:
            routes = _at(store, family, keys[first])
            count += len(routes)
            plain = [
                _ENTRY(peer & _MOST, since, len(data)) + data
                for peer, path_id, since, data in routes
                if path_id is None
            ]
            paths = [
                _PATH_ENTRY(peer & _MOST, since, path_id, len(data)) + data
                for peer, path_id, since, data in routes
                if path_id is not None
            ]
            for entries, kind in ((plain, RIB_IPV4_UNICAST), (paths, RIB_IPV4_UNICAST_ADDPATH)):
                for begin in range(0, len(entries), _MOST):
                    out += _record(first, keys[first], kind + subtype, entries[begin : begin + _MOST], seconds)
            first += 1
        return bytes(out), first, count, store._version


def _record(number: int, key: Key, subtype: int, entries: list[bytes], seconds: int) -> bytes:
    packed, bits = key
    body = _HEAD(number, bits) + packed[: (bits + 7) >> 3] + _COUNT(len(entries)) + b"".join(entries)
    return _HEADER(seconds, TABLE_DUMP_V2, subtype, len(body)) + body


def changes(store: Store, most: int = -1) -> list[tuple[int, int, int, Prefix, _Route | None, _Route | None]]:
    """What has changed since the last call, where ``store`` was told to keep it, up to ``most``: time in microseconds,
    peer, SAFI, prefix with its path identifier, and since when and the octets of the attributes, before and after,
    ``None`` where there was or is no route."""
    with store._lock:
        waiting = store._changes
        found = [waiting.popleft() for _ in range(len(waiting) if most < 0 else min(most, len(waiting)))]
    return [
        (time, peer, safi, prefix, None if old is None else _said(old), None if new is None else _said(new))
        for time, peer, safi, prefix, old, new in found
    ]
