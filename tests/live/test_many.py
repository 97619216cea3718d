"""200,000 routes sent to a daemon and received from it, with rates, and a session that is reset in the middle."""

from __future__ import annotations

import asyncio
import os
import struct
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from sessions import accepted, dialled
from speakers import base, running
from speakers.exabgp import ExaBgpOfMany

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speakers.base import Speaker

COUNT = int(os.environ.get("BGPWIRE_LIVE_ROUTES", "200000"))
RESET = COUNT // 4
SECONDS = 180.0
FAMILIES = ("ipv4-unicast",)


def prefixes(first: int, count: int) -> bytes:
    """Neighbouring /24s from 16.0.0.0 on."""
    return b"".join(struct.pack(">I", (24 << 24) + (16 << 16) + number) for number in range(first, first + count))


def updates(peer: Any, each: int, count: int = COUNT) -> Iterator[Any]:
    """UPDATEs of ``each`` routes, with a path and a community of their own, as a full table has them."""
    message = import_module("bgpwire").Message
    for first in range(0, count, each):
        path = struct.pack(">BBIII", 2, 3, 65010, 4200000000 + first % 50_000, 65030)
        block = b"\x40\1\1\0" + b"\x40\2\x0e" + path + b"\x40\3\4" + bytes((192, 0, 2, 77)) + b"\x40\5\4\0\0\0\x64"
        block += b"\xc0\x08\4" + struct.pack(">HH", 65000, first % 65_536)
        body = b"\0\0" + len(block).to_bytes(2) + block + prefixes(first, min(each, count - first))
        head = b"\xff" * 16 + (len(body) + 19).to_bytes(2) + b"\2"
        yield message.of(head + body, peer.session)


async def counted(peer: Any, wanted: int) -> float:
    """Read routes until so many are announced; the time of the last one."""
    got: set[bytes] = set()
    changes = import_module("bgpwire.peer").changes
    async with asyncio.timeout(SECONDS):
        async for update in peer:
            for _, nlri, attributes in changes(update):
                (got.discard if attributes is None else got.add)(bytes(nlri))
            if len(got) >= wanted:
                break
    assert len(got) == wanted
    return time.monotonic()


async def stands(speaker: Speaker, wanted: int) -> float:
    """Wait until the daemon says that it has so many."""
    end = time.monotonic() + SECONDS
    while (got := await asyncio.to_thread(speaker.count)) != wanted:
        assert time.monotonic() < end, f"{got} routes, not {wanted}"
        await asyncio.sleep(0.1)
    return time.monotonic()


@pytest.mark.parametrize("each", [1, 50])
def test_many_routes(reflector: Speaker, each: int, capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> tuple[float, float, float]:
        async with dialled(reflector, base.SENDER, base.RECEIVER, families=FAMILIES) as (sender, receiver):
            reading = asyncio.create_task(counted(receiver, COUNT))
            made = [*updates(sender, each)]
            start = time.monotonic()
            await sender.send(made)
            sent = time.monotonic() - start
            standing = await stands(reflector, COUNT) - start
            arrived = await reading - start
            assert sender.reason is receiver.reason is None
            return sent, standing, arrived

    sent, standing, arrived = asyncio.run(work())
    with capsys.disabled():
        print(f"\n{reflector.name}: {COUNT:,} routes, {each} an UPDATE: {COUNT / sent:,.0f}/s into TCP,", end=" ")
        print(f"in its table after {standing:.1f} s, back at another peer after {arrived:.1f} s")


def test_a_reset_in_the_middle(reflector: Speaker) -> None:
    """The connection is cut while routes go out: the daemon drops what it had; a new session sends them all."""

    async def work() -> None:
        peer = import_module("bgpwire.peer")
        async with dialled(reflector, base.SENDER, families=FAMILIES) as (sender,):
            sending = asyncio.create_task(sender.send(updates(sender, 1, RESET)))
            while await asyncio.to_thread(reflector.count) < RESET // 50:
                await asyncio.sleep(0.01)
            sender._link.transport.abort()
            with suppress(peer.SessionClosed):
                await sending
            await sender._link.closed()
            assert sender.reason.cause == "connection"
        await stands(reflector, 0)
        async with dialled(reflector, base.SENDER, families=FAMILIES) as (sender,):
            await sender.send(updates(sender, 50, RESET))
            await stands(reflector, RESET)

    asyncio.run(work())


class ExaBgpWithMany(ExaBgpOfMany):
    def static(self) -> Iterator[str]:
        """A path of their own for each hundred."""
        for number in range(COUNT):
            high, low = divmod(number, 256)
            path = f"as-path [ 65010 {4200000000 + number // 100} 65030 ]"
            yield f"route {16 + high // 256}.{high % 256}.{low}.0/24 next-hop 192.0.2.77 {path}"


@pytest.fixture
def exabgp(request: pytest.FixtureRequest) -> Iterator[Speaker]:
    yield from running(getattr(request, "param", ExaBgpOfMany))


@pytest.mark.parametrize("each", [1, 50])
def test_many_routes_to_exabgp(exabgp: Speaker, each: int, capsys: pytest.CaptureFixture[str]) -> None:
    """It has no table: what it hands to its process is counted."""

    async def work() -> float:
        async with accepted(exabgp, FAMILIES) as peer:
            made = [*updates(peer, each)]
            start = time.monotonic()
            await peer.send(made)
            heard = await stands(exabgp, COUNT) - start
            assert peer.reason is None
            return heard

    heard = asyncio.run(work())
    with capsys.disabled():
        print(f"\nexabgp: {COUNT:,} routes, {each} an UPDATE:", end=" ")
        print(f"handed to its process after {heard:.1f} s, {COUNT / heard:,.0f}/s")


@pytest.mark.parametrize("exabgp", [ExaBgpWithMany], indirect=True, ids=["configured"])
def test_many_routes_from_exabgp(exabgp: Speaker, capsys: pytest.CaptureFixture[str]) -> None:
    """From its configuration, which it reads for a minute before it connects, and sends in three seconds.

    Told by its process (``announce attributes ... nlri ...``) it takes in 2,300 a second, however many are in a line.
    """

    async def work() -> tuple[float, float]:
        begun = time.monotonic()
        async with accepted(exabgp, FAMILIES, SECONDS) as peer:
            start = time.monotonic()
            arrived = await counted(peer, COUNT) - start
            assert peer.reason is None
            return start - begun, arrived

    loaded, arrived = asyncio.run(work())
    with capsys.disabled():
        print(f"\nexabgp: {COUNT:,} routes, connected after {loaded:.1f} s,", end=" ")
        print(f"here after {arrived:.1f} s more, {COUNT / arrived:,.0f}/s")
