"""The routes of archives, counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bgpwire._impl import Prefix, load
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire._impl import Address, PathAttributes
    from bgpwire._python.tally import iter_counts
    from bgpwire.afi_safi import Family
    from bgpwire.mrt.archive import Archive
    from bgpwire.mrt.file import MrtFile
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Route
else:
    iter_counts = load("tally").iter_counts

__all__ = ["Statistics"]

_SIZE = 1 << 15
"""Routes of a piece: little time, and many more than there are peers."""
_SIZE_BESIDE = 1 << 18
"""The same in a thread: what is counted is added to the statistics under Python's lock."""
_COUNTS = 1 << 10
"""Numbers that wait of each file that is read in a thread."""


class Statistics:
    """How many routes there were of each kind; made by ``MrtFile.statistics()``, or empty, to :meth:`read` files into.

    What is counted stands in the order in which it was first met, lengths of prefixes in any.
    """

    __slots__ = ("_seen", "attribute_blocks", "attributes", "families", "first", "last", "lengths", "peers", "types")
    types: Counter[str]
    """Routes by :attr:`Route.type`."""
    families: Counter[Family]
    """Routes by family; a change of state has none."""
    peers: Counter[tuple[int, Address | None]]
    """Routes by AS number and address of the peer; ``None`` where the record has no address."""
    attribute_blocks: int
    """UPDATEs and RIB entries with routes."""
    attributes: Counter[int]
    """Of those, how many had the path attribute of a code; a duplicate in the same one does not count."""
    lengths: dict[int, Counter[int]]
    """By AFI, 1 and 2: prefixes of IPv4 and IPv6, those of a VPN among them, by their length in bits."""
    first: float | None
    """The earliest time of a route (seconds since 1970); ``None`` if there is no route."""
    last: float | None
    """The latest."""

    def __init__(self) -> None:
        self.types = Counter()
        self.families = Counter()
        self.peers = Counter()
        self.attribute_blocks = 0
        self.attributes = Counter()
        self.lengths = {AFI_IPV4: Counter(), AFI_IPV6: Counter()}
        self.first = None
        self.last = None
        self._seen: PathAttributes | None = None
        """The attributes that were counted last."""

    def read(self, file: MrtFile, filter: Filter | None = None, size: int = _SIZE) -> Iterator[int]:
        """Add the routes of ``file``, those that ``filter`` admits, while the iterator runs.

        It gives how many were counted since it gave something, some ``size`` at a time.
        """
        return file._through(iter_counts, self, size, filter)

    def read_all(self, archive: Archive, filter: Filter | None = None) -> Iterator[int]:
        """As :meth:`read`, of several files; in threads where the archive has them."""

        size = _SIZE_BESIDE if archive._beside else _SIZE

        def counted(file: MrtFile) -> Iterator[int | Statistics]:
            found = Statistics()
            yield from found.read(file, filter, size)
            yield found

        for found in archive._side_by_side(counted, _COUNTS, waits=False):
            if isinstance(found, Statistics):
                self.update(found)
            else:
                yield found

    def update(self, other: Statistics) -> None:
        """Add what ``other`` has counted."""
        self.types.update(other.types)
        self.families.update(other.families)
        self.peers.update(other.peers)
        self.attribute_blocks += other.attribute_blocks
        self.attributes.update(other.attributes)
        for afi, lengths in other.lengths.items():
            self.lengths[afi].update(lengths)
        if other.first is not None and other.last is not None:
            self.cover(other.first, other.last)

    def add(self, routes: Iterable[Route]) -> int:
        """Add routes, those of an UPDATE one after another; how many there were."""
        types, families, peers = self.types, self.families, self.peers
        number = 0
        time: float | None = None
        for route in routes:
            number += 1
            types[route.type] += 1
            peer = route.peer
            peers[peer.asn, peer.address] += 1
            if route.timestamp != time:
                time = route.timestamp
                self.cover(time, time)
            block = route.attributes
            if block is None:
                continue
            if block is not self._seen:
                self._seen = block
                self.attribute_blocks += 1
                self.attributes.update([attribute.code for attribute in block.walk() if not attribute.duplicate])
            family = route.family
            if family is not None:
                families[family] += 1
            prefix = route.prefix
            if isinstance(prefix, Prefix):  # not one of NSAP
                self.lengths[prefix.afi][prefix.length] += 1
        return number

    def cover(self, first: float, last: float) -> None:
        """Take in the times of routes."""
        if self.first is None or first < self.first:
            self.first = first
        if self.last is None or last > self.last:
            self.last = last
