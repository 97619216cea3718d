"""What we announce stands in the tables of real daemons, attribute by attribute, and what they announce arrives so."""

from __future__ import annotations

import asyncio
import re
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from routes import ASN, Announced, announced
from sessions import SECONDS, Table, accepted, config, dialled
from speakers import base, running
from speakers.exabgp import ExaBgp

if TYPE_CHECKING:
    from collections.abc import Callable

    from speakers.base import Speaker


LONG = Announced(
    *("ipv4-unicast", "10.5.0.0/24", "10.5.0.0/24"), communities=tuple(f"65011:{number}" for number in range(1500))
)
"""Its UPDATE has more than 4,096 octets."""


async def settled(found: Callable[[], Any], wanted: Any) -> Any:
    """What ``found`` gives, asked until it is ``wanted`` or the time is over."""
    end = time.monotonic() + SECONDS
    while True:
        got = await asyncio.to_thread(found)
        if got == wanted or time.monotonic() > end:
            return got
        await asyncio.sleep(0.1)


def expected(routes: list[Announced]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(route.family, route.key): route.values() for route in routes}


def passed_on(speaker: Speaker, wanted: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """What arrives of it at another peer: FRR sends a MED of 0 where there is none."""
    if speaker.name != "frr":
        return wanted
    return {name: found | {"med": found["med"] or 0} for name, found in wanted.items()}


def tables(speaker: Speaker, wanted: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """The daemon's words, and of each route those values alone that it tells: what it leaves out is as it should be."""
    out = {}
    for family in dict.fromkeys(family for family, _ in wanted):
        for key, found in speaker.table(family).items():
            out[family, key] = wanted.get((family, key), {}) | found
    return out


def groups(speaker: Speaker) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    found = [((base.SENDER, base.RECEIVER), speaker.families)]
    return [*found, (base.OTHERS, speaker.others)] if speaker.others else found


def test_both_ways(speaker: Speaker) -> None:
    """Announced by one peer, the routes stand in the daemon's table, and arrive at the other as they were sent."""
    if not speaker.reflects:
        pytest.skip("it passes nothing on")
    for addresses, families in groups(speaker):
        asyncio.run(both_ways(speaker, addresses, families))


async def both_ways(speaker: Speaker, addresses: tuple[str, str], families: tuple[str, ...]) -> None:
    routes = announced(families)
    wanted = expected(routes)
    async with dialled(speaker, *addresses, families=families) as (sender, receiver):
        assert sender.session.families == receiver.session.families == {*config(base.SENDER, families).families}
        await sender.send(route.announcement() for route in routes)
        for family in families:
            await sender.end_of_rib(family)
        table = Table(receiver)
        reading = asyncio.create_task(table.read(lambda: len(table.routes) >= len(routes)))
        assert await settled(lambda: tables(speaker, wanted), wanted) == wanted
        await reading
        assert table.routes == passed_on(speaker, wanted)
        await sender.send(route.withdrawal() for route in routes)
        await table.read(lambda: not table.routes)
        assert table.routes == {}
        assert await settled(lambda: tables(speaker, wanted), {}) == {}


def test_a_daemon_that_connects(speaker: Speaker) -> None:
    """Into our listener; ExaBGP, which has no table, says what it heard, and announces what it is configured with."""
    if not speaker.dials:
        pytest.skip("it waits for long before it connects")

    async def work() -> None:
        routes = [*announced(speaker.families), LONG]
        wanted = expected(routes)
        async with accepted(speaker, speaker.families) as peer:
            assert peer.session.extended_message
            assert (peer.session.peer_asn, peer.remote[0]) == (ASN, base.HOST)
            await peer.send(route.announcement() for route in routes)
            assert await settled(lambda: tables(speaker, wanted), wanted) == wanted
            if not speaker.reflects:
                table = Table(peer)
                await table.read(lambda: len(table.ended) == len(speaker.families))
                assert table.ended == set(speaker.families)
                flow = {
                    ("ipv4-flowspec", route.key): route.values() | {"path": ()}
                    for route in routes
                    if not route.next_hop
                }
                static = {n: v for n, v in wanted.items() if n[0] != "l2vpn-evpn" and n[1] != LONG.key}
                assert table.routes == static | flow

    asyncio.run(work())


PATHS = [Announced("ipv4-unicast", "10.4.0.0/24", {"prefix": "10.4.0.0/24", "path_id": n}, med=n) for n in (7, 9)]


def test_add_path(speaker: Speaker) -> None:
    """Two paths of one prefix (RFC 7911), there and back."""
    if not speaker.reflects:
        pytest.skip("it passes nothing on")

    async def work() -> None:
        options: dict[str, Any] = {"families": ("ipv4-unicast",), "add_path": {"ipv4-unicast": "both"}}
        async with dialled(speaker, base.SENDER, base.RECEIVER, **options) as (sender, receiver):
            assert sender.session.add_path_send == receiver.session.add_path == {(1, 1)}
            await sender.send(path.announcement() for path in PATHS)
            table = Table(receiver)
            await table.read(lambda: len(table.routes) == 2)
            assert len({name[2] for name in table.routes}) == 2
            assert sorted(found["med"] for found in table.routes.values()) == [7, 9]

    asyncio.run(work())


def test_path_identifiers_that_exabgp_hears() -> None:
    """ExaBGP passes nothing on: it says which identifiers it heard, and sends its own."""
    generator = running(ExaBgp)
    speaker = next(generator)

    async def work() -> None:
        async with accepted(speaker, ("ipv4-unicast",), add_path={"ipv4-unicast": "both"}) as peer:
            assert peer.session.add_path_send == peer.session.add_path == {(1, 1)}
            await peer.send(path.announcement() for path in PATHS)
            table = Table(peer)
            await table.read(lambda: bool(table.ended))
            assert {len(name) for name in table.routes} == {3}
            wanted = ["0.0.0.7", "0.0.0.9"]
            assert await settled(lambda: re.findall(r'"path-information": "([0-9.]+)"', heard()), wanted) == wanted

    def heard() -> str:
        return speaker.heard.read_text() if speaker.heard.exists() else ""

    try:
        asyncio.run(work())
    finally:
        generator.close()


def test_extended_messages(speaker: Speaker) -> None:
    """A route whose UPDATE is longer than 4,096 octets (RFC 8654), where the daemon knows them."""
    if not speaker.reflects:
        pytest.skip("it passes nothing on")

    async def work() -> None:
        async with dialled(speaker, base.SENDER, base.RECEIVER, families=("ipv4-unicast",)) as (sender, receiver):
            assert sender.session.extended_message == speaker.extended
            if not speaker.extended:
                with pytest.raises(import_module("bgpwire").EncodeError):
                    await sender.send(LONG.announcement())
                return
            await sender.send(LONG.announcement())
            table = Table(receiver)
            await table.read(lambda: bool(table.routes))
            wanted = expected([LONG])
            assert table.routes == passed_on(speaker, wanted)
            assert max(table.lengths) > 4096
            assert await settled(lambda: tables(speaker, wanted), wanted) == wanted

    asyncio.run(work())


async def nothing(peer: Any, request: Any) -> None:
    """No routes to announce once more."""


def test_refresh(speaker: Speaker) -> None:
    """What the daemon announced it announces once more when it is asked to."""
    if not speaker.reflects:
        pytest.skip("it passes nothing on")

    async def work() -> None:
        routes = announced(("ipv4-unicast",))
        # GoBGP answers those alone who would answer it.
        options: dict[str, Any] = {"families": ("ipv4-unicast",), "on_refresh": nothing}
        async with dialled(speaker, base.SENDER, base.RECEIVER, **options) as (sender, receiver):
            await sender.send(route.announcement() for route in routes)
            table = Table(receiver)
            await table.read(lambda: len(table.routes) == len(routes))
            table.routes.clear()
            await receiver.refresh("ipv4-unicast")
            await table.read(lambda: len(table.routes) == len(routes))
            assert table.routes == passed_on(speaker, expected(routes))

    asyncio.run(work())


def test_signed(speaker: Speaker) -> None:
    """TCP MD5 signatures (RFC 2385), theirs and ours."""
    if not speaker.reflects:
        pytest.skip("it connects, and is not connected to")

    async def work() -> None:
        routes = announced(("ipv4-unicast",))
        wanted = expected(routes)
        options: dict[str, Any] = {"families": ("ipv4-unicast",), "password": base.PASSWORD}
        async with dialled(speaker, base.SIGNED, **options) as (peer,):
            await peer.send(route.announcement() for route in routes)
            assert await settled(lambda: tables(speaker, wanted), wanted) == wanted

    asyncio.run(work())


def test_the_words_of_a_shutdown(speaker: Speaker) -> None:
    """RFC 9003: the daemon logs them, and lets us in again."""
    if not speaker.reflects:
        pytest.skip("it connects, and is not connected to")

    async def work() -> None:
        async with dialled(speaker, base.SENDER, families=("ipv4-unicast",)) as (peer,):
            await peer.close("moved to another rack")
        async with dialled(speaker, base.SENDER, families=("ipv4-unicast",)) as (peer,):
            assert peer.reason is None

    asyncio.run(work())
    if speaker.name in ("bird", "gobgp"):
        logs = "".join(path.read_text("utf-8", "replace") for path in speaker.folder.glob("*log"))
        assert "moved to another rack" in logs
