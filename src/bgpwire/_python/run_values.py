"""The values of columns for a run of routes: what all of them have is found once, and of each prefix what it says.

A column that is not named here is read of the run's first route: whatever is not of the prefix all routes of a run
share.
"""

from __future__ import annotations

import struct
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._python.as_path import AsPath
from bgpwire._python.attributes import EFFECTIVE_PATH
from bgpwire._python.prefix import Address, Prefix
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.numbers.attribute import (
    COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    MULTI_EXIT_DISC,
)
from bgpwire.numbers.mrt import EXTENDED
from bgpwire.remembered import Remembered, remember
from bgpwire.value.as_path import SegmentType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.runs import Run
    from bgpwire.columns.schema import Column

__all__ = ["RunValues"]

_AS_SEQUENCE = SegmentType.AS_SEQUENCE
_LONGEST, _MOST = 1 << 10, 1 << 14
"""Octets of a block whose values are remembered, and how many blocks: 16 MiB of octets, whatever is read."""
_LONGEST_PATH = 1 << 8
_OF_PREFIX = frozenset(
    ("prefix", "prefix_length", "prefix_address", "prefix_last_address", "ipv4_first", "ipv4_last"),
)
_NOT_OF_RUNS = ("nlri", "nlri_json", "labels", "rd", "old_state", "new_state")
"""What no route of a prefix alone has."""


class _OfPrefix(NamedTuple):
    """All that the columns of prefixes ask of a route."""

    prefix: Prefix


class RunValues:
    """The values of ``columns``, those first that are the same for all routes of a run.

    ``order`` has the index of each column, in the order in which values are given.
    """

    __slots__ = ("_has_path_id", "_known", "_last", "_octets", "_of_octets", "_own", "_prefixes", "_shared", "order")

    def __init__(self, columns: Sequence[Column]) -> None:
        addresses: Remembered[bytes, str] = Remembered(lambda octets: str(Address._of(octets)))
        own_reads, attribute_reads = _own_reads(addresses), _attribute_reads(addresses)
        own: list[int] = []
        shared: list[int] = []
        by_prefix: list[int] = []
        path_id: list[int] = []
        for index, column in enumerate(columns):
            if column.of_attributes or column.name == "next_hop":
                shared.append(index)
            elif column.name in _OF_PREFIX:
                by_prefix.append(index)
            else:
                (path_id if column.name == "path_id" else own).append(index)
        self.order = own + shared + by_prefix + path_id
        self._own = [own_reads.get(columns[index].name) or _of_route(columns[index]) for index in own]
        self._shared = [attribute_reads.get(columns[index].name) or _of_same_route(columns[index]) for index in shared]
        self._prefixes = [_prefix_values(columns[index]) for index in by_prefix]
        self._octets: list[bytes] = []
        """Those that :attr:`_of_octets` has the values of."""
        self._of_octets: list[Any] = []
        self._has_path_id = bool(path_id)
        self._known: dict[tuple[Any, ...], list[Any]] = {}
        self._last: tuple[PathAttributes | None, Any, list[Any]] = None, None, []
        """The attributes and the place that values were made of last."""

    def row(self, run: Run) -> list[Any]:
        """The values of a run of one route."""
        out = [read(run) for read in self._own]
        out += self._of_block(run)
        if self._prefixes:
            if run.octets is not self._octets:  # all entries of a RIB record have the same list
                self._octets = run.octets
                (octets,) = run.octets
                six = run.place[0] == AFI_IPV6
                self._of_octets = [made[six](octets) for made in self._prefixes]
            out += self._of_octets
        if self._has_path_id:
            out.append(None if run.path_ids is None else run.path_ids[0])
        return out

    def rows(self, run: Run, begin: int, end: int) -> list[list[Any]]:
        """The values of the routes of ``run`` from ``begin`` to ``end``, a list for each column."""
        count = end - begin
        out = [[read(run)] * count for read in self._own]
        out += [[value] * count for value in self._of_block(run)]
        if self._prefixes:
            octets = run.octets[begin:end]
            six = run.place[0] == AFI_IPV6
            out += [list(map(made[six], octets)) for made in self._prefixes]
        if self._has_path_id:
            out.append([None] * count if run.path_ids is None else run.path_ids[begin:end])
        return out

    def _of_block(self, run: Run) -> list[Any]:
        """What the attributes say, which is nothing of withdrawals. Equal blocks are read once."""
        shared = self._shared
        if run.kind == "W":
            return [None] * len(shared)
        block = run.block
        if len(block) > _LONGEST or (run.kind != "R" and _has_nlri(run.attributes)):
            attributes, place, values = self._last
            if attributes is not run.attributes or place != run.place:
                attributes = run.attributes
                values = [read(run, attributes) for read in shared]
                self._last = attributes, run.place, values
            return values
        key = block, run.session.asn4, run.place, run.kind
        found = self._known.get(key)
        if found is None:
            attributes = run.attributes
            found = remember(self._known, key, [read(run, attributes) for read in shared], _MOST)
        return found


