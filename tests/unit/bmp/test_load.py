"""Many peers that come and go, a router that is cut off in mid-message, garbage in the middle of a stream."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
DOWN = b"\4"
MANY = 1000


def address(number: int) -> bytes:
    return (0x0A000000 + number).to_bytes(4)


def flap(number: int) -> tuple[bytes, ...]:
    """A peer that comes up, announces two routes, withdraws one, and goes."""
    peer = {"address": address(number)}
    local = bytes((192, 0, 2, 254)).rjust(16, b"\0") + bytes(4)
    return (
        made.bmp(3, made.header(**peer) + local + OPENS[0] + OPENS[1]),
        made.bmp(0, made.header(**peer) + made.update("18 0a0000")),
        made.bmp(0, made.header(**peer) + made.update("18 0a0001")),
        made.bmp(0, made.header(**peer) + made.withdrawal("18 0a0000")),
        made.bmp(2, made.header(**peer) + DOWN),
    )


def together(numbers: range, seed: int) -> Iterator[bytes]:
    """The messages of these peers, each peer's in their order, those of all mixed."""
    chance = random.Random(seed)
    waiting = [list(reversed(flap(number))) for number in numbers]
    while waiting:
        at = chance.randrange(len(waiting))
        yield waiting[at].pop()
        if not waiting[at]:
            waiting[at] = waiting[-1]
            waiting.pop()


def types(impl: Any, monitor: Any, octets: bytes) -> dict[str, int]:
    out = {"A": 0, "W": 0}
    for event in monitor.events(octets):
        try:
            found = impl.routes_of(event)
        except impl.DecodeError as error:
            found = error.routes
        for route in found:
            out[route.type] += 1
    return out


def test_peers_that_flap(impl: Any) -> None:
    """Each session's routes are withdrawn with it, and nothing of it is kept but that the peer is down."""
    monitor = impl.bmp.Monitor(withdraw=True)
    monitor.router.max_down = 50
    for turn in range(3):
        found = types(impl, monitor, b"".join(together(range(MANY), turn)))
        assert found == {"A": 2 * MANY, "W": 2 * MANY}
        assert len(monitor.router.peers) == 50
        assert not any(peer.routes for peer in monitor.router.peers.values())
        assert {peer.down.reason for peer in monitor.router.peers.values()} == {4}
    assert monitor.framer.pending == monitor.router.fault_count == 0
    assert list(monitor.router.close()) == []


def test_peers_that_never_come_again(impl: Any) -> None:
    """A router that names ever new peers: what is kept does not grow. The limit is that of a router's default."""
    monitor = impl.bmp.Monitor()
    most = monitor.router.max_down
    assert most == 1000
    for first in range(0, 4 * most, most):
        octets = b"".join(made.bmp(2, made.header(address=address(n)) + DOWN) for n in range(first, first + most))
        assert list(monitor.events(octets)) == []
        assert len(monitor.router.peers) == most
    assert {str(peer.header.address) for peer in monitor.router.peers.values()} >= {"10.0.15.159", "10.0.12.0"}


def test_who_is_not_forgotten(impl: Any) -> None:
    """Those that are up, and those whose routes are kept although no Peer Up was heard."""
    monitor = impl.bmp.Monitor(withdraw=True)
    monitor.router.max_down = 2
    up, announced = flap(1)[0], made.bmp(0, made.header(address=address(2)) + made.update())
    list(monitor.events(up + announced))
    for number in range(3, 20):
        list(monitor.events(made.bmp(2, made.header(address=address(number)) + DOWN)))
    known = [str(peer.header.address) for peer in monitor.router.peers.values()]
    assert known == ["10.0.0.1", "10.0.0.2", "10.0.0.18", "10.0.0.19"]
    assert types(impl, monitor, made.bmp(2, made.header(address=address(2)) + DOWN)) == {"A": 0, "W": 1}
    assert len(monitor.router.peers) == 3


