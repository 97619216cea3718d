"""Sources that others connect to: routers with BMP, and neighbours with BGP."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from bgpwire.bmp import Station
from bgpwire.errors import DecodeError
from bgpwire.listen.monitored import MonitoredRouter
from bgpwire.peer import SessionClosed, listen
from bgpwire.prefix_set import PrefixSet

if TYPE_CHECKING:
    import ssl as tls
    from collections.abc import Callable, Iterable

    from bgpwire.bmp import Connection
    from bgpwire.listen.pump import Pump
    from bgpwire.peer import Config, Peer

__all__ = ["BgpSource", "BmpSource"]

_STEP: Final = 1 << 18
"""Octets of a connection that are read at a time, at most."""
_ESTABLISHED: Final = 6
_IDLE: Final = 1
_OPEN_CONFIRM: Final = 5


class BmpSource(Station):
    """A station of BMP that hands on what it hears: :meth:`run`."""

    def __init__(
        self,
        host: str | None,
        port: int,
        *,
        allow: Iterable[Any] | None = None,
        ssl: tls.SSLContext | None = None,
        withdraw: bool = False,
        on_connect: Callable[[Connection], object] | None = None,
        on_end: Callable[[Connection], object] | None = None,
        on_start: Callable[[BmpSource], object] | None = None,
    ) -> None:
        super().__init__(None if allow is None else PrefixSet(allow), withdraw, 1)
        self._place = host, port, ssl
        self._on_connect = on_connect
        self._on_end = on_end
        self._on_start = on_start

    @property
    def routers(self) -> int:
        """How many are there."""
        return len(self.connections)

    @property
    def peers_up(self) -> int:
        """How many sessions of all routers stand."""
        return sum(
            peer.up is not None for each in [*self.connections] for peer in [*each.monitor.router.peers.values()]
        )

    async def run(self, pump: Pump) -> None:
        """Until it is cancelled. OSError where it cannot listen there."""
        self._pump = pump
        host, port, ssl = self._place
        try:
            await self.listen(host, port, ssl)
            if self._on_start is not None:
                self._on_start(self)
            await asyncio.get_running_loop().create_future()
        finally:
            await self.close()

    async def _read(self, connection: Connection, reader: asyncio.StreamReader) -> None:
        pump = self._pump
        router = MonitoredRouter(pump.collected, connection.remote[0], withdraw=self._withdraw)
        connection.monitor = router.monitor
        if self._on_connect is not None:
            self._on_connect(connection)
        try:
            while data := await reader.read(_STEP):
                connection.octets += len(data)
                router.feed(data)
                connection.messages = router.messages
                pump.wake()
                await pump.room()
            router.monitor.framer.finish()
        except (DecodeError, OSError) as error:
            connection.error = error
        router.close()
        pump.wake()
        if self._on_end is not None:
            self._on_end(connection)


class BgpSource:
    """Neighbours that connect: what each announces, and the changes of state of its session."""

    def __init__(
        self,
        config: Config,
        host: str | None,
        port: int,
        *,
        allow: Iterable[Any] | None = None,
        on_connect: Callable[[Peer], object] | None = None,
        on_end: Callable[[Peer, SessionClosed | None], object] | None = None,
        on_start: Callable[[Any], object] | None = None,
    ) -> None:
        allowed = None if allow is None else PrefixSet(allow)

        def chosen(remote: str) -> Config | None:
            return config if allowed is None or allowed.covers(remote) else None

        self._listen = listen(chosen, host, port)
        self._on_connect = on_connect
        self._on_end = on_end
        self._on_start = on_start
        self.peers: set[Peer] = set()
        """Those whose session stands."""

    @property
    def routers(self) -> int:
        """How many neighbours are there."""
        return len(self.peers)

    peers_up = routers

    async def run(self, pump: Pump) -> None:
        """Until it is cancelled. OSError where it cannot listen there."""
        tasks: set[asyncio.Task[None]] = set()
        async with self._listen as listener:
            if self._on_start is not None:
                self._on_start(listener)
            try:
                async for peer in listener:
                    task = asyncio.create_task(self._hear(peer, pump))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
            finally:
                for task in [*tasks]:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, peer: Peer, pump: Pump) -> None:
        self.peers.add(peer)
        if self._on_connect is not None:
            self._on_connect(peer)
        _state(pump, peer, _OPEN_CONFIRM, _ESTABLISHED)
        reason: SessionClosed | None = None
        try:
            async for update in peer:
                await pump.hear(peer.event(update), peer.remote[0])
        except SessionClosed as closed:
            reason = closed
        finally:
            self.peers.discard(peer)
            _state(pump, peer, _ESTABLISHED, _IDLE)
        if self._on_end is not None:
            self._on_end(peer, reason)


def _state(pump: Pump, peer: Peer, old: int, new: int) -> None:
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    pump.collected.state_change(old, new, peer.identity, peer.session, seconds, rest // 1000, peer.remote[0])
    pump.wake()