def _has_nlri(attributes: PathAttributes) -> bool:
    """Whether the block is one of many that differ in their NLRI, and not worth to be remembered."""
    return MP_REACH_NLRI in attributes._index or MP_UNREACH_NLRI in attributes._index


def _prefix_values(column: Column) -> tuple[Callable[[bytes], Any], Callable[[bytes], Any]]:
    """What makes the value of a column of the octets of a prefix: of IPv4, and of IPv6."""
    if column.name == "prefix":
        return Prefix._ipv4_text, Prefix._ipv6_text

    def made(afi: int, octets: bytes) -> Any:
        return column.read(_OfPrefix(Prefix._of(octets, afi, None)))  # type: ignore[arg-type]

    return partial(made, AFI_IPV4), partial(made, AFI_IPV6)


def _of_route(column: Column) -> Callable[[Run], Any]:
    return lambda run: column.read(run.route(0))


def _of_same_route(column: Column) -> Callable[[Run, PathAttributes], Any]:
    return lambda run, _: column.read(run.route(0))


def _own_reads(addresses: Remembered[bytes, str]) -> dict[str, Callable[[Run], Any]]:
    """What a run says without its attributes."""

    def time(run: Run) -> int:
        event = run.event
        micro = event.microseconds if event._type in EXTENDED else None
        return event.seconds * 1_000_000 + (micro or 0)

    def address(run: Run) -> str | None:
        found = run.peer.address
        return None if found is None else addresses[found._wire]

    def bgp_id(run: Run) -> str | None:
        found = run.peer.bgp_id
        return None if found is None else addresses[found._wire]

    return dict.fromkeys(_NOT_OF_RUNS, lambda _: None) | {
        "timestamp": time,
        "originated": lambda run: None if run.originated is None else run.originated * 1_000_000,
        "type": attrgetter("kind"),
        "peer_address": address,
        "peer_bgp_id": bgp_id,
        "peer_asn": attrgetter("peer.asn"),
        "afi": lambda run: run.place[0],
        "safi": lambda run: run.place[1],
        "offset": attrgetter("event.offset"),
    }


def _attribute_reads(addresses: Remembered[bytes, str]) -> dict[str, Callable[[Run, PathAttributes], Any]]:
    """What path attributes say, read of their octets."""
    paths = Remembered(partial(_path, False)), Remembered(partial(_path, True))

    def path(_: Run, attributes: PathAttributes) -> tuple[int, ...] | None:
        found = attributes.as_path
        if found is None:
            return None
        octets = found._wire
        return paths[found._asn4][octets][0] if len(octets) <= _LONGEST_PATH else _path(found._asn4, octets)[0]

    def origin_asn(_: Run, attributes: PathAttributes) -> int | None:
        found = attributes._cache.get(EFFECTIVE_PATH) or attributes.as_path
        if found is None:
            return None
        octets = found._wire
        return paths[found._asn4][octets][1] if len(octets) <= _LONGEST_PATH else _path(found._asn4, octets)[1]

    def next_hop(run: Run, attributes: PathAttributes) -> str | None:
        hop = attributes.next_hop_of(run.place[2])
        return None if hop is None else addresses[hop._wire]

    def communities(_: Run, attributes: PathAttributes) -> tuple[int, ...] | None:
        values = attributes.get(COMMUNITIES)
        return None if values is None else struct.unpack(f">{len(values._wire) // 4}I", values._wire)

    def large_communities(_: Run, attributes: PathAttributes) -> list[tuple[int, int, int]] | None:
        values = attributes.get(LARGE_COMMUNITY)
        return None if values is None else list(struct.iter_unpack(">3I", values._wire))

    return {
        "as_path": path,
        "origin_asn": origin_asn,
        "next_hop": next_hop,
        "communities": communities,
        "large_communities": large_communities,
        "med": lambda _, attributes: attributes.get(MULTI_EXIT_DISC),
        "local_pref": lambda _, attributes: attributes.get(LOCAL_PREF),
    }


def _path(asn4: bool, octets: bytes) -> tuple[tuple[int, ...], int | None]:
    """The AS numbers of a path that is sound, and the one that originated it."""
    count = (len(octets) - 2) // (4 if asn4 else 2)
    if len(octets) > 2 and octets[0] == _AS_SEQUENCE and octets[1] == count:
        # One AS_SEQUENCE, as nearly all are.
        numbers = struct.unpack_from(f">{count}{'I' if asn4 else 'H'}", octets, 2)
        return numbers, numbers[-1]
    path = AsPath._of(octets, asn4)
    return tuple(path), path.origin_asn
