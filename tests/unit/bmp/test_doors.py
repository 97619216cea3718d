"""Files of BMP, and a station that routers connect to."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.packets import pcap, segment

if TYPE_CHECKING:
    from pathlib import Path

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
STREAM = (
    made.bmp(4, made.tlv(1, b"x") + made.tlv(2, b"r1"))
    + made.peer_up(*OPENS)
    + made.monitoring(made.update())
    + made.monitoring(made.update("18 0a0001"))
    + made.monitoring(made.withdrawal())
)


def test_files(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "session.bmp.gz"
    path.write_bytes(gzip.compress(STREAM))
    for source in (path, str(path), STREAM, path.open("rb")):
        found = impl.bmp.open(source)
        assert [one.name for one in found.records()][:2] == ["initiation", "peer_up"]
        assert [(route.type, str(route.prefix)) for route in found] == [
            ("A", "10.0.0.0/24"),
            ("A", "10.0.1.0/24"),
            ("W", "10.0.0.0/24"),
        ]
        assert found.router.sys_name == "r1"
        assert [event.offset for event in found.messages()] == sorted(event.offset for event in found.messages())
        assert found.error is None
        if hasattr(source, "close"):
            source.close()
    kept = impl.bmp.open(path).routes(impl.Filter(prefix="10.0.1.0/24"))
    assert [str(route.prefix) for route in kept] == ["10.0.1.0/24"]
    held = impl.bmp.open(path, withdraw=True)
    assert [(route.type, str(route.prefix)) for route in held.routes()][3:] == [("W", "10.0.1.0/24")]


def test_a_torn_file(impl: Any) -> None:
    found = impl.bmp.open(STREAM[:40] + b"\xff" * 10 + STREAM[40:-5])
    said = "10 octets in 1 places are no BMP, 2 faults, stream ends .* into a message"
    with pytest.warns(impl.BmpWarning, match=said):
        names = [one.name for one in found.records()]
    assert "route_monitoring" in names
    assert found.monitor.framer.gap_count == 1
    assert "into a message" in str(found.error)


def test_nlri_that_cannot_be_read(impl: Any) -> None:
    found = impl.bmp.open(made.monitoring(made.update("18 0a0000 21 0a000000")))
    with pytest.warns(impl.BmpWarning, match="1 faults"):
        assert [str(route.prefix) for route in found.routes()] == ["10.0.0.0/24"]
    assert [error.reason for error in found.router.faults] == ["prefix length 33"]


async def send(address: tuple[str, int], *pieces: bytes, context: Any = None) -> None:
    reader, writer = await asyncio.open_connection(*address, ssl=context)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    writer.close()
    await reader.read()


def test_a_station(impl: Any) -> None:
    """Many routers at once, one of which sends garbage, and one that ends in mid-message."""

    async def run() -> tuple[list[Any], Any]:
        heard = []
        async with await impl.bmp.serve(port=0, withdraw=True, waiting=3) as station:
            address = station.addresses[0]
            routers = [send(address, STREAM[:50], STREAM[50:]) for _ in range(5)]
            everyone = asyncio.gather(*routers, send(address, b"\xff" * 100), send(address, STREAM[:-3]))
            ended = 0
            async for one in station:
                heard.append(one)
                ended += one.message is None
                if ended == 7:
                    break
            await everyone
        return heard, station

    heard, station = asyncio.run(run())
    by_router: dict[Any, list[Any]] = {}
    for one in heard:
        by_router.setdefault(one.connection, []).extend(one.events)
    errors = sorted(str(connection.error) for connection in by_router)
    assert errors[:5] == ["BMP version 255 at offset 0 (0/0, session_reset)", *["None"] * 4]
    assert "into a message" in errors[-1]
    assert sorted(len(events) for events in by_router.values()) == [0, 3, 4, 4, 4, 4, 4]
    assert station.connections == set()
    assert sum(connection.octets for connection in by_router) == 6 * len(STREAM) - 3 + 100


def test_who_may_connect(impl: Any) -> None:
    async def run() -> Any:
        async with await impl.bmp.serve(port=0, allow=["192.0.2.0/24", "::1"]) as station:
            await send(station.addresses[0], STREAM)
        assert [one async for one in station] == []
        return station

    assert asyncio.run(run()).refused == 1


def test_the_end_comes_behind_what_waits(impl: Any) -> None:
    async def run() -> list[Any]:
        station = await impl.bmp.serve(port=0)
        await send(station.addresses[0], STREAM)
        await asyncio.sleep(0.05)
        await station.close()
        return [event async for event in station.events()]

    assert len(asyncio.run(run())) == 3


def test_tls(impl: Any, tmp_path: Path) -> None:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)

    async def run() -> list[Any]:
        async with await impl.bmp.serve(port=0, ssl=server) as station:
            await send(station.addresses[0], STREAM, context=client)
            heard = []
            async for one in station:
                heard.append(one)
                if one.message is None:
                    return heard
        return []

    assert len(asyncio.run(run())) == 6


def test_a_capture(impl: Any) -> None:
    """Streams of several connections, one of them cut, one that began before, one of another protocol."""
    one, two = STREAM[:90], STREAM[90:]
    packets = [
        segment(one, 1000, ports=(40000, 1790)),
        segment(STREAM[7:], 5000, ports=(40001, 1790)),
        segment(two, 1000 + len(one), ports=(40000, 1790)),
        segment(b"\3 is how this begins, and no BMP", 77, ports=(40002, 80)),
        segment(STREAM[:80], 9000, ports=(40003, 1790)),
        segment(STREAM, 9100, ports=(40003, 1790)),
    ]
    found = impl.bmp.open(gzip.compress(pcap(packets)))
    with pytest.warns(impl.BmpWarning, match="octets in 2 places"):
        names = [one.name for one in found.records()]
    assert len(found.monitors) == 3
    assert names.count("route_monitoring") == 9
    assert bytes(next(impl.bmp.open(pcap(packets[:1])).records())) == STREAM[: STREAM[4]]
