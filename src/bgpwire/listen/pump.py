"""What is between sources, which hear messages in one loop, and sinks, which write them in a thread."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bgpwire.listen.collected import Collected

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from bgpwire.listen.records import Records
    from bgpwire.listen.sink import Sink
    from bgpwire.route.kernels import Event

__all__ = ["Pump"]

MOST: Final = 4 << 20
"""Octets that wait for the sinks before sources are not read any more."""
_TICK: Final = 1.0


class Pump:
    """Sources put what they hear into :attr:`collected`, say :meth:`wake`, and wait for :meth:`room`; whatever is there
    by the time that the sinks are ready goes to each of them as one :class:`Records`. So a message leaves as soon as it
    has come while there are few, and many leave together; what waits is bounded by ``most`` octets and what each source
    hears at once, and nothing is dropped.
    """

    def __init__(self, sinks: Sequence[Sink], *, most: int = MOST) -> None:
        self.collected = Collected()
        self.messages = 0
        """Messages that the sinks have taken."""
        self.unusable = 0
        """Events that no record can hold: without a peer."""
        self.on_records: Callable[[Records], object] | None = None
        """Hears of records before the sinks do, in their thread."""
        self._sinks = sinks
        self._most = most
        self._something = asyncio.Event()
        self._space = asyncio.Event()
        self._space.set()
        self._over = False

    def wake(self) -> None:
        """Something was collected."""
        if self.collected.size >= self._most:
            self._space.clear()
        self._something.set()

    async def room(self) -> None:
        """Wait while too much waits."""
        await self._space.wait()

    async def hear(self, event: Event, source: str | None = None) -> None:
        """Take one event, and all that goes with it."""
        try:
            self.collected.event(event, source)
        except ValueError:
            self.unusable += 1
            return
        self.wake()
        await self._space.wait()

    async def run(self, sources: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Until all sources have ended, or one fails, or this is cancelled: what was collected is written then, and the
        sinks are closed. Raises what a sink raises, and what a source does."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "bgpwire-sinks") as thread:
            tasks = [asyncio.ensure_future(source) for source in sources]
            writing = asyncio.ensure_future(self._write_all(loop, thread))
            try:
                await _first_failure([*tasks, writing], tasks)
            finally:
                await _ended(tasks)
                self._over = True
                for sink in self._sinks:
                    # One that waits for somebody else may wait no longer.
                    getattr(sink, "hurry", lambda: None)()
                self._something.set()
                try:
                    await asyncio.shield(writing)
                finally:
                    await loop.run_in_executor(thread, self._close)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _write_all(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor) -> None:
        ticked = 0.0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), _TICK)
            over = self._over
            self._something.clear()
            found = self.collected.take()
            self._space.set()
            now = time.monotonic()
            if found:
                await loop.run_in_executor(thread, self._write, found)
            if now - ticked >= _TICK:
                ticked = now
                await loop.run_in_executor(thread, self._tick)
            if over and not self.collected.messages:
                return

    def _write(self, found: list[Records]) -> None:
        for records in found:
            if self.on_records is not None:
                self.on_records(records)
            for sink in self._sinks:
                sink.write(records)
            self.messages += len(records)

    def _tick(self) -> None:
        now = time.time()
        for sink in self._sinks:
            sink.tick(now)

    def _close(self) -> None:
        """Close all sinks, also where one cannot be closed."""
        failed: list[Exception] = []
        for sink in self._sinks:
            try:
                sink.close()
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0]


async def _first_failure(tasks: Sequence[asyncio.Future[Any]], wanted: Sequence[asyncio.Future[Any]]) -> None:
    """Until one of ``tasks`` fails, or all that are ``wanted`` have ended."""
    waiting = set(tasks)
    while not all(task.done() for task in wanted):
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if any(not task.cancelled() and task.exception() is not None for task in done):
            return


async def _ended(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel what runs, and wait for its end."""
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
