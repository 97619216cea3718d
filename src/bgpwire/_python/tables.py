"""Routes out of RIB records: TABLE_DUMP and TABLE_DUMP_V2 (RFC 6396 sections 4.2 and 4.3, RFC 8050 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._python.attributes import making_attributes, new_pool
from bgpwire._python.event import Event
from bgpwire._python.mrt_grammar import RIB_FORMS, dump_entry, generic_head, peer_table, rib_entries, rib_head
from bgpwire._python.peer import Peer
from bgpwire._python.prefix import Address, Prefix
from bgpwire._python.route import new_route
from bgpwire._python.runs import entry_run
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_UNICAST
from bgpwire.errors import DecodeError, MrtError, TruncatedError
from bgpwire.numbers.mrt import TABLE_DUMP
from bgpwire.remembered import remember
from bgpwire.route.event import NO_MESSAGE
from bgpwire.route.shared import decode_one, with_path_id

if TYPE_CHECKING:
    from bgpwire.session import Session

__all__ = ["TableDecoder"]

_MAX_PEERS = 1 << 16
_SEQUENCE_END = 4
"""Octets of the view and the sequence number of TABLE_DUMP."""


class TableDecoder:
    """Decodes the RIB records of one file; holds their peers, among them the peer index table.

    ``two`` and ``four`` are the sessions of entries whose AS numbers have that many octets.
    """

    __slots__ = ("_four", "_peers", "_pools", "_table", "_two")

    def __init__(self, two: Session, four: Session) -> None:
        self._two = two
        self._four = four
        self._peers: dict[bytes, Peer] = {}
        self._table: list[Peer] | None = None
        self._pools = new_pool(), new_pool()
        """For AS numbers of 2 octets, and of 4."""

    def _of(self, event: Event, runs: bool) -> list[Any]:
        """The routes of a record of type 12 or 13, as :meth:`RouteDecoder.routes_of` gives them; with ``runs`` those of
        IPv4 and IPv6 come as a run of one prefix each."""
        dump = event._type == TABLE_DUMP
        event.peer = None
        event.session = self._two if dump and event._subtype <= 2 else self._four
        event._form = NO_MESSAGE
        event.__class__ = Event  # ends its making
        return self._table_dump(event, runs) if dump else self._table_dump_v2(event, runs)

    def _table_dump(self, event: Event, runs: bool) -> list[Any]:
        """TABLE_DUMP (RFC 6396 section 4.2): one entry; of subtypes 3 and 4 with AS numbers of 4 octets.

        Writers of 1999 and 2000 put many entries behind one view and sequence number. An entry whose attributes run
        over the end by up to 4 octets, as much as some of them left out, is a route too: the fault has it.
        """
        subtype = event._subtype
        if not 1 <= subtype <= 4:
            return []
        data = event._data
        size = len(data)
        afi = 2 - (subtype & 1)
        octets = 4 if afi == AFI_IPV4 else 16
        session = event.session
        family = afi, 1
        place = afi, SAFI_UNICAST, afi == AFI_IPV6
        pool = self._pools[session.asn4]
        pos = min(_SEQUENCE_END, size)
        out: list[Any] = []
        while True:
            try:
                bits, _, originated, peer_at, asn, missing, begin, end = dump_entry(data, pos, subtype)
            except TruncatedError:
                raise _partial("TABLE_DUMP runs over the end", pos if out else 0, out) from None
            except MrtError as error:
                raise _partial(error.reason, error.offset, out) from None
            key = data[peer_at : begin - 2]
            peer = self._peers.get(key)
            if peer is None:
                peer = remember(self._peers, key, Peer(Address._of(key[:octets]), asn), _MAX_PEERS)
            wire = bytes((bits,)) + data[pos : pos + ((bits + 7) >> 3)]
            if runs:
                block = data[begin:end]
                out.append(entry_run(event, peer, place, [wire], None, block, session, pool, begin, family, originated))
            else:
                attributes = making_attributes()
                attributes._pool = pool
                attributes._set(data, begin, end, session, 0, family)
                out.append(new_route("R", event, peer, attributes, Prefix._of(wire, afi, None), place, originated))
            if missing:
                there = size - begin
                raise _partial(f"attributes of {there + missing} octets, {there} there", begin - 2, out)
            if end == size:
                return out
            pos = end

    def _table_dump_v2(self, event: Event, runs: bool) -> list[Any]:
        if event._subtype == 1:
            self._table = self._peer_index(event)
            return []
        form = RIB_FORMS.get(event._subtype)
        if form is None:
            return []
        afi, safi, paths = form
        if not afi:
            return self._generic(event, paths)
        data = event._data
        try:
            _, at = rib_head(data, afi)
        except TruncatedError as error:
            raise MrtError("RIB record runs over the end", 0 if error.offset < 5 else 4) from None
        if len(data) < at + 2:
            raise MrtError("RIB record runs over the end", 4)
        return self._entries(event, at, Prefix._of(data[4:at], afi, None), (afi, safi), paths, runs)

    def _generic(self, event: Event, paths: bool) -> list[Any]:
        """RIB_GENERIC (RFC 6396 section 4.3.3): any family; of one NLRI."""
        data = event._data
        try:
            _, afi, safi = generic_head(data)
        except TruncatedError:
            raise MrtError("RIB record runs over the end", 0) from None
        nlri, size = decode_one(data, 7, afi, safi, self._four)
        if len(data) < 7 + size + 2:
            raise MrtError("RIB record runs over the end", 7)
        return self._entries(event, 7 + size, nlri, (afi, safi), paths)

    def _entries(
        self, event: Event, at: int, nlri: Any, family: tuple[int, int], paths: bool, runs: bool = False
    ) -> list[Any]:
        """The entries of a RIB record, each of which repeats nothing but its peer's number."""
        table = self._table
        if table is None:
            raise MrtError("RIB record before a peer index table", 0)
        data = event._data
        session = self._four
        count, entries, fault = rib_entries(data, at, paths)
        pos = at + 2
        place = (*family, family != (1, 1))
        plain = type(nlri) is Prefix
        path = nlri
        pool = self._pools[session.asn4]
        octets = [nlri._wire] if runs else []
        out: list[Any] = []
        for number, originated, path_id, begin, end in entries:
            if number >= len(table):
                raise _partial(f"peer {number} of a table of {len(table)}", pos, out)
            if runs:
                ids = None if path_id is None else [path_id]
                peer, block = table[number], data[begin:end]
                out.append(entry_run(event, peer, place, octets, ids, block, session, pool, begin, family, originated))
                pos = end
                continue
            attributes = making_attributes()
            attributes._pool = pool
            attributes._set(data, begin, end, session, 0, family)
            if path_id is not None:
                path = Prefix._of(nlri._wire, nlri._afi, path_id) if plain else with_path_id(nlri, path_id)
            out.append(new_route("R", event, table[number], attributes, path, place, originated))
            pos = end
        if fault is not None:
            begin = pos + (12 if paths else 8)
            if len(data) < begin:
                raise _partial(f"RIB record of {count} entries ends in entry {len(out) + 1}", pos, out)
            raise _partial(f"RIB entry {len(out) + 1} runs over the end", begin - 2, out)
        return out

    def _peer_index(self, event: Event) -> list[Peer]:
        """PEER_INDEX_TABLE (RFC 6396 section 4.3.1); it replaces an earlier one of a concatenated file."""
        data = event._data
        if len(data) < 8:
            raise MrtError("peer index table runs over the end", 0)
        try:
            _, at, count, peers, fault = peer_table(data)
        except TruncatedError:
            raise MrtError("view name runs over the end", 4) from None
        if fault is not None:
            where = peers[-1][4] if peers else at + 2
            raise MrtError(f"peer index table of {count} peers ends in peer {len(peers)}", where)
        return [
            Peer(Address._of(data[pos + 5 : pos + 5 + size]), asn, Address._of(data[pos + 1 : pos + 5]))
            for _, asn, pos, size, _ in peers
        ]


def _partial(reason: str, offset: int, routes: list[Any]) -> DecodeError:
    """A fault in the middle of a RIB record: the entries before it are still good."""
    error: DecodeError = MrtError(reason, offset)
    error.routes = routes  # type: ignore[attr-defined]
    return error
