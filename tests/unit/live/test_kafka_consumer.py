"""Topics of Kafka with a client that is made up: what goes wrong in it, and what is taken, committed and reported.

tests/live/test_kafka.py has a real broker.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.made_kafka import Broker, KafkaError, Place, install
from support.made_openbmp import openbmp

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUE = openbmp(made.monitoring(made.update()))
QUICK = {"pause": 0.01, "stale": 0.05, "commit": 1e-6}


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    found = Broker()
    found.logs = {Place("t", 0): [VALUE] * 3, Place("t", 1): [VALUE] * 2, Place("other", 0): [VALUE]}
    install(found, monkeypatch)
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
