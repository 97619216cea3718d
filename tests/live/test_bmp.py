"""What is announced to a daemon that is monitored arrives over BMP, in each table, and goes when its session ends."""

from __future__ import annotations

import asyncio
import os
import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from routes import ASN, Announced, announced
from sessions import dialled
from speakers import base, running
from stations import MonitoredFrr, MonitoredGoBgp, Views, station
from test_many import updates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speakers.base import Speaker

SPEAKERS = (MonitoredFrr, MonitoredGoBgp)
MANY = 20_000


@pytest.fixture(scope="module", params=SPEAKERS, ids=lambda kind: kind.name)
def monitored(request: pytest.FixtureRequest) -> Iterator[Any]:
    yield from running(request.param)


@pytest.fixture(params=SPEAKERS, ids=lambda kind: kind.name)
def restarted(request: pytest.FixtureRequest) -> Iterator[Any]:
    """One of its own for a test that ends it, or wants it to have told nothing yet."""
    yield from running(request.param)


def wanted(daemon: Any, routes: list[Announced]) -> dict[str, dict[tuple[str, str], Any]]:
    """In all views the same."""
    table = {(route.family, route.key): route.values() for route in routes}
    if not daemon.labelled:
        table = {name: found | {"labels": (0,) if found["labels"] else ()} for name, found in table.items()}
    return dict.fromkeys(daemon.views, table)


def full(views: Views, daemon: Any, count: int) -> bool:
    return all(len(views.tables.get(view, ())) >= count for view in daemon.views)


def empty(views: Views) -> bool:
    return not any(views.tables.values())


def test_each_table(monitored: Speaker) -> None:
    """Routes of three families with communities of all kinds, then some withdrawn; the session is that of the OPENs."""

    async def work() -> None:
        routes = announced(monitored.families)
        async with station(monitored.station) as views:
            async with dialled(monitored, base.SENDER, families=monitored.families) as (sender,):
                await sender.send(route.announcement() for route in routes)
                await views.until(lambda: full(views, monitored, len(routes)))
                assert views.tables == wanted(monitored, routes)
                router = views.router()
                (peer,) = (one for one in router.peers.values() if one.up is not None)
                assert (str(peer.header.address), peer.header.asn) == (base.SENDER, ASN)
                assert str(peer.up.local_address) == base.HOST
                assert peer.negotiated.families == {*sender.session.families}
                assert peer.negotiated.peer_asn == ASN
                received = [event for event in views.events if event.peer.rib == "adj-rib-in-pre"]
                assert {str(event.session.add_path_from) for event in received} == {"negotiated"}
                await sender.send(route.withdrawal() for route in routes[::2])
                rest = wanted(monitored, routes) | {
                    view: wanted(monitored, routes[1::2])[view] for view in monitored.withdraws
                }
                await views.until(lambda: views.tables == rest)
                assert views.tables == rest
                await views.until(lambda: "statistics_report" in views.names)
            assert views.errors == []
            assert [error.reason for error in router.faults] == []
            assert views.names[0] == "initiation"
            assert "statistics_report" in views.names

    asyncio.run(work())


def test_a_peer_that_goes(monitored: Speaker) -> None:
    """A Peer Down with its NOTIFICATION, and withdrawals of what nobody withdrew; then it is back."""

    async def work() -> None:
        routes = announced(monitored.families)
        async with station(monitored.station) as views:
            for _ in range(2):
                async with dialled(monitored, base.SENDER, families=monitored.families) as (sender,):
                    await sender.send(route.announcement() for route in routes)
                    await views.until(lambda: full(views, monitored, len(routes)))
                    assert views.tables == wanted(monitored, routes)
                    views.downs.clear()
                await views.until(lambda: empty(views) and bool(views.downs))
                assert empty(views)
                down = next(one for one in views.downs if str(one.peer.address) == base.SENDER)
                assert down.reason == 3
                assert (down.notification.code, down.notification.subcode) == (6, 2)
            assert views.names.count("peer_up") == 2

    asyncio.run(work())


PATHS = [Announced("ipv4-unicast", "10.4.0.0/24", {"prefix": "10.4.0.0/24", "path_id": n}, med=n) for n in (7, 9)]


