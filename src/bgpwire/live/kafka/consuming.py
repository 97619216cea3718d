"""Records of topics, connected again where that breaks off; what was taken of each partition is kept, and committed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Final

from bgpwire.live.kafka.settings import aiokafka, servers_of, settings_of, start_of, topics_of
from bgpwire.live.retry import Retry

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
    from datetime import datetime

__all__ = ["Consumer"]

_AT_ONCE: Final = 500
"""Records that are asked for at once; between them it is looked whether partitions came or went."""
_LOOK: Final = 1.0
"""Seconds between two looks, where nothing comes."""
_ASKED: Final = 10.0
"""Seconds that a broker has to answer."""


class Consumer:
    """The records of ``topics``, by :meth:`records`; see :func:`bgpwire.live.openbmp.connect` for what it is told.

    :attr:`positions` is the offset of the next record of each (topic, partition): one that was handed out is taken when
    the next one is asked for, and not before.
    """

    def __init__(
        self,
        servers: str | Iterable[str],
        topics: str | Iterable[str] | re.Pattern[str],
        *,
        group: str | None,
        start: str | float | datetime,
        stale: float,
        commit: float,
        tries: int | None,
        pause: float,
        report: Callable[[str], object],
        kafka: Mapping[str, Any] | None,
    ) -> None:
        self.positions: dict[tuple[str, int], int] = {}
        self._topics = topics_of(topics)
        self._group = group
        self._start = start_of(start)
        if not 0 < commit < 1e6:
            raise ValueError(f"commit of {commit} seconds")
        self._commit_every = commit
        hosts = servers_of(servers)
        self._retry = Retry(",".join(hosts), report, tries, pause, stale)
        self._report = report
        # Where records are gone, or the topic was made anew, it goes on with the first there is.
        own = {
            "bootstrap_servers": hosts,
            "group_id": group,
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
        }
        self._settings = settings_of(kafka, own)
        self._kafka = aiokafka()
        self._assigned: frozenset[Any] | None = None
        """Of the connection that is open; ``None`` while nothing was said of them."""
        self._begun = False
        """Whether any connection had partitions assigned."""
        self._committed: dict[Any, int] = {}
        self._due = 0.0

    async def records(self) -> AsyncGenerator[Any]:
        """aiokafka's records: ``topic``, ``partition``, ``offset``, ``timestamp`` in milliseconds, ``key``, ``value``.

        ConnectionError after so many attempts in a row that came to nothing.
        """
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            consumer = self._kafka.AIOKafkaConsumer(**self._settings)
            try:
                self._subscribe(consumer)
                await consumer.start()
                began = clock()
                async with aclosing(self._each(consumer)) as records:
                    async for record in records:
                        yield record
            except (self._kafka.errors.KafkaError, OSError) as error:
                wait = self._retry.failed(error, clock() - began)
            finally:
                await self._stop(consumer)
            await asyncio.sleep(wait)

    def _subscribe(self, consumer: Any) -> None:
        which: dict[str, Any] = {"pattern": self._topics}
        if isinstance(self._topics, frozenset):
            which = {"topics": sorted(self._topics)}
        listener = _listener(self._kafka, lambda: self._commit(consumer), self._forget)
        consumer.subscribe(listener=listener, **which)

    def _forget(self) -> None:
        """Partitions were assigned anew, perhaps the same: the client has forgotten where they were."""
        self._assigned = None

    async def _each(self, consumer: Any) -> AsyncGenerator[Any]:
        clock = asyncio.get_running_loop().time
        heard = clock()
        self._due = heard + self._commit_every
        while True:
            await self._assign(consumer)
            batch = await consumer.getmany(timeout_ms=int(1000 * min(_LOOK, self._retry.silence)), max_records=_AT_ONCE)
            if consumer.assignment() != self._assigned:
                continue  # what came may have begun anywhere
            for records in batch.values():
                self._retry.worked()
                for record in records:
                    yield record
                    self.positions[record.topic, record.partition] = record.offset + 1
                    if clock() >= self._due:
                        await self._commit(consumer)
            if batch:
                heard = clock()
            elif clock() - heard >= self._retry.silence:
                # Without an error the client waits for a broker that is gone for ever.
                async with asyncio.timeout(_ASKED):
                    await consumer.topics()
                self._report(f"nothing came for {self._retry.silence} s")
                heard = clock()
            if clock() >= self._due:
                await self._commit(consumer)

    async def _assign(self, consumer: Any) -> None:
        """Where partitions came or went, say where each begins: where it was left, and of others as ``start`` says; one
        that is new since then has nothing that is older."""
        found = consumer.assignment()
        if found == self._assigned:
            return
        first, self._begun, self._assigned = not self._begun, True, found
        if first and not found:
            self._report("no partition of these topics yet")
        places: dict[Any, int] = {}
        for place in found:
            taken = self.positions.get((place.topic, place.partition))
            if self._group is not None:
                committed = await consumer.committed(place)
                taken = max((one for one in (taken, committed) if one is not None), default=None)
            if taken is not None:
                places[place] = taken
        await self._check(consumer, places)
        if fresh := [place for place in found if place not in places]:
            start = self._start if first or self._group is not None else "earliest"
            places |= await self._begin(consumer, fresh, start)
        if self._group is not None:
            self.positions.clear()  # those of others are theirs
        for place, offset in places.items():
            consumer.seek(place, offset)
            self.positions[place.topic, place.partition] = offset
        await self._commit(consumer)

    async def _check(self, consumer: Any, places: dict[Any, int]) -> None:
        """Records may be gone before they were taken, and a topic may have been made anew: both are reported, and what
        there is then is read from its beginning."""
        if not places:
            return
        begins, ends = await consumer.beginning_offsets(list(places)), await consumer.end_offsets(list(places))
        for place, offset in places.items():
            if begins[place] <= offset <= ends[place]:
                continue
            why = f"{begins[place] - offset} records are gone" if offset < begins[place] else "its offsets begin anew"
            self._report(f"{place.topic}[{place.partition}]: {why}")
            places[place] = begins[place]

    async def _begin(self, consumer: Any, fresh: list[Any], start: str | int) -> dict[Any, int]:
        """Where partitions begin of which nothing was taken."""
        if start == "earliest":
            return await consumer.beginning_offsets(fresh)  # type: ignore[no-any-return]
        ends: dict[Any, int] = await consumer.end_offsets(fresh)
        if start == "latest":
            return ends
        found = await consumer.offsets_for_times(dict.fromkeys(fresh, start))
        # Of a partition without a record since then there is nothing, or a time of -1.
        times = {place: one.offset for place, one in found.items() if one is not None and one.timestamp >= 0}
        return ends | times

    async def _commit(self, consumer: Any) -> None:
        """Commit what was taken, where that is more than before. What goes wrong is reported: it is given again."""
        self._due = asyncio.get_running_loop().time() + self._commit_every
        if self._group is None or self._assigned is None:
            return  # of partitions that came back another member may have committed more
        there = consumer.assignment()
        new = {place: at for place in there if (at := self.positions.get((place.topic, place.partition))) is not None}
        new = {place: at for place, at in new.items() if self._committed.get(place) != at}
        if not new:
            return
        try:
            async with asyncio.timeout(_ASKED):
                await consumer.commit(new)
        except (self._kafka.errors.KafkaError, OSError) as error:
            self._report(f"not committed: {error.__class__.__name__}: {error}".removesuffix(": "))
        else:
            self._committed |= new

    async def _stop(self, consumer: Any) -> None:
        await self._commit(consumer)
        self._assigned = None
        self._committed.clear()
        # In a task of its own: where a broker is gone, aiokafka 0.14 raises the CancelledError of a fetch that it
        # cancelled itself, which must not pass for ours, and leaves its sockets open.
        stopping = asyncio.ensure_future(consumer.stop())
        await asyncio.wait([stopping], timeout=_ASKED)
        if not stopping.done() or stopping.cancelled() or stopping.exception() is not None:
            stopping.cancel()
            client = getattr(consumer, "_client", None)
            if client is not None:
                with suppress(self._kafka.errors.KafkaError, OSError):
                    await client.close()


def _listener(kafka: Any, commit: Callable[[], Any], forget: Callable[[], None]) -> Any:
    """What aiokafka tells that partitions go to another member of the group, when what was taken of them is committed,
    and that others came."""

    class Listener(kafka.ConsumerRebalanceListener):  # type: ignore[misc]
        async def on_partitions_revoked(self, revoked: Any) -> None:
            await commit()

        async def on_partitions_assigned(self, assigned: Any) -> None:
            forget()

    return Listener()
