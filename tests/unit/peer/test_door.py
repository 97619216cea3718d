"""Two of our own peers over loopback: what one sends the other has, and both ends end in good order."""

from __future__ import annotations

import asyncio
import importlib
import socket
from contextlib import AsyncExitStack
from typing import Any

import pytest
from support.context import message
from support.peering import LOCAL, REMOTE, UPDATE, config, pair, run


def _peer() -> Any:
    return importlib.import_module("bgpwire.peer")


def _routes(impl: Any, session: Any, count: int) -> list[Any]:
    """UPDATEs of one route each."""
    head = bytes.fromhex("00000014400101 004002 06 0201 0000fde9400304 c0000201")
    return [impl.Message.of(message(2, head + b"\x20" + (0x0A000000 + n).to_bytes(4)), session) for n in range(count)]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_session(impl: Any, host: str) -> None:
    async def work() -> None:
        async with pair(impl, host=host) as (near, far, listener):
            assert (near.session.peer_asn, far.session.peer_asn) == (LOCAL, REMOTE)
            assert near.session == far.session.reversed()
            assert (near.remote, far.local) == ((host, listener.port),) * 2
            who = far.identity
            assert (str(who.address), who.asn, str(who.bgp_id)) == (host, REMOTE, "192.0.2.1")
            assert repr(far) == f"<Peer {host} AS {REMOTE} ESTABLISHED>"
            assert listener.addresses == [(host, listener.port)]
            await near.send(impl.Message.decode(UPDATE, near.session))
            await near.end_of_rib("ipv6-unicast")
            await near.close("maintenance")
            updates = aiter(far)
            update = await anext(updates)
            assert bytes(update) == UPDATE
            assert [str(route.prefix) for route in impl.routes_of(far.event(update))] == ["10.0.1.0/24"]
            assert (await anext(updates)).end_of_rib == (2, 1)
            with pytest.raises(_peer().SessionClosed, match=r"6/2 .*: maintenance") as caught:
                await anext(updates)
            assert (caught.value.cause, caught.value.received.communication) == ("notification", "maintenance")
            assert (near.reason.cause, near.state.name, far.state.name) == ("local", "IDLE", "IDLE")
            assert [item async for item in near] == []  # closed by itself: the end, and no error
            with pytest.raises(_peer().SessionClosed, match="closed by this side"):
                await near.end_of_rib((1, 1))

    run(work())


def test_many_both_ways(impl: Any) -> None:
    """More than both backlogs and all buffers hold, read while it is sent."""
    count = 20_000 if impl.IMPLEMENTATION == "cython" else 4_000

    async def work() -> None:
        async with pair(impl, backlog=1 << 14) as (near, far, _):
            sent = _routes(impl, near.session, count)

            async def read(peer: Any) -> None:
                got = []
                async for update in peer:
                    got.append(update.data)
                    if len(got) == count:
                        break
                assert got == [update.data for update in sent]

            async with asyncio.TaskGroup() as group:
                for peer in (near, far):
                    group.create_task(peer.send(sent))
                    group.create_task(read(peer))

    run(work())


def test_a_reader_that_is_slow(impl: Any) -> None:
    """Nothing is read while a backlog waits: the sender waits too, both hold their timers, and nothing is lost."""

    async def work() -> None:
        async with pair(impl, backlog=1 << 14) as (near, far, _):
            count, size = 4000, 4000
            unknown = b"\xd0\xff" + size.to_bytes(2) + bytes(size)
            padded = message(2, bytes(2) + len(unknown).to_bytes(2) + unknown)
            task = asyncio.create_task(near.send([impl.Message.decode(padded)] * count))
            await asyncio.sleep(0.05)
            assert not task.done()
            assert far._link._size < 1 << 17
            got = 0
            async for _ in far:
                got += 1
                if got == count:
                    break
            await task

    run(work())


def test_what_nobody_reads(impl: Any) -> None:
    """``discard``: UPDATEs are checked and counted, and none waits."""

    async def work() -> None:
        async with pair(impl, listen_discard=True, backlog=1 << 10) as (near, far, _):
            await near.send(_routes(impl, near.session, 300))
            await near.close()
            with pytest.raises(_peer().SessionClosed, match="6/2"):
                await anext(far.events())
            assert far.discarded == 300

    run(work())


