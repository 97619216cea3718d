"""Streams of TCP: order, loss, retransmission, wrap, cut packets, beginnings and ends (RFC 9293)."""

from __future__ import annotations

import gzip
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.packets import ACK, FIN, PUSH, RST, SYN, ethernet, ipv4, pcap, segment, tcp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.implementations import Implementation

OCTETS = bytes(range(1, 101))


def read(impl: Any, packets: Sequence[Any]) -> tuple[list[Any], Any]:
    """All chunks, gaps and ends, and the report."""
    reading = impl.live.capture.chunks(pcap(packets))
    return list(reading), reading.report


def told(items: Sequence[Any]) -> list[Any]:
    """Octets, sizes of gaps, reasons of ends."""
    return [getattr(item, "octets", None) or getattr(item, "size", None) or item.reason for item in items]


def part(start: int, stop: int, first: int = 1, **more: Any) -> bytes:
    """A segment of OCTETS, of which the first has the sequence number ``first``."""
    return segment(OCTETS[start:stop], first + start, **more)


def test_connection_from_beginning_to_end(impl: Any) -> None:
    packets = [
        segment(b"", 99, SYN),
        segment(b"", 499, SYN | ACK, back=True, ack=100),
        segment(b"", 100, ACK, ack=500),
        segment(b"hello", 100, ACK | PUSH, ack=500),
        segment(b"hi", 500, ACK, back=True, ack=105),
        segment(b" world", 105, ACK | FIN, ack=502),
        segment(b"", 502, ACK | FIN, back=True, ack=112),
        segment(b"", 112, ACK, ack=503),
    ]
    items, report = read(impl, packets)
    assert told(items) == [b"hello", b"hi", b" world", "FIN", "FIN"]
    assert [item.position for item in items] == [0, 0, 5, 11, 2]
    first, back = items[0], items[1]
    assert (back.flow.source, back.flow.source_port) == (first.flow.destination, first.flow.destination_port)
    assert first.flow.connection == back.flow.connection == 0
    assert first.timestamp == 1000.003
    octets = pcap(packets)
    assert octets[first.offset :].startswith(b"hello")
    assert (report.packets, report.gap_count, report.retransmitted, report.whole) == (8, 0, 0, True)


def test_ports(impl: Any) -> None:
    packets = [segment(b"bgp", 1), ethernet(ipv4(tcp(b"other", 1, ports=(5, 6)))), segment(b"back", 9, back=True)]
    for ports, expected in ((None, [b"bgp", b"other", b"back"]), ({179}, [b"bgp", b"back"]), ((6,), [b"other"])):
        reading = impl.live.capture.chunks(pcap(packets), ports=ports)
        assert [item.octets for item in reading if hasattr(item, "octets")] == expected
        assert reading.report.skipped["other ports"] == 3 - len(expected)


def test_reordered(impl: Any) -> None:
    """What came early waits, and has the time of what it waited for."""
    items, report = read(impl, [part(0, 10), part(20, 30), part(30, 40), part(10, 20), part(40, 50)])
    assert told(items) == [OCTETS[0:10], OCTETS[10:20], OCTETS[20:30], OCTETS[30:40], OCTETS[40:50], "capture"]
    assert [item.timestamp for item in items[:5]] == [1000.0, 1000.003, 1000.003, 1000.003, 1000.004]
    assert (report.gap_count, report.retransmitted) == (0, 0)


def test_retransmitted(impl: Any) -> None:
    """First octets count; what came again is counted, and not given."""
    items, report = read(impl, [part(0, 10), part(0, 10), part(5, 20), part(30, 40), part(25, 50), part(10, 60)])
    assert b"".join(item.octets for item in items[:-1]) == OCTETS[:60]
    assert (report.retransmitted, report.conflict_count) == (10 + 5 + 10 + 10 + 25, 0)


