"""Tables whose path identifiers were negotiated: what a kernel takes is read as it is one by one."""

from __future__ import annotations

import random
from importlib import import_module
from typing import Any

import pytest
from support import made_bmp as made
from support.context import message
from support.places import SAMPLES

BOTH = (
    made.open_message(64500, made.asn4(64500), made.add_path(1), made.add_path(1, 2)),
    made.open_message(64501, made.asn4(64501), made.add_path(2), made.add_path(2, 2)),
)
ONE = (
    made.open_message(64500, made.asn4(64500), made.add_path(1)),
    made.open_message(64501, made.asn4(64501), made.add_path(2)),
)
FAMILIES = ((1, 1), (2, 1))
ATTRIBUTES = bytes.fromhex("400101 00 400200 400304 c0000201")
END = made.bmp(5, made.tlv(1, b"\0\0"))
"""A Termination: what comes behind it is of sessions that nothing is known of."""
SAMPLE = sorted(SAMPLES.glob("bmp-*.bmp"))


def nlri(draw: random.Random, identifiers: bool, v6: bool) -> bytes:
    """Prefixes as routers send them, and such as can be read either way."""
    out = b""
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3, 8))):
        bits = draw.choice((0, 8, 16, 24, 24, 24, 25, 32, 48 if v6 else 24, 64 if v6 else 20))
        octets = bytearray(draw.choice((0, 1, 10, 24, 32, 192, 255)) for _ in range((bits + 7) >> 3))
        if bits & 7 and draw.random() < 0.8:
            octets[-1] &= 0xFF << (8 - bits % 8) & 0xFF
        identifier = draw.choice((1, 1, 2, 7, 24, 256, 0x18000000, 0x80000001)).to_bytes(4) if identifiers else b""
        out += identifier + bytes((bits,)) + bytes(octets)
    return out


def attribute(code: int, value: bytes, flags: int = 0x80) -> bytes:
    return bytes((flags | 0x10, code)) + len(value).to_bytes(2) + value


def update(draw: random.Random, v4: bool, v6: bool) -> bytes:
    """An UPDATE of which IPv4 has path identifiers or not, and IPv6."""
    gone = nlri(draw, v4, False) if draw.random() < 0.3 else b""
    block = ATTRIBUTES
    if draw.random() < 0.4:
        family, hop = draw.choice(((FAMILIES[1], 16), (FAMILIES[1], 32), (FAMILIES[0], 4), ((1, 2), 4), ((2, 1), 4)))
        octets = nlri(draw, v6 if family[0] == 2 else v4, family[0] == 2)
        head = family[0].to_bytes(2) + bytes((family[1], hop)) + bytes(hop) + b"\0"
        block += attribute(14, head + octets) * draw.choice((1, 1, 1, 1, 2))
    if draw.random() < 0.3:
        family = draw.choice((*FAMILIES, FAMILIES[1], (1, 128)))
        octets = nlri(draw, v6 if family[0] == 2 else v4, family[0] == 2)
        block += attribute(15, family[0].to_bytes(2) + family[1:2][0].to_bytes() + octets, draw.choice((0x80, 0xC0)))
    there = nlri(draw, v4, False) if draw.random() < 0.7 else b""
    octets = message(2, len(gone).to_bytes(2) + gone + len(block).to_bytes(2) + block + there)
    if draw.random() < 0.1:
        changed = bytearray(octets)
        changed[draw.randrange(23, len(octets))] = draw.choice((0, 1, 24, 33, 128, 255))
        return bytes(changed)
    return octets


def collect(octets: bytes, size: int = 1 << 16, source: str = "r1") -> tuple[list[Any], Any, list[bytes]]:
    """What is heard, the router, and the messages that went one by one."""
    collected = import_module("bgpwire.listen.collected").Collected()
    router = import_module("bgpwire.listen.monitored").MonitoredRouter(collected, "r1", source)
    receive = router.monitor.router.receive
    slow: list[bytes] = []

    def counted(data: bytes, offset: int) -> Any:
        slow.append(data)
        return receive(data, offset)

    router.monitor.router.receive = counted
    for at in range(0, len(octets), size):
        router.feed(octets[at : at + size])
    router.close()
    return [_read(records) for records in collected.take()], router, slow


def _read(records: Any) -> tuple[Any, ...]:
    """All that comes of records."""
    faults: list[str] = []
    text = records.text("json", on_fault=lambda _, error: faults.append(str(error)))
    events = [(one.octets, one.seconds, one.microseconds, one.peer, one.session) for one in records.events()]
    return events, records.archive(), text, faults


