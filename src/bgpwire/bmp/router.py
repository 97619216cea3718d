"""What a monitoring station knows of one router: its peers and their sessions, and the events that its messages are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bgpwire.bmp.about import Initiation, Termination
from bgpwire.bmp.framer import Framer
from bgpwire.bmp.header import POST_POLICY, PeerHeader
from bgpwire.bmp.message import BmpMessage, decode_bmp, message_of, session_of
from bgpwire.bmp.monitoring import RouteMirroring, RouteMonitoring
from bgpwire.bmp.path_identifiers import PathIdentifiers
from bgpwire.bmp.peers import PeerDown, PeerUp
from bgpwire.errors import BmpError, DecodeError, EncodeError
from bgpwire.message import Message
from bgpwire.message.update import Update
from bgpwire.route.kernels import Event, Peer, routes_of
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterator
_KEPT: Final = 100
_PEERS: Final = 100_000
_DOWN: Final = 1_000
_SENT: Final = ("adj-rib-in-pre", "adj-rib-out-post")
"""The tables that hold what is sent on a session, as it is sent (RFC 7854 section 1.1, RFC 8671 section 3)."""


class MonitoredPeer:
    """One peer of a router, by the key of its headers: whether it is up, the Peer Up that said so, and its session."""

    __slots__ = (
        "_named",
        "_peers",
        "_sessions",
        "down",
        "header",
        "identifiers",
        "key",
        "negotiated",
        "reported",
        "routes",
        "up",
    )

    def __init__(self, header: PeerHeader) -> None:
        self.key: tuple[Any, ...] = header.key
        self.header = header
        """Of the latest message."""
        self.up: PeerUp | None = None
        """``None`` while none was heard, or since a Peer Down."""
        self.negotiated: Session | None = None
        """What the OPENs of :attr:`up` negotiated, as the router reads what the peer sends."""
        self.down: PeerDown | None = None
        """The last Peer Down."""
        self.routes: dict[str, dict[Any, Session]] = {}
        """What is announced in each table, family and NLRI, where the router is asked to keep it; and the session in
        which it was read, which version 4 may give with each message."""
        self.reported = False
        self.identifiers: dict[str, PathIdentifiers] = {}
        """By table, which families have the path identifiers that the OPENs negotiated."""
        # Of routes with labels, which are no part of what is withdrawn (RFC 8277 section 2.4): what is kept, by name.
        self._named: dict[Any, Any] = {}
        self._sessions: dict[tuple[str, bool], Session] = {}
        self._peers: dict[str, Peer] = {}

    def begin(self, up: PeerUp) -> None:
        self.up, self.down, self.reported = up, None, False
        self.negotiated = up.session
        self.identifiers.clear()
        self._sessions.clear()
        self._peers.clear()

    def end(self, down: PeerDown | None) -> None:
        self.up, self.down, self.negotiated = None, down, None
        self._sessions.clear()

    def session(self, header: PeerHeader) -> Session:
        """In which a message with this header is read: as negotiated, in the direction of its table, with AS numbers as
        wide as the A flag says. What a peer must send or must not, by its AS, is asked of what was sent alone: not of
        the Loc-RIB, nor of what a policy made of a route or is yet to make of it."""
        which = header.rib, header.asn4
        found = self._sessions.get(which)
        if found is None:
            base = self.negotiated
            if base is None:
                found = replace(session_of(header), add_path_from=Provenance.GUESSED)
            else:
                base = base.reversed() if header.out else base
                ibgp = base.ibgp if header.rib in _SENT else None
                found = replace(base, asn4=header.asn4, asn4_from=Provenance.GIVEN, extended_message=True, ibgp=ibgp)
            self._sessions[which] = found
        return found

    def peer(self, header: PeerHeader) -> Peer:
        """One object for all messages of a table."""
        found = self._peers.get(header.rib)
        if found is None or found.asn != header.asn or found.bgp_id != header.bgp_id:
            up = self.up
            local = None if up is None else up.local_address
            asn = None if up is None or up.sent is None else up.sent.effective_asn
            found = Peer(header.address, header.asn, header.bgp_id, local, asn, None, header.rib, header.rd)
            self._peers[header.rib] = found
        return found


class Router:
    """One router that is monitored: octets of its messages in, messages and events out.

    :meth:`receive` decodes a message in the session that the Peer Up of its peer negotiated; :meth:`events` are the BGP
    messages in it. With ``withdraw`` the routes of each table are kept, and events that withdraw them come of a Peer
    Down, of a Peer Up that says that the session began anew, and of :meth:`close`. What contradicts itself is in
    :attr:`faults`, the first hundred; :attr:`fault_count` counts them.
    """

    def __init__(self, *, withdraw: bool = False) -> None:
        self.peers: dict[tuple[Any, ...], MonitoredPeer] = {}
        self.initiation: Initiation | None = None
        self.termination: Termination | None = None
        self.faults: list[DecodeError] = []
        self.fault_count = 0
        self.max_peers = _PEERS
        """More are not kept: their messages are read, each by its header alone. That is reported once."""
        self.max_down = _DOWN
        """How many peers are kept that are not up and have no routes; those before them are forgotten."""
        self._withdraw = withdraw
        self._down: dict[tuple[Any, ...], None] = {}
        """The keys of peers that are not up, in the order in which that was heard."""
        self._full = False
        self._due: list[Event] = []
        """What withdraws the routes that went with the message received last."""

    @property
    def sys_name(self) -> str | None:
        """As its Initiation says."""
        return None if self.initiation is None else self.initiation.sys_name

    def receive(self, octets: Buffer, offset: int = 0) -> BmpMessage:
        """The message; ``offset`` is where it stands in the stream, for faults. :class:`bgpwire.BmpError` as
        :func:`bgpwire.bmp.decode_bmp`."""
        data = bytes(octets)
        if data[:1] in (b"\1", b"\2"):
            message = message_of(data, 2, data[0], data[1], self.session)
        else:
            message = decode_bmp(data, self.session)
        if isinstance(message, RouteMonitoring) and message.version < 4:
            message = self._identified(message, offset)
        for error in message.errors:
            self.fault(error.moved(offset))
        self._take(message, offset)
        return message

    def _identified(self, message: RouteMonitoring, offset: int) -> RouteMonitoring:
        """The message, read without path identifiers where it has none although they were negotiated; version 4 says
        of each message what it has."""
        update, header = message.message, message.peer
        if not isinstance(update, Update) or header is None or not update.session.add_path:
            return message
        session, shown = self._of(header).identifiers.setdefault(header.rib, PathIdentifiers()).session(update)
        for family in shown:
            reason = f"{header.rib} of {header.address}: {family} without the path identifiers that were negotiated"
            self.fault(BmpError(reason, offset))
        return message if session is update.session else replace(message, message=Message.of(update.data, session))

    def _take(self, message: BmpMessage, offset: int) -> None:
        """What a message changes of what is known."""
        self._due = []
        header = message.peer
        if isinstance(message, Initiation):
            self.initiation = message
        elif isinstance(message, Termination):
            self.termination = message
            self._due = list(self.close(offset))
        elif header is not None:
            peer = self._of(header)
            if isinstance(message, (PeerUp, PeerDown)):
                self._due = list(self._gone(peer, header, offset))
            if isinstance(message, PeerUp):
                peer.begin(message)
                self._down.pop(peer.key, None)
            elif isinstance(message, PeerDown):
                peer.end(message)
                self._gone_down(peer)
            else:
                self._check(peer, header, offset)

    def _of(self, header: PeerHeader) -> MonitoredPeer:
        key = header.key
        found = self.peers.get(key)
        if found is None:
            found = MonitoredPeer(header)
            if len(self.peers) < self.max_peers:
                self.peers[key] = found
                self._gone_down(found)
            elif not self._full:
                self._full = True
                self.fault(BmpError(f"more than {self.max_peers} peers", 0))
        found.header = header
        return found

    def _gone_down(self, peer: MonitoredPeer) -> None:
        """A peer is down, or was never up: where there are many of them the first are forgotten, but for those whose
        routes are kept."""
        self._down.pop(peer.key, None)
        if peer.key not in self.peers:
            return
        self._down[peer.key] = None
        while len(self._down) > self.max_down:
            key = next(iter(self._down))
            del self._down[key]
            if self.peers[key].routes:
                continue  # it is forgotten after its next Peer Down, or with the stream
            del self.peers[key]

    def session(self, header: PeerHeader) -> Session:
        """In which a message with this header is to be read, by what its peer's OPENs negotiated."""
        return self._of(header).session(header)

    def _check(self, peer: MonitoredPeer, header: PeerHeader, offset: int) -> None:
        """RFC 7854 section 4.2: a received route has AS numbers as wide as the session has; said once for a peer."""
        base = peer.negotiated
        if base is None or peer.reported or header.type == 3 or header.out or header.flags & POST_POLICY:
            return
        if base.asn4 != header.asn4:
            peer.reported = True
            says = "4" if header.asn4 else "2"
            reason = f"the A flag of {header.address} says AS numbers of {says} octets, its OPENs do not"
            self.fault(BmpError(reason, offset))

    def fault(self, error: DecodeError) -> None:
        """Take note of what is wrong."""
        self.fault_count += 1
        if len(self.faults) < _KEPT:
            self.faults.append(error.fresh())

    def events(self, message: BmpMessage, offset: int = 0) -> Iterator[Event]:
        """The BGP messages that the message brings which :meth:`receive` gave last, each with its peer, session and
        time: of Route Monitoring the UPDATE, of Route Mirroring all, and what withdraws the routes of a session that
        ended."""
        due, self._due = self._due, []
        yield from due
        header = message.peer
        if header is None:
            return
        peer = self._of(header)
        whom = peer.peer(header)
        if isinstance(message, RouteMonitoring):
            if message.message is not None:
                event = _event(message.message, whom, header, offset)
                if self._withdraw:
                    self._keep(peer, header.rib, event)
                yield event
        elif isinstance(message, RouteMirroring):
            for inner in message.messages:
                yield _event(inner, whom, header, offset)

    def close(self, offset: int = 0) -> Iterator[Event]:
        """The stream ended: what withdraws all that is still announced, if that is kept."""
        for peer in self.peers.values():
            if peer.routes:
                yield from self._gone(peer, peer.header, offset)
            peer.end(None)

    def _keep(self, peer: MonitoredPeer, rib: str, event: Event) -> None:
        if not isinstance(event.message, Update):
            return
        table = peer.routes.setdefault(rib, {})
        try:
            found = routes_of(event)
        except DecodeError as error:
            found = getattr(error, "routes", [])
        for route in found:
            key = route.family, route.nlri
            name = _name(rib, *key)
            if name is not None:
                before = peer._named.pop(name, None)
                table.pop((route.family, before), None)
            if route.type != "A":
                table.pop(key, None)
                continue
            table[key] = event.session
            if name is not None:
                peer._named[name] = route.nlri

    def _gone(self, peer: MonitoredPeer, header: PeerHeader, offset: int) -> Iterator[Event]:
        """What withdraws all routes of a peer, table by table."""
        for rib, table in peer.routes.items():
            whom = peer._peers.get(rib) or peer.peer(header)
            together: dict[tuple[Any, Session], list[Any]] = {}
            for (family, nlri), session in table.items():
                together.setdefault((family, session), []).append(nlri)
            for (family, session), nlri in together.items():
                # A router may tell of a family that its peer's OPENs do not name.
                sender = replace(session.reversed(), families=None)
                try:
                    messages = list(Update.withdraw(nlri, family=family).messages(sender))
                except EncodeError as error:
                    self.fault(BmpError(f"{len(nlri)} routes of {family} cannot be withdrawn: {error}", offset))
                    continue
                for message in messages:
                    yield _event(message, whom, header, offset)
        peer.routes = {}
        peer._named.clear()