def test_refresh(impl: Any) -> None:
    """A request comes to the one who offered to answer; equal ones that wait are one."""
    asked = []
    release = asyncio.Event()

    async def answer(peer: Any, request: Any) -> None:
        asked.append(str(request.family))
        await release.wait()
        await peer.end_of_rib(request.family)

    async def work() -> None:
        async with pair(impl, listen_on_refresh=answer) as (near, _, _listener):
            assert near.open.capabilities
            for family in ("ipv4-unicast", "ipv6-unicast", "ipv6-unicast", "ipv6-unicast"):
                await near.refresh(family)
            await asyncio.sleep(0.02)
            release.set()
            got = []
            async for update in near:
                got.append(str(update.end_of_rib))
                if len(got) == 2:
                    break
            assert got == asked == ["ipv4-unicast", "ipv6-unicast"]
            with pytest.raises(ValueError, match="enhanced_route_refresh"):
                await near.refresh("ipv4-unicast", 1)

    run(work())


def test_an_answer_that_fails(impl: Any) -> None:
    async def answer(peer: Any, request: Any) -> None:
        raise ZeroDivisionError

    async def work() -> None:
        async with pair(impl, listen_on_refresh=answer) as (near, far, _):
            await near.refresh("ipv4-unicast")
            with pytest.raises(_peer().SessionClosed, match="ZeroDivisionError on this side") as caught:
                await anext(far.events())
            assert isinstance(caught.value.__cause__, ZeroDivisionError)
            with pytest.raises(_peer().SessionClosed, match="6/8"):
                await anext(near.events())

    run(work())


def test_what_cannot_be_sent(impl: Any) -> None:
    """What is in front of it is sent."""

    async def work() -> None:
        async with pair(impl) as (near, far, _):
            sound = impl.Update.announce(["10.0.0.0/8"], next_hop="192.0.2.1")
            with pytest.raises(impl.EncodeError, match="not negotiated"):
                await near.send([sound, impl.Update.withdraw(["10.0.0.0/8"], family="ipv4-multicast")])
            with pytest.raises(impl.EncodeError, match="not negotiated"):
                await near.announce(["10.0.0.0/8"], family=(1, 2), next_hop="192.0.2.1")
            await near.withdraw(["10.0.0.0/8"])
            updates = aiter(far)
            rows = [row for _ in range(2) for row in _peer().changes(await anext(updates))]
            assert [(str(row.nlri), row.attributes is not None) for row in rows] == [
                *(("10.0.0.0/8", True), ("10.0.0.0/8", False))
            ]
            assert str(rows[0].attributes.as_path) == str(REMOTE)
            await near.announce(["10.1.0.0/16"], next_hop="self")
            assert (await anext(updates)).attributes.next_hop == near.identity.local_address

    run(work())


def test_a_config_that_fails(impl: Any) -> None:
    """An exception in the function that chooses refuses that peer."""

    async def work() -> None:
        peer = _peer()

        def choose(remote: str) -> Any:
            raise LookupError

        async with peer.listen(choose, "127.0.0.1", 0) as listener:
            with pytest.raises(peer.SessionClosed, match="6/5"):
                await peer.connect(config(impl), "127.0.0.1", listener.port)
            (_, reason), *_ = listener.failures
            assert (reason.cause, type(reason.__cause__)) == ("internal", LookupError)

    run(work())


def test_events_that_would_be_missed(impl: Any) -> None:
    async def work() -> None:
        for fields in ({"route_refresh": True}, {"disable_families": True}, {"enhanced_route_refresh": True}):
            async with pair(impl, server=fields) as (near, far, _):
                with pytest.raises(ValueError, match=r"take events\(\)"):
                    await anext(aiter(far))
                if "route_refresh" in fields:
                    await near.refresh("ipv4-unicast")
                    assert (await anext(far.events())).message.family == (1, 1)

    run(work())


def test_several_peers(impl: Any) -> None:
    """Ten sessions in one loop, by a config of each address; those that are left are closed with the listener."""

    async def work() -> None:
        peer = _peer()

        def choose(remote: str) -> Any:
            number = int(remote.rpartition(".")[2])
            return config(impl, peer_asn=64500 + number) if number < 20 else None

        async def one(port: int, number: int) -> int:
            ours = peer.Config(asn=64500 + number, bgp_id=f"192.0.2.{number}")
            local = (f"127.0.0.{number}", 0)
            async with peer.connect(ours, "127.0.0.1", port, local_address=local) as session:
                await session.send(_routes(impl, session.session, number))
                await session.end_of_rib("ipv4-unicast")
                with pytest.raises(peer.SessionClosed):
                    await anext(session.events())
            return number

        async def serve(listener: Any) -> None:
            seen = set()
            async for session in listener:
                number = session.session.peer_asn - 64500
                got = 0
                async for update in session:
                    if update.end_of_rib is not None:
                        break
                    got += 1
                assert got == number
                seen.add(number)
                if len(seen) == 10:
                    break

        async with peer.listen(choose, "127.0.0.1", 0) as listener:
            tasks = [asyncio.create_task(one(listener.port, number)) for number in range(2, 12)]
            await serve(listener)
            with pytest.raises(peer.SessionClosed, match="6/5"):
                await one(listener.port, 30)
            assert listener.failures[-1][0] == "127.0.0.30"
        assert await asyncio.gather(*tasks) == [*range(2, 12)]

    run(work())