def one_by_one(impl: Any, octets: bytes, source: str = "r1") -> tuple[list[Any], Any]:
    """The same with no kernel."""
    collected = import_module("bgpwire.listen.collected").Collected()
    monitor = impl.bmp.Monitor()
    for event in monitor.events(octets):
        collected.event(event, source)
    return [_read(records) for records in collected.take()], monitor.router


def same(impl: Any, octets: bytes, size: int = 1 << 16) -> list[bytes]:
    found, router, slow = collect(octets, size)
    expected, plain = one_by_one(impl, octets)
    assert found == expected
    assert router.monitor.router.fault_count == plain.fault_count
    assert [str(error) for error in router.monitor.router.faults] == [str(error) for error in plain.faults]
    return slow


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [100, 1 << 16])
def test_samples(impl: Any, path: Any, size: int) -> None:
    same(impl, path.read_bytes() * 2, size)


@pytest.mark.parametrize("seed", range(12))
def test_mixes(impl: Any, seed: int) -> None:
    """Messages with identifiers and without, families of which one has them, tables that several headers name, sessions
    that begin anew: whatever was seen of a table before, the same comes out."""
    draw = random.Random(seed)
    octets = made.peer_up(*(BOTH if seed % 3 else ONE))
    other = bytes((192, 0, 2, 2))
    octets += made.peer_up(*ONE, address=other)
    likely = {}
    for _ in range(400):
        # The A flag is another header of the same table.
        flags = draw.choice((0, 0, 0x40, 0x40, 0x20, 0x80))
        address = draw.choice((made.PEER, made.PEER, other))
        share = likely.setdefault((flags & 0x40, address), draw.choice((0, 0, 0.1, 0.5, 0.9, 1, 1)))
        pdu = update(draw, draw.random() < share, draw.random() < share)
        octets += made.monitoring(pdu, flags=flags, address=address)  # type: ignore[arg-type]
        if draw.random() < 0.01:
            octets += made.peer_up(*BOTH)
            likely.clear()
        elif draw.random() < 0.01:
            octets += draw.choice((made.peer_down(), made.bmp(4, made.tlv(2, b"r2")), END))
    same(impl, octets, draw.choice((300, 1 << 16)))


@pytest.mark.parametrize(
    "octets",
    [
        b"".join(made.monitoring(made.update(f"{n + 1:08x} 18 0a00{n:02x}")) for n in range(200)),
        b"".join(made.monitoring(made.update(f"18 0a00{n:02x}")) for n in range(200)),
        # What may be read both ways decides nothing, and can be told all the same.
        b"".join(made.monitoring(made.update(f"18 0a00{n:02x} 18 0a01{n:02x}")) for n in range(200)),
        b"".join(
            made.monitoring(made.update(f"{n + 1 if n & 1 else '':08} 18 0a00{n:02x}".replace(" ", "")))
            for n in range(99)
        ),
    ],
    ids=["there", "left-out", "ambiguous", "in-turns"],
)
def test_the_kernel_takes_them(impl: Any, octets: bytes) -> None:
    """All but the first of their kind."""
    slow = same(impl, made.peer_up(*BOTH) + octets)
    assert len(slow) < 6


def test_what_is_no_update(impl: Any) -> None:
    """Nothing is known of a table by it."""
    octets = made.peer_up(*BOTH) + made.monitoring(message(4, b"")) * 2
    same(impl, octets + made.monitoring(made.update("00000001 18 0a0000")) * 3 + made.monitoring(message(4, b"")) * 2)


def test_kinds(impl: Any) -> None:
    """What a kernel tells of an UPDATE is what is found of it one by one, and changes nothing of what is known."""
    kind_of = impl._impl.load("path_ids").path_ids_kind
    identifiers = import_module("bgpwire.bmp.path_identifiers").PathIdentifiers
    session = impl.Session(add_path=frozenset(FAMILIES))
    draw = random.Random(5)
    told = 0
    for _ in range(3000):
        octets = update(draw, draw.random() < 0.5, draw.random() < 0.5)
        families = bytearray(draw.choice((1, 2, 3)) for _ in FAMILIES)
        kind = kind_of(octets, families)
        if kind < 0:
            continue
        told += 1
        known = identifiers()
        known.there |= {family for family, state in zip(FAMILIES, families, strict=True) if state == 2}
        known.without |= {family for family, state in zip(FAMILIES, families, strict=True) if state == 3}
        before = known.there - known.without, set(known.without)
        found, shown = known.session(impl.Update.decode(octets, session))
        assert session.add_path - found.add_path == {
            family for number, family in enumerate(FAMILIES) if kind >> 2 * number & 2
        }
        assert (known.there - known.without, known.without, shown) == (*before, [])
    assert told > 800


