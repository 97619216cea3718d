"""Streams of BMP, collected: what the kernel takes is what goes by way of each message, however the octets come."""

from __future__ import annotations

import random
import struct
from importlib import import_module
from typing import Any

import pytest
from support import made_bmp as made
from support.context import message as bgp
from support.places import SHARED

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
NARROW = made.open_message(64500), made.open_message(64501)
CAPTURES = sorted((SHARED / "data" / "bmp").glob("*.pcap"))


def collect(impl: Any, octets: bytes, size: int = 1 << 16, **how: Any) -> tuple[list[Any], Any]:
    """The messages that are heard, and the router."""
    collected = import_module("bgpwire.listen.collected").Collected()
    router = import_module("bgpwire.listen.monitored").MonitoredRouter(
        collected, "192.0.2.9", resynchronise=True, **how
    )
    for at in range(0, len(octets), size):
        router.feed(octets[at : at + size])
    router.close()
    events = [event for records in collected.take() for event in records.events()]
    heard = [
        (event.octets, event.seconds, event.microseconds, event.peer, event.session, event.file) for event in events
    ]
    return heard, router


def plain(impl: Any, octets: bytes) -> list[Any]:
    """The same by way of each message."""
    monitor = impl.bmp.Monitor()
    out = []
    for offset, message in monitor.messages(octets):
        name = monitor.router.sys_name or "192.0.2.9"
        out += [
            (event.octets, event.seconds, event.microseconds, event.peer, event.session, name)
            for event in monitor.router.events(message, offset)
        ]
    return out


def stream() -> bytes:
    """Two tables of two peers, one of which flaps, with another width of AS numbers, and a message that is none."""
    other = bytes((192, 0, 2, 2))
    parts = [made.bmp(4, made.tlv(2, b"r1")), made.peer_up(*OPENS), made.peer_up(*OPENS, address=other)]
    parts += [
        made.monitoring(made.update(f"18 0a{turn:02x}01"), address=address, flags=flags)  # type: ignore[arg-type]
        for turn in range(20)
        for flags in (0, 0x40)
        for address in (made.PEER, other)
    ]
    parts += [made.monitoring(made.withdrawal()), made.peer_down(), made.peer_up(*NARROW)]
    parts += [made.monitoring(made.update(), flags=0x20) for _ in range(3)]
    parts += [made.bmp(9, b"new"), made.monitoring(made.update()), made.bmp(4, made.tlv(2, b"r2"))]
    parts += [made.monitoring(made.update(), address=other) for _ in range(3)]
    return b"".join(parts)


@pytest.mark.parametrize("size", [1, 7, 47, 48, 1000, 1 << 16])
def test_pieces(impl: Any, size: int) -> None:
    octets = stream()
    heard, router = collect(impl, octets, size)
    assert heard == plain(impl, octets)
    assert len(heard) > 80
    assert router.source == "r2"
    assert collect(impl, octets, size, source="given")[0] == [(*one[:5], "given") for one in heard]


def test_octets_that_are_changed(impl: Any) -> None:
    """Whatever stands in them, each message is read as if it came alone."""
    octets = stream()
    random.seed(7)
    for _ in range(300):
        changed = bytearray(octets)
        for _ in range(random.randint(1, 4)):
            changed[random.randrange(len(changed))] = random.choice((0, 1, 2, 3, 0x20, 0x40, 0x80, 0xFF))
        found, router = collect(impl, bytes(changed), random.choice((64, 1000, 1 << 16)))
        assert found == plain(impl, bytes(changed))
        again = impl.bmp.Monitor()
        list(again.events(bytes(changed)))
        assert router.monitor.framer.gap_octets == again.framer.gap_octets
        assert router.monitor.router.fault_count == again.router.fault_count


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_captures(impl: Any, path: Any) -> None:
    for found in import_module("bgpwire.live.capture").streams(path):
        if len(found.octets) > 100 and found.octets[0] in (3, 4):
            heard = collect(impl, found.octets)[0]
            assert [one[:5] for one in heard] == [one[:5] for one in plain(impl, found.octets)]


