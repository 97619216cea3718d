"""OpenBMP's bus over a real broker: what is sent arrives, once where nothing goes wrong, and at least once where it
does."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from broker import HOST, Broker
from door import Door
from support import made_bmp as made
from support.made_openbmp import openbmp

if TYPE_CHECKING:
    pass

pytest.importorskip("aiokafka", reason="aiokafka is not installed")

BOTH = (made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501)))
ROUTERS = 3
# a member of a group that is gone is waited for, and so long is a rebalance
GROUP = {"session_timeout_ms": 6000, "heartbeat_interval_ms": 500}


def _values(count: int) -> list[bytes]:
    """Of each router its Peer Up, and UPDATEs of all in turn."""
    out = [_value(number, made.peer_up(*BOTH)) for number in range(ROUTERS)]
    for number in range(count):
        prefix = f"18 0a{number >> 8 & 255:02x}{number & 255:02x}"
        out.append(_value(number % ROUTERS, made.monitoring(made.update(prefix, "400101 00 400200 400304 c0000201"))))
    return out


def _value(router: int, bmp: bytes) -> bytes:
    return openbmp(bmp, router=bytes([router] * 16), group=b"r%d" % router)


async def _send(package: Any, broker: Broker, topic: str, values: list[bytes], together: bool = False) -> None:
    async with package.live.openbmp.producer(broker.servers, topic) as out:
        for value in values:
            await out.send(value, key=package.live.openbmp.decode(value).router_hash)
            if not together:
                await out.flush()
    assert out.sent == len(values)


async def _take(events: Any, count: int) -> list[Any]:
    found = []
    async with asyncio.timeout(60):
        async for event in events:
            found.append(event)
            if len(found) == count:
                break
    return found


def _places(events: list[Any]) -> list[tuple[str, bytes]]:
    return sorted((event.file, event.octets) for event in events)


def _expected(package: Any, values: list[bytes]) -> list[tuple[str, bytes]]:
    decoder = package.live.openbmp.Decoder(strict=True)
    return _places([event for value in values for event in decoder.feed(value)])


def test_what_is_sent_arrives(package: Any, broker: Broker) -> None:
    """All of it, once, each router's in its order and in the session of its Peer Up."""
    values = _values(3000)

    async def run() -> Any:
        await _send(package, broker, "bmp_raw", values, together=True)
        async with package.live.openbmp.connect(broker.servers, "bmp_raw", start="earliest", strict=True) as events:
            found = await _take(events, 3000)
        return found, events

    found, events = asyncio.run(run())
    assert _places(found) == _expected(package, values)
    assert all(event.session.asn4_from == "given" and event.session.add_path_from == "negotiated" for event in found)
    for number in range(ROUTERS):
        of_router = [event for event in found if event.file == f"rv2/r{number}"]
        assert [event.octets for event in of_router] == [
            event.octets for event in sorted(of_router, key=lambda event: event.octets[-2:])
        ]
    assert events.decoder.reports.counts == {}


def test_from_now_on_and_patterns(package: Any, broker: Broker) -> None:
    """What was there before is not read; of topics that a pattern matches all are."""
    before, after = _values(5), _values(8)

    async def run() -> Any:
        for topic in ("rv.one.bmp_raw", "rv.two.bmp_raw", "rv.three.json"):
            await _send(package, broker, topic, before)
        connection = package.live.openbmp.connect(broker.servers, re.compile(r"rv\..*\.bmp_raw$"), strict=True)
        async with connection as events:
            taking = asyncio.ensure_future(_take(events, 16))
            while not events.positions:
                await asyncio.sleep(0.05)
            for topic in ("rv.one.bmp_raw", "rv.two.bmp_raw", "rv.three.json"):
                await _send(package, broker, topic, after)
            found = await taking
        return found, events

    found, events = asyncio.run(run())
    assert _places(found) == sorted(_expected(package, after) * 2)
    assert {topic for topic, _ in events.positions} == {"rv.one.bmp_raw", "rv.two.bmp_raw"}


def test_since_a_time(package: Any, broker: Broker) -> None:
    """Of partitions without a record since then nothing is read but what comes."""
    after = _values(8)

    async def run() -> list[Any]:
        await _send(package, broker, "bmp_raw", _values(9))
        await asyncio.sleep(0.1)
        since = time.time()
        await _send(package, broker, "bmp_raw", after)
        async with package.live.openbmp.connect(broker.servers, "bmp_raw", start=since, strict=True) as events:
            return await _take(events, 8)

    assert _places(asyncio.run(run())) == _expected(package, after)


def test_a_group_goes_on_where_it_was(package: Any, broker: Broker) -> None:
    """Two runs of one group have all between them, and the record that was handed out last twice."""
    values = _values(40)

    async def run() -> Any:
        await _send(package, broker, "bmp_raw", values)
        seen = []
        for count in (25, 16):
            options = {"group": "g", "start": "earliest", "kafka": GROUP}
            async with package.live.openbmp.connect(broker.servers, "bmp_raw", **options) as events:
                seen.append(await _take(events, count))
        return seen

    first, second = asyncio.run(run())
    assert set(_places(first + second)) == set(_expected(package, values))
    assert len(set(_places(first)) & set(_places(second))) == 1


