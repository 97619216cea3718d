"""Lines into a topic of a client that is made up: a broker that is away gets all it had not when it is back."""

from __future__ import annotations

import asyncio
import json
from importlib import import_module
from typing import Any

import pytest
from support import made_bmp as made
from support.made_kafka import Broker, KafkaError, install

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    found = Broker()
    install(found, monkeypatch)
    monkeypatch.setattr(import_module("bgpwire.listen.sink_kafka"), "_PAUSE", 0.001)
    monkeypatch.setattr(import_module("bgpwire.listen.sink_kafka"), "_GRACE", 0.05)
    return found


def records(impl: Any, *prefixes: str) -> Any:
    collected = import_module("bgpwire.listen.collected").Collected()
    octets = made.peer_up(*OPENS) + b"".join(made.monitoring(made.update(prefix)) for prefix in prefixes)
    for event in impl.bmp.Monitor().events(octets):
        collected.event(event, "r1")
    (found,) = collected.take()
    return found


def sent(broker: Broker) -> list[str]:
    return [json.loads(value)["prefix"] for value, _ in broker.sent]


async def opened() -> tuple[Any, list[str]]:
    sink = import_module("bgpwire.listen.sink_kafka").KafkaSink("k", "t")
    told: list[str] = []
    sink.on_trouble = told.append
    await sink.open()
    return sink, told


def test_it_is_sent(impl: Any, broker: Broker) -> None:
    async def run() -> None:
        sink, told = await opened()
        await asyncio.to_thread(sink.write, records(impl, "18 0a0000", "18 0a0001"))
        await asyncio.to_thread(sink.tick, 0.0)
        await asyncio.to_thread(sink.close)
        assert (sink.routes, sink.messages, told) == (2, 2, [])

    asyncio.run(run())
    assert sent(broker) == ["10.0.0.0/24", "10.0.1.0/24"]
    assert {key for _, key in broker.sent} == {b"192.0.2.1"}


@pytest.mark.parametrize("faults", [1, 2, 5])
def test_the_broker_is_away(impl: Any, broker: Broker, faults: int) -> None:
    """What it had no word of is sent once more, in its order, and each attempt that came to nothing is told."""

    async def run() -> list[str]:
        sink, told = await opened()
        await asyncio.to_thread(sink.write, records(impl, "18 0a0000"))
        broker.faults = [KafkaError("away")] * faults
        await asyncio.to_thread(sink.write, records(impl, "18 0a0001", "18 0a0002"))
        await asyncio.to_thread(sink.close)
        return told

    told = asyncio.run(run())
    assert list(dict.fromkeys(sent(broker))) == ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    assert sent(broker)[-2:] == ["10.0.1.0/24", "10.0.2.0/24"]
    assert len(told) == faults
    assert "lines have no answer: " in told[0]
    assert "connecting again" in told[0]


def test_the_end_comes(impl: Any, broker: Broker) -> None:
    """A broker that is away then is waited for no more, and that is an error which says how many lines it is about."""
    failure = import_module("bgpwire.listen.sink").SinkError

    async def run() -> None:
        sink, _ = await opened()
        broker.faults = [KafkaError("away")] * 100_000
        writing = asyncio.ensure_future(asyncio.to_thread(sink.write, records(impl, "18 0a0000", "18 0a0001")))
        await asyncio.sleep(0.02)
        assert not writing.done()
        sink.hurry()
        with pytest.raises(failure, match="away, 1 lines have no answer"):
            await writing
        broker.faults = []
        await asyncio.to_thread(sink.close)

    asyncio.run(run())
    assert broker.sent == []


def test_a_slow_broker_at_the_end(impl: Any, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it takes something it is given all."""
    kafka = import_module("support.made_kafka")
    send = kafka.Producer.send

    async def slowly(self: Any, topic: str, value: bytes, key: bytes | None = None) -> Any:
        await asyncio.sleep(0.02)
        return await send(self, topic, value, key)

    monkeypatch.setattr(kafka.Producer, "send", slowly)
    monkeypatch.setattr(import_module("bgpwire.listen.sink_kafka"), "_GRACE", 0.5)

    async def run() -> None:
        sink, _ = await opened()
        sink.hurry()
        await asyncio.to_thread(sink.write, records(impl, *(f"18 0a00{number:02x}" for number in range(60))))
        await asyncio.to_thread(sink.close)

    asyncio.run(run())
    assert sent(broker) == [f"10.0.{number}.0/24" for number in range(60)]


def test_values_that_are_refused_are_sent_again(impl: Any, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind one that the broker did not take, also those that it took: what was said last is the last."""
    kafka = import_module("support.made_kafka")
    send = kafka.Producer.send
    refused = [2]

    async def refuse(self: Any, topic: str, value: bytes, key: bytes | None = None) -> Any:
        found = await send(self, topic, value, key)
        if refused and len(broker.sent) == refused[0]:
            refused.clear()
            found = asyncio.get_running_loop().create_future()
            found.set_exception(KafkaError("not taken"))
        return found

    monkeypatch.setattr(kafka.Producer, "send", refuse)

    async def run() -> None:
        sink, _ = await opened()
        await asyncio.to_thread(sink.write, records(impl, *(f"18 0a00{number:02x}" for number in range(4))))
        await asyncio.to_thread(sink.close)

    asyncio.run(run())
    last = {prefix: at for at, prefix in enumerate(sent(broker))}
    assert sorted(last, key=last.__getitem__) == [f"10.0.{number}.0/24" for number in range(4)]
    assert len(broker.sent) > 4
