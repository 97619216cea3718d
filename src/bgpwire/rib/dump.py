"""A table as an MRT file, TABLE_DUMP_V2 (RFC 6396 section 4.3), made as it is read: for all that reads archives."""

from __future__ import annotations

import io
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Address, PathAttributes
from bgpwire.mrt.file import warn
from bgpwire.mrt.table_records import PeerTable, rib_octets
from bgpwire.nlri.collection import is_prefix
from bgpwire.numbers.mrt import TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import PEER_INDEX_TABLE
from bgpwire.registry import NLRI
from bgpwire.rib.change import SESSION
from bgpwire.rib.families import PLAIN
from bgpwire.rib.kernels import records
from bgpwire.rib.keys import without_path_id
from bgpwire.route.kernels import Peer

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterator

    from bgpwire.rib.table import Table

__all__ = ["TableFile", "dumped"]

_HEADER: Final = Struct(">IHHI").pack
_SIZE: Final = 1 << 18
"""Octets that are made at a time."""
_NOWHERE: Final = Address("0.0.0.0")


def dumped(table: Table, seconds: int) -> Iterator[bytes]:
    """The octets of the file: the peers, and then the routes, by family and in the order of their prefixes; ``seconds``
    is the time of all records. ValueError for a table that is changed meanwhile, and for more peers than records can
    name; :class:`bgpwire.MrtWarning` for routes that no record can hold."""
    stamp = table.stamp
    peers = PeerTable(_named(peer) for peer in table.peers)
    body = peers.octets(_NOWHERE, "")
    yield _HEADER(seconds, TABLE_DUMP_V2, PEER_INDEX_TABLE, len(body)) + body
    for family in table.families:
        if not is_prefix(*family) and NLRI[family] is None:
            warn(f"{family}: where an NLRI of an unknown family ends no record can tell; its routes are left out")
            continue
        made = _plain(table, *family, seconds) if family in PLAIN else _others(table, peers, family, seconds)
        for octets in made:
            if table.stamp != stamp:
                raise ValueError("the table has changed while it was written")
            yield octets


def _named(peer: Peer) -> Peer:
    """A peer without an address, which few writers of archives left out, has 0.0.0.0."""
    return peer if peer.address is not None else Peer(_NOWHERE, peer.asn, peer.bgp_id)


def _plain(table: Table, afi: int, safi: int, seconds: int) -> Iterator[bytes]:
    at, version = 0, 0
    while True:
        octets, at, _, version = records(table._store, afi, safi, at, _SIZE, seconds, version)
        if not octets:
            return
        yield octets


def _others(table: Table, peers: PeerTable, family: tuple[int, int], seconds: int) -> Iterator[bytes]:
    """RIB_GENERIC: of each NLRI, and with and without path identifiers, a record."""
    sequence = 0
    for routes in table._others.all(family):
        entries: dict[tuple[Any, bool], list[Any]] = {}
        for number, held in routes:
            nlri, path_id = held.nlri, held.nlri.path_id
            since, attributes = held.said
            block = PathAttributes(attributes, 0, None, SESSION, 0, family)
            place = without_path_id(nlri), path_id is not None
            entries.setdefault(place, []).append((number, since, block, path_id))
        for (nlri, _), found in entries.items():
            subtype, body = rib_octets(peers, sequence, nlri, found, family)
            sequence += 1
            yield _HEADER(seconds, TABLE_DUMP_V2, subtype, len(body)) + body


class TableFile(io.RawIOBase):
    """The file, for :func:`bgpwire.mrt.open`. It is read forward; to go back is to begin anew."""

    name = "table"

    def __init__(self, table: Table, seconds: int) -> None:
        super().__init__()
        self._table = table
        self._seconds = seconds
        self._parts = dumped(table, seconds)
        self._rest = memoryview(b"")
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        into = memoryview(buffer).cast("B")
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = memoryview(part)
        size = min(len(into), len(self._rest))
        into[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        self._at += size
        return size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """From the beginning, or from here, alone: where the end is is not known."""
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("where a table ends is not known before it is read")
        if offset < self._at:
            self._parts = dumped(self._table, self._seconds)
            self._rest = memoryview(b"")
            self._at = 0
        while self._at < offset and self.read(min(offset - self._at, _SIZE)):
            pass
        return self._at
