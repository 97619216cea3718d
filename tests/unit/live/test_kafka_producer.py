"""The producer of Kafka with a client that is made up, and what no door is asked for."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.made_kafka import Broker, KafkaError, MessageSizeTooLargeError, Place, install
from support.made_openbmp import openbmp

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUE = openbmp(made.monitoring(made.update()))


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