def test_two_members_of_a_group(package: Any, broker: Broker) -> None:
    """One comes later and takes over partitions: nothing is missed. (A group takes seconds to agree.)"""
    values = [_value(number % 16, made.monitoring(made.update(f"18 0a00{number:02x}"))) for number in range(200)]
    taken: dict[int, list[Any]] = {0: [], 1: []}

    async def member(number: int) -> None:
        options: Any = {"group": "g", "start": "earliest", "commit": 0.2, "kafka": GROUP}
        async with package.live.openbmp.connect(broker.servers, "bmp_raw", **options) as events:
            async for event in events:
                taken[number].append(event)

    async def run() -> None:
        rest = iter(values)
        await _send(package, broker, "bmp_raw", list(islice(rest, 50)))
        members = [asyncio.ensure_future(member(0))]
        async with asyncio.timeout(100):
            while len(set(_places(taken[0] + taken[1]))) < len(values):
                await asyncio.sleep(1)
                if taken[0] and len(members) == 1:
                    members.append(asyncio.ensure_future(member(1)))
                await _send(package, broker, "bmp_raw", list(islice(rest, 10 if taken[1] else 2)))
        for one in members:
            one.cancel()
        await asyncio.gather(*members, return_exceptions=True)

    asyncio.run(run())
    assert taken[0]
    assert taken[1]
    assert set(_places(taken[0] + taken[1])) == set(_expected(package, values))


def test_the_broker_goes_away(package: Any, broker: Broker) -> None:
    """It is noticed, reported, and connected to again; the topic, which the broker has lost, is read from its
    beginning."""
    reports: list[Any] = []

    async def run() -> Any:
        await _send(package, broker, "bmp_raw", _values(30))
        options = {"start": "earliest", "stale": 1.0, "pause": 0.2, "tries": None, "on_report": reports.append}
        async with package.live.openbmp.connect(broker.servers, "bmp_raw", **options) as events:
            found = await _take(events, 30)
            taking = asyncio.ensure_future(_take(events, 3))
            broker.stop()
            while not any("connecting again" in report.reason for report in reports):
                await asyncio.sleep(0.05)
            broker.start()
            await _send(package, broker, "bmp_raw", _values(3))
            found += await taking
        return found

    found = asyncio.run(run())
    assert _places(found[30:]) == _expected(package, _values(3))
    assert {report.kind for report in reports} == {"connection"}
    assert any("its offsets begin anew" in report.reason for report in reports)


def test_lines_are_sent(package: Any, broker: Broker) -> None:
    """Text of routes to a topic of their own, no more of it under way than is allowed."""
    from aiokafka import AIOKafkaConsumer

    values = _values(500)

    async def run() -> list[bytes]:
        decoder = package.live.openbmp.Decoder()
        lines = []
        most = 0
        async with package.live.kafka.producer(broker.servers, "routes", waiting=20, kafka={"linger_ms": 5}) as out:
            for value in values:
                for route in decoder.routes(value):
                    lines.append(f"{route.peer} {route.prefix}")
                    await out.send(lines[-1], key="all")
                    most = max(most, out.waiting)
        assert 1 < most <= 20
        assert (out.sent, out.waiting) == (500, 0)
        async with AIOKafkaConsumer(
            "routes", bootstrap_servers=broker.servers, auto_offset_reset="earliest"
        ) as consumer:
            async with asyncio.timeout(60):
                found = [(await consumer.getone()).value for _ in lines]
        assert found == [line.encode() for line in lines]
        return found

    assert len(asyncio.run(run())) == 500


def test_tls(package: Any, broker: Broker) -> None:
    """What ``kafka=`` says reaches consumer and producer: the broker stands behind a door of TLS."""
    trustme = pytest.importorskip("trustme", reason="trustme is not installed")
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    secure = {"security_protocol": "SSL", "ssl_context": client}

    async def run() -> list[Any]:
        async with Door(broker).open(server) as port:
            async with package.live.openbmp.producer(f"{HOST}:{port}", "bmp_raw", kafka=secure) as out:
                for value in _values(5):
                    await out.send(value)
            options: Any = {"start": "earliest", "kafka": secure}
            async with package.live.openbmp.connect(f"{HOST}:{port}", "bmp_raw", **options) as events:
                return await _take(events, 5)

    assert _places(asyncio.run(run())) == _expected(package, _values(5))


def test_nobody_is_there(package: Any, broker: Broker) -> None:
    broker.stop()

    async def run() -> None:
        with pytest.raises(ConnectionError, match="2 attempts in a row"):
            async with package.live.openbmp.connect(broker.servers, "bmp_raw", tries=2, pause=0.01) as events:
                await _take(events, 1)
        with pytest.raises(ConnectionError):
            async with package.live.openbmp.producer(broker.servers, "bmp_raw"):
                pass

    asyncio.run(run())
