"""A session that this side begins."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

from bgpwire.peer.events import ConnectionWanted
from bgpwire.peer.options import BACKLOG, Options
from bgpwire.peer.sockets import set_md5
from bgpwire.peer.state import State

if TYPE_CHECKING:
    from types import TracebackType

    from bgpwire.peer.collision import Collisions
    from bgpwire.peer.config import Config
    from bgpwire.peer.door import Peer
    from bgpwire.peer.link import Link
    from bgpwire.peer.machine import Machine
    from bgpwire.peer.refresher import Answer

PORT = 179


class connect:
    """``async with connect(config, "192.0.2.1") as peer``: a session that stands, and is closed behind the block.

    ``await connect(...)`` is the same without the closing. ``host`` is an address or a name, of IPv4 or IPv6.
    :class:`SessionClosed` where no session comes about: its ``cause`` says whether TCP or BGP refused it. With
    ``retry`` a connection that fails is tried anew each ``config.connect_time`` seconds, without end; put
    ``asyncio.timeout`` around it. What an OPEN or a NOTIFICATION refuses is not tried again.

    ``local_address`` is this side's, (address, port), 0: any port; ``password`` is for TCP MD5 signatures (RFC 2385);
    ``ttl`` is how far what is sent may go, ``ttl_security`` over how many hops the peer is reached (RFC 5082).
    ``collisions``, shared with :func:`listen`, makes one session of two connections with the same peer.
    ``await on_refresh(peer, message)`` is called when the peer asks for routes once more. ``discard``: UPDATEs are
    checked and not kept; ``backlog``: how many octets of them wait to be taken before no more are read.
    """

    def __init__(
        self,
        config: Config,
        host: str,
        port: int = PORT,
        *,
        local_address: tuple[str, int] | None = None,
        password: str | bytes | None = None,
        ttl: int | None = None,
        ttl_security: int | None = None,
        retry: bool = False,
        collisions: Collisions | None = None,
        on_refresh: Answer | None = None,
        discard: bool = False,
        backlog: int = BACKLOG,
    ) -> None:
        self._config = config
        self._place = host, port
        self._local_address = local_address
        self._password = password
        self._retry = retry
        self._options = Options(
            ttl=ttl,
            ttl_security=ttl_security,
            collisions=collisions,
            on_refresh=on_refresh,
            discard=discard,
            backlog=backlog,
        )
        self._peer: Peer | None = None

    async def __aenter__(self) -> Peer:
        self._peer = await self._session()
        return self._peer

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._peer is not None:
            await self._peer.close()

    def __await__(self) -> Any:
        return self._session().__await__()

    async def _session(self) -> Peer:
        loop = asyncio.get_running_loop()
        machine = self._options.machine(self._config, self._place[0], retry=self._retry)
        machine.start(loop.time())
        link: Link | None = None
        found: list[Peer] = []

        def decided() -> bool:
            return bool(found) or machine.state < State.OPEN_SENT

        try:
            while machine.state is not State.IDLE:
                if any(isinstance(event, ConnectionWanted) for event in machine.events()):
                    link = await self._connection(machine, found)
                    if link is not None:
                        await link.until(decided)
                    if found:
                        return found[0]
                elif machine.deadline is not None:
                    await asyncio.sleep(max(machine.deadline - loop.time(), 0))
                    machine.tick(loop.time())
        except BaseException:
            machine.stop(loop.time())
            if link is not None:
                link.abort()
            raise
        if link is not None:
            await link.closed()
        assert machine.reason is not None
        raise machine.reason.fresh()

    async def _connection(self, machine: Machine, found: list[Peer]) -> Link | None:
        """A link over a new connection; ``None`` where none came about, of which the machine knows then."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(machine.deadline):
                sock = await self._connected()
        except TimeoutError as problem:
            if machine.deadline is not None and machine.deadline > loop.time():
                machine.refused(loop.time(), problem)  # TCP's own
            machine.tick(loop.time())
            return None
        except OSError as problem:
            machine.refused(loop.time(), problem)
            return None
        machine.remote = sock.getpeername()[0].partition("%")[0]
        link = self._options.link(machine, outgoing=True, opened=found.append)
        try:
            await loop.create_connection(lambda: link, sock=sock)
        except BaseException:
            sock.close()
            raise
        return link

    async def _connected(self) -> socket.socket:
        """A socket that is connected with the first address that lets it. OSError where none does."""
        loop = asyncio.get_running_loop()
        problem: OSError | None = None
        for family, kind, protocol, _, place in await loop.getaddrinfo(*self._place, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.setblocking(False)
                self._options.prepare(sock)
                if self._password is not None:
                    set_md5(sock, str(place[0]), self._password)
                if self._local_address is not None:
                    sock.bind(self._local_address)
                await loop.sock_connect(sock, place)
            except OSError as error:
                sock.close()
                problem = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise problem or OSError(f"no address of {self._place[0]}")
