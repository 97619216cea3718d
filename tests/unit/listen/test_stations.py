"""Routers and neighbours that connect, heard through the pump: with real sockets, on the loopback."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))


def stream(name: bytes, count: int = 3) -> bytes:
    updates = [made.monitoring(made.update(f"18 0a00{number:02x}")) for number in range(count)]
    return made.bmp(4, made.tlv(2, name)) + made.peer_up(*OPENS) + b"".join(updates)


class Kept:
    """A sink that keeps routes."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, str, str]] = []

    def write(self, records: Any) -> None:
        self.routes += [
            (str(route.event.file), route.type, str(route.prefix or route.states)) for route in records.routes()
        ]

    def tick(self, now: float) -> None:
        pass

    def close(self) -> None:
        pass


async def send(address: tuple[str, int], octets: bytes) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(octets)
    with suppress(ConnectionError):
        await writer.drain()
        writer.write_eof()
        await reader.read()
    writer.close()


def heard_of(make: Callable[[Any], Any], talk: Callable[[Any], Coroutine[Any, Any, None]], enough: Any) -> Kept:
    """What is written of a source: ``talk(source)`` speaks to it once it listens, until ``enough(routes)``."""
    sink = Kept()

    async def main() -> None:
        listening = asyncio.Event()
        started: list[Any] = []

        def on_start(found: Any) -> None:
            started.append(found)
            listening.set()

        pump = import_module("bgpwire.listen.pump").Pump([sink])
        source = make(on_start)
        work = asyncio.ensure_future(pump.run([source.run(pump)]))
        async with asyncio.timeout(30):
            await listening.wait()
            await talk(started[0])
            while not enough(sink.routes) and not work.done():
                await asyncio.sleep(0.002)
        if work.done():
            await work
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(main())
    return sink


def test_routers(impl: Any) -> None:
    """Several at once, each told by its name; one that sends garbage and one that ends in mid-message go alone."""
    stations = import_module("bgpwire.listen.stations")
    ends: list[Any] = []

    async def talk(source: Any) -> None:
        address = source.addresses[0]
        octets = [stream(b"r%d" % number, 50) for number in range(5)]
        await asyncio.gather(
            *(send(address, one) for one in octets), send(address, b"\xff" * 99), send(address, stream(b"torn")[:-1])
        )
        while len(ends) < 7:
            await asyncio.sleep(0.002)

    sink = heard_of(
        lambda on_start: stations.BmpSource("127.0.0.1", 0, on_start=on_start, on_end=ends.append),
        talk,
        lambda routes: len(routes) == 5 * 50 + 2,
    )
    for number in range(5):
        own = [prefix for source, _, prefix in sink.routes if source == f"r{number}"]
        assert own == [f"10.0.{at}.0/24" for at in range(50)]
    assert sum(source == "torn" for source, _, _ in sink.routes) == 2
    assert sorted(connection.error is None for connection in ends) == [False, False, *[True] * 5]
    assert {connection.messages for connection in ends} == {0, 4, 52}


def test_what_a_router_takes_with_it(impl: Any) -> None:
    stations = import_module("bgpwire.listen.stations")
    sink = heard_of(
        lambda on_start: stations.BmpSource("127.0.0.1", 0, on_start=on_start, withdraw=True),
        lambda source: send(source.addresses[0], stream(b"r1")),
        lambda routes: len(routes) == 6,
    )
    assert [kind for _, kind, _ in sink.routes] == ["A"] * 3 + ["W"] * 3


def test_who_may_connect(impl: Any) -> None:
    stations = import_module("bgpwire.listen.stations")
    sources: list[Any] = []

    def make(on_start: Any) -> Any:
        sources.append(stations.BmpSource("127.0.0.1", 0, on_start=on_start, allow=["192.0.2.0/24"]))
        return sources[0]

    sink = heard_of(make, lambda source: send(source.addresses[0], stream(b"r1")), lambda routes: sources[0].refused)
    assert sink.routes == []


def test_neighbours(impl: Any) -> None:
    """A session of BGP: its changes of state, and what is announced in it."""
    stations = import_module("bgpwire.listen.stations")
    config = impl.peer.Config(asn=64500, bgp_id="192.0.2.1")
    ends: list[Any] = []

    async def talk(listener: Any) -> None:
        other = impl.peer.Config(asn=64501, bgp_id="192.0.2.2")
        async with impl.peer.connect(other, "127.0.0.1", listener.port) as peer:
            await peer.announce(["192.0.2.0/24"], next_hop="192.0.2.2")
            await peer.announce(["2001:db8::/32"], next_hop="2001:db8::2")
            await peer.withdraw(["192.0.2.0/24"])
        while not ends:
            await asyncio.sleep(0.002)

    def on_end(peer: Any, reason: Any) -> None:
        ends.append(reason)

    sink = heard_of(
        lambda on_start: stations.BgpSource(config, "127.0.0.1", 0, on_start=on_start, on_end=on_end),
        talk,
        lambda routes: len(routes) == 5,
    )
    assert [(kind, what) for _, kind, what in sink.routes] == [
        ("S", "(5, 6)"),
        ("A", "192.0.2.0/24"),
        ("A", "2001:db8::/32"),
        ("W", "192.0.2.0/24"),
        ("S", "(6, 1)"),
    ]
    assert {source for source, _, _ in sink.routes} == {"127.0.0.1"}


def test_a_port_that_is_taken(impl: Any) -> None:
    stations = import_module("bgpwire.listen.stations")
    pump_of = import_module("bgpwire.listen.pump").Pump

    async def main() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        pump = pump_of([Kept()])
        async with server:
            with pytest.raises(OSError, match="in use"):
                await pump.run([stations.BmpSource("127.0.0.1", port).run(pump)])

    asyncio.run(main())
