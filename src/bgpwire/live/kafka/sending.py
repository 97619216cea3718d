"""Values sent to a topic: as many wait for the broker's word as are told, and who sends more waits for it."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire._impl import as_bytes
from bgpwire.errors import EncodeError
from bgpwire.live.kafka.settings import aiokafka, servers_of, settings_of, topics_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Producer", "producer"]

_ASKED: Final = 2.0
"""Seconds that a connection has to end."""


class Producer:
    """Sends values to one topic: ``async with producer(…) as out: await out.send(line)``. Made by :func:`producer`.

    :attr:`sent` counts the values that the broker has.
    """

    def __init__(self, topic: str, waiting: int, settings: dict[str, Any]) -> None:
        if waiting < 1:
            raise ValueError(f"{waiting} values that wait")
        self.topic = topic
        self.sent = 0
        self._most = waiting
        self._kafka = aiokafka()
        self._settings = settings
        self._producer: Any = None
        self._waiting: deque[Any] = deque()

    @property
    def waiting(self) -> int:
        """Values that the broker has not said to have yet."""
        return len(self._waiting)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.aclose(flush=kind is None)

    async def open(self) -> None:
        """Connect. ConnectionError where no broker answers."""
        if self._producer is not None:
            raise ValueError("the producer is open")
        made = self._kafka.AIOKafkaProducer(**self._settings)
        try:
            await made.start()
        except (self._kafka.errors.KafkaError, OSError) as error:
            await made.stop()
            raise ConnectionError(f"{','.join(self._settings['bootstrap_servers'])}: {error}") from error
        self._producer = made

    async def send(self, value: Any, key: bytes | str | None = None) -> None:
        """Send text (as UTF-8), octets, or what has octets, such as :class:`bgpwire.live.openbmp.OpenBmp`.

        Values with the same ``key`` keep their order; one of OpenBMP has that of its router. It waits while ``waiting``
        values have no answer. ConnectionError for one of them that the broker did not take,
        :class:`bgpwire.EncodeError` for a value that is too large, TypeError for what has no octets.
        """
        if self._producer is None:
            raise ValueError("the producer is not open")
        octets = _octets(value)
        if key is None:
            key = getattr(value, "router_hash", None) or None
        while self._waiting and (len(self._waiting) >= self._most or self._waiting[0].done()):
            await self._settle()
        try:
            name = key.encode() if isinstance(key, str) else key
            self._waiting.append(await self._producer.send(self.topic, octets, key=name))
        except self._kafka.errors.MessageSizeTooLargeError as error:
            raise EncodeError("value", len(octets), None, str(error)) from None
        except (self._kafka.errors.KafkaError, OSError) as error:
            raise ConnectionError(f"{self.topic}: {error}") from error

    async def flush(self) -> None:
        """Wait until the broker has all that was sent. ConnectionError as of :meth:`send`."""
        while self._waiting:
            await self._settle()

    async def _settle(self) -> None:
        """Wait for the answer to the value that waits longest."""
        try:
            await self._waiting[0]
        except (self._kafka.errors.KafkaError, OSError) as error:
            self._waiting.popleft()
            raise ConnectionError(f"{self.topic}: {error}") from error
        self._waiting.popleft()
        self.sent += 1

    async def aclose(self, *, flush: bool = True) -> None:
        """Close the connection; with ``flush`` when the broker has all that was sent. Without that, what it has no word
        of is not sent any more."""
        made, self._producer = self._producer, None
        if made is None:
            return
        try:
            if flush:
                await self.flush()
        finally:
            for value in self._waiting:
                value.cancel()
            self._waiting.clear()
            await self._stop(made)

    async def _stop(self, made: Any) -> None:
        # Where a broker is away, aiokafka 0.14 waits as long for it as a value may take, and sends what it still has if
        # it comes back; who connected again meanwhile has sent more by then.
        stopping = asyncio.ensure_future(made.stop())
        await asyncio.wait([stopping], timeout=_ASKED)
        if stopping.done():
            stopping.result()
            return
        stopping.cancel()
        await asyncio.wait([stopping])
        with suppress(self._kafka.errors.KafkaError, OSError):
            await made._sender.close()
        with suppress(self._kafka.errors.KafkaError, OSError):
            await made.client.close()


def _octets(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return bytes(value) if hasattr(type(value), "__bytes__") else as_bytes(value)


def producer(
    servers: str | Iterable[str], topic: str, *, waiting: int = 1000, kafka: Mapping[str, Any] | None = None
) -> Producer:
    """A :class:`Producer` of values for ``topic``, of which at most ``waiting`` have no answer yet.

    ``servers`` and ``kafka`` are as of :func:`bgpwire.live.openbmp.connect`: ``kafka`` goes to ``AIOKafkaProducer``
    (``compression_type``, ``linger_ms``, ``enable_idempotence`` …). ImportError without aiokafka; ValueError or
    TypeError for what cannot be.
    """
    if not isinstance(topic, str):
        raise TypeError(f"a topic is text, not {topic.__class__.__name__}")
    topics_of(topic)
    return Producer(topic, waiting, settings_of(kafka, {"bootstrap_servers": servers_of(servers)}))
