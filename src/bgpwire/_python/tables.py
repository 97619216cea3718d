"""Routes out of RIB records: TABLE_DUMP and TABLE_DUMP_V2 (RFC 6396 sections 4.2 and 4.3, RFC 8050 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.attributes import PathAttributes
from bgpwire._python.peer import Peer
from bgpwire._python.prefix import Address, Prefix
from bgpwire._python.route import Route, new_route
from bgpwire.errors import DecodeError, MrtError
from bgpwire.route.event import NO_MESSAGE
from bgpwire.route.shared import decode_one, with_path_id

if TYPE_CHECKING:
    from bgpwire._python.event import Event
    from bgpwire.session import Session

__all__ = ["TableDecoder"]

_new = object.__new__
# TABLE_DUMP_V2 subtype: AFI, SAFI, ADD-PATH (RFC 6396 section 4.3.2, RFC 8050 section 4).
_RIB = {
    2: (1, 1, False),
    3: (1, 2, False),
    4: (2, 1, False),
    5: (2, 2, False),
    8: (1, 1, True),
    9: (1, 2, True),
    10: (2, 1, True),
    11: (2, 2, True),
}
_MAX_PEERS = 1 << 16


class TableDecoder:
    """Decodes the RIB records of one file; holds their peers, among them the peer index table.

    ``two`` and ``four`` are the sessions of entries whose AS numbers have that many octets.
    """

    __slots__ = ("_four", "_peers", "_table", "_two")

    def __init__(self, two: Session, four: Session) -> None:
        self._two = two
        self._four = four
        self._peers: dict[bytes, Peer] = {}
        self._table: list[Peer] | None = None

    def routes(self, event: Event) -> list[Route]:
        """The routes of a record of type 12 or 13, as :meth:`RouteDecoder.routes_of` gives them."""
        event.peer, event.session, event._form = None, self._four, NO_MESSAGE
        return self._table_dump_v2(event) if event._type == 13 else self._table_dump(event)

    def _table_dump(self, event: Event) -> list[Route]:
        """TABLE_DUMP (RFC 6396 section 4.2): one entry; of subtypes 3 and 4 with AS numbers of 4 octets.

        Writers of 1999 and 2000 put many entries behind one view and sequence number. An entry whose attributes run
        over the end by up to 4 octets, as much as some of them left out, is a route too: the fault has it.
        """
        data = event._data
        size = len(data)
        afi = event._subtype
        asn4 = afi in (3, 4)
        if asn4:
            afi -= 2
        if afi not in (1, 2):
            return []
        width = 4 if afi == 1 else 16
        head = 2 * width + (12 if asn4 else 10)
        event.session = session = self._four if asn4 else self._two
        family = afi, 1
        place = afi, 1, afi == 2
        pos = 4
        out: list[Route] = []
        while True:
            begin = pos + head
            if size < begin:
                raise _partial("TABLE_DUMP runs over the end", pos if out else 0, out)
            at = pos + width
            bits = data[at]
            if bits > width * 8:
                raise _partial(f"prefix length {bits}", at, out)
            length = data[begin - 2] << 8 | data[begin - 1]
            missing = length - (size - begin)
            if missing > 4:
                raise _partial(f"attributes of {length} octets, {size - begin} there", begin - 2, out)
            prefix = Prefix._of(bytes((bits,)) + data[pos : pos + ((bits + 7) >> 3)], afi, None)
            key = data[at + 6 : begin - 2]
            peer = self._peers.get(key)
            if peer is None:
                if len(self._peers) >= _MAX_PEERS:
                    self._peers.clear()
                peer = self._peers[key] = Peer(Address._of(key[:width]), int.from_bytes(key[width:]))
            attributes = _new(PathAttributes)
            pos = size if missing > 0 else begin + length
            attributes._set(data, begin, pos, session, 0, family)
            route = new_route("R", event, peer, attributes, prefix, place)
            route._rare = int.from_bytes(data[at + 2 : at + 6])
            out.append(route)
            if missing > 0:
                raise _partial(f"attributes of {length} octets, {size - begin} there", begin - 2, out)
            if pos == size:
                return out

    def _table_dump_v2(self, event: Event) -> list[Route]:
        subtype = event._subtype
        form = _RIB.get(subtype)
        data = event._data
        if form is not None:
            afi, safi, paths = form
            if len(data) < 5:
                raise MrtError("RIB record runs over the end", 0)
            bits = data[4]
            at = 5 + ((bits + 7) >> 3)
            if bits > (32 if afi == 1 else 128):
                raise MrtError(f"prefix length {bits}", 4)
            if len(data) < at + 2:
                raise MrtError("RIB record runs over the end", 4)
            prefix = Prefix._of(data[4:at], afi, None)
            return self._entries(event, at, prefix, (afi, safi), paths)
        if subtype == 1:
            self._table = self._peer_index(event)
            return []
        if subtype in (6, 12):
            return self._generic(event, subtype == 12)
        return []

    def _generic(self, event: Event, paths: bool) -> list[Route]:
        """RIB_GENERIC (RFC 6396 section 4.3.3): any family; of one NLRI."""
        data = event._data
        if len(data) < 7:
            raise MrtError("RIB record runs over the end", 0)
        afi, safi = data[4] << 8 | data[5], data[6]
        nlri, size = decode_one(data, 7, afi, safi, self._four)
        if len(data) < 7 + size + 2:
            raise MrtError("RIB record runs over the end", 7)
        return self._entries(event, 7 + size, nlri, (afi, safi), paths)

    def _entries(self, event: Event, at: int, nlri: Any, family: tuple[int, int], paths: bool) -> list[Route]:
        """The entries of a RIB record, each of which repeats nothing but its peer's number."""
        table = self._table
        if table is None:
            raise MrtError("RIB record before a peer index table", 0)
        data = event._data
        end = len(data)
        session = self._four
        count = data[at] << 8 | data[at + 1]
        pos = at + 2
        head = 12 if paths else 8
        place = (*family, family != (1, 1))
        out: list[Route] = []
        for _ in range(count):
            if end - pos < head:
                raise _partial(f"RIB record of {count} entries ends in entry {len(out) + 1}", pos, out)
            number = data[pos] << 8 | data[pos + 1]
            begin = pos + head
            after = begin + (data[begin - 2] << 8 | data[begin - 1])
            if after > end:
                raise _partial(f"RIB entry {len(out) + 1} runs over the end", begin - 2, out)
            if number >= len(table):
                raise _partial(f"peer {number} of a table of {len(table)}", pos, out)
            attributes = _new(PathAttributes)
            attributes._set(data, begin, after, session, 0, family)
            path = nlri
            if paths:
                path_id = int.from_bytes(data[pos + 6 : pos + 10])
                plain = type(nlri) is Prefix
                path = Prefix._of(nlri._wire, nlri._afi, path_id) if plain else with_path_id(nlri, path_id)
            route = new_route("R", event, table[number], attributes, path, place)
            route._rare = int.from_bytes(data[pos + 2 : pos + 6])
            out.append(route)
            pos = after
        return out

    def _peer_index(self, event: Event) -> list[Peer]:
        """PEER_INDEX_TABLE (RFC 6396 section 4.3.1); it replaces an earlier one of a concatenated file."""
        data = event._data
        end = len(data)
        if end < 8:
            raise MrtError("peer index table runs over the end", 0)
        pos = 6 + (data[4] << 8 | data[5])
        if end - pos < 2:
            raise MrtError("view name runs over the end", 4)
        count = data[pos] << 8 | data[pos + 1]
        pos += 2
        table: list[Peer] = []
        for _ in range(count):
            if end - pos < 5:
                raise MrtError(f"peer index table of {count} peers ends in peer {len(table)}", pos)
            width = 16 if data[pos] & 1 else 4
            size = 4 if data[pos] & 2 else 2
            after = pos + 5 + width + size
            if after > end:
                raise MrtError(f"peer index table of {count} peers ends in peer {len(table)}", pos)
            address = Address._of(data[pos + 5 : pos + 5 + width])
            bgp_id = Address._of(data[pos + 1 : pos + 5])
            table.append(Peer(address, int.from_bytes(data[after - size : after]), bgp_id))
            pos = after
        return table


def _partial(reason: str, offset: int, routes: list[Route]) -> DecodeError:
    """A fault in the middle of a RIB record: the entries before it are still good."""
    error: DecodeError = MrtError(reason, offset)
    error.routes = routes  # type: ignore[attr-defined]
    return error
