"""OpenBMP's message bus decoded, value by value (sans-io): BMP of many routers at once becomes events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire._impl import as_bytes
from bgpwire.bmp import Framer, PeerUp, RouteMonitoring, Router
from bgpwire.errors import BmpError, DecodeError, OpenBmpError
from bgpwire.live.openbmp.guess import Guesses
from bgpwire.live.openbmp.header import BMP_RAW, OpenBmp, decode
from bgpwire.live.openbmp.report import Kind, Reports
from bgpwire.live.openbmp.strip import Stripper
from bgpwire.route.kernels import Event, routes_of

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable, Iterator

    from bgpwire.bmp import BmpMessage
    from bgpwire.live.openbmp.report import Report
    from bgpwire.route.kernels import Route

__all__ = ["Decoder", "MonitoredRouter"]

ROUTERS: Final = 1 << 12
"""Routers that are kept, unless another number is asked for."""
PEERS: Final = 1 << 16
"""Peers of one router: more than any has."""
_COMMON: Final = 6


class MonitoredRouter(Router):
    """What is known of one router, as :class:`bgpwire.bmp.Router`, and what the bus calls it: ``collector/router``."""

    def __init__(self, header: OpenBmp, withdraw: bool, on_fault: Callable[[DecodeError], None]) -> None:
        super().__init__(withdraw=withdraw)
        self.name = header.name
        self.header = header
        """Of the first message, without its BMP."""
        self.guesses = Guesses()
        self._on_fault = on_fault

    def fault(self, error: DecodeError) -> None:
        super().fault(error)
        self._on_fault(error)


class Decoder:
    """Takes the values of Kafka's records with :meth:`feed`, which gives the events in them; reports what is wrong, and
    goes on.

    Each router, told from others by the collector's hash and its own, has a :class:`bgpwire.bmp.Router` in
    :attr:`routers`: at most ``most_routers``, then the one that was silent longest is let go. ``withdraw`` keeps what
    each peer announced, and gives withdrawals when its session ends.

    ``strip_asn``: the AS number of a collector that puts itself in front of the AS paths that it passes on, which is
    taken off again, once, where it is the first hop (RouteViews: 6447). :attr:`stripped` counts the UPDATEs,
    :func:`bgpwire.live.openbmp.stripped_asn` tells it of an event or a route.

    :attr:`reports` keeps the first hundred and the latest report, and counts all; each is given to ``on_report`` as it
    comes. ``strict`` raises :class:`bgpwire.OpenBmpError` for the first instead. :attr:`values`, :attr:`octets` and
    :attr:`messages` count what was fed, and the BMP messages in it.
    """

    def __init__(
        self,
        *,
        strip_asn: int | None = None,
        withdraw: bool = False,
        strict: bool = False,
        on_report: Callable[[Report], object] | None = None,
        most_routers: int = ROUTERS,
    ) -> None:
        if most_routers < 1:
            raise ValueError(f"{most_routers} routers")
        self.reports = Reports(strict, on_report)
        self.routers: dict[tuple[bytes, bytes], MonitoredRouter] = {}
        """By collector hash and router hash; the one that was heard last is the last."""
        self.values = 0
        self.octets = 0
        self.messages = 0
        self._stripper = None if strip_asn is None else Stripper(strip_asn)
        self._withdraw = withdraw
        self._most = most_routers
        # What is being read: reports are about it.
        self._at = 0
        self._source = ""
        self._router: MonitoredRouter | None = None

    @property
    def stripped(self) -> int:
        """UPDATEs whose AS path lost its first hop."""
        return 0 if self._stripper is None else self._stripper.count

    def feed(self, value: Buffer, *, offset: int | None = None, source: str = "") -> list[Event]:
        """The events of one value: one for each BGP message that its BMP brings.

        ``event.file`` is ``collector/router`` (:attr:`OpenBmp.name`), ``event.offset`` is ``offset``: of Kafka that of
        the record, without it the octets that were fed before. ``source`` is for reports.
        """
        data = as_bytes(value)
        self._at = self.octets if offset is None else offset
        self._source = source
        self._router = None
        self.values += 1
        self.octets += len(data)
        try:
            header = decode(data)
        except OpenBmpError as error:
            self.report(Kind.HEADER, f"{error.reason}, at octet {error.offset}")
            return []
        if header.object_type != BMP_RAW:
            kind = "text" if header.object_type is None else header.object_type
            self.report(Kind.TYPE, f"an object of type {kind}: no BMP")
            return []
        router = self._router = self._of(header)
        out: list[Event] = []
        for message in self._messages(header.octets, router):
            self.messages += 1
            out += map(self._event, self._read(message, router))
        return out

    def routes(self, value: Buffer, *, offset: int | None = None, source: str = "") -> list[Route]:
        """The routes of one value, see :meth:`feed`. NLRI that cannot be read are reported, and those before them
        given."""
        out: list[Route] = []
        for event in self.feed(value, offset=offset, source=source):
            try:
                out += routes_of(event)
            except DecodeError as error:
                out += getattr(error, "routes", ())
                self.report(Kind.ROUTES, str(error))
        return out

    def close(self) -> list[Event]:
        """The stream ended: with ``withdraw`` the withdrawals of all that is still announced."""
        out: list[Event] = []
        for router in self.routers.values():
            self._router = router
            out += map(self._event, list(router.close(self._at)))
        self.routers.clear()
        return out

    def report(self, kind: Kind, reason: str) -> None:
        """Report something of the value that was fed last."""
        name = "" if self._router is None else self._router.name
        self.reports.add(kind, self._at, reason, name, self._source)

    def _of(self, header: OpenBmp) -> MonitoredRouter:
        key = header.collector_hash, header.router_hash
        router = self.routers.pop(key, None)
        if router is None:
            if len(self.routers) >= self._most:
                self._let_go(next(iter(self.routers)), f"{self._most} others were heard since")
            router = MonitoredRouter(header.without_octets(), self._withdraw, self._fault)
        elif len(router.peers) > PEERS:
            self.routers[key] = router
            self._let_go(key, f"more than {PEERS} peers")
            router = MonitoredRouter(header.without_octets(), self._withdraw, self._fault)
        self.routers[key] = router
        return router

    def _let_go(self, key: tuple[bytes, bytes], why: str) -> None:
        self._router = self.routers.pop(key)
        self.report(Kind.ROUTER, f"what was known of it was let go: {why}")

    def _messages(self, octets: bytes, router: MonitoredRouter) -> Iterator[BmpMessage]:
        """The messages of one value, which has whole ones: in most cases one."""
        if octets[:1] in (b"\3", b"\4") and len(octets) >= _COMMON and int.from_bytes(octets[1:5]) == len(octets):
            yield router.receive(octets)
            return
        framer = Framer(resynchronise=True)
        for data in framer.feed(octets):
            try:
                message = router.receive(data)
            except BmpError as error:
                self._fault(error)
            else:
                yield message
        try:
            framer.finish()
        except BmpError as error:
            self._fault(error)
        for gap in framer.gaps[:1]:
            self.report(Kind.BMP, f"{framer.gap_octets} octets are no BMP: {gap.error.reason}, at octet {gap.offset}")

    def _read(self, message: BmpMessage, router: MonitoredRouter) -> Iterator[Event]:
        header = message.peer
        if header is not None:
            if isinstance(message, PeerUp):
                router.guesses.forget(header.key)
            elif isinstance(message, RouteMonitoring) and (peer := router.peers[header.key]).negotiated is None:
                message = router.guesses.read(message, peer)
        return router.events(message, self._at)

    def _event(self, event: Event) -> Event:
        """With the name of the router, and without the collector's AS number."""
        octets, session = event.octets, event.session
        if self._stripper is not None:
            octets, session = self._stripper(octets, session) or (octets, session)
        assert self._router is not None
        when = event.seconds, event.microseconds
        return Event(octets, *when, event.peer, session, event.offset, file=self._router.name)

    def _fault(self, error: DecodeError) -> None:
        self.report(Kind.BMP, f"{error.reason}, at octet {error.offset}")