def _name(rib: str, family: Any, nlri: Any) -> Any:
    """What a route is called without its labels; ``None`` for one of a kind that has none."""
    if hasattr(nlri, "labels") or hasattr(nlri, "label"):
        return rib, family, str(nlri), nlri.path_id
    return None


def _event(message: Message, peer: Peer, header: PeerHeader, offset: int) -> Event:
    return Event(message.data, header.seconds, header.microseconds, peer, message.session, offset)


class Monitor:
    """A stream of BMP of one router: octets in, messages or events out; a :class:`Framer` and a :class:`Router`."""

    def __init__(self, *, withdraw: bool = False, resynchronise: bool = True) -> None:
        self.framer = Framer(resynchronise=resynchronise)
        self.router = Router(withdraw=withdraw)

    def messages(self, octets: Buffer) -> Iterator[tuple[int, BmpMessage]]:
        """The messages that are whole with ``octets``, and where each stands in the stream."""
        framer, router = self.framer, self.router
        framer.feed(octets)
        while True:
            data = next(iter(framer), None)
            if data is None:
                return
            offset = framer.offset - len(data)
            yield offset, router.receive(data, offset)

    def events(self, octets: Buffer) -> Iterator[Event]:
        """The BGP messages that are whole with ``octets``, see :meth:`Router.events`."""
        for offset, message in self.messages(octets):
            yield from self.router.events(message, offset)
