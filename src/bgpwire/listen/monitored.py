"""The messages of a router that is monitored, as they are collected: the usual ones by a kernel, without objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import load
from bgpwire.bmp import Initiation, Monitor, PeerDown, PeerUp, RouteMonitoring

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire._python.monitored import monitored_records
    from bgpwire.listen.collected import Collected
    from bgpwire.route.kernels import Event
else:
    monitored_records = load("monitored").monitored_records

__all__ = ["MonitoredRouter"]

_COMMON = 6
_SAME = slice(_COMMON, _COMMON + 34)
"""The per-peer header in front of its time."""
_RECORD = 16
"""Octets in front of what is the same in all records of a table: the header of BGP4MP_ET, and microseconds."""
_TABLES = 1 << 14
"""So many tables of one router are known at a time: a router names what it likes."""


class MonitoredRouter:
    """Takes the stream of one router. ``source`` is what its routes are said to come from; its own name, as its
    Initiation says, where that is ``None``, and ``address`` until then.

    The first message of each table goes the way of :class:`bgpwire.bmp.Monitor`, and so does all that is no plain
    announcement; those behind it, which have the same header but for the time, become records as they are. With
    ``withdraw``, for which routes are to be known one by one, all go that way.
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
        self._heads: dict[bytes, bytes] = {}
        self._of_peer: dict[Any, list[bytes]] = {}
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
                self._heads.clear()  # their numbers are others there
            if self._heads:
                framer.run(self._run)
            data = next(iter(framer), None)
            if data is None:
                return
            self.messages += 1
            offset = framer.offset - len(data)
            message = router.receive(data, offset)
            if isinstance(message, Initiation):
                self._heads.clear()  # the router may have another name now
            elif isinstance(message, (PeerUp, PeerDown)):
                self._forget(message)
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
        """From now on the kernel takes messages with the same header."""
        if self._withdraw or data[0] != 3 or message.peer is None:
            return
        # Where path identifiers were negotiated each message is looked at: routers leave them out.
        if event.session.add_path or self.monitor.router.session(message.peer).add_path:
            return
        if len(self._heads) >= _TABLES:
            self._heads.clear()
            self._of_peer.clear()
        # What stands between the time and the message is what all records of the table have there.
        end = len(record) - len(event.octets)
        self._heads[data[_SAME]] = record[6:8] + record[_RECORD:end]
        self._of_peer.setdefault(message.peer.key, []).append(data[_SAME])

    def _forget(self, message: PeerUp | PeerDown) -> None:
        """A session began or ended: the next messages of its peer are not read as those before."""
        if message.peer is not None:
            for same in self._of_peer.pop(message.peer.key, ()):
                self._heads.pop(same, None)
