"""A state machine on an asyncio transport: octets in and out, timers, back-pressure, and an end in good order."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, cast

from bgpwire.message.route_refresh import REQUEST
from bgpwire.peer.closed import Cause
from bgpwire.peer.events import Closed, FamilyDisabled, Opened, Received, Refresh
from bgpwire.peer.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.peer.machine import Machine

    type Told = Received | Refresh | FamilyDisabled

LINGER = 2.0
"""Seconds in which the peer must take some of what is still to be sent, or close, before the connection is cut.

A connection that is closed while octets wait to be read is reset by TCP, and what was sent last may be lost with it.
"""
_AT_ONCE = (Cause.CONNECTION, Cause.NOTIFICATION, Cause.HOLD_TIMER)
"""Of a peer that reads no more, or is not heard, nothing is waited for."""
_DRAIN = 1 << 16
_OBJECT = 256
"""What a message takes besides its octets, about."""


def _nothing(link: Link) -> None:
    pass


class Link(asyncio.BufferedProtocol):
    """``backlog`` octets of messages wait to be taken before nothing more is read; with ``discard`` none are kept.

    ``opened`` is called when the session is established, ``lost`` when the connection is gone.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        outgoing: bool,
        backlog: int,
        discard: bool = False,
        opened: Callable[[Link], None] = _nothing,
        lost: Callable[[Link], None] = _nothing,
        refreshed: Callable[[Refresh], None] | None = None,
    ) -> None:
        self.machine = machine
        machine.wake = self.turn
        self.transport: asyncio.Transport | None = None
        self.established = False
        self.over = False
        """Whether the session has ended; the machine may have another connection then."""
        self.gone = False
        """Whether the connection is no more."""
        self.discarded = 0
        self.refreshed = refreshed
        self._loop = asyncio.get_running_loop()
        self._outgoing = outgoing
        self._backlog = backlog
        self._discard = discard
        self._opened, self._lost = opened, lost
        self._waiting: deque[tuple[Told, int]] = deque()
        self._size = 0
        self._paused = self._blocked = False
        self._drain: memoryview | None = None
        self._waiters: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._cut: asyncio.TimerHandle | None = None

    # --- what the loop calls --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if self.machine.state is State.IDLE:  # stopped meanwhile
            transport.close()
            return
        self.machine.connected(self._loop.time(), outgoing=self._outgoing)
        self.turn()

    def get_buffer(self, sizehint: int) -> memoryview:
        if not self.over:
            return self.machine.buffer()
        if self._drain is None:
            self._drain = memoryview(bytearray(_DRAIN))
        return self._drain

    def buffer_updated(self, nbytes: int) -> None:
        if self.over:
            return
        try:
            self.machine.filled(nbytes, self._loop.time())
        except Exception as problem:  # a fault of this package's: the session ends, the loop goes on
            self.machine.fail(problem)
        self.turn()

    def eof_received(self) -> None:
        if not self.over:
            self.machine.closed(self._loop.time())
            self.turn()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        if not self.over:
            self.machine.closed(self._loop.time(), exc)
            self.turn()
        for timer in (self._timer, self._cut):
            if timer is not None:
                timer.cancel()
        self._wake()
        self._lost(self)

    def pause_writing(self) -> None:
        self._blocked = True
        if not self.over:
            self.machine.blocked(self._loop.time())
            self._schedule()

    def resume_writing(self) -> None:
        self._blocked = False
        if not self.over:
            self.machine.unblocked()
        self._wake()

    # --- between the machine and the world ------------------------------------------------------------------------

    def turn(self) -> None:
        """Do what the machine says: send, tell, wait, close. Called after anything that was done to it."""
        machine, transport = self.machine, self.transport
        if transport is None or self.over:
            return
        out = machine.take()
        if out and not transport.is_closing():
            transport.write(out)
        events = machine.events()
        for event in events:
            if isinstance(event, Received):
                self._keep(event, len(event.update) + _OBJECT)
            elif isinstance(event, (Refresh, FamilyDisabled)):
                self._keep(event, _OBJECT)
            elif isinstance(event, Opened):
                self.established = True
                self._opened(self)
            elif isinstance(event, Closed):
                self._finish(event.reason.cause)
        if events:
            self._wake()
        if machine.state < State.OPEN_SENT and not self.over:
            self._finish(Cause.CONNECTION)  # to Active: the next connection is another link's
        self._schedule()

    def _keep(self, event: Told, size: int) -> None:
        if isinstance(event, Refresh) and self.refreshed is not None and event.message.subtype == REQUEST:
            self.refreshed(event)
            return
        if self._discard and isinstance(event, Received):
            self.discarded += 1
            return
        self._waiting.append((event, size))
        self._size += size
        if self._size > self._backlog and not self._paused and self.transport is not None:
            self._paused = True
            self.transport.pause_reading()
            self.machine.pause()

    def _schedule(self) -> None:
        """Be called when the machine wants to know the time; a call that comes too early does nothing."""
        deadline = self.machine.deadline
        if self._timer is not None:
            if deadline is not None and not self.over and self._timer.when() <= deadline:
                return
            self._timer.cancel()
            self._timer = None
        if deadline is not None and not self.over:
            self._timer = self._loop.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.machine.tick(self._loop.time())
        self.turn()

    def _finish(self, cause: Cause) -> None:
        """The session is over: let what was sent last reach the peer, and wait for it to close."""
        assert self.transport is not None
        self.over = True
        if self.transport.is_closing():
            return
        if self._paused:
            self.transport.resume_reading()  # what still comes is dropped
        if cause in _AT_ONCE or not self.transport.can_write_eof():
            self.transport.close()
        else:
            self.transport.write_eof()
        self._linger()

    def _linger(self, before: int | None = None) -> None:
        """Cut the connection, unless the peer still takes some of what is to be sent, ``before`` octets of late."""
        assert self.transport is not None
        left = self.transport.get_write_buffer_size()
        if before is None or 0 < left < before:
            self._cut = self._loop.call_later(LINGER, self._linger, left)
        else:
            self.transport.abort()

    def abort(self) -> None:
        """Be done with the connection at once; what the machine has to say is sent if TCP takes it."""
        self.turn()
        if self.transport is not None:
            self.transport.abort()

    # --- what tasks wait for --------------------------------------------------------------------------------------

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait until ``done()``, which is asked whenever something happened."""
        while not done():
            waiter = self._loop.create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            finally:
                if waiter in self._waiters:
                    self._waiters.remove(waiter)

    async def next(self) -> Told | None:
        """What comes next, ``None`` when the session is over and nothing waits."""
        if not self._waiting:
            await self.until(lambda: bool(self._waiting) or self.over)
            if not self._waiting:
                return None
        event, size = self._waiting.popleft()
        self._size -= size
        if self._paused and self._size <= self._backlog // 2 and not self.over and self.transport is not None:
            self._paused = False
            self.machine.resume(self._loop.time())
            self.transport.resume_reading()
            self._schedule()
        return event

    async def writable(self) -> None:
        """Wait while the peer takes nothing; the other tasks have their turn in any case."""
        self.turn()
        if self._blocked:
            await self.until(lambda: not self._blocked or self.over)
        else:
            await asyncio.sleep(0)

    async def closed(self) -> None:
        """Wait until the connection is gone."""
        if self.transport is not None:
            await self.until(lambda: self.gone)