def test_what_is_withdrawn(impl: Any) -> None:
    """Asked for, what a peer announced is withdrawn when it goes, and when the stream ends."""
    other = bytes((192, 0, 2, 2))
    octets = made.peer_up(*OPENS) + made.monitoring(made.update()) * 3 + made.peer_down()
    octets += made.peer_up(*OPENS, address=other) + made.monitoring(made.update(), address=other)
    collected = import_module("bgpwire.listen.collected").Collected()
    router = import_module("bgpwire.listen.monitored").MonitoredRouter(collected, "r1", withdraw=True)
    router.feed(octets)
    router.close()
    types = [route.type for records in collected.take() for route in records.routes()]
    assert types == ["A", "A", "A", "W", "A", "W"]


def test_tables_without_end(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A router names what it likes: what is known of tables is bounded, and nothing is lost by that."""
    monitored = import_module("bgpwire.listen.monitored")
    monkeypatch.setattr(monitored, "_TABLES", 5)
    monkeypatch.setattr(import_module("bgpwire.listen.contexts"), "MOST", 12)
    addresses = [struct.pack(">I", 0x0A000000 + number) for number in range(40)]
    octets = b"".join(made.monitoring(made.update(), address=address) for address in addresses * 2)
    heard, router = collect(impl, octets)
    assert heard == plain(impl, octets)
    assert len(router._heads) <= 5


def test_kernel(impl: Any) -> None:
    """What is not taken, and why not."""
    take = impl._impl.load("monitored").monitored_records
    sound = made.monitoring(made.update())
    update = sound[48:]
    heads = {sound[6:40]: b"\0\4" + bytes(20)}
    record, end, count = take(sound, 0, heads)
    assert (end, count) == (len(sound), 1)
    assert record == sound[40:44] + b"\0\x11\0\4" + (24 + len(update)).to_bytes(4) + sound[44:48] + bytes(20) + update
    assert take(bytearray(b"x" + sound * 3), 1, heads) == (record * 3, 1 + 3 * len(sound), 3)
    assert take(sound * 2 + sound[:-1], 0, heads) == (record * 2, 2 * len(sound), 2)
    for at, octet in (
        (0, 4),
        (4, 0),
        (5, 1),
        (7, 0x80),
        (44, 1),
        (48, 0),
        (64, 1),
        (66, 1),
        (67, 1),
        (68, 100),
        (70, 200),
    ):
        wrong = bytearray(sound)
        wrong[at] = octet
        assert take(wrong, 0, heads) == (b"", 0, 0)
        assert take(sound + wrong, 0, heads) == (record, len(sound), 1)
    for octets in (b"", sound[:66], sound[:70], sound[:-1]):
        assert take(octets, 0, heads) == (b"", 0, 0)
    assert take(sound, 0, {}) == (b"", 0, 0)
    for start in (-1, len(sound) + 1):
        with pytest.raises(ValueError, match="octet"):
            take(sound, start, heads)
    for wrong_head in (b"", b"\0", bytes(47)):
        with pytest.raises(ValueError, match="head"):
            take(sound, 0, {sound[6:40]: wrong_head})


def test_bounds_of_the_kernel(impl: Any) -> None:
    """Lengths and times at their limits: the last that is taken, and the first that is not."""
    take = impl._impl.load("monitored").monitored_records
    sound = made.monitoring(made.update())
    heads = {sound[6:40]: b"\0\4" + bytes(20)}
    for pdu in (made.withdrawal(), bgp(2, bytes(4)), bgp(2, b"\0\0\0\4\x40\1\1\0")):
        assert take(made.monitoring(pdu), 0, heads)[2] == 1
    for microseconds, count in ((999_999, 1), (1_000_000, 0)):
        assert take(sound[:44] + microseconds.to_bytes(4) + sound[48:], 0, heads)[2] == count
    # An UPDATE that is shorter than the message, and one whose sections are longer together than it is.
    behind = sound[:1] + (len(sound) + 4).to_bytes(4) + sound[5:] + bytes(4)
    together = made.monitoring(bgp(2, b"\0\4\x18\x0a\0\0\0\4\x40\1\1"))
    for octets in (behind, together):
        assert take(octets, 0, heads) == (b"", 0, 0)
        assert take(sound + octets, 0, heads)[1:] == (len(sound), 1)
    # The rest of a message may stand in the same memory.
    assert take(memoryview(sound * 2)[:-1], 0, heads)[1:] == (len(sound), 1)


def test_room_of_the_kernel(impl: Any) -> None:
    """The shortest messages, the longest head, which is that of addresses of IPv6: nothing is lost of many."""
    take = impl._impl.load("monitored").monitored_records
    shortest = made.monitoring(bgp(2, bytes(4)))
    head = b"\0\4" + bytes(range(44))
    heads = {shortest[6:40]: head}
    record = take(shortest, 0, heads)[0]
    assert record[12 + 4 : 12 + 4 + 44] == head[2:]
    assert len(record) == len(shortest) + 12
    for count in (2, 100, 10_000, 100_000):
        assert take(shortest * count, 0, heads) == (record * count, len(shortest) * count, count)


def test_records_apart(impl: Any) -> None:
    kernels = impl._impl.load("heard")
    collected = import_module("bgpwire.listen.collected").Collected()
    monitor = impl.bmp.Monitor()
    for event in monitor.events(stream()):
        collected.event(event, "r1")
    (records,) = collected.take()
    count = len(records.contexts.all)
    apart = kernels.records_apart(records.octets, list(range(count)), count)
    assert b"".join(sorted(apart)) != records.octets
    assert sorted(map(len, apart)) == sorted(
        sum(end - start for start, end, context in records.places() if context is one) for one in records.contexts.all
    )
    assert kernels.records_apart(records.octets, [0] * count, 1) == [records.octets]
    octets, lost = kernels.records_of_archive(records.octets, [0] * count)
    assert (len(octets), lost) == (len(records.octets), 0)
    assert len(list(impl.mrt.open(octets).messages())) == len(records)
    for wrong in (records.octets[:-1], records.octets + b"x", b"\0" * 12, b"x" * 50):
        with pytest.raises(ValueError, match="records"):
            kernels.records_apart(wrong, [0] * count, 1)
        with pytest.raises(ValueError, match="records"):
            kernels.records_of_archive(wrong, [0] * count)
    for part in (1, -1):
        with pytest.raises(ValueError, match="part"):
            kernels.records_apart(records.octets, [part] * count, 1)
    with pytest.raises(IndexError):
        kernels.records_apart(records.octets, [], 1)


@pytest.mark.parametrize("kind", [16, 17])
def test_interface_index(impl: Any, kind: int) -> None:
    """The number of a context gives way to the interface index, of records with microseconds and without; those of
    address family 0 are left out, whichever context they are of."""
    kernels = impl._impl.load("heard")
    micro = bytes(4) if kind == 17 else b""

    def record(number: int, afi: int = 1) -> bytes:
        body = micro + bytes(8) + number.to_bytes(2) + afi.to_bytes(2) + bytes(range(8 if afi else 0))
        return struct.pack(">IHHI", 1, kind, 4, len(body)) + body

    octets = record(0) + record(1) + record(1, 0) + record(0, 0) + record(2)
    archive = kernels.records_of_archive(octets, [0x1234, 0xFF, 0x10000])
    assert archive == (record(0x1234) + record(0xFF) + record(0), 2)
    assert kernels.records_apart(octets, [1, 0, 1], 2) == [
        record(1) + record(1, 0),
        record(0) + record(0, 0) + record(2),
    ]
    # A record that ends in front of its number, or of its address family, though octets follow it.
    for size in range(len(micro) + 8, len(micro) + 12):
        short = struct.pack(">IHHI", 1, kind, 4, size) + bytes(size)
        for function in (kernels.records_of_archive, lambda octets, parts: kernels.records_apart(octets, parts, 1)):
            with pytest.raises(ValueError, match="records"):
                function(short + record(0), [0])