@pytest.mark.parametrize("first", ["station", "peer"])
def test_add_path(restarted: Speaker, first: str) -> None:
    """Two paths of one prefix. Where the daemon leaves out the identifiers, the last of them stands, and it is said:
    FRR always does, GoBGP behind the policy, and before it in what it has to tell when the station comes."""
    options: dict[str, Any] = {"families": ("ipv4-unicast",), "add_path": {"ipv4-unicast": "both"}}
    identified = restarted.identified if first == "station" else ()

    async def announce(sender: Any) -> None:
        await sender.send(path.announcement() for path in PATHS)

    async def look(views: Views) -> None:
        await views.until(lambda: full(views, restarted, 1))
        for view in identified:
            await views.until(lambda view=view: len(views.tables[view]) == 2)
            found = {name[2]: found["med"] for name, found in views.tables[view].items()}
            assert found == {7: 7, 9: 9}
        for view in {*restarted.views} - {*identified}:
            assert {*views.tables[view]} == {("ipv4-unicast", "10.4.0.0/24")}
        said = [error.reason for error in views.router().faults]
        missing = {view for view in restarted.views if any(f"{view} of" in text for text in said)}
        assert missing == {*restarted.views} - {*identified, "loc-rib"}

    async def work() -> None:
        if first == "peer":
            async with dialled(restarted, base.SENDER, **options) as (sender,):
                await announce(sender)
                await asyncio.sleep(0.5)
                async with station(restarted.station) as views:
                    await look(views)
            return
        async with station(restarted.station) as views:
            await views.until(lambda: "initiation" in views.names)
            await asyncio.sleep(1)  # GoBGP looks at what is there a moment later
            async with dialled(restarted, base.SENDER, **options) as (sender,):
                await announce(sender)
                await look(views)
            await views.until(lambda: empty(views))
            assert empty(views)

    asyncio.run(work())


def test_a_station_that_comes_later(monitored: Speaker) -> None:
    """It is told of all that is there."""

    async def work() -> None:
        routes = announced(monitored.families)
        async with dialled(monitored, base.SENDER, families=monitored.families) as (sender,):
            await sender.send(route.announcement() for route in routes)
            async with station(monitored.station) as views:
                await views.until(lambda: full(views, monitored, len(routes)))
                assert views.tables == wanted(monitored, routes)

    asyncio.run(work())


def test_a_daemon_that_is_killed(restarted: Speaker) -> None:
    """Its connection ends, what it announced is withdrawn, and the one that comes in its place begins anew."""

    async def work() -> None:
        routes = announced(restarted.families)
        async with station(restarted.station) as views:
            for turn in (1, 2):
                async with dialled(restarted, base.SENDER, families=restarted.families) as (sender,):
                    await sender.send(route.announcement() for route in routes)
                    await views.until(lambda: full(views, restarted, len(routes)))
                    assert views.tables == wanted(restarted, routes)
                    assert restarted.process is not None
                    os.kill(restarted.process.pid, signal.SIGKILL)
                    restarted.process.wait()
                    await views.until(lambda turn=turn: len(views.ended) == turn)
                    assert empty(views)
                    assert views.names[-1] == "end"
                if turn == 1:
                    await asyncio.to_thread(restarted.start)
            assert views.names.count("initiation") == 2
            assert len({connection.remote for connection in views.ended}) == 2

    asyncio.run(work())


def test_many_routes(monitored: Speaker) -> None:
    """A table of 20,000 routes, in every view; and nothing of it is left when the session ends."""

    async def work() -> None:
        bgpwire = import_module("bgpwire")
        tables: dict[str, set[bytes]] = {}
        async with await import_module("bgpwire.bmp").serve(base.HOST, monitored.station, withdraw=True) as found:

            async def read(done: Any) -> None:
                async for heard in found:
                    for event in heard.events:
                        table = tables.setdefault(event.peer.rib, set())
                        for route in bgpwire.routes_of(event):
                            (table.add if route.type == "A" else table.discard)(bytes(route.nlri))
                    if done():
                        return

            async with asyncio.timeout(120), dialled(monitored, base.SENDER, families=("ipv4-unicast",)) as (sender,):
                await sender.send([*updates(sender, 50, MANY)])
                await read(lambda: all(len(tables.get(view, ())) == MANY for view in monitored.views))
            async with asyncio.timeout(120):
                await read(lambda: not any(tables.values()))

    asyncio.run(work())
