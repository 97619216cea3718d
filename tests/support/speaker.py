"""A passive BGP speaker, no more than tests need: it answers one OPEN and collects UPDATEs.

:class:`SocketSession` reads through ``MessageReader``, :class:`AsyncioSession` through ``MessageProtocol``; both take
the package under test as ``impl`` and an accepted connection, and fill a :class:`Table`.
"""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    type Family = tuple[int, int]
    type Key = tuple[Family, str]

ASN = 4200000001
BGP_ID = "192.0.2.251"
KEEPALIVE = b"\xff" * 16 + b"\x00\x13\x04"
SHUTDOWN = b"\xff" * 16 + b"\x00\x15\x03\x06\x02"


def our_open(impl: Any, families: Iterable[Family], add_path: bool = False, extended: bool = False) -> Any:
    """An OPEN with multiprotocol and 4-octet AS, "receive" of ADD-PATH and extended messages where asked for."""
    families = list(families)
    capabilities = [(1, afi.to_bytes(2) + b"\0" + bytes((safi,))) for afi, safi in families]
    # A speaker that knows graceful restart is sent the End-of-RIB, whatever families it restarts: RFC 4724 section 3.
    capabilities += [(65, ASN.to_bytes(4)), (64, b"\0\0")]
    if add_path:
        capabilities.append((69, b"".join(afi.to_bytes(2) + bytes((safi, 1)) for afi, safi in families)))
    if extended:
        capabilities.append((6, b""))
    return impl.Open.build(ASN, BGP_ID, 90, capabilities)


class Table:
    """What a peer said: the routes that stand, those withdrawn, the End-of-RIBs."""

    def __init__(self, impl: Any, sent: Any) -> None:
        self.impl = impl
        self.sent = sent
        self.received: Any = None
        self.session: Any = impl.Session(extended_message=sent.extended_message)
        self.lengths: list[int] = []
        self.path_ids: set[int | None] = set()
        self.ended: set[Family] = set()
        self.routes: dict[Key, dict[str, Any]] = {}
        self.withdrawn: list[Key] = []

    def take(self, octets: memoryview) -> bytes:
        """One message in; what is to be answered comes out. ConnectionError for a NOTIFICATION."""
        message = self.impl.Message.decode(octets, self.session, strict=True)
        assert bytes(message) == bytes(octets)
        match message.name:
            case "open":
                self.received = message
                self.session = self.impl.Session.from_opens(self.sent, message)
                return KEEPALIVE
            case "keepalive":
                return KEEPALIVE
            case "update":
                self._update(message)
            case _:
                raise ConnectionError(f"the peer sends {message.json()}")
        return b""

    def _update(self, update: Any) -> None:
        self.lengths.append(len(update))
        if update.end_of_rib is not None:
            self.ended.add(tuple(update.end_of_rib))
            return
        attributes = update.attributes
        reach, unreach = attributes.mp_reach, attributes.mp_unreach
        gone = [((1, 1), nlri) for nlri in update.withdrawn]
        if unreach is not None:
            gone += [((unreach.afi, unreach.safi), nlri) for nlri in unreach.nlri]
        for family, nlri in gone:
            self.routes.pop(key(family, nlri), None)
            self.withdrawn.append(key(family, nlri))
        values = {
            "origin": str(attributes.origin),
            "as_path": str(attributes.as_path),
            "med": attributes.med,
            "communities": sorted(map(str, attributes.communities or ())),
            "large": sorted(map(str, attributes.large_communities or ())),
            "extended": sorted(map(str, attributes.extended_communities or ())),
        }
        for nlri in update.nlri:
            self._announced((1, 1), nlri, values | {"next_hop": str(attributes.next_hop)})
        if reach is not None:
            for nlri in reach.nlri:
                self._announced((reach.afi, reach.safi), nlri, values | {"next_hop": str(reach.next_hop)})

    def _announced(self, family: Family, nlri: Any, values: dict[str, Any]) -> None:
        labels = getattr(nlri, "labels", None)
        self.routes[key(family, nlri)] = values | {"labels": None if labels is None else str(labels)}
        self.path_ids.add(nlri.path_id)


def key(family: Family, nlri: Any) -> Key:
    """A route's family and its prefix, the route distinguisher in front, without labels and path identifier."""
    prefix = f"{nlri.prefix.address}/{nlri.prefix.length}"
    return family, f"{nlri.rd} {prefix}" if hasattr(nlri, "rd") else prefix


class SocketSession:
    """One session over a blocking socket. Use it as a context manager, which ends the session in good order."""

    def __init__(self, impl: Any, connection: socket.socket, sent: Any) -> None:
        self.table = Table(impl, sent)
        self.connection = connection
        largest = 65535 if sent.extended_message else 4096
        self.reader = import_module("bgpwire.stream").MessageReader(connection, largest)
        connection.sendall(bytes(sent))

    def until(self, done: Callable[[Table], bool], seconds: float) -> None:
        """Take messages until ``done``. TimeoutError after so many seconds, ConnectionError if the peer leaves."""
        end = time.monotonic() + seconds
        while not done(self.table):
            self.connection.settimeout(max(end - time.monotonic(), 0.001))
            message = self.reader.read()
            if message is None:
                raise ConnectionError("the peer has left")
            answer = self.table.take(message)
            if answer:
                self.connection.sendall(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.connection, suppress(OSError):  # the peer may have left
            self.connection.sendall(SHUTDOWN)


class AsyncioSession:
    """The same session over an asyncio transport, in an event loop of its own."""

    def __init__(self, impl: Any, connection: socket.socket, sent: Any) -> None:
        self.table = table = Table(impl, sent)
        self.runner = asyncio.Runner()
        self.changed = asyncio.Event()
        self.error: Exception | None = None
        session = self
        base: Any = import_module("bgpwire.stream").MessageProtocol

        class Protocol(base):  # type: ignore[misc]
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                transport.write(bytes(sent))

            def message_received(self, message: memoryview) -> None:
                try:
                    answer = table.take(message)
                except Exception as error:
                    session.fail(error)
                else:
                    if answer:
                        self.transport.write(answer)
                    session.changed.set()

            def error_received(self, error: Any) -> None:
                super().error_received(error)
                session.fail(error)

            def connection_lost(self, exc: Exception | None) -> None:
                session.fail(exc or ConnectionError("the peer has left"))

        largest = 65535 if sent.extended_message else 4096
        loop = self.runner.get_loop()
        accept = loop.connect_accepted_socket(lambda: Protocol(largest), connection)
        self.transport: Any = self.runner.run(_await(accept))[0]

    def fail(self, error: Exception) -> None:
        self.error = self.error or error
        self.changed.set()

    def until(self, done: Callable[[Table], bool], seconds: float) -> None:
        """As :meth:`SocketSession.until`."""
        self.runner.run(self._until(done, seconds))

    async def _until(self, done: Callable[[Table], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not done(self.table):
                if self.error is not None:
                    raise self.error
                self.changed.clear()
                await self.changed.wait()

    async def _close(self) -> None:
        self.transport.write(SHUTDOWN)
        self.transport.close()
        async with asyncio.timeout(5):
            while self.error is None:
                self.changed.clear()
                await self.changed.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.runner:
            self.runner.run(self._close())


async def _await(awaitable: Any) -> Any:
    return await awaitable
