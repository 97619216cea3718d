"""Messages off a socket: UPDATEs that arrive in large reads, with five attributes each.

Everyone is written the same octets and reads them from a Unix socket pair, the writing included in the time. ExaBGP's
reader is its ``Connection.reader``, which makes two reads and two polls a message and gives header and body as
``bytes``; ours gives views: "copied" makes ``bytes`` of each, as who keeps a message does. ``Framer`` has no socket.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from benchmarks.contender import MESSAGES, Contender, Job, ours
from benchmarks.data import announcing

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.contender import Work

AT_ONCE = 60_000
"""Octets written at a time: what a socket's buffer holds."""

type Pieces = list[tuple[bytes, int]]


def pieces(message: bytes, count: int) -> Pieces:
    """Octets to be written at a time, and how many messages each of them holds."""
    each = max(AT_ONCE // len(message), 1)
    return [(message * min(each, count - at), min(each, count - at)) for at in range(0, count, each)]


def reader(keep: bool) -> Callable[[Pieces], Work]:
    def prepare(parts: Pieces) -> Work:
        from bgpwire.stream import MessageReader

        here, there = socket.socketpair()
        messages = iter(MessageReader(here))

        def work() -> int:
            total = 0
            for octets, number in parts:
                there.sendall(octets)
                for _ in range(number):
                    view = next(messages)
                    if keep:
                        bytes(view)
                total += number
            return total

        return work

    return prepare


def framer(parts: Pieces) -> Work:
    from bgpwire.stream import Framer

    framer = Framer()

    def work() -> int:
        return sum(1 for octets, _ in parts for _ in framer.feed(octets))

    return work


def exabgp(parts: Pieces) -> Work:
    from exabgp.environment import getenv
    from exabgp.logger import log
    from exabgp.protocol.family import AFI
    from exabgp.reactor.network.connection import Connection

    log.init(getenv())  # as the daemon does
    here, there = socket.socketpair()
    here.setblocking(False)
    connection = Connection(AFI.ipv4, "127.0.0.1", "127.0.0.1")
    connection.io = here

    def work() -> int:
        total = 0
        for octets, number in parts:
            there.sendall(octets)
            end = total + number
            while total < end:
                for length, _kind, _header, _body, error in connection.reader():
                    if error:
                        raise error
                    total += length > 0
        return total

    return work


CONTENDERS = (
    *ours(reader(keep=False)),
    *ours(reader(keep=True), ", copied"),
    *ours(framer, ", Framer alone"),
    Contender("ExaBGP", exabgp, "exabgp"),
)
SMALL, LARGE = announcing(1), announcing(1006)
JOBS = {
    "stream": Job(
        f"Messages off a socket: 2,000 UPDATEs of {len(SMALL)} octets",
        MESSAGES,
        lambda quick: pieces(SMALL, 2000),
        CONTENDERS,
    ),
    "stream_large": Job(
        f"Messages off a socket: 200 UPDATEs of {len(LARGE):,} octets",
        MESSAGES,
        lambda quick: pieces(LARGE, 200),
        CONTENDERS,
    ),
}