@pytest.mark.parametrize(
    ("packets", "position", "expected"),
    [
        pytest.param([part(0, 10), segment(b"x" * 10, 1), part(10, 20)], 0, OCTETS[:20], id="given"),
        pytest.param([part(0, 10), segment(b"x" * 10, 6)], 5, OCTETS[:10] + b"x" * 5, id="given in part"),
        pytest.param([part(0, 5), part(10, 20), segment(b"x" * 30, 6)], 10, None, id="waiting"),
        pytest.param([part(0, 5), part(10, 20), segment(b"x" * 5, 14), part(5, 10)], 13, OCTETS[:20], id="inside"),
    ],
)
def test_other_octets_come_again(impl: Any, packets: list[bytes], position: int, expected: bytes | None) -> None:
    """The first ones count, and the difference is reported."""
    items, report = read(impl, packets)
    if expected is None:
        expected = OCTETS[:5] + b"x" * 5 + OCTETS[10:20] + b"x" * 15
    assert b"".join(item.octets for item in items[:-1]) == expected
    assert report.conflicts == [(items[0].flow, position)]
    assert "1 retransmissions of other octets" in str(report)


def test_keep_alive_probes(impl: Any) -> None:
    """RFC 9293 section 3.8.4: no octet, or any octet, in front of the next one."""
    packets = [part(0, 10), segment(b"", 10), segment(b"?", 10), part(10, 20), segment(b"\0", 20)]
    items, report = read(impl, packets)
    assert told(items) == [OCTETS[:10], OCTETS[10:20], "capture"]
    assert (report.conflict_count, report.gap_count) == (0, 0)


def test_lost_octets_that_were_acknowledged(impl: Any) -> None:
    """The receiver had them: a second later they are a gap, where two minutes without that would pass."""
    ack = segment(b"", 9, ACK, back=True, ack=31)
    items, report = read(
        impl, [(1, part(0, 10)), (1, part(20, 30)), (1.1, ack), (1.9, part(30, 35)), (2.2, part(35, 40))]
    )
    assert told(items) == [OCTETS[:10], 10, OCTETS[20:30], OCTETS[30:35], OCTETS[35:40], "capture"]
    gap = items[1]
    assert (gap.position, gap.timestamp, gap.reason) == (10, 2.2, "acknowledged, and not captured")
    assert report.gaps == [gap]
    assert (report.gap_count, report.gap_octets, report.whole) == (1, 10, False)
    # An acknowledgement of less says nothing, and one that overtook its octets in the capture does no harm.
    less = segment(b"", 9, ACK, back=True, ack=11)
    items, _ = read(impl, [(1, part(0, 10)), (1, part(20, 30)), (1.1, less), (3, part(30, 40)), (9, part(40, 50))])
    assert [item.timestamp for item in items[1:2]] == [9.0]
    items, _ = read(impl, [(1, part(0, 10)), (1, part(20, 30)), (1.1, ack), (1.2, part(10, 20))])
    assert b"".join(item.octets for item in items[:-1]) == OCTETS[:30]


def test_lost_octets_without_acknowledgements(impl: Any) -> None:
    packets = [
        (1.0, part(0, 10)),
        (1.0, part(20, 30)),
        (100.0, part(30, 40)),
        (122.0, part(40, 50)),
        (123.0, part(60, 70)),
    ]
    items, _ = read(impl, packets)
    assert told(items) == [OCTETS[:10], 10, OCTETS[20:30], OCTETS[30:40], OCTETS[40:50], 10, OCTETS[60:70], "capture"]
    assert [item.timestamp for item in items[1:2]] == [122.0]
    assert {item.reason for item in items if hasattr(item, "size")} == {"not captured"}


def test_many_gaps_close_together(impl: Any) -> None:
    packets = [(1, part(at, at + 1)) for at in range(0, 100, 2)]
    packets += [(1.5, segment(b"", 9, ACK, back=True, ack=100)), (3, part(99, 100))]
    items, report = read(impl, packets)
    assert [item.timestamp for item in items[1:]] == [3.0] * (len(items) - 1)
    assert (report.gap_count, report.gap_octets) == (49, 49)


