"""Between sources and sinks: what is heard is written, all of it, once, in order, and what waits is bounded."""

from __future__ import annotations

import asyncio
import threading
import time
from importlib import import_module
from typing import Any

import pytest


class Kept:
    """A sink that keeps what it is given; it may be slow, or fail."""

    def __init__(self, wait: float = 0, fails: int = -1) -> None:
        self.prefixes: list[str] = []
        self.sizes: list[int] = []
        self.ticks = 0
        self.closed = 0
        self.threads: set[str] = set()
        self._wait = wait
        self._fails = fails

    def write(self, records: Any) -> None:
        if len(self.sizes) == self._fails:
            raise OSError(28, "No space left on device")
        time.sleep(self._wait)
        self.threads.add(threading.current_thread().name)
        self.sizes.append(len(records.octets))
        self.prefixes += [str(route.prefix) for route in records.routes()]

    def tick(self, now: float) -> None:
        self.ticks += 1

    def close(self) -> None:
        self.closed += 1


def events(impl: Any, count: int) -> list[Any]:
    peer = impl.Peer(impl.Address("192.0.2.9"), 64500)
    out = []
    for number in range(count):
        prefix = impl.Prefix(f"10.{number >> 8}.{number & 255}.0/24")
        (message,) = impl.Update.announce([prefix], next_hop="192.0.2.1", as_path="64500").messages()
        out.append(impl.Event(message.data, number, 0, peer))
    return out


def pump_of(impl: Any, *sinks: Any, **how: Any) -> Any:
    return import_module("bgpwire.listen.pump").Pump(sinks, **how)


async def say(pump: Any, heard: list[Any], source: str | None = "r1") -> None:
    for event in heard:
        await pump.hear(event, source)


def prefixes(heard: list[Any], impl: Any) -> list[str]:
    return [str(route.prefix) for event in heard for route in impl.routes_of(event)]


def test_all_in_order(impl: Any) -> None:
    heard = events(impl, 500)
    sinks = Kept(), Kept()

    async def main() -> Any:
        pump = pump_of(impl, *sinks)
        await pump.run([say(pump, heard)])
        return pump

    pump = asyncio.run(main())
    for sink in sinks:
        assert sink.prefixes == prefixes(heard, impl)
        assert sink.closed == 1
        assert threading.current_thread().name not in sink.threads
    assert pump.messages == 500


def test_one_leaves_at_once(impl: Any) -> None:
    """Nothing waits for more to come."""
    heard = events(impl, 3)
    sink = Kept()

    async def slowly(pump: Any) -> None:
        for count, event in enumerate(heard, 1):
            await pump.hear(event, "r1")
            async with asyncio.timeout(20):
                while len(sink.prefixes) < count:
                    await asyncio.sleep(0.001)

    async def main() -> None:
        pump = pump_of(impl, sink)
        await pump.run([slowly(pump)])

    asyncio.run(main())
    assert len(sink.sizes) == 3


def test_a_slow_sink_holds_up(impl: Any) -> None:
    """What waits is bounded; the more there is the more goes together."""
    heard = events(impl, 2000)
    sink = Kept(wait=0.002)
    most = 5000
    waited: list[int] = []

    async def main() -> None:
        pump = pump_of(impl, sink, most=most)

        async def watched() -> None:
            for event in heard:
                await pump.hear(event, "r1")
                waited.append(pump.collected.size)

        await pump.run([watched()])

    asyncio.run(main())
    assert sink.prefixes == prefixes(heard, impl)
    assert max(waited) < most + 200
    assert max(sink.sizes) < most + 200
    assert len(sink.sizes) < 200


def test_a_sink_that_fails(impl: Any) -> None:
    """Ends all of it; every sink is closed."""
    sinks = Kept(), Kept(fails=1)

    async def main() -> None:
        pump = pump_of(impl, *sinks, most=1000)
        await pump.run([say(pump, events(impl, 500))])

    with pytest.raises(OSError, match="No space"):
        asyncio.run(main())
    assert [sink.closed for sink in sinks] == [1, 1]


def test_a_source_that_fails(impl: Any) -> None:
    """What was heard before is written."""
    heard = events(impl, 100)
    sink = Kept()

    async def breaks(pump: Any) -> None:
        await say(pump, heard)
        raise ConnectionError("gone")

    async def main() -> None:
        pump = pump_of(impl, sink)
        await pump.run([breaks(pump), asyncio.sleep(1000)])

    with pytest.raises(ConnectionError, match="gone"):
        asyncio.run(main())
    assert sink.prefixes == prefixes(heard, impl)
    assert sink.closed == 1


def test_cancelled(impl: Any) -> None:
    """As SIGTERM does: what was received is written, and the sinks are closed."""
    heard = events(impl, 300)
    sink = Kept(wait=0.01)

    async def main() -> None:
        pump = pump_of(impl, sink)

        async def on_and_on() -> None:
            await say(pump, heard)
            await asyncio.sleep(1000)

        task = asyncio.ensure_future(pump.run([on_and_on()]))
        async with asyncio.timeout(20):
            while pump.collected.messages + pump.messages < 300 and not sink.prefixes:
                await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert sink.prefixes == prefixes(heard, impl)[: len(sink.prefixes)]
    assert len(sink.prefixes) == 300
    assert sink.closed == 1


def test_what_is_no_message(impl: Any) -> None:
    """An event without a peer is counted, and the others go on."""
    heard = events(impl, 2)
    sink = Kept()
    nobody = impl.Event(heard[0].octets, 1)

    async def main() -> Any:
        pump = pump_of(impl, sink)
        await pump.run([say(pump, [heard[0], nobody, heard[1]])])
        return pump

    assert asyncio.run(main()).unusable == 1
    assert len(sink.prefixes) == 2
