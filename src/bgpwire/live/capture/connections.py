"""TCP connections out of packets: which segments belong together, when a connection begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import Address
from bgpwire.live.capture.direction import Direction
from bgpwire.live.capture.fragments import Fragments
from bgpwire.live.capture.ip import ACK, FIN, RST, SYN, segment_of
from bgpwire.live.capture.items import Flow
from bgpwire.live.capture.link import SkippedPacket
from bgpwire.live.capture.report import Report

if TYPE_CHECKING:
    from collections.abc import Collection

    from bgpwire.live.capture.ip import Segment
    from bgpwire.live.capture.items import Item, Packet

__all__ = ["Reassembly"]

MOST_HELD = 1 << 28
"""Octets that all connections together may hold, about; with more, the one that was silent longest is let go."""

type _End = tuple[bytes, int]
type _Key = tuple[_End, _End]


class _Connection:
    """Both directions; the first is that of the first packet."""

    __slots__ = ("first", "memory", "number", "sides")

    def __init__(self, number: int, first: _End) -> None:
        self.number = number
        self.first = first
        self.sides: list[Direction | None] = [None, None]
        self.memory = 0

    @property
    def begun(self) -> bool:
        """Whether it has octets."""
        return any(side is not None and side.next for side in self.sides)

    def flush(self, reason: str, now: int, out: list[Item]) -> None:
        """Nothing more comes in either direction."""
        for side in self.sides:
            if side is not None:
                side.flush(reason, now, out)


def _flow(segment: Segment, number: int) -> Flow:
    source, destination = Address.from_bytes(segment.source), Address.from_bytes(segment.destination)
    return Flow(source, segment.source_port, destination, segment.destination_port, number)


class Reassembly:
    """Packets in, in the order of their capture; chunks, gaps and ends of the streams of TCP out. Nothing about files.

    ``ports`` names those of which a connection must have one; without it all connections are read. ``report`` counts.
    Memory is bounded: what waits in one direction for missing octets, how much all of them hold, and IP fragments.
    """

    def __init__(self, ports: Collection[int] | None = None, report: Report | None = None) -> None:
        self.report = Report() if report is None else report
        self._ports = None if ports is None else frozenset(ports)
        self._fragments = Fragments(self.report)
        self._connections: dict[_Key, _Connection] = {}
        """The one that was silent longest first."""
        self._count = 0
        self._memory = 0
        self._now = 0

    def packet(self, packet: Packet) -> list[Item]:
        """What can be given now that this packet has come. Its times may be any; they are best in order."""
        report = self.report
        report.packets += 1
        report.octets += len(packet.octets)
        self._now = packet.nanoseconds
        out: list[Item] = []
        try:
            segment = segment_of(packet, self._fragments)
            if segment is not None:
                self._segment(segment, out)
        except SkippedPacket as skipped:
            report.skip(skipped.reason)
        return out

    def finish(self) -> list[Item]:
        """The capture has ended: what still waited, with gaps, and the ends of all streams."""
        self._fragments.finish()
        out: list[Item] = []
        for connection in self._connections.values():
            connection.flush("capture", self._now, out)
        self._connections.clear()
        self._memory = 0
        return out

    def _segment(self, segment: Segment, out: list[Item]) -> None:
        ports = self._ports
        if ports is not None and segment.source_port not in ports and segment.destination_port not in ports:
            raise SkippedPacket("other ports")
        source = segment.source, segment.source_port
        destination = segment.destination, segment.destination_port
        key = (source, destination) if source < destination else (destination, source)
        connection = self._connections.pop(key, None)
        if connection is not None and self._is_another(connection, source, segment):
            connection.flush("SYN", self._now, out)
            self._memory -= connection.memory
            connection = None
        if connection is None:
            if segment.flags & RST or not (segment.size or segment.flags & SYN):
                raise SkippedPacket("no octets of a connection that is not known")
            connection = _Connection(self._count, source)
            self._count += 1
        self._connections[key] = connection
        try:
            self._advance(connection, segment, out)
        finally:
            self._hold(connection, out)

    def _is_another(self, connection: _Connection, source: _End, segment: Segment) -> bool:
        """Whether the segment is of a new connection on the ports of this one."""
        side = connection.sides[source != connection.first]
        flags = segment.flags
        if flags & SYN and not flags & RST:
            if side is not None:
                return not side.is_first(segment.sequence + 1)
            # The first of this direction: of a connection whose octets are known already it is the answer at most.
            return connection.begun and not flags & ACK
        if side is None or not side.stopped or not segment.size or flags & RST:
            return False
        # Octets that are far from an end: a connection whose beginning was not captured.
        return side.is_far(segment.sequence)

    def _advance(self, connection: _Connection, segment: Segment, out: list[Item]) -> None:
        source = segment.source, segment.source_port
        index = int(source != connection.first)
        side, other = connection.sides[index], connection.sides[1 - index]
        flags, now = segment.flags, self._now
        if flags & RST:
            # One that is behind the octets that came is late, or forged (RFC 5961 section 3).
            if side is not None:
                if side.end is not None or side.is_far(segment.sequence) or side.distance(segment.sequence) < 0:
                    raise SkippedPacket("RST out of place")
                side.stop(segment.sequence, "RST", now, out)
            if other is not None:
                other.flush("RST", now, out)
            return
        sequence = segment.sequence + 1 if flags & SYN else segment.sequence
        if side is None and (segment.size or flags & SYN):
            side = connection.sides[index] = Direction(_flow(segment, connection.number), sequence, self.report)
        if flags & ACK and other is not None and other.end is None:
            other.acknowledge(segment.acknowledged, now, out)
        if side is None:
            return
        if side.end is not None:
            if segment.size and side.distance(sequence) + segment.size > 0:
                raise SkippedPacket("octets behind the end of their stream")
            self.report.retransmitted += len(segment.octets)
            return
        if segment.size:
            if flags & SYN and not side.next:
                side.syn_size = segment.size
            side.segment(sequence, segment.octets, segment.size, segment.offset, now, out)
        if flags & FIN:
            side.stop(sequence + segment.size, "FIN", now, out)

    def _hold(self, connection: _Connection, out: list[Item]) -> None:
        """Count what the connection holds now, and let others go."""
        memory = sum(side.memory for side in connection.sides if side is not None) + 1024
        self._memory += memory - connection.memory
        connection.memory = memory
        while self._memory > MOST_HELD and len(self._connections) > 1:
            oldest = self._connections.pop(next(iter(self._connections)))
            oldest.flush("memory", self._now, out)
            self._memory -= oldest.memory