def test_no_more_than_a_mebibyte_waits(impl: Any) -> None:
    big = bytes(60_000)
    packets = [part(0, 10), *(segment(big, 21 + at * 60_000) for at in range(40))]
    items, report = read(impl, packets)
    assert [item.size for item in items if hasattr(item, "size")] == [10]
    assert items[1].timestamp < 1000.02
    assert sum(len(item.octets) for item in items if hasattr(item, "octets")) == 10 + 40 * 60_000
    assert report.gaps[0].reason == "not captured"


@pytest.mark.parametrize("first", [0xFFFFFFC0, 0xFFFFFFFF, 0x7FFFFFF0])
def test_sequence_numbers_wrap(impl: Any, first: int) -> None:
    parts = [part(at, at + 10, first) for at in range(0, 100, 10)]
    for packets in (parts, [segment(b"", first - 1, SYN), *parts[::-1]]):
        items, report = read(impl, packets)
        assert b"".join(item.octets for item in items[:-1]) == OCTETS
        assert (report.gap_count, report.retransmitted) == (0, 0)


def test_stream_of_more_than_four_gibibytes(impl: Any) -> None:
    """Positions do not wrap. Gaps stand for most of it, as in a capture of a port that was busy."""
    step = 1 << 29
    packets = [(1.0 + at * 200, segment(b"x", 1 + at * step)) for at in range(12)]
    packets += [(5000.0, segment(b"y", 2 + 11 * step)), (5000.0, segment(b"z", 3 + 11 * step))]
    items, _ = read(impl, packets)
    assert items[-1].position == 11 * step + 3
    assert items[-2].octets == b"z"


def test_cut_packets(impl: Any) -> None:
    """What the capture did not keep is a gap at once, also of octets that come out of order."""
    whole = part(0, 40)
    cut = (1000.0, whole[:-10], len(whole))
    items, report = read(impl, [cut, part(40, 50)])
    assert told(items) == [OCTETS[:30], 10, OCTETS[40:50], "capture"]
    assert items[1].reason == "cut out of its packet"
    late = part(50, 60)
    items, _ = read(impl, [part(0, 10), (1000.0, part(20, 30)[:-5], len(late)), part(30, 40), part(10, 20)])
    assert told(items) == [OCTETS[:10], OCTETS[10:20], OCTETS[20:25], 5, OCTETS[30:40], "capture"]
    headers = whole[: 14 + 20 + 20]
    items, report = read(impl, [(1000.0, headers, len(whole)), part(40, 50), (1000.0, part(50, 60)[:50], len(late))])
    assert told(items) == [40, OCTETS[40:50], 10, "capture"]
    assert report.gap_octets == 50
    items, _ = read(impl, [part(0, 10), (1000.0, late[:54], len(late)), (1000.0, late[:54], len(late)), part(10, 50)])
    assert told(items) == [OCTETS[:10], OCTETS[10:50], 10, "capture"]


def test_loss_at_the_end(impl: Any) -> None:
    items, _ = read(impl, [part(0, 10), segment(b"", 21, ACK | FIN)])
    assert told(items) == [OCTETS[:10], 10, "FIN"]
    items, _ = read(impl, [part(0, 10), part(20, 30), segment(b"", 31, RST)])
    assert told(items) == [OCTETS[:10], 10, OCTETS[20:30], "RST"]
    items, _ = read(impl, [part(0, 10), segment(b"", 21, RST)])
    assert told(items) == [OCTETS[:10], 10, "RST"]
    items, _ = read(impl, [part(0, 10), segment(b"", 21, RST), part(10, 20)])  # they overtook each other
    assert told(items) == [OCTETS[:10], OCTETS[10:20], "RST"]


def test_reset(impl: Any) -> None:
    """It ends both directions; one behind the octets that came is late or forged (RFC 5961 section 3)."""
    packets = [part(0, 10), segment(b"answer", 1, back=True), segment(b"", 5, RST), part(10, 20)]
    items, report = read(impl, [*packets, segment(b"", 21, RST), segment(b"", 21, RST)])
    assert told(items) == [OCTETS[:10], b"answer", OCTETS[10:20], "RST", "RST"]
    assert report.skipped == {"RST out of place": 2}


