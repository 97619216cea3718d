"""Lines of routes into a topic of Kafka, a value each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bgpwire.listen.sink import SinkBase, failing
from bgpwire.live.kafka import producer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from bgpwire.errors import DecodeError
    from bgpwire.listen.records import Records
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["KafkaSink"]


class KafkaSink(SinkBase):
    """Sends a JSON line for each route that ``filter`` admits to ``topic`` of the broker ``servers`` (``host:port``),
    its peer's address as the key, so that what one peer says stays in order.

    It is made in a running loop, in which it sends; :meth:`write`, in another thread, returns when the broker was given
    all, of which a thousand at most have no answer yet. ``on_fault`` hears of messages whose routes cannot be read;
    ``kafka`` is that of :func:`bgpwire.live.kafka.producer`. ImportError without aiokafka.
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
        self._producer = producer(servers, topic, kafka=kafka)

    async def open(self) -> None:
        """Connect. ConnectionError where no broker answers."""
        await self._producer.open()

    def write(self, records: Records) -> None:
        lines = records.text("json", self._filter, self._on_fault).splitlines()
        self._do(self._send(lines))
        self.routes += len(lines)
        self.octets += sum(map(len, lines))
        self.messages += records.messages

    def tick(self, now: float) -> None:
        self._do(self._producer.flush())

    def close(self) -> None:
        self._do(self._producer.aclose())

    async def _send(self, lines: list[bytes]) -> None:
        for line in lines:
            await self._producer.send(line, _peer_of(line))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        with failing(self.name):
            asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _peer_of(line: bytes) -> bytes | None:
    """The address of the peer in a line, as text."""
    begin = line.find(b'"peer_address":"')
    return None if begin < 0 else line[begin + 16 : line.index(b'"', begin + 16)]
