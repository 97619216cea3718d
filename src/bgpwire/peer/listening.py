"""Sessions that peers begin."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Self, cast

from bgpwire.message import Notification
from bgpwire.numbers import error_code as codes
from bgpwire.peer.closed import Cause, SessionClosed
from bgpwire.peer.connecting import PORT
from bgpwire.peer.link import LINGER
from bgpwire.peer.options import BACKLOG, Options
from bgpwire.peer.sockets import set_md5

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from bgpwire.peer.collision import Collisions
    from bgpwire.peer.config import Config
    from bgpwire.peer.door import Peer
    from bgpwire.peer.link import Link
    from bgpwire.peer.refresher import Answer

    type Chosen = Config | Callable[[str], Config | None]

_KEPT = 100
_NOBODY: Mapping[str, str | bytes] = {}


class listen:
    """``async with listen(config, "192.0.2.9") as listener``: each ``peer`` of ``async for peer in listener`` is a
    session that stands. All of them, and the sockets, are closed behind the block.

    ``config`` may be a function: of a peer's address it gives the :class:`Config`, or ``None``, and the peer is refused
    (Cease 6/5). ``passwords`` has those of TCP MD5 signatures by address or prefix. No more than ``most`` connections
    are kept at a time, ``most_per_address`` of them from one address (Cease 6/8 beyond). The other arguments are those
    of :func:`connect`; OSError where the port cannot be had.
    """

    def __init__(
        self,
        config: Chosen,
        host: str | None = None,
        port: int = PORT,
        *,
        passwords: Mapping[str, str | bytes] = _NOBODY,
        ttl: int | None = None,
        ttl_security: int | None = None,
        collisions: Collisions | None = None,
        on_refresh: Answer | None = None,
        discard: bool = False,
        backlog: int = BACKLOG,
        most: int = 1000,
        most_per_address: int = 10,
    ) -> None:
        self._place = host, port
        self._passwords = passwords
        self._options = Options(
            ttl=ttl,
            ttl_security=ttl_security,
            collisions=collisions,
            on_refresh=on_refresh,
            discard=discard,
            backlog=backlog,
        )
        self._listener = Listener(config, self._options, most, most_per_address)

    async def __aenter__(self) -> Listener:
        await self._listener._start(self._place, self._passwords)
        return self._listener

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.close()


class Listener:
    """Sockets that listen, the connections that they accepted, and the sessions that came of them."""

    def __init__(self, config: Chosen, options: Options, most: int, most_per_address: int) -> None:
        self.failures: deque[tuple[str, SessionClosed | None]] = deque(maxlen=_KEPT)
        """The latest hundred peers that got no session, and why; ``None``: no config, or too many connections."""
        self.failure_count = 0
        self.over_limit_count = 0
        """Of the failures those that found ``most`` or ``most_per_address`` connections."""
        self._config = config
        self._options = options
        self._most = most
        self._most_per_address = most_per_address
        self._server: asyncio.Server | None = None
        self._links: dict[Link, str] = {}
        self._addresses: Counter[str] = Counter()
        self._ready: deque[Peer] = deque()
        self._there = asyncio.Event()
        self._refusals: set[Refusal] = set()

    async def _start(self, place: tuple[str | None, int], passwords: Mapping[str, str | bytes]) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Incoming(self), *place, start_serving=False)
        try:
            for sock in self._server.sockets:
                self._options.prepare(sock)
                for address, password in passwords.items():
                    if (":" in address) == (sock.family == socket.AF_INET6):
                        set_md5(sock, address, password)
            await self._server.start_serving()
        except BaseException:
            self._server.close()
            raise

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Address and port of each socket."""
        return [] if self._server is None else [sock.getsockname()[:2] for sock in self._server.sockets]

    @property
    def port(self) -> int:
        """That of the first socket. ValueError when nothing listens any more."""
        for _, port in self.addresses:
            return port
        raise ValueError("nothing listens")

    async def accept(self) -> Peer:
        """The next session that stands."""
        while not self._ready:
            self._there.clear()
            await self._there.wait()
        return self._ready.popleft()

    def __aiter__(self) -> Self:
        """The sessions, one after the other, without end. One may be over by the time that it is taken."""
        return self

    async def __anext__(self) -> Peer:
        return await self.accept()

    async def close(self) -> None:
        """Listen no more, and end all sessions with Cease 6/2 (Administrative Shutdown)."""
        if self._server is not None:
            self._server.close()
        now = asyncio.get_running_loop().time()
        links = [*self._links]
        for link in links:
            link.machine.stop(now)
            link.turn()
        for refusal in [*self._refusals]:
            refusal.end()
        for link in links:
            await link.closed()

    # --- what comes -----------------------------------------------------------------------------------------------

    def _accepted(self, transport: asyncio.Transport) -> None:
        name = transport.get_extra_info("peername")
        address = str(name[0]) if name else ""  # with its scope: fe80::1 of two interfaces is two neighbours
        remote = address.partition("%")[0]
        reason: SessionClosed | None = None
        try:
            config = self._config(remote) if callable(self._config) else self._config
        except Exception as problem:  # of the caller's function: this peer is refused, the others are served
            config = None
            reason = SessionClosed(Cause.INTERNAL, f"no config: {type(problem).__name__}", problem=problem)
        full = len(self._links) >= self._most or self._addresses[address] >= self._most_per_address
        if config is None or full:
            self._failed(remote, reason)
            self.over_limit_count += config is not None
            protocol: asyncio.BaseProtocol = Refusal(self._refusals, config is not None)
        else:
            machine = self._options.machine(config, remote)
            machine.start(asyncio.get_running_loop().time(), passive=True)
            link = self._options.link(machine, outgoing=False, opened=self._opened, lost=self._gone)
            self._links[link] = address
            self._addresses[address] += 1
            protocol = link
        transport.set_protocol(protocol)
        protocol.connection_made(transport)

    def _opened(self, peer: Peer) -> None:
        """Of sessions that nobody took the oldest that are over make room: the others are bounded by connections."""
        room = self._ready
        alike = [each for each in room if each.remote[0] == peer.remote[0]]
        if len(alike) >= self._most_per_address or len(room) >= self._most:
            among = alike if len(alike) >= self._most_per_address else room
            over = next((each for each in among if each.reason is not None), None)
            if over is not None:
                self._ready.remove(over)
                self._failed(over.remote[0], over.reason)
        self._ready.append(peer)
        self._there.set()

    def _gone(self, link: Link) -> None:
        address = self._links.pop(link, None)
        if address is not None:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
        if not link.established:
            self._failed(link.machine.remote, link.machine.reason)

    def _failed(self, remote: str, reason: SessionClosed | None) -> None:
        self.failures.append((remote, reason))
        self.failure_count += 1


class _Incoming(asyncio.Protocol):
    """A connection of which nothing is known yet."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._listener._accepted(cast("asyncio.Transport", transport))


class Refusal(asyncio.Protocol):
    """Tell a peer that it is not wanted: Cease 6/5 (Connection Rejected), 6/8 where there are too many."""

    def __init__(self, all_of_them: set[Refusal], full: bool) -> None:
        self._all = all_of_them
        self._full = full
        self._transport: asyncio.Transport | None = None
        self._cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        if len(self._all) >= _KEPT:  # whoever comes in such numbers is told nothing
            transport.abort()
            return
        self._all.add(self)
        subcode = codes.OUT_OF_RESOURCES if self._full else codes.CONNECTION_REJECTED
        transport.write(bytes(Notification.build(codes.CEASE, subcode)))
        transport.write_eof()
        self._cut = asyncio.get_running_loop().call_later(LINGER, transport.abort)

    def end(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.discard(self)
        if self._cut is not None:
            self._cut.cancel()
