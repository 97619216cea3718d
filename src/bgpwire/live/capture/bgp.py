"""BGP messages out of the streams of TCP connections, each with its session."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bgpwire.live.capture.items import Chunk, Gap
from bgpwire.live.capture.report import Report
from bgpwire.live.capture.session import Sessions
from bgpwire.numbers.message import OPEN, UPDATE
from bgpwire.route.kernels import Event, Peer
from bgpwire.stream import Framer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.live.capture.items import Flow, Item
    from bgpwire.session import Session

__all__ = ["BgpStreams"]

_IDLE = 16
"""Framers that are kept to be used again."""


class _SmallFramer(Framer):
    """There may be one for each direction of thousands of connections."""

    _room = 1 << 12


class _Connection:
    """What both directions share."""

    __slots__ = ("directions", "sessions")

    def __init__(self, given: Session | None) -> None:
        self.sessions = Sessions(given)
        self.directions: dict[Flow, _Direction] = {}


class _Direction:
    """Of one stream: the framer, where its octets stand, and who sent them."""

    __slots__ = ("base", "framer", "peer", "places", "side")

    def __init__(self, side: int) -> None:
        self.side = side
        self.framer: Framer | None = None
        """``None`` between messages."""
        self.base = 0
        """The position at which the framer counts from 0."""
        self.places: deque[tuple[int, int]] = deque()
        """Where chunks begin whose octets wait: position in the stream, offset in the capture."""
        self.peer: Peer | None = None

    def forget(self, position: int) -> None:
        """Octets in front of a position have been used."""
        places = self.places
        while len(places) > 1 and places[1][0] <= position:
            places.popleft()

    def offset(self, position: int) -> int:
        """Where the octet of a position stands in the capture."""
        self.forget(position)
        begin, offset = self.places[0]
        return offset + position - begin


def _hunting(framer: Framer) -> bool:
    """Whether it looks for the next header, behind octets that were none."""
    return bool(framer.gaps) and sum(framer.gaps[-1][:2]) == framer.offset


class BgpStreams:
    """Chunks, gaps and ends of streams in; an event of each BGP message out, in the order in which they were whole.

    ``session`` is that of connections whose OPENs were not both captured; without it, it is guessed: AS numbers of 4
    octets unless paths read only with 2, path identifiers where NLRI read better with them, and
    :attr:`bgpwire.Session.asn4_from` and ``add_path_from`` say so. ``report`` gets what is no message; ``file`` is
    :attr:`bgpwire.Event.file`.
    """

    def __init__(self, session: Session | None = None, report: Report | None = None, file: str | None = None) -> None:
        self.report = Report() if report is None else report
        self._given = session
        self._file = file
        self._connections: dict[int, _Connection] = {}
        self._idle: list[Framer] = []

    def item(self, item: Item) -> Iterator[Event]:
        """The messages that are whole with this item."""
        flow = item.flow
        connection = self._connections.get(flow.connection)
        if connection is None:
            connection = self._connections[flow.connection] = _Connection(self._given)
        direction = connection.directions.get(flow)
        if direction is None:
            # The one whose source is less is the first, so that each of the two is told by itself.
            ends = (flow.source, flow.source_port), (flow.destination, flow.destination_port)
            direction = connection.directions[flow] = _Direction(int(ends[0] > ends[1]))
        if isinstance(item, Chunk):
            yield from self._chunk(connection, direction, item)
            return
        self._break(direction, item)
        if not isinstance(item, Gap):
            del connection.directions[flow]
            if not connection.directions:
                del self._connections[flow.connection]

    def _chunk(self, connection: _Connection, direction: _Direction, chunk: Chunk) -> Iterator[Event]:
        framer = direction.framer
        if framer is None:
            framer = self._idle.pop() if self._idle else _SmallFramer(resynchronise=True)
            direction.framer, direction.base = framer, chunk.position - framer.offset
        direction.places.append((chunk.position, chunk.offset))
        sessions = connection.sessions
        framer.max_message = sessions.session(direction.side).max_message
        for view in framer.feed(chunk.octets):
            if framer.gaps:
                self._gaps(direction, framer, chunk)
            octets = bytes(view)
            kind = octets[18]
            if kind == OPEN:
                sessions.open(direction.side, octets)
                for one in connection.directions.values():
                    one.peer = None
                framer.max_message = sessions.session(direction.side).max_message
            elif kind == UPDATE:
                sessions.update(direction.side, octets)
            yield self._event(sessions, direction, chunk, octets, direction.base + framer.offset - len(octets))
        direction.forget(direction.base + framer.offset)
        if _hunting(framer):
            return
        self._gaps(direction, framer, chunk)
        if not framer.pending:
            direction.framer = None
            direction.places.clear()
            if len(self._idle) < _IDLE:
                self._idle.append(framer)

    def _event(self, sessions: Sessions, direction: _Direction, chunk: Chunk, octets: bytes, position: int) -> Event:
        side = direction.side
        peer = direction.peer
        if peer is None:
            flow = chunk.flow
            local = sessions.asn(1 - side)
            peer = direction.peer = Peer(flow.source, sessions.asn(side) or 0, None, flow.destination, local)
        seconds, rest = divmod(chunk.nanoseconds, 1_000_000_000)
        offset = direction.offset(position)
        return Event(octets, seconds, rest // 1000, peer, sessions.session(side), offset, None, None, True, self._file)

    def _gaps(self, direction: _Direction, framer: Framer, item: Item) -> None:
        """What the framer stepped over, and has left behind."""
        for offset, length, error in framer.gaps:
            self.report.gap(Gap(item.nanoseconds, item.flow, direction.base + offset, length, error.reason))
        framer.gaps.clear()

    def _break(self, direction: _Direction, item: Item) -> None:
        """What waits of a message is not continued."""
        framer = direction.framer
        if framer is None:
            return
        hunted = framer.gaps.pop() if _hunting(framer) else None
        self._gaps(direction, framer, item)
        if hunted is not None:
            offset, length, reason = hunted.offset, hunted.length + framer.pending, hunted.error.reason
        else:
            offset, length, reason = framer.offset, framer.pending, "message that is not whole"
        self.report.gap(Gap(item.nanoseconds, item.flow, direction.base + offset, length, reason))
        direction.framer = None
        direction.places.clear()
