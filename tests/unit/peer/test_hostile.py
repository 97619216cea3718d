"""Peers that mean no good, over sockets: garbage, silence, floods, half messages; nothing is left to the loop."""

from __future__ import annotations

import asyncio
import importlib
import random
import socket
from contextlib import suppress
from typing import Any

import pytest
from support.context import message
from support.peering import KEEPALIVE, REMOTE, UPDATE, config, names, pair, peer_open, raw, run

OPEN_AND = "the OPEN and "
CASES: dict[str, tuple[tuple[bytes, ...], str | None]] = {
    "garbage": ((b"GET / HTTP/1.1\r\n\r\n" + bytes(50),), "1/1"),
    "a megabyte of it": ((bytes(1 << 20),), "1/1"),
    "ones without end": ((b"\xff" * (1 << 17),), "1/2"),
    "a length of 0": ((b"\xff" * 16 + bytes(3),), "1/2"),
    "an UPDATE first": ((UPDATE,), "5/1"),
    "garbage behind the OPEN": ((OPEN_AND, b"\0" * 19), "1/1"),
    "an UPDATE before the KEEPALIVE": ((OPEN_AND, UPDATE), "5/2"),
    "the OPEN once more": ((OPEN_AND, KEEPALIVE, OPEN_AND), "5/3"),
    "an UPDATE that cannot be": ((OPEN_AND, KEEPALIVE, UPDATE, message(2, b"\xff" * 4)), "3/1"),
    "routes over the end": ((OPEN_AND, KEEPALIVE, message(2, bytes.fromhex("00000000200a0001"))), "3/10"),
    "a flood of KEEPALIVEs, then garbage": ((OPEN_AND, KEEPALIVE * 5000, b"\xee" * 20), "1/1"),
    "half an OPEN": ((b"\xff" * 16 + b"\0\x40\1",), None),
    "nothing": ((), None),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_answered(impl: Any, case: str) -> None:
    """The NOTIFICATION reaches the peer, though it has sent more than was read; the listener goes on."""
    sent, code = CASES[case]
    octets = [peer_open(impl) if part == OPEN_AND else part for part in sent]

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with peer.listen(config(impl, open_time=0.2), "127.0.0.1", 0) as listener:
            answer = b""
            with suppress(ConnectionError):
                answer = await raw(listener.port, *octets)
            assert names(answer)[-1] == f"notification {code or '4/0'}"
            if KEEPALIVE in sent:
                session = await listener.accept()
                with pytest.raises(peer.SessionClosed, match=code):
                    async for _ in session:
                        pass
            good = peer.Config(asn=REMOTE, bgp_id="192.0.2.1")
            async with peer.connect(good, "127.0.0.1", listener.port) as session:
                await session.end_of_rib("ipv4-unicast")

    run(work())


def test_a_listener_that_is_no_speaker(impl: Any) -> None:
    """It answers with garbage, or closes: the reason is told, and nothing waits."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")

        async def answer(reader: Any, writer: Any, octets: bytes) -> None:
            writer.write(octets)
            await reader.read(100)
            writer.close()

        for octets, cause in ((b"SSH-2.0-OpenSSH_9.2\r\n" * 9, "error"), (b"", "connection")):
            server = await asyncio.start_server(lambda r, w, octets=octets: answer(r, w, octets), "127.0.0.1", 0)
            async with server:
                port = server.sockets[0].getsockname()[1]
                with pytest.raises(peer.SessionClosed) as caught:
                    await peer.connect(config(impl), "127.0.0.1", port)
                assert caught.value.cause == cause
            await asyncio.sleep(0)

    run(work())


def test_too_many_connections(impl: Any) -> None:
    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with peer.listen(config(impl), "127.0.0.1", 0, most=5) as listener:
            idle = [await asyncio.open_connection("127.0.0.1", listener.port) for _ in range(5)]
            answer = await raw(listener.port)
            assert names(answer) == ["notification 6/8"]
            assert listener.failure_count == 1
            for _, writer in idle:
                writer.close()
            await asyncio.sleep(0.01)
            assert listener.failure_count == 6
            async with peer.connect(peer.Config(asn=REMOTE, bgp_id="192.0.2.1"), "127.0.0.1", listener.port):
                pass

    run(work())


def test_too_many_connections_of_one_address(impl: Any) -> None:
    """One address cannot keep the others out; what it has let go it may have again, and nothing is kept of it."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        good = peer.Config(asn=REMOTE, bgp_id="192.0.2.1")
        async with peer.listen(config(impl), "127.0.0.1", 0, most=4, most_per_address=2) as listener:
            idle = [await asyncio.open_connection("127.0.0.1", listener.port) for _ in range(2)]
            assert names(await raw(listener.port)) == ["notification 6/8"]
            assert (listener.failure_count, listener.over_limit_count) == (1, 1)
            assert listener.failures[-1] == ("127.0.0.1", None)
            async with peer.connect(good, "127.0.0.1", listener.port, local_address=("127.0.0.2", 0)) as near:
                assert near.state.name == "ESTABLISHED"
            idle.pop()[1].close()
            await asyncio.sleep(0.01)
            async with peer.connect(good, "127.0.0.1", listener.port) as near:
                assert near.state.name == "ESTABLISHED"
            idle.pop()[1].close()
            await asyncio.sleep(0.01)
            assert (listener.failure_count, listener.over_limit_count) == (3, 1)
            assert not listener._addresses

    run(work())


def test_an_address_that_is_not_wanted_is_not_over_the_limit(impl: Any) -> None:
    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with peer.listen(lambda address: None, "127.0.0.1", 0, most_per_address=0) as listener:
            assert names(await raw(listener.port)) == ["notification 6/5"]
            assert (listener.failure_count, listener.over_limit_count) == (1, 0)

    run(work())


def test_sessions_of_one_address_that_nobody_accepts(impl: Any) -> None:
    """They do not push those of other addresses out."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        good = peer.Config(asn=REMOTE, bgp_id="192.0.2.1")
        async with peer.listen(config(impl), "127.0.0.1", 0, most=4, most_per_address=2) as listener:
            async with peer.connect(good, "127.0.0.1", listener.port, local_address=("127.0.0.2", 0)):
                pass
            for _ in range(5):
                await raw(listener.port, peer_open(impl) + KEEPALIVE + bytes(19))
            assert listener.failure_count == 3
            remotes = [(await listener.accept()).remote[0] for _ in range(3)]
            assert remotes == ["127.0.0.2", "127.0.0.1", "127.0.0.1"]

    run(work())


def test_sessions_that_nobody_accepts(impl: Any) -> None:
    """Those that are over make room; the failures say so."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with peer.listen(config(impl), "127.0.0.1", 0, most=3) as listener:
            for _ in range(9):
                await raw(listener.port, peer_open(impl) + KEEPALIVE + bytes(19))
            assert listener.failure_count == 6
            assert {reason.sent.subcode for _, reason in listener.failures} == {1}
            assert [(await listener.accept()).state.name for _ in range(3)] == ["IDLE"] * 3

    run(work())


def test_a_reset_in_the_middle(impl: Any) -> None:
    """TCP is reset while both send: each side is told once, and what was sent before is there."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with pair(impl) as (near, far, _):
            update = impl.Message.decode(UPDATE, near.session)
            sending = [asyncio.create_task(each.send([update] * 100_000)) for each in (near, far)]
            await asyncio.sleep(0.01)
            sock = near._link.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            near._link.transport.abort()
            for result in await asyncio.gather(*sending, return_exceptions=True):
                assert isinstance(result, peer.SessionClosed)
                assert result.cause == "connection"
            assert bytes(await anext(aiter(far))) == UPDATE
            assert far.reason.cause == "connection"

    run(work())


def test_octets_of_any_sort(impl: Any) -> None:
    """Sound messages with octets changed, in every state: the machine raises nothing, and ends with a NOTIFICATION."""
    seed = random.Random(7)
    peer = importlib.import_module("bgpwire.peer")
    whole = peer_open(impl) + KEEPALIVE + UPDATE * 2
    setup = config(impl, disable_families=True)
    for _ in range(400):
        octets = bytearray(whole)
        for _ in range(seed.randint(1, 4)):
            octets[seed.randrange(len(octets))] = seed.randrange(256)
        found = peer.Machine(setup)
        found.start(0)
        found.connected(0)
        found.received(octets, 1)
        found.closed(2)
        assert found.state.name == "IDLE"
        for event in found.events():
            if isinstance(event, peer.Received):
                list(peer.changes(event.update, event.ignored))
        assert str(found.reason)
        out = names(found.take())
        assert out[0] == "open"
        assert sum("notification" in said for said in out) == (found.reason.sent is not None)


def test_a_fault_of_our_own(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody foresaw ends the session, not the loop."""

    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        async with pair(impl) as (near, far, _):

            def fails(*_: Any) -> None:
                raise ZeroDivisionError

            monkeypatch.setattr(far._link.machine._established, "update", fails)
            await near.end_of_rib("ipv4-unicast")
            with pytest.raises(peer.SessionClosed, match="ZeroDivisionError") as caught:
                await anext(far.events())
            assert caught.value.cause == "internal"
            with pytest.raises(peer.SessionClosed, match="6/8"):
                await anext(near.events())

    run(work())
