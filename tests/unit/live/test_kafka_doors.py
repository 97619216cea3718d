"""Kafka's doors with a client that is made up: what goes wrong in it, and what is taken, committed and reported.

tests/live/test_kafka.py has a real broker.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import namedtuple
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.made_openbmp import openbmp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Place = namedtuple("Place", "topic partition")
VALUE = openbmp(made.monitoring(made.update()))
QUICK = {"pause": 0.01, "stale": 0.05, "commit": 1e-6}


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


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    found = Broker()
    found.logs = {Place("t", 0): [VALUE] * 3, Place("t", 1): [VALUE] * 2, Place("other", 0): [VALUE]}
    errors = SimpleNamespace(KafkaError=KafkaError, MessageSizeTooLargeError=MessageSizeTooLargeError)
    fake: Any = SimpleNamespace(
        AIOKafkaConsumer=lambda **settings: Consumer(found, **settings),
        AIOKafkaProducer=lambda **settings: Producer(found, **settings),
        ConsumerRebalanceListener=object,
        errors=errors,
    )
    monkeypatch.setitem(sys.modules, "aiokafka", fake)
    return found


@pytest.fixture
def bus(both: list[Any], broker: Broker) -> Iterator[Any]:
    """No kernel is in here: one implementation will do."""
    with both[0].active() as package:
        yield package.live.openbmp


def _take(bus: Any, count: int, topics: Any = "t", **options: Any) -> tuple[list[tuple[str, int]], Any, list[Any]]:
    """The places of ``count`` events, the connection, and the reports."""
    reports: list[Any] = []

    async def run() -> Any:
        seen: list[tuple[str, int]] = []
        given = QUICK | {"start": "earliest", "on_report": reports.append} | options
        async with asyncio.timeout(20), bus.connect("k.example.net", topics, **given) as events:
            if count:
                async for event in events:
                    seen.append((event.file, event.offset))
                    if len(seen) == count:
                        break
        return seen, events

    return (*asyncio.run(run()), reports)


def test_what_is_taken(bus: Any, broker: Broker) -> None:
    """The last one is taken when the next is asked for; what has no value has no events."""
    broker.logs[Place("t", 1)].insert(0, None)
    seen, events, reports = _take(bus, 5, kafka={"ssl_context": 1})
    assert seen == [("rv2/amsix", offset) for offset in (0, 1, 2, 1, 2)]
    assert events.positions == {("t", 0): 3, ("t", 1): 2}
    assert reports == []
    assert (len(broker.started), broker.stopped) == (1, 1)
    assert broker.started[0] == {
        "bootstrap_servers": ["k.example.net"],
        "group_id": None,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "ssl_context": 1,
    }
    assert broker.committed == {}


@pytest.mark.parametrize("topics", ["other", ["other"], re.compile("o.*r$")])
def test_topics(bus: Any, broker: Broker, topics: Any) -> None:
    assert _take(bus, 1, topics)[1].decoder.values == 1


@pytest.mark.parametrize(
    ("start", "offset"), [("latest", 3), (1, 1), (2.0, 2), (9, 3), (datetime.fromtimestamp(1, UTC), 1)]
)
@pytest.mark.parametrize("never", [None, SimpleNamespace(offset=0, timestamp=-1)])
def test_where_it_starts(bus: Any, broker: Broker, start: Any, offset: int, never: Any) -> None:
    """What comes while it is connected is not missed."""

    def more(_: Any) -> None:
        if len(broker.logs[Place("t", 0)]) < 4:
            broker.logs[Place("t", 0)].append(VALUE)

    del broker.logs[Place("t", 1)]
    broker.on_fetch = more
    broker.never = never
    assert _take(bus, 1, start=start)[0] == [("rv2/amsix", offset)]


def test_it_goes_on_where_it_was(bus: Any, broker: Broker) -> None:
    """Behind a fault of every kind, with ``latest`` too; what failed is reported."""
    broker.faults = [KafkaError("refused"), OSError("unreachable")]
    fetched = 0

    def fetch(consumer: Any) -> None:
        nonlocal fetched
        fetched += 1
        if fetched == 1:
            broker.logs[Place("t", 0)] += [VALUE] * 2
        if fetched == 2:
            broker.logs[Place("t", 1)].append(VALUE)
            raise KafkaError("gone")

    broker.on_fetch = fetch
    seen, events, reports = _take(bus, 3, start="latest")
    assert [offset for _, offset in seen] == [3, 4, 2]
    assert [report.reason.partition(";")[0] for report in reports] == [
        "KafkaError: refused",
        "OSError: unreachable",
        "KafkaError: gone",
    ]
    assert all("; connecting again in " in report.reason for report in reports)
    assert events.decoder.reports.counts == {"connection": 3}
    assert (len(broker.started), broker.stopped) == (4, 4)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), KafkaError("gone"), OSError()], ids=repr)
def test_what_closing_raises(bus: Any, broker: Broker, error: BaseException) -> None:
    """A client that cannot be closed, or takes its own cancelled tasks for ours, ends nothing."""
    broker.faults = [KafkaError("refused")]
    broker.on_stop = error
    assert [offset for _, offset in _take(bus, 1)[0]] == [0]
    assert broker.stopped == 2


def test_it_gives_up(bus: Any, broker: Broker) -> None:
    broker.faults = [KafkaError("refused")] * 5
    with pytest.raises(ConnectionError, match=r"k\.example\.net: 3 attempts in a row, the last: KafkaError: refused"):
        _take(bus, 1, tries=3)
    assert broker.stopped == 3


def test_partitions_that_come_later(bus: Any, broker: Broker) -> None:
    """The client forgets all positions then, and what it fetched meanwhile is not given twice. A new partition is read
    from its beginning, for all of it is newer."""
    turn = 0

    def fetch(consumer: Any) -> None:
        nonlocal turn
        turn += 1
        if turn == 2:
            broker.logs[Place("t", 7)] = [VALUE]
            consumer.reassign()

    broker.on_fetch = fetch
    seen, events, _ = _take(bus, 6)
    assert sorted(offset for _, offset in seen) == [0, 0, 0, 1, 1, 2]
    assert events.positions == {("t", 0): 3, ("t", 1): 2, ("t", 7): 0}


def test_records_that_are_gone(bus: Any, broker: Broker) -> None:
    """What was not taken and is there no more is reported; so is a topic that was made anew."""
    del broker.logs[Place("t", 1)]

    def fetch(consumer: Any) -> None:
        if len(broker.started) == 1:
            broker.gone = 2
            raise KafkaError("gone")
        if len(broker.started) == 2 and consumer.places[Place("t", 0)] == 3:
            broker.gone = 0
            broker.logs[Place("t", 0)] = [VALUE]
            raise KafkaError("anew")

    broker.on_fetch = fetch
    seen, _, reports = _take(bus, 2)
    assert [offset for _, offset in seen] == [2, 0]
    reasons = [report.reason for report in reports if "connecting again" not in report.reason]
    assert reasons == ["t[0]: 2 records are gone", "t[0]: its offsets begin anew"]


def test_no_partition_yet(bus: Any, broker: Broker) -> None:
    """It is said, and they are read when they are there."""

    def fetch(consumer: Any) -> None:
        if not consumer.places:
            broker.logs[Place("new", 0)] = [VALUE]
            consumer.reassign()

    broker.on_fetch = fetch
    seen, _, reports = _take(bus, 1, "new", start="latest")
    assert [offset for _, offset in seen] == [0]
    assert [report.reason for report in reports] == ["no partition of these topics yet"]


def test_nothing_comes(bus: Any, broker: Broker) -> None:
    """The broker is asked; where it answers all is well, else it is connected to again."""
    del broker.logs[Place("t", 1)]
    turn = 0

    def fetch(consumer: Any) -> None:
        nonlocal turn
        turn += 1
        if broker.asked == 1 and not broker.faults and len(broker.started) == 1:
            broker.faults = [KafkaError("no answer")] * 1
        if len(broker.started) == 2 and len(broker.logs[Place("t", 0)]) == 3:
            broker.logs[Place("t", 0)].append(VALUE)

    broker.on_fetch = fetch
    seen, _, reports = _take(bus, 1, start="latest")
    assert seen == [("rv2/amsix", 3)]
    assert [report.reason.partition(";")[0] for report in reports] == [
        "nothing came for 0.05 s",
        "KafkaError: no answer",
    ]


# --- groups -----------------------------------------------------------------------------------------------------


def test_a_group(bus: Any, broker: Broker) -> None:
    """It begins where it was left; what was handed out last was not taken, and comes again."""
    assert [offset for _, offset in _take(bus, 2, group="g")[0]] == [0, 1]
    assert broker.committed == {"g": {Place("t", 0): 1, Place("t", 1): 0}}
    assert [offset for _, offset in _take(bus, 4, group="g")[0]] == [1, 2, 0, 1]
    assert broker.committed == {"g": {Place("t", 0): 3, Place("t", 1): 1}}
    assert [offset for _, offset in _take(bus, 1, group="g", start="latest")[0]] == [1]
    assert [offset for _, offset in _take(bus, 5, group="h")[0]] == [0, 1, 2, 0, 1]


def test_a_group_that_starts_late(bus: Any, broker: Broker) -> None:
    """Where it began is committed at once: what comes while it is away is not missed."""

    def fetch(consumer: Any) -> None:
        raise SystemError("of the caller")

    broker.on_fetch = fetch
    with pytest.raises(SystemError):
        _take(bus, 1, group="g", start="latest")
    assert broker.committed == {"g": {Place("t", 0): 3, Place("t", 1): 2}}
    broker.on_fetch = None
    broker.logs[Place("t", 0)].append(VALUE)
    assert [offset for _, offset in _take(bus, 1, group="g", start="latest")[0]] == [3]


def test_partitions_that_go_to_another(bus: Any, broker: Broker) -> None:
    """What was taken of them is committed before; what another committed since is not read again."""

    async def run() -> list[int]:
        async with bus.connect("k", "t", group="g", start="earliest", **(QUICK | {"commit": 100.0})) as events:
            found = [(await anext(events)).offset for _ in range(3)]
            (consumer,) = consumers
            await consumer.listener.on_partitions_revoked([Place("t", 0)])
            assert broker.committed["g"] == {Place("t", 0): 2, Place("t", 1): 0}
            del consumer.places[Place("t", 0)]
            found.append((await anext(events)).offset)
            await anext(events)
            broker.committed["g"][Place("t", 0)] = 3
            broker.logs[Place("t", 0)].append(VALUE)
            await consumer.listener.on_partitions_assigned([Place("t", 0)])
            consumer.reassign()
            found.append((await anext(events)).offset)
        return found

    consumers: list[Any] = []
    fake: Any = sys.modules["aiokafka"]
    made = fake.AIOKafkaConsumer
    fake.AIOKafkaConsumer = lambda **settings: consumers.append(made(**settings)) or consumers[-1]
    assert asyncio.run(run()) == [0, 1, 2, 0, 3]


def test_what_cannot_be_committed(bus: Any, broker: Broker) -> None:
    """It is reported, and tried again."""

    def fetch(consumer: Any) -> None:
        broker.on_fetch = None
        broker.faults = [KafkaError("rebalance")]

    broker.on_fetch = fetch
    _, events, reports = _take(bus, 3, group="g")
    assert [report.reason for report in reports] == ["not committed: KafkaError: rebalance"]
    assert broker.committed == {"g": {Place("t", 0): 2, Place("t", 1): 0}}
    assert events.positions == {("t", 0): 2, ("t", 1): 0}


def test_what_the_decoder_raises_comes_out(bus: Any, broker: Broker) -> None:
    """It is no fault of the connection, and what raised it is not taken."""
    broker.logs[Place("t", 0)][1] = b"x"
    with pytest.raises(bus.OpenBmpError):
        _take(bus, 5, group="g", strict=True)
    assert broker.committed == {"g": {Place("t", 0): 1, Place("t", 1): 0}}
    assert broker.stopped == 1


# --- the producer -----------------------------------------------------------------------------------------------


def _send(bus: Any, *values: Any, **options: Any) -> Any:
    async def run() -> Any:
        async with bus.producer(["a:1", "b:2"], "t", **options) as out:
            for value in values:
                await out.send(value)
        return out

    return asyncio.run(run())


def test_values_are_sent(bus: Any, broker: Broker) -> None:
    """Text, octets, what has octets; of OpenBMP the router is the key, which keeps its order."""
    message = bus.decode(VALUE)
    with pytest.raises(TypeError):
        _send(bus, 5)
    out = _send(bus, '{"a": "ä"}', memoryview(b"x"), message)
    assert broker.sent == [('{"a": "ä"}'.encode(), None), (b"x", None), (VALUE, message.router_hash)]
    assert (out.sent, out.waiting, broker.stopped) == (3, 0, 2)


def test_it_waits_for_the_broker(bus: Any, broker: Broker) -> None:
    async def run() -> None:
        out = bus.producer("k", "t", waiting=2)
        with pytest.raises(ValueError, match="not open"):
            await out.send("x")
        await out.open()
        with pytest.raises(ValueError, match="is open"):
            await out.open()
        for _ in range(2):
            await out.send("waits", "key")
        third = asyncio.ensure_future(out.send(b"x", b"key"))
        await asyncio.sleep(0.01)
        assert (third.done(), out.waiting, len(broker.sent)) == (False, 2, 2)
        first, second = out._waiting
        second.set_result(None)
        await asyncio.sleep(0.01)
        assert not third.done()
        first.set_result(None)
        await third
        await out.flush()
        assert (out.sent, out.waiting) == (3, 0)
        assert {key for _, key in broker.sent} == {b"key"}
        await out.aclose()
        await out.aclose()

    asyncio.run(run())


def test_what_is_not_sent(bus: Any, broker: Broker) -> None:
    with pytest.raises(ConnectionError, match="t: not taken"):
        _send(bus, "refused", "x", "x")
    with pytest.raises(ConnectionError, match="t: not taken"):
        _send(bus, "refused")
    broker.faults = [KafkaError("nobody")]
    with pytest.raises(ConnectionError, match="a:1,b:2: nobody"):
        _send(bus, "x")

    async def too_large() -> None:
        async with bus.producer("k", "t") as out:
            broker.faults = [MessageSizeTooLargeError("1048576")]
            with pytest.raises(ValueError, match="value"):
                await out.send("x")
            broker.faults = [KafkaError("full")]
            with pytest.raises(ConnectionError, match="t: full"):
                await out.send("x")

    asyncio.run(too_large())
    with pytest.raises(KeyError):
        _send(bus, "waits", _Raising())  # what waits is not waited for then


class _Raising:
    def __bytes__(self) -> bytes:
        raise KeyError


# --- what is asked for ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("servers", "topics", "options"),
    [
        ("", "t", {}),
        ([], "t", {}),
        ("a,,b", "t", {}),
        ("k", "", {}),
        ("k", [], {}),
        ("k", "a b", {}),
        ("k", "t*", {}),
        ("k", "t", {"start": "now"}),
        ("k", "t", {"start": -1}),
        ("k", "t", {"start": datetime(2026, 1, 1)}),
        ("k", "t", {"stale": 0}),
        ("k", "t", {"commit": 0}),
        ("k", "t", {"tries": 0}),
        ("k", "t", {"pause": -1}),
        ("k", "t", {"kafka": {"group_id": "g"}}),
        ("k", "t", {"kafka": {"enable_auto_commit": True}}),
        ("k", "t", {"strip_asn": 0}),
        ("k", "t", {"most_routers": 0}),
    ],
    ids=str,
)
def test_what_cannot_be_asked(bus: Any, servers: Any, topics: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        bus.connect(servers, topics, **options)


@pytest.mark.parametrize(
    ("servers", "topics", "options"),
    [
        ([5], "t", {}),
        (5, "t", {}),
        ("k", 5, {}),
        ("k", [5], {}),
        ("k", "t", {"start": True}),
        ("k", "t", {"start": []}),
    ],
    ids=str,
)
def test_what_is_of_another_type(bus: Any, servers: Any, topics: Any, options: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        bus.connect(servers, topics, **options)


def test_what_no_producer_takes(bus: Any) -> None:
    for topic, error in ((["t"], TypeError), ("a b", ValueError)):
        with pytest.raises(error):
            bus.producer("k", topic)
    with pytest.raises(ValueError, match="0 values"):
        bus.producer("k", "t", waiting=0)


def test_without_aiokafka(bus: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiokafka", None)
    for door in (bus.connect, bus.producer):
        with pytest.raises(ImportError, match=r"pip install 'bgpwire\[kafka\]'"):
            door("k", "t")
