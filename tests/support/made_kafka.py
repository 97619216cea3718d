"""A client of Kafka that is made up: what is in the partitions, what goes wrong, and what was asked of it."""

from __future__ import annotations

import asyncio
import sys
from collections import namedtuple
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

Place = namedtuple("Place", "topic partition")


class KafkaError(RuntimeError):
    pass


class MessageSizeTooLargeError(KafkaError):
    pass


class Broker:
    """What is in the partitions, and what clients did."""

    def __init__(self) -> None:
        self.logs: dict[Any, list[bytes | None]] = {}
        self.committed: dict[str, dict[Any, int]] = {}
        self.started: list[dict[str, Any]] = []
        self.stopped = 0
        self.faults: list[Exception] = []
        """Raised one by one by what is asked next."""
        self.asked = 0
        self.sent: list[tuple[bytes, bytes | None]] = []
        self.on_fetch: Callable[[Any], None] | None = None
        self.on_stop: BaseException | None = None
        self.never: Any = None
        """What is said of a time that no record is later than."""
        self.gone = 0
        """Records of each partition that are there no more."""

    def fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


class Consumer:
    def __init__(self, broker: Broker, **settings: Any) -> None:
        self.broker = broker
        self.settings = settings
        self.places: dict[Any, int] = {}

    def subscribe(self, topics: Any = None, pattern: Any = None, listener: Any = None) -> None:
        self.wanted = (lambda name: name in topics) if pattern is None else pattern.match
        self.listener = listener

    async def start(self) -> None:
        self.broker.started.append(self.settings)
        self.broker.fail()
        self.reassign()

    async def stop(self) -> None:
        self.broker.stopped += 1
        if self.broker.on_stop is not None:
            raise self.broker.on_stop

    def reassign(self) -> None:
        """As the client does: all positions are forgotten."""
        self.places = {place: 0 for place in self.broker.logs if self.wanted(place.topic)}

    def assignment(self) -> frozenset[Any]:
        return frozenset(self.places)

    def seek(self, place: Any, offset: int) -> None:
        self.places[place] = offset

    async def beginning_offsets(self, places: Any) -> dict[Any, int]:
        return dict.fromkeys(places, self.broker.gone)

    async def end_offsets(self, places: Any) -> dict[Any, int]:
        return {place: len(self.broker.logs[place]) for place in places}

    async def offsets_for_times(self, times: dict[Any, int]) -> dict[Any, Any]:
        """Each record is a second later."""
        ends = await self.end_offsets(times)
        found: dict[Any, Any] = {}
        for place, time in times.items():
            at = time // 1000
            found[place] = SimpleNamespace(offset=at, timestamp=time) if at < ends[place] else self.broker.never
        return found

    async def committed(self, place: Any) -> int | None:
        return self.broker.committed.setdefault(self.settings["group_id"], {}).get(place)

    async def commit(self, offsets: dict[Any, int]) -> None:
        self.broker.fail()
        self.broker.committed.setdefault(self.settings["group_id"], {}).update(offsets)

    async def topics(self) -> set[str]:
        self.broker.asked += 1
        self.broker.fail()
        return {place.topic for place in self.broker.logs}

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[Any, list[Any]]:
        await asyncio.sleep(0.001)
        self.broker.fail()
        if self.broker.on_fetch is not None:
            self.broker.on_fetch(self)
        out = {}
        for place, at in self.places.items():
            found = self.broker.logs[place][at : at + max_records]
            if found:
                out[place] = [SimpleNamespace(**place._asdict(), offset=at + n, value=v) for n, v in enumerate(found)]
                self.places[place] = at + len(found)
        return out


class Producer:
    def __init__(self, broker: Broker, **settings: Any) -> None:
        self.broker = broker

    async def start(self) -> None:
        self.broker.fail()

    async def stop(self) -> None:
        self.broker.stopped += 1

    async def send(self, topic: str, value: bytes, key: bytes | None = None) -> Any:
        self.broker.fail()
        self.broker.sent.append((value, key))
        self.last: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if value == b"refused":
            self.last.set_exception(KafkaError("not taken"))
        elif value != b"waits":
            self.last.set_result(None)
        return self.last


def install(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put it in the place of aiokafka."""
    errors = SimpleNamespace(KafkaError=KafkaError, MessageSizeTooLargeError=MessageSizeTooLargeError)
    fake: Any = SimpleNamespace(
        AIOKafkaConsumer=lambda **settings: Consumer(broker, **settings),
        AIOKafkaProducer=lambda **settings: Producer(broker, **settings),
        ConsumerRebalanceListener=object,
        errors=errors,
    )
    monkeypatch.setitem(sys.modules, "aiokafka", fake)
    return fake
