"""A monitoring station: routers connect to it and send BMP (RFC 7854 section 3.2), as many as there are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from bgpwire.bmp.router import Monitor
from bgpwire.errors import DecodeError
from bgpwire.immutable import Immutable
from bgpwire.prefix_set import PrefixSet

if TYPE_CHECKING:
    import ssl as tls
    from collections.abc import AsyncIterator, Iterable

    from bgpwire.bmp.message import BmpMessage
    from bgpwire.route.kernels import Event

_STEP = 1 << 17


@dataclass(frozen=True, slots=True)
class Heard(Immutable):
    """One message of a router, or the end of its stream."""

    connection: Connection
    message: BmpMessage | None
    """``None``: the connection is over, and :attr:`Connection.error` says why if it was not the router's will."""
    events: tuple[Event, ...]
    """The BGP messages that it brings, withdrawals that nobody sent among them."""


class Connection:
    """One router: where it connected from, and what is known of it (``monitor.router``)."""

    def __init__(self, remote: tuple[str, int], withdraw: bool) -> None:
        self.remote = remote
        """Address and port."""
        self.monitor = Monitor(withdraw=withdraw, resynchronise=False)
        self.error: Exception | None = None
        """What ended the stream: octets that are no BMP, an end within a message, an error of the connection."""
        self.octets = 0
        self.messages = 0

    def __repr__(self) -> str:
        name = self.monitor.router.sys_name
        return f"<Connection {self.remote[0]}{f' {name}' if name else ''}>"


class Station:
    """Listens, and iterates what all routers say: ``async for heard in station``. Made by :func:`serve`.

    What is not taken yet is at most ``waiting`` messages; then the routers are not read, and their TCP waits: nothing
    is dropped. A router whose octets are no BMP is cut off, the others go on.
    """

    def __init__(self, allow: PrefixSet | None, withdraw: bool, waiting: int) -> None:
        self._allow = allow
        self._withdraw = withdraw
        self._queue: asyncio.Queue[Heard | None] = asyncio.Queue(waiting)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.connections: set[Connection] = set()
        """Those that are open."""
        self.refused = 0
        """How many came from elsewhere than ``allow`` says."""

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens."""
        if self._server is None:
            return []
        return [sock.getsockname()[:2] for sock in self._server.sockets]

    async def listen(self, host: str | None, port: int, ssl: tls.SSLContext | None) -> None:
        """Begin. OSError where it cannot listen there."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=2 * _STEP, ssl=ssl)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        remote = writer.get_extra_info("peername")[:2]
        try:
            if self._allow is not None and not self._allow.covers(remote[0].partition("%")[0]):
                self.refused += 1
                return
            connection = Connection(remote, self._withdraw)
            self.connections.add(connection)
            try:
                await self._read(connection, reader)
            finally:
                self.connections.discard(connection)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _read(self, connection: Connection, reader: asyncio.StreamReader) -> None:
        monitor = connection.monitor
        try:
            while data := await reader.read(_STEP):
                connection.octets += len(data)
                for offset, message in monitor.messages(data):
                    connection.messages += 1
                    events = tuple(monitor.router.events(message, offset))
                    await self._queue.put(Heard(connection, message, events))
            monitor.framer.finish()
        except (DecodeError, OSError) as error:
            connection.error = error
        # What was announced is withdrawn where that is kept, however the stream ended.
        await self._queue.put(Heard(connection, None, tuple(monitor.router.close(monitor.framer.offset))))

    def __aiter__(self) -> AsyncIterator[Heard]:
        return self._all()

    async def _all(self) -> AsyncIterator[Heard]:
        while (heard := await self._queue.get()) is not None:
            yield heard

    async def events(self) -> AsyncIterator[Event]:
        """The BGP messages alone, of all routers."""
        async for heard in self:
            for event in heard.events:
                yield event

    async def close(self) -> None:
        """End all connections and listen no more; who iterates gets what is waiting, and then the end."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Behind all that waits: the queue may be full, and who iterates makes room.
        self._end = asyncio.ensure_future(self._queue.put(None))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def serve(
    host: str | None = "127.0.0.1",
    port: int = 11019,
    *,
    allow: Iterable[Any] | None = None,
    ssl: tls.SSLContext | None = None,
    withdraw: bool = False,
    waiting: int = 1000,
) -> Station:
    """Listen for routers: ``async with await bgpwire.bmp.serve() as station: async for heard in station: …``.

    BMP authenticates nobody: the default is the loopback address, ``allow`` are the prefixes that routers may connect
    from, and ``ssl`` is a server's context of TLS. ``withdraw`` as for :func:`bgpwire.bmp.open`. OSError where it
    cannot listen there.
    """
    station = Station(None if allow is None else PrefixSet(allow), withdraw, waiting)
    await station.listen(host, port, ssl)
    return station
