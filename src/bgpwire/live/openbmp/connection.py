"""Topics of OpenBMP's message bus as one stream of events."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Self

from bgpwire.live.kafka.consuming import Consumer
from bgpwire.live.openbmp.decoder import Decoder
from bgpwire.live.openbmp.report import Kind

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
    from datetime import datetime

    from bgpwire.live.openbmp.report import Report
    from bgpwire.route.kernels import Event

__all__ = ["Connection", "connect"]


class Connection:
    """Iterates the events of topics; :attr:`decoder` has the reports and the routers. Made by :func:`connect`.

    ``async with`` closes the connection at its end; without that it is closed when the loop over it is left and the
    iterator is let go of.
    """

    def __init__(self, consumer: Consumer, decoder: Decoder) -> None:
        self.decoder = decoder
        self._consumer = consumer
        self._events = self._each()

    @property
    def positions(self) -> dict[tuple[str, int], int]:
        """The offset of the next record of each (topic, partition): those before it were taken."""
        return self._consumer.positions

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return await anext(self._events)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Commit what was taken, and close the connection."""
        await self._events.aclose()

    async def _each(self) -> AsyncGenerator[Event]:
        feed = self.decoder.feed
        async with aclosing(self._consumer.records()) as records:
            async for record in records:
                if record.value is not None:
                    source = f"{record.topic}[{record.partition}]"
                    for event in feed(record.value, offset=record.offset, source=source):
                        yield event


def connect(
    servers: str | Iterable[str],
    topics: str | Iterable[str] | re.Pattern[str],
    *,
    group: str | None = None,
    start: str | float | datetime = "latest",
    strip_asn: int | None = None,
    withdraw: bool = False,
    stale: float = 60.0,
    commit: float = 5.0,
    tries: int | None = 10,
    pause: float = 1.0,
    strict: bool = False,
    on_report: Callable[[Report], object] | None = None,
    most_routers: int | None = None,
    kafka: Mapping[str, Any] | None = None,
) -> Connection:
    """The events of ``topics``, for ``async for``: names, or a pattern (``re.compile``) of them.

    ``servers`` are ``host:port``, one or several. It begins with what comes from now on, or at ``start``: ``earliest``,
    seconds since 1970, or a datetime with a time zone. In a consumer ``group`` it begins where that was left: offsets
    are committed every ``commit`` seconds and at the end, each when the events of its record were taken, which is when
    the next is asked for. What was not committed comes again.

    A connection that fails is opened again, behind ``pause`` seconds, and longer each time, where it was left;
    ConnectionError after ``tries`` attempts in a row that came to nothing, ``None`` for never. ``stale`` seconds
    without a record are reported (:attr:`Kind.CONNECTION`), and the broker is asked whether it is there.

    ``strip_asn``, ``withdraw``, ``strict``, ``on_report`` and ``most_routers`` are those of :class:`Decoder`.
    ``event.offset`` is that of the record in its partition. ``kafka`` goes to ``AIOKafkaConsumer``: TLS and SASL
    (``security_protocol``, ``ssl_context``, ``sasl_mechanism`` …), sizes, times.

    ImportError without aiokafka (``pip install 'bgpwire[kafka]'``); ValueError or TypeError for what cannot be asked.
    """
    limit = {} if most_routers is None else {"most_routers": most_routers}
    decoder = Decoder(strip_asn=strip_asn, withdraw=withdraw, strict=strict, on_report=on_report, **limit)
    consumer = Consumer(
        servers,
        topics,
        group=group,
        start=start,
        stale=stale,
        commit=commit,
        tries=tries,
        pause=pause,
        report=lambda reason: decoder.reports.add(Kind.CONNECTION, 0, reason),
        kafka=kafka,
    )
    return Connection(consumer, decoder)
