"""Messages off a socket: 2,000 small UPDATEs that arrive in large reads, one IPv4 prefix with five attributes in each.

Everyone is written the same octets and reads them from a Unix socket pair, the writing included in the time. ExaBGP's
reader is its ``Connection.reader``, which makes two reads and two polls a message and gives header and body as
``bytes``; ours gives views: "copied" makes ``bytes`` of each, as who keeps a message does. ``Framer`` has no socket.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from benchmarks.contender import Contender, ours

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.contender import Job

TITLE = "Messages off a socket: 2,000 UPDATEs of 73 octets"
UNIT = "million messages a second"
SCALE = 0

ATTRIBUTES = bytes.fromhex(
    "40010100"  # ORIGIN IGP
    "4002 0e 0203 0000fde8 0000fde9 0000fdea"  # AS_PATH 65000 65001 65002
    "400304c0000201"  # NEXT_HOP 192.0.2.1
    "80040400000064"  # MULTI_EXIT_DISC 100
    "c00808fde80001fde80002"  # COMMUNITIES 65000:1 65000:2
)
AT_ONCE = 60_000
"""Octets written at a time: what a socket's buffer holds."""


def update(prefixes: int) -> bytes:
    nlri = b"".join(bytes((24, 10, index >> 8, index & 255)) for index in range(prefixes))
    body = b"\0\0" + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES + nlri
    return b"\xff" * 16 + (len(body) + 19).to_bytes(2) + b"\x02" + body


def pieces(message: bytes, count: int) -> list[tuple[bytes, int]]:
    """Octets to be written at a time, and how many messages each of them holds."""
    each = max(AT_ONCE // len(message), 1)
    return [(message * min(each, count - at), min(each, count - at)) for at in range(0, count, each)]


def contenders(message: bytes, count: int) -> tuple[Contender, ...]:
    parts = pieces(message, count)

    def reader(keep: bool) -> Callable[[], Job]:
        def bgpwire() -> Job:
            from bgpwire.stream import MessageReader

            here, there = socket.socketpair()
            messages = iter(MessageReader(here))

            def job() -> int:
                total = 0
                for octets, number in parts:
                    there.sendall(octets)
                    for _ in range(number):
                        view = next(messages)
                        if keep:
                            bytes(view)
                    total += number
                return total

            return job

        return bgpwire

    def framer() -> Job:
        from bgpwire.stream import Framer

        framer = Framer()

        def job() -> int:
            return sum(1 for octets, _ in parts for _ in framer.feed(octets))

        return job

    def exabgp() -> Job:
        from exabgp.environment import getenv
        from exabgp.logger import log
        from exabgp.protocol.family import AFI
        from exabgp.reactor.network.connection import Connection

        log.init(getenv())  # as the daemon does
        here, there = socket.socketpair()
        here.setblocking(False)
        connection = Connection(AFI.ipv4, "127.0.0.1", "127.0.0.1")
        connection.io = here

        def job() -> int:
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

        return job

    return (
        *ours(reader(keep=False)),
        *ours(reader(keep=True), ", copied"),
        *ours(framer, ", Framer alone"),
        Contender("ExaBGP", exabgp, "exabgp"),
    )


CONTENDERS = contenders(update(1), 2000)
