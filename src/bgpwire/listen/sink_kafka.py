"""Lines of routes into a topic of Kafka, a value each."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bgpwire.listen.sink import SinkBase, failing
from bgpwire.live.kafka import producer
from bgpwire.live.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from bgpwire.errors import DecodeError
    from bgpwire.listen.records import Records
    from bgpwire.live.kafka import Producer
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["KafkaSink"]

_WAITING: Final = 1000
_PAUSE: Final = 1.0
"""Seconds before it is connected to again."""
_SILENCE: Final = 60.0
"""Seconds after which a connection that fails counts as the first again."""
_GRACE: Final = 10.0
"""Seconds that a broker has to take something at the end."""


class KafkaSink(SinkBase):
    """Sends a JSON line for each route that ``filter`` admits to ``topic`` of the broker ``servers`` (``host:port``),
    its peer's address as the key, so that what one peer says stays in order.

    It is made in a running loop, in which it sends; :meth:`write`, in another thread, returns when the broker was given
    all, of which a thousand at most have no answer yet. While the broker is away it waits, and connects again, less
    and less often: then all that had no answer is sent once more, in its order, so that each line is there at least
    once, and what a peer said last is the last. :meth:`hurry` ends the waiting.

    ``on_fault`` hears of messages whose routes cannot be read; ``kafka`` is that of
    :func:`bgpwire.live.kafka.producer`. ImportError without aiokafka.
    """

    def __init__(
        self,
        servers: str,
        topic: str,
        filter: Filter | None = None,
        on_fault: Callable[[Event, DecodeError], object] | None = None,
        kafka: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__("kafka")
        self._loop = asyncio.get_running_loop()
        self._filter = filter
        self._on_fault = on_fault
        self._make = partial(producer, servers, topic, waiting=_WAITING, kafka=kafka)
        self._producer: Producer = self._make()
        self._retry = Retry(f"{servers}/{topic}", self._report, None, _PAUSE, _SILENCE)
        self._unanswered: deque[tuple[bytes, bytes | None]] = deque()
        """Lines that the broker has not said to have, with their keys."""
        self._answers = 0
        self._ending = asyncio.Event()

    async def open(self) -> None:
        """Connect. ConnectionError where no broker answers."""
        await self._producer.open()

    def hurry(self) -> None:
        """The end has come: a broker that is away is waited for no more. To be called in the loop."""
        self._ending.set()

    def write(self, records: Records) -> None:
        lines = records.text("json", self._filter, self._on_fault).splitlines()
        self._do(self._send(lines))
        self.routes += len(lines)
        self.octets += sum(map(len, lines))
        self.messages += records.messages

    def tick(self, now: float) -> None:
        self._do(self._flush())

    def close(self) -> None:
        self._do(self._close())

    async def _send(self, lines: list[bytes]) -> None:
        for line in lines:
            self._unanswered.append((line, _peer_of(line)))
            try:
                await self._producer.send(*self._unanswered[-1])
            except ConnectionError as error:
                await self._again(error)
            self._answered()

    async def _flush(self) -> None:
        try:
            await self._producer.flush()
        except ConnectionError as error:
            await self._again(error)
        self._answered()

    async def _close(self) -> None:
        if self._unanswered:
            await self._flush()
        await self._producer.aclose()

    def _answered(self) -> None:
        while len(self._unanswered) > self._producer.waiting:
            self._unanswered.popleft()
            self._answers += 1

    async def _again(self, error: ConnectionError) -> None:
        """Connect until the broker has all that it had not."""
        while True:
            with suppress(ConnectionError):
                await self._producer.aclose(flush=False)
            await asyncio.sleep(self._retry.failed(error))
            self._producer = self._make()
            try:
                await self._producer.open()
                for line, key in self._unanswered:
                    await self._producer.send(line, key)
                await self._producer.flush()
            except ConnectionError as another:
                error = another
            else:
                self._retry.worked()
                return

    def _report(self, reason: str) -> None:
        if self.on_trouble is not None:
            self.on_trouble(f"{len(self._unanswered)} lines have no answer: {reason}")

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        with failing(self.name):
            asyncio.run_coroutine_threadsafe(self._unless_ending(work), self._loop).result()

    async def _unless_ending(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it; once the end has come, as long as the broker takes something. ConnectionError where it does not."""
        task, ending = asyncio.ensure_future(work), asyncio.ensure_future(self._ending.wait())
        await asyncio.wait([task, ending], return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        before = -1, -1
        while not task.done() and before != (now := (self._answers, self._producer.sent)):
            before = now
            await asyncio.wait([task], timeout=_GRACE)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait([task])
        left = len(self._unanswered)
        self._unanswered.clear()
        with suppress(ConnectionError):
            await self._producer.aclose(flush=False)
        raise ConnectionError(f"the broker is away, {left} lines have no answer and may not be there")


def _peer_of(line: bytes) -> bytes | None:
    """The address of the peer in a line, as text."""
    begin = line.find(b'"peer_address":"')
    return None if begin < 0 else line[begin + 16 : line.index(b'"', begin + 16)]