def test_behind_an_end(impl: Any) -> None:
    packets = [part(0, 10, flags=FIN | ACK), part(0, 10), part(10, 20)]
    items, report = read(impl, packets)
    assert told(items) == [OCTETS[:10], "FIN"]
    assert report.retransmitted == 10
    assert report.skipped == {"octets behind the end of their stream": 1}
    # What was on its way when the other side reset the connection was not taken.
    items, report = read(impl, [part(0, 10), segment(b"", 1, RST, back=True), part(10, 20)])
    assert told(items) == [OCTETS[:10], "RST"]
    assert report.skipped == {"octets behind the end of their stream": 1}
    # Far away from an end is another connection.
    for end in (
        [part(0, 10, flags=FIN | ACK)],
        [part(0, 10), segment(b"", 11, RST)],
        [part(0, 10), segment(b"", 21, RST)],
    ):
        items, _ = read(impl, [*end, part(0, 10, 1 << 31)])
        assert {item.flow.connection for item in items} == {0, 1}
        assert told(items)[-2:] == [OCTETS[:10], "capture"]


def test_ports_that_are_used_again(impl: Any) -> None:
    """A SYN with another number begins a connection; the same one again does not."""
    syn = segment(b"", 0, SYN)
    packets = [syn, part(0, 10), syn, part(10, 20), segment(b"left", 7, back=True)]
    packets += [
        segment(b"", 999, SYN),
        segment(b"", 77, SYN | ACK, back=True),
        part(0, 10, 1000),
        segment(b"new", 78, back=True),
    ]
    items, _ = read(impl, packets)
    assert told(items) == [OCTETS[:10], OCTETS[10:20], b"left", "SYN", "SYN", OCTETS[:10], b"new", "capture", "capture"]
    assert [item.flow.connection for item in items] == [0] * 5 + [1] * 4
    assert items[5].position == 0


def test_sequence_numbers_that_go_on_elsewhere(impl: Any) -> None:
    """Nothing says how much is missing: what waited is given, and a gap of no size."""
    far = 3_000_000_000
    items, report = read(impl, [part(0, 10), part(20, 30), part(30, 40, far), part(40, 50, far)])
    assert [getattr(item, "octets", None) for item in items] == [
        *(OCTETS[:10], None, OCTETS[20:30], None, OCTETS[30:40], OCTETS[40:50], None)
    ]
    assert (items[3].size, items[3].position, items[4].position) == (None, 30, 30)
    assert "? octets" in str(items[3])
    assert (report.gap_count, report.gap_octets) == (2, 10)


def test_octets_with_a_syn(impl: Any) -> None:
    """RFC 7413: they follow the SYN's own number. Captures made of payloads count the payload alone."""
    opened = [segment(OCTETS[:10], 0, SYN), segment(OCTETS[:10], 0, SYN)]
    for rest in ([part(10, 20), part(20, 30)], [part(10, 20, 0), part(20, 30, 0)]):
        items, report = read(impl, opened + rest)
        assert b"".join(item.octets for item in items[:-1]) == OCTETS[:30]
        assert (report.conflict_count, report.gap_count) == (0, 0)


def test_silent_connections_are_let_go(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impl.live.capture.connections, "MOST_HELD", 30_000)
    packets = [ethernet(ipv4(tcp(b"x" * 1000, 1, ports=(port, 179)))) for port in range(1, 40)]
    items, _ = read(impl, packets)
    assert sum(getattr(item, "reason", "") == "memory" for item in items) > 20
    assert sum(getattr(item, "octets", b"") == b"x" * 1000 for item in items) == 39
    assert sum(hasattr(item, "reason") for item in items) == 39