def test_more_peers_than_are_kept(impl: Any) -> None:
    """Their messages are read, each by its header; it is reported once."""
    monitor = impl.bmp.Monitor(withdraw=True)
    monitor.router.max_peers = 10
    octets = b"".join(message for number in range(20) for message in flap(number)[:2])
    assert types(impl, monitor, octets) == {"A": 20, "W": 0}
    assert len(monitor.router.peers) == 10
    assert [error.reason for error in monitor.router.faults] == ["more than 10 peers"]
    (event,) = monitor.events(flap(19)[1])
    assert event.session.add_path_from == "guessed"
    assert sum(1 for _ in monitor.router.close()) == 10


@pytest.mark.parametrize("missing", [1, 30, 60])
def test_cut_off_in_mid_message(impl: Any, missing: int) -> None:
    """The station says how the stream ended, and withdraws what was announced in it; the next connection is another."""
    stream = b"".join(flap(1)[:4] + flap(2)[:3])
    ends = b"".join(flap(1)[:2])

    async def run() -> list[Any]:
        heard = []
        async with await impl.bmp.serve(port=0, withdraw=True) as station:
            for octets in (stream[:-missing], ends):
                _, writer = await asyncio.open_connection(*station.addresses[0])
                writer.write(octets)
                writer.close()
                async for one in station:
                    heard.append(one)
                    if one.message is None:
                        break
        return heard

    heard = asyncio.run(run())
    first, second = dict.fromkeys(one.connection for one in heard)
    assert "into a message" in str(first.error)
    assert second.error is None
    left = [
        [
            (route.type, str(route.peer.address), str(route.prefix))
            for event in one.events
            for route in impl.routes_of(event)
        ]
        for one in heard
        if one.message is None
    ]
    assert left == [
        [("W", "10.0.0.1", "10.0.1.0/24"), ("W", "10.0.0.2", "10.0.0.0/24")],
        [("W", "10.0.0.1", "10.0.0.0/24")],
    ]


@pytest.mark.parametrize("seed", range(5))
def test_garbage_in_the_middle(impl: Any, seed: int) -> None:
    """Behind it the sessions go on as before it; what was in between is counted, and its peers are withdrawn."""
    chance = random.Random(seed)
    noise = bytes(chance.choices(range(5, 256), k=300))
    before, behind = [*together(range(20), seed)], [*together(range(20, 40), seed)]
    cut = b"".join(flap(50)[:2])[:-7]
    whole = b"".join([*before, *flap(60)[:2], noise, cut, noise, *behind, flap(60)[3], flap(60)[4]])
    monitor = impl.bmp.Monitor(withdraw=True)
    found = {"A": 0, "W": 0}
    size = chance.choice([7, 100, 5000])
    for at in range(0, len(whole), size):
        for name, number in types(impl, monitor, whole[at : at + size]).items():
            found[name] += number
    monitor.framer.finish()
    framer = monitor.framer
    # Of the message that was cut the framer takes what stands behind it for its end, up to its length.
    assert framer.gap_count >= 1
    assert framer.gap_octets >= len(noise)
    assert framer.offset == len(whole)
    assert found["A"] >= 2 * 20 + 1 + 2 * 19
    assert 0 <= found["A"] - found["W"] <= 1
    left = [route for event in monitor.router.close() for route in impl.routes_of(event)]
    assert len(left) == found["A"] - found["W"]
    assert framer.lost is None


def test_garbage_ends_a_stream_that_is_not_to_be_looked_through(impl: Any) -> None:
    """Without ``resynchronise``: BmpError at its place, all that was before it read."""
    monitor = impl.bmp.Monitor(withdraw=True, resynchronise=False)
    good = b"".join(flap(1)[:3])
    found: list[Any] = []
    with pytest.raises(impl.BmpError, match="BMP version 255") as caught:
        found += monitor.events(good + b"\xff" * 50 + good)
    assert caught.value.offset == len(good)
    assert monitor.framer.offset == len(good)
    left = [route for event in monitor.router.close() for route in impl.routes_of(event)]
    assert [str(route.prefix) for route in left] == ["10.0.0.0/24", "10.0.1.0/24"]