def test_collision_over_sockets(impl: Any) -> None:
    """Both connect to each other at the same time: the connection of the one with the higher identifier stays."""

    async def work() -> None:
        peer = _peer()
        names = {"127.0.0.1": ("192.0.2.1", 65001), "127.0.0.2": ("192.0.2.2", 65002)}
        async with AsyncExitStack() as stack:
            sides = []
            for host, (bgp_id, asn) in names.items():
                side = peer.Config(asn=asn, bgp_id=bgp_id), {"collisions": peer.Collisions()}
                listener = await stack.enter_async_context(peer.listen(side[0], host, 0, **side[1]))
                sides.append((host, listener, *side))

            async def dial(ours: int) -> Any:
                host, _, found, group = sides[ours]
                there, listener = sides[1 - ours][:2]
                return await peer.connect(found, there, listener.port, local_address=(host, 0), **group)

            lower, higher = await asyncio.gather(dial(0), dial(1), return_exceptions=True)
            if isinstance(lower, peer.Peer):  # it was established for a moment
                with pytest.raises(peer.SessionClosed) as caught:
                    await anext(lower.events())
                lower = caught.value
            assert {said.subcode for said in (lower.sent, lower.received) if said} == {7}
            other = await sides[0][1].accept()
            await higher.send(impl.Message.decode(UPDATE, higher.session))
            assert bytes(await anext(aiter(other))) == UPDATE
            await higher.close()

    run(work())


# --- connections that do not come about ---------------------------------------------------------------------------


def test_nobody_listens(impl: Any) -> None:
    async def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        peer = _peer()
        with pytest.raises(peer.SessionClosed, match="no connection") as caught:
            await peer.connect(config(impl), "127.0.0.1", port)
        assert isinstance(caught.value.__cause__, ConnectionRefusedError)
        with pytest.raises(peer.SessionClosed, match="no connection"):
            await peer.connect(config(impl), "nowhere.invalid", port)
        patient = peer.connect(config(impl, connect_time=0.05), "127.0.0.1", port, retry=True)
        task = asyncio.create_task(_await(patient))
        await asyncio.sleep(0.1)
        async with peer.listen(config(impl, asn=REMOTE, bgp_id="192.0.2.1"), "127.0.0.1", port) as listener:
            session = await task
            there = await listener.accept()
            await session.close()
            await there._link.closed()

    run(work())


async def _await(awaitable: Any) -> Any:
    return await awaitable


def test_given_up(impl: Any) -> None:
    """A listener that says nothing: the connection is cut when the attempt is cancelled, or its time is over."""

    async def work() -> None:
        peer = _peer()
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await peer.connect(config(impl), "127.0.0.1", port)
            with pytest.raises(peer.SessionClosed, match="hold timer"):
                await peer.connect(config(impl, open_time=0.05), "127.0.0.1", port)

    run(work())


def test_the_hold_timer_over_sockets(impl: Any) -> None:
    """A peer that falls silent."""

    async def work() -> None:
        peer = _peer()
        async with pair(impl) as (near, far, _):
            timers = far._link.machine._timers  # no test waits three seconds
            hold = importlib.import_module("bgpwire.peer.timers").Timer.HOLD
            timers.set(hold, asyncio.get_running_loop().time() + 0.05)
            far._link._schedule()
            with pytest.raises(peer.SessionClosed) as caught:
                await anext(far.events())
            assert (caught.value.cause, caught.value.sent.code) == ("hold_timer", 4)
            with pytest.raises(peer.SessionClosed, match="4/0"):
                await anext(near.events())

    run(work())


def test_the_text_of_a_shutdown(impl: Any) -> None:
    """RFC 9003: 255 octets of UTF-8 at most, and none is none."""
    shutdown = _peer().shutdown
    assert bytes(shutdown())[19:] == bytes((6, 2))
    assert bytes(shutdown("ü" * 127 + "x", 4))[19:22] == bytes((6, 4, 255))
    assert shutdown("ü" * 127 + "x").communication == "ü" * 127 + "x"
    with pytest.raises(ValueError, match="255 at most"):
        shutdown("ü" * 128)