def test_streams(impl: Any) -> None:
    packets = [part(0, 10), segment(b"back", 1, back=True), part(20, 30), segment(b"", 31, RST), part(0, 9, 1 << 31)]
    with pytest.warns(impl.errors.CaptureWarning, match=r"octets: 5 packets; 1 gaps of 10 octets, the first: 192\.0"):
        found = list(impl.live.capture.streams(pcap(packets)))
    assert [(stream.octets, stream.end, len(stream.gaps)) for stream in found] == [
        *((b"back", "RST", 0), (OCTETS[:10] + OCTETS[20:30], "RST", 1), (OCTETS[:9], "capture", 0))
    ]
    gaps: list[Any] = []
    list(impl.live.capture.streams(pcap(packets), on_gap=gaps.append))
    assert [gap.size for gap in gaps] == [10]


# --- any order -------------------------------------------------------------------------------------------------


@st.composite
def segments(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int]]]:
    """A stream, and parts of it that are all of it, in any order, some twice, some overlapping."""
    octets = draw(st.binary(min_size=1, max_size=80))
    cuts = sorted({0, len(octets), *draw(st.lists(st.integers(0, len(octets)), max_size=8))})
    parts = list(pairwise(cuts))
    ends = st.integers(0, len(octets))
    more = draw(st.lists(st.tuples(ends, ends).filter(lambda both: both[0] < both[1]), max_size=5))
    return octets, draw(st.permutations(parts + more))


@given(segments(), st.integers(0, (1 << 32) - 1))
def test_any_split_and_order(
    both: list[Implementation], found: tuple[bytes, list[tuple[int, int]]], first: int
) -> None:
    octets, parts = found
    with both[0].active() as impl:
        packets = [segment(b"", first - 1, SYN)]
        packets += [segment(octets[start:stop], first + start) for start, stop in parts]
        items, report = read(impl, packets)
        assert b"".join(item.octets for item in items[:-1]) == octets
        assert [item.position for item in items] == [
            sum(len(one.octets) for one in items[:at]) for at in range(len(items))
        ]
        assert (report.gap_count, report.conflict_count) == (0, 0)
        assert report.retransmitted == sum(stop - start for start, stop in parts) - len(octets)


@given(segments(), st.integers(0, (1 << 32) - 1), st.data())
def test_any_loss(
    both: list[Implementation], found: tuple[bytes, list[tuple[int, int]]], first: int, data: st.DataObject
) -> None:
    """Chunks and gaps together are the stream, at their positions, and a gap has none of the octets that came."""
    octets, parts = found
    lost = data.draw(st.sets(st.integers(0, len(parts) - 1)))
    cut = data.draw(st.sets(st.integers(0, len(parts) - 1)))
    packets: list[Any] = [segment(b"", first - 1, SYN)]
    there = set()
    for number, (start, stop) in enumerate(parts):
        if number in lost:
            continue
        packet = segment(octets[start:stop], first + start)
        keep = (stop - start + 1) // 2 if number in cut else stop - start
        there.update(range(start, start + keep))
        packets.append((1000.0, packet[: len(packet) - (stop - start - keep)], len(packet)))
    with both[0].active() as impl:
        items, _ = read(impl, packets)
        at = 0
        for item in items[:-1]:
            assert item.position == at
            if hasattr(item, "octets"):
                assert octets[at : at + len(item.octets)] == item.octets
                at += len(item.octets)
            else:
                at += item.size
                if not cut:
                    assert not there & set(range(item.position, at))
        assert at >= max(there, default=-1) + 1


# --- of a peer -------------------------------------------------------------------------------------------------


def _messages(octets: bytes) -> int:
    """How many whole BMP messages (RFC 7854 section 4.1) the octets are; 0 if there is anything else among them."""
    at = count = 0
    while at + 5 <= len(octets) and octets[at] in (3, 4):
        at += int.from_bytes(octets[at + 1 : at + 5])
        count += 1
    return count if at == len(octets) else 0


def test_captures_of_bmp(impl: Any, data_dir: Path) -> None:
    """As many messages as another decoder found in each."""
    files = sorted((data_dir / "bmp").glob("*.pcap"))
    if not files:
        pytest.skip("no captures")
    for file in files:
        found = sum(_messages(stream.octets) for stream in impl.live.capture.streams(file))
        lines = gzip.decompress(file.with_suffix(".bmp.json.gz").read_bytes()).splitlines()
        assert found == len(lines), file
