"""The messages of a router that is monitored, as they are collected: the usual ones by a kernel, without objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import load
from bgpwire.afi_safi import IPV4_UNICAST, IPV6_UNICAST
from bgpwire.bmp import Initiation, Monitor, PeerDown, PeerUp, RouteMonitoring, Termination

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire._python.monitored import monitored_records
    from bgpwire._python.path_ids import path_ids_kind
    from bgpwire.bmp.header import PeerHeader
    from bgpwire.listen.collected import Collected
    from bgpwire.route.kernels import Event

    type Table = tuple[bytearray, list[bytes | None]]
else:
    monitored_records = load("monitored").monitored_records
    path_ids_kind = load("path_ids").path_ids_kind

__all__ = ["MonitoredRouter"]

_COMMON = 6
_SAME = slice(_COMMON, _COMMON + 34)
"""The per-peer header in front of its time."""
_RECORD = 16
"""Octets in front of what is the same in all records of a table: the header of BGP4MP_ET, and microseconds."""
_TABLES = 1 << 14
"""So many tables of one router are known at a time: a router names what it likes."""
_FAMILIES = (IPV4_UNICAST, IPV6_UNICAST)
"""Those of which a kernel tells whether their NLRI have path identifiers."""
_KINDS = 32


class MonitoredRouter:
    """Takes the stream of one router. ``source`` is what its routes are said to come from; its own name, as its
    Initiation says, where that is ``None``, and ``address`` until then.

    The first message of each table goes the way of :class:`bgpwire.bmp.Monitor`, and so does all that is no plain
    announcement; those behind it, which have the same header but for the time, become records as they are. Where path
    identifiers were negotiated, which routers leave out, that is for each kind of UPDATE: what changes nothing of what
    is known of the table, and can be told by its octets (``_python/path_ids.py``). With ``withdraw``, for which routes
    are to be known one by one, all go that way.
    """

    def __init__(
        self,
        collected: Collected,
        address: str,
        source: str | None = None,
        *,
        withdraw: bool = False,
        resynchronise: bool = False,
    ) -> None:
        self.monitor = Monitor(withdraw=withdraw, resynchronise=resynchronise)
        self.messages = 0
        """Messages of BMP so far."""
        self._collected = collected
        self._contexts = collected.contexts
        self._address = address
        self._given = source
        self._withdraw = withdraw
        self._heads: dict[bytes, bytes | Table] = {}
        self._families: dict[Any, dict[str, bytearray]] = {}
        """By peer and table, which several headers may have, what is known of path identifiers."""
        self._of_peer: dict[Any, dict[bytes, None]] = {}
        """Keys of :attr:`_heads` by the peer that they are of."""

    @property
    def source(self) -> str:
        return self._given or self.monitor.router.sys_name or self._address

    def feed(self, octets: Buffer) -> None:
        """Take octets of the stream, any number. :class:`bgpwire.BmpError` as :class:`bgpwire.bmp.Framer` raises it."""
        framer, router = self.monitor.framer, self.monitor.router
        framer.feed(octets)
        while True:
            if self._contexts is not self._collected.contexts:
                self._contexts = self._collected.contexts
                self._clear()  # their numbers are others there
            if self._heads:
                framer.run(self._run)
            data = next(iter(framer), None)
            if data is None:
                return
            self.messages += 1
            offset = framer.offset - len(data)
            message = router.receive(data, offset)
            if isinstance(message, (Initiation, Termination)):
                self._clear()  # the router may have another name now, or no peers
            elif isinstance(message, (PeerUp, PeerDown)):
                self._forget(message)
            elif isinstance(message, RouteMonitoring) and message.peer is not None:
                self._see(message.peer)
            for event in list(router.events(message, offset)):
                record = self._collected.event(event, self.source)
                if isinstance(message, RouteMonitoring) and not message.errors:
                    self._learn(message, event, data, record)

    def close(self) -> None:
        """The stream is over: what is withdrawn by that, if that is asked for, is collected."""
        for event in self.monitor.router.close(self.monitor.framer.offset):
            self._collected.event(event, self.source)

    def _run(self, octets: bytearray, at: int) -> int:
        records, end, count = monitored_records(octets, at, self._heads)
        if count:
            self.messages += count
            self._collected.put(records, count)
        return end

    def _learn(self, message: RouteMonitoring, event: Event, data: bytes, record: bytes) -> None:
        """From now on the kernel takes messages with the same header, and of a table with path identifiers those of the
        same kind."""
        header = message.peer
        if self._withdraw or data[0] != 3 or header is None:
            return
        same = data[_SAME]
        if same not in self._heads and len(self._heads) >= _TABLES:
            self._clear()
        # What stands between the time and the message is what all records of the table have there.
        head = record[6:8] + record[_RECORD : len(record) - len(event.octets)]
        router = self.monitor.router
        session = router.session(header)
        if session.add_path:
            if header.rib not in router.peers[header.key].identifiers:
                return  # it was no UPDATE
            families = self._families.setdefault(header.key, {}).setdefault(header.rib, bytearray(len(_FAMILIES)))
            self._see(header)
            table = self._heads.setdefault(same, (families, [None] * _KINDS))
            assert isinstance(table, tuple)
            kind = path_ids_kind(event.octets, families)
            # Of this message too, which may have changed what is known of the table.
            if kind >= 0 and event.session.add_path == session.add_path - _missing(kind):
                table[1][kind] = head
        else:
            self._heads[same] = head
        self._of_peer.setdefault(header.key, {})[same] = None

    def _forget(self, message: PeerUp | PeerDown) -> None:
        """A session began or ended: the next messages of its peer are not read as those before."""
        if message.peer is not None:
            for same in self._of_peer.pop(message.peer.key, ()):
                self._heads.pop(same, None)
            self._families.pop(message.peer.key, None)

    def _see(self, header: PeerHeader) -> None:
        """A message that did not go by the kernel may have changed what is known of path identifiers."""
        families = self._families.get(header.key, {}).get(header.rib)
        if families is None:
            return
        router = self.monitor.router
        negotiated, known = router.session(header).add_path, router.peers[header.key].identifiers[header.rib]
        for number, family in enumerate(_FAMILIES):
            seen = 3 if family in known.without else 2 if family in known.there else 1
            families[number] = seen if family in negotiated else 0

    def _clear(self) -> None:
        self._heads.clear()
        self._families.clear()
        self._of_peer.clear()


def _missing(kind: int) -> set[tuple[int, int]]:
    """The families that are without the path identifiers that were negotiated."""
    return {family for number, family in enumerate(_FAMILIES) if kind >> 2 * number & 2}
