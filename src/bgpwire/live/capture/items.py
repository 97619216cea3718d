"""What comes out of a capture: packets, and what the two directions of TCP connections carried."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bgpwire._impl import Address

__all__ = ["Chunk", "End", "Flow", "Gap", "Item", "Packet", "Stream"]


class Packet(NamedTuple):
    """One packet as it was captured."""

    nanoseconds: int
    """Since 1970."""
    link_type: int
    """What it begins with: a LINKTYPE of tcpdump.org, 1 for Ethernet."""
    octets: bytes
    """What was kept of it."""
    size: int
    """Octets that it had on the wire."""
    offset: int = 0
    """Where its first octet stands in the capture, decompressed."""


class Flow(NamedTuple):
    """One direction of one TCP connection: from where, to where, and which connection of the capture."""

    source: Address
    source_port: int
    destination: Address
    destination_port: int
    connection: int
    """Counted from 0 in the order of their first packets; both directions have the same number, and a connection
    that uses the ports of an earlier one has another."""

    def __str__(self) -> str:
        ends = (self.source, self.source_port), (self.destination, self.destination_port)
        return " to ".join(f"[{at}]:{port}" if len(bytes(at)) == 16 else f"{at}:{port}" for at, port in ends)


class Chunk(NamedTuple):
    """Octets of a stream, the next ones."""

    nanoseconds: int
    """Since 1970: of the packet with which all octets up to here were there, or known to be lost."""
    flow: Flow
    position: int
    """Of the first octet in its stream; 0 is the first behind the SYN, or the first that was seen where none was."""
    octets: bytes
    offset: int
    """Where they stand in the capture, decompressed; of a packet in IP fragments near the last of these."""

    @property
    def timestamp(self) -> float:
        """Seconds since 1970."""
        return self.nanoseconds / 1e9


class Gap(NamedTuple):
    """Octets of a stream that are missing, or that are no message."""

    nanoseconds: int
    flow: Flow
    position: int
    size: int | None
    """``None`` where nothing says how many: the sequence numbers went on elsewhere."""
    reason: str

    @property
    def timestamp(self) -> float:
        """Seconds since 1970."""
        return self.nanoseconds / 1e9

    def __str__(self) -> str:
        return f"{self.flow}, octet {self.position}: {'?' if self.size is None else self.size} octets, {self.reason}"


class End(NamedTuple):
    """Nothing more comes of this direction."""

    nanoseconds: int
    flow: Flow
    position: int
    """How many octets it had, those that are missing among them."""
    reason: str
    """``FIN``, ``RST``, ``SYN`` (another connection took its ports), ``memory`` (too much was held of other
    connections while nothing came of this one), ``capture`` (it ended)."""

    @property
    def timestamp(self) -> float:
        """Seconds since 1970."""
        return self.nanoseconds / 1e9


class Stream(NamedTuple):
    """All that one direction of a connection carried."""

    flow: Flow
    nanoseconds: int
    """Of its first octets."""
    octets: bytes
    gaps: list[Gap]
    """What is missing, each with its position; there the octets on both sides of it stand beside each other."""
    end: str
    """As :attr:`End.reason`."""


type Item = Chunk | Gap | End