def test_bounds_of_kinds(impl: Any) -> None:
    kind_of = impl._impl.load("path_ids").path_ids_kind
    there, out, undecided = bytearray((2, 2)), bytearray((3, 3)), bytearray((1, 1))
    pdu = made.update("00000001 18 0a0000")
    assert (kind_of(pdu, there), kind_of(pdu, out), kind_of(pdu, undecided)) == (1, 1, -1)
    plain = made.update("18 0a0000")
    assert (kind_of(plain, there), kind_of(plain, out), kind_of(plain, bytearray((0, 2)))) == (-1, 2, 16)
    assert kind_of(made.withdrawal("18 0a0000"), out) == 2
    assert kind_of(message(2, bytes(4)), there) == 0
    # Neither way, both ways in one family, a path identifier and nothing behind it.
    for octets in ("21 0a0000", "00000001", "00000001 18 0a00"):
        assert kind_of(made.update(octets), out) == -1
    gone = bytes.fromhex("00000001180a0000")
    assert kind_of(message(2, len(gone).to_bytes(2) + gone + bytes(2) + bytes.fromhex("180a0000")), out) == -1
    # An identifier of 2^24 is odd, those below are not: without them there is a default route twice.
    assert kind_of(made.update("01000000 00 01000000 00"), out) == 2
    ids = b"".join(bytes.fromhex("0080aaaa 68") + bytes((32, 1, *bytes(10), last)) for last in (1, 2))
    octets = attribute(15, b"\0\2\1" + ids)
    assert kind_of(message(2, b"\0\0" + len(octets).to_bytes(2) + octets), out) == 4
    # More routes than are compared: default routes, or fewer of them with identifiers of 0.
    for count, kind in ((255, 1), (260, -1)):
        assert kind_of(made.update("00" * count), out) == kind
    unreach = bytes.fromhex("0002 01 20 20010db8")
    for octets, found in (
        (attribute(15, unreach), 8),
        (attribute(15, unreach) * 2, -1),
        (attribute(15, unreach, 0xC0), -1),
        (attribute(15, unreach)[:-1], -1),
        (attribute(15, b"\0\1\2"), -1),
        (attribute(15, unreach[:2]), -1),
        (attribute(14, b"\0\2\1\x10" + bytes(17) + unreach[3:]), 8),
        (attribute(14, b"\0\2\1\x04" + bytes(5) + unreach[3:]), -1),
        (attribute(14, b"\0\2\1\x10" + bytes(16)), -1),
        (attribute(14, b"\0\1\1\x04" + bytes(5) + bytes.fromhex("180a0000")), 2),
    ):
        assert kind_of(message(2, b"\0\0" + len(octets).to_bytes(2) + octets), out) == found
    for wrong in (b"", bytes(18), bytes(22), pdu[:-5], bytes(19) + b"\xff\xff\0\0"):
        assert kind_of(wrong, there) == -1
    for families in (bytearray(), bytearray(3)):
        with pytest.raises(ValueError, match="families"):
            kind_of(pdu, families)


def test_tables_of_the_kernel(impl: Any) -> None:
    """What a table has that is none of one is told."""
    take = impl._impl.load("monitored").monitored_records
    octets = made.monitoring(made.update("00000001 18 0a0000"))
    head = b"\0\x09" + bytes(20)
    kinds: list[Any] = [None] * 32
    for families, count in ((bytearray((2, 2)), 0), (bytearray((1, 1)), 0)):
        assert take(octets, 0, {octets[6:40]: (families, kinds)}) == (b"", 0, count)
    kinds[1] = head
    record, _, count = take(octets * 2, 0, {octets[6:40]: (bytearray((2, 2)), kinds)})
    assert (record[6:8], count) == (b"\0\x09", 2)
    for wrong in ((bytearray(1), kinds), (bytearray(2), [head] * 31)):
        with pytest.raises(ValueError, match="families"):
            take(octets, 0, {octets[6:40]: wrong})
