"""Requests for routes, answered one after the other by a coroutine of the user's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bgpwire.peer.closed import SessionClosed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bgpwire.message import RouteRefresh
    from bgpwire.peer.door import Peer
    from bgpwire.peer.events import Refresh
    from bgpwire.peer.link import Link

    type Answer = Callable[[Peer, RouteRefresh], Awaitable[None]]


class Refresher:
    """Calls ``answer(peer, message)`` for each request.

    One that equals one which still waits is that one, so that no more wait than there are families. An exception of
    ``answer`` ends the session.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._peer: Peer | None = None
        self._link: Link | None = None
        self._waiting: dict[bytes, RouteRefresh] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self, peer: Peer, link: Link) -> None:
        """Before any request comes."""
        self._peer, self._link = peer, link

    def __call__(self, event: Refresh) -> None:
        message = event.message
        self._waiting.setdefault(message.data[:23], message)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        peer, link = self._peer, self._link
        assert peer is not None
        assert link is not None
        while self._waiting:
            message = self._waiting.pop(next(iter(self._waiting)))
            try:
                await self._answer(peer, message)
            except SessionClosed:
                return
            except Exception as problem:
                link.machine.fail(problem)
                link.turn()
                return

    def cancel(self) -> None:
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    async def closed(self) -> None:
        """Wait until nothing is answered any more."""
        if self._task is not None and self._task is not asyncio.current_task():
            await asyncio.wait([self._task])
