"""Streams of BMP, cut anywhere, with garbage in them."""

from __future__ import annotations

import random
import struct
from typing import Any

import pytest
from support import made_bmp as made
from support.context import message

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
WHOLE = [
    made.bmp(4, made.tlv(1, b"x") + made.tlv(2, b"y")),
    made.peer_up(*OPENS),
    made.monitoring(made.update()),
    made.bmp(1, made.header() + struct.pack(">I", 1) + made.tlv(0, bytes(4))),
    made.bmp(6, made.header() + made.tlv(0, made.update())),
    made.bmp(0, made.header() + made.tlv(7, made.update(), 0), 4),
    made.bmp(2, made.header() + b"\4"),
    made.bmp(5, made.tlv(1, b"\0\0")),
]


def old(version: int, kind: int, body: bytes) -> bytes:
    """A message of a draft before RFC 7854: no length."""
    return bytes((version, kind)) + made.header() + body


OLD = [
    old(1, 0, made.update()),
    old(1, 1, struct.pack(">I", 2) + made.tlv(0, bytes(4)) + made.tlv(1, bytes(4))),
    old(1, 2, b"\4"),
    old(1, 2, b"\1" + message(3, b"\6\2")),
    old(2, 2, b"\2\0\1"),
    old(2, 3, bytes(20) + OPENS[0] + OPENS[1]),
    old(2, 1, bytes(4)),
]


@pytest.mark.parametrize("messages", [WHOLE, OLD, WHOLE + OLD], ids=["new", "old", "both"])
@pytest.mark.parametrize("size", [1, 2, 7, 100, 100_000])
def test_cut_anywhere(impl: Any, messages: list[bytes], size: int) -> None:
    stream = b"".join(messages)
    framer = impl.bmp.Framer()
    found = [one for at in range(0, len(stream), size) for one in framer.feed(stream[at : at + size])]
    framer.finish()
    assert found == messages
    assert (framer.offset, framer.pending) == (len(stream), 0)


def test_old_versions_are_decoded(impl: Any) -> None:
    monitor = impl.bmp.Monitor()
    names = [one.name for _, one in monitor.messages(b"".join(OLD))]
    assert names == [
        *("route_monitoring", "statistics_report", "peer_down", "peer_down", "peer_down", "peer_up"),
        "statistics_report",
    ]
    assert not monitor.router.faults


@pytest.mark.parametrize(
    "octets",
    [b"\0" + bytes(60), b"\3\0\0\0\5\4", b"\3\xff\xff\xff\xff\0", b"\1\7" + bytes(80), b"\2\0" + bytes(80)],
)
def test_a_stream_that_is_lost(impl: Any, octets: bytes) -> None:
    framer = impl.bmp.Framer()
    assert list(framer.feed(WHOLE[0])) == WHOLE[:1]
    for _ in range(2):  # it goes on raising
        with pytest.raises(impl.BmpError) as caught:
            list(framer.feed(octets))
        assert caught.value.offset >= len(WHOLE[0])
    assert framer.lost is not None


def test_the_end_within_a_message(impl: Any) -> None:
    framer = impl.bmp.Framer()
    list(framer.feed(WHOLE[0] + WHOLE[1][:-1]))
    with pytest.raises(impl.BmpError, match="into a message"):
        framer.finish()


@pytest.mark.parametrize("seed", range(20))
def test_garbage_in_between(impl: Any, seed: int) -> None:
    """The messages behind it are found, and every octet is accounted for."""
    chance = random.Random(seed)
    stream, kept = b"", 0
    for one in WHOLE * 3:
        if chance.random() < 0.3:
            stream += bytes(chance.choices(range(5, 256), k=chance.randrange(1, 300)))
        stream += one
    framer = impl.bmp.Framer(resynchronise=True)
    found = []
    size = chance.choice([1, 10, 1000, 100_000])
    for at in range(0, len(stream), size):
        found += list(framer.feed(stream[at : at + size]))
    framer.finish()
    kept = sum(map(len, found))
    assert kept + framer.gap_octets + framer.pending == len(stream)
    # Short messages without a peer can be lost behind garbage; those with one are not.
    heard = [one for one in found if one[5] < 4]
    assert heard == [one for one in WHOLE * 3 if one[5] < 4][: len(heard)]
    assert sum(one[5] == 0 for one in found) >= 5


def test_work_is_linear(impl: Any) -> None:
    """A megabyte that comes octet by octet, and one of candidates for a header."""
    framer = impl.bmp.Framer()
    head = b"\3" + (100_000).to_bytes(4) + b"\4"
    found = list(framer.feed(head))
    for _ in range(99_994):
        found += list(framer.feed(b"\0"))
    assert list(map(len, found)) == [100_000]
    framer = impl.bmp.Framer(resynchronise=True)
    assert list(framer.feed(b"\xff" + b"\3" * 1_000_000)) == []
    assert framer.gap_octets > 900_000
    report = old(1, 1, (1 << 30).to_bytes(4))
    framer = impl.bmp.Framer()
    for piece in (report, *[bytes(4096)] * 255):
        assert list(framer.feed(piece)) == []
    with pytest.raises(impl.BmpError, match="and more"):
        list(framer.feed(bytes(8192)))
