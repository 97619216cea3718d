"""pcap and pcapng: octet orders, clocks, blocks, and captures that are damaged or are none."""

from __future__ import annotations

import gzip
import io
import os
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import pytest
from support.packets import block, enhanced, interface, option, pcap, section, segment

if TYPE_CHECKING:
    from pathlib import Path

FRAMES = [segment(b"one", 1), segment(b"two", 4)]


def read(impl: Any, octets: bytes) -> list[Any]:
    return list(impl.live.capture.packets(octets))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap(impl: Any, order: str, nano: bool) -> None:
    octets = pcap([(1.5, FRAMES[0]), (2.000001, FRAMES[1], 99)], order=order, nano=nano)
    first, second = read(impl, octets)
    assert first == (1_500_000_000, 1, FRAMES[0], len(FRAMES[0]), 24 + 16)
    assert (second.nanoseconds, second.octets, second.size) == (2_000_001_000, FRAMES[1], 99)
    assert octets[second.offset :] == FRAMES[1]


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcap_of_a_patched_libpcap(impl: Any, order: str) -> None:
    """Its record headers have 24 octets."""
    octets = struct.pack(order + "IHHIIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 1)
    octets += struct.pack(order + "IIIIIHBB", 7, 8, 3, 5, 1, 2, 3, 4) + b"abc"
    assert read(impl, octets) == [(7_000_008_000, 1, b"abc", 5, 48)]


def test_link_type_beside_the_length_of_a_frame_check_sequence(impl: Any) -> None:
    assert read(impl, pcap([b"x"], link=0x5400_0000 | 101))[0].link_type == 101


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng(impl: Any, order: str) -> None:
    octets = section(order) + interface(113, order=order) + enhanced(b"abcde", 1_234_567, order=order, size=9)
    (packet,) = read(impl, octets)
    assert packet == (1_234_567_000, 113, b"abcde", 9, len(octets) - 12)


@pytest.mark.parametrize(
    ("options", "ticks", "nanoseconds"),
    [
        pytest.param(b"", 1_000_000, 10**9, id="microseconds"),
        pytest.param(option(9, b"\x09"), 5, 5, id="nanoseconds"),
        pytest.param(option(9, b"\x00"), 5, 5 * 10**9, id="seconds"),
        pytest.param(option(9, b"\x8a"), 512, 10**9 // 2, id="2^-10"),
        pytest.param(option(9, b"\x0c"), 5000, 5, id="picoseconds"),
        pytest.param(option(2, b"eth0\0") + option(9, b"\x03") + option(0, b""), 7, 7 * 10**6, id="a name in front"),
        pytest.param(option(14, struct.pack("<q", 1000)), 7, 1000 * 10**9 + 7000, id="offset"),
        pytest.param(option(14, struct.pack("<q", -1)), 1_000_007, 7000, id="negative offset"),
        pytest.param(option(9, b"\x09\x09") + option(14, b"1"), 1, 1000, id="options of other lengths"),
        pytest.param(option(0, b"") + option(9, b"\x09"), 1, 1000, id="behind the end of options"),
        pytest.param(b"\x09\0\xff\xff", 1, 1000, id="option that is cut"),
    ],
)
def test_clock_of_an_interface(impl: Any, options: bytes, ticks: int, nanoseconds: int) -> None:
    """draft-ietf-opsawg-pcapng section 4.2: if_tsresol and if_tsoffset."""
    octets = section() + interface(1, options) + enhanced(b"x", ticks)
    assert [packet.nanoseconds for packet in read(impl, octets)] == [nanoseconds]


def test_sections_interfaces_and_blocks_of_all_kinds(impl: Any) -> None:
    """Interfaces are counted anew in each section, whose octet order may be another."""
    simple = block(3, struct.pack("<I", 6) + b"simple")
    obsolete = block(2, struct.pack("<HHIIII", 1, 9, 0, 3_000_000, 4, 8) + b"old.")
    octets = section() + interface(1) + interface(101) + block(5, bytes(20)) + enhanced(b"a", 1_000_000, 1)
    octets += block(0x80000BAD, b"of a vendor") + simple + obsolete
    octets += section(">") + interface(228, order=">") + enhanced(b"b", 2_000_000, order=">") + block(4, b"", ">")
    found = [
        (packet.nanoseconds // 10**9, packet.link_type, packet.octets, packet.size) for packet in read(impl, octets)
    ]
    assert found == [(1, 101, b"a", 1), (1, 1, b"simple", 6), (3, 101, b"old.", 8), (2, 228, b"b", 1)]


def test_simple_packet_is_cut_to_what_its_interface_keeps(impl: Any) -> None:
    octets = section() + interface(1, snap_length=4) + block(3, struct.pack("<I", 6) + b"simple")
    reading = impl.live.capture.packets(octets)
    assert [(packet.octets, packet.size) for packet in reading] == [(b"simp", 6)]
    assert reading.report.untimed == 1


def test_time_that_no_event_can_have(impl: Any) -> None:
    """Such a packet has the time of the one before it, and is counted."""
    octets = section() + interface() + enhanced(b"a", 5_000_000) + enhanced(b"b", (1 << 64) - 1)
    reading = impl.live.capture.packets(octets + interface(1, option(14, struct.pack("<q", -9))) + enhanced(b"c", 1, 1))
    assert [packet.nanoseconds for packet in reading] == [5 * 10**9] * 3
    assert reading.report.untimed == 2
    bad = bytearray(pcap([b"a", b"b"]))
    struct.pack_into("<I", bad, 24 + 17 + 4, 1_000_000)
    reading = impl.live.capture.packets(bytes(bad))
    assert len({packet.nanoseconds for packet in reading}) == 1
    assert reading.report.untimed == 1


def test_blocks_that_do_not_fit_together_are_counted(impl: Any) -> None:
    octets = section() + interface() + enhanced(b"a", number=7) + block(6, bytes(12))
    octets += block(6, struct.pack("<IIIII", 0, 0, 0, 99, 99) + b"short") + block(3, b"") + enhanced(b"good")
    reading = impl.live.capture.packets(octets)
    assert [packet.octets for packet in reading] == [b"good"]
    assert reading.report.skipped == {"interface that is not described": 1, "malformed block of a packet": 3}


# --- what is no capture, and what is damaged -------------------------------------------------------------------


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xd4\xc3", id="short"),
        pytest.param(b"no capture at all, and long enough", id="text"),
        pytest.param(pcap([])[:23], id="header that is cut"),
        pytest.param(b"\xa1\xb2\xc3\xd4\0\1\0\0" + bytes(16), id="version of pcap"),
        pytest.param(section()[:20], id="section header that is cut"),
        pytest.param(section()[:8] + b"what" + section()[12:], id="octet order"),
        pytest.param(section()[:12] + b"\2" + section()[13:], id="version of pcapng"),
        pytest.param(block(0x0A0D0D0A, struct.pack("<I", 0x1A2B3C4D)), id="short section header"),
        pytest.param(section()[:4] + b"\x1d" + section()[5:], id="length of a section header"),
        pytest.param(pcap([b"packet"])[:-1], id="not one packet"),
    ],
)
def test_what_is_no_capture(impl: Any, octets: bytes) -> None:
    for read in (impl.live.capture.packets, impl.live.capture.chunks, impl.live.capture.events):
        with pytest.raises(impl.errors.CaptureError) as caught:
            list(read(octets))
        assert isinstance(caught.value, impl.DecodeError)
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("octets", [pcap([]), section(), section() + interface()])
def test_capture_without_packets(impl: Any, octets: bytes) -> None:
    assert list(impl.live.capture.events(octets)) == []


ONE = section() + interface() + enhanced(b"x")


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        pytest.param(pcap(FRAMES)[:-1], "ends within a packet", id="packet that is cut"),
        pytest.param(pcap(FRAMES) + bytes(15), "ends within the header of a packet", id="header that is cut"),
        pytest.param(pcap(FRAMES) + b"\xff" * 16, "a packet of 4294967295 octets", id="length"),
        pytest.param(ONE + b"\6\0\0\0\x0d\0\0\0\0\0\0\0", "a block of 13 octets", id="block"),
        pytest.param(ONE[:-4] + b"\1\0\0\0", "two lengths of a block", id="second length"),
        pytest.param(ONE + b"\6\0\0\0" + b"\xf0" * 8, "a block of 4042322160 octets", id="long block"),
        pytest.param(ONE + b"\x99\0\0\0" + b"\xf0" * 9, "ends within a block", id="unknown block"),
        pytest.param(ONE + block(1, b"1234"), "an interface description", id="interface"),
        pytest.param(gzip.compress(pcap(FRAMES * 99))[:-9], "gzip stream is truncated", id="gzip"),
    ],
)
def test_damage_behind_packets_is_reported(impl: Any, octets: bytes, reason: str) -> None:
    """What stands in front of it is given, and at the end a warning says where it stopped."""
    reading = impl.live.capture.packets(octets)
    assert next(reading)
    with pytest.warns(impl.errors.CaptureWarning, match=reason):
        list(reading)
    assert reason in reading.report.error.reason
    assert not reading.report.whole
    assert reading.report.error.offset <= len(octets) or octets[:2] == b"\x1f\x8b"


def test_any_octets(impl: Any) -> None:
    """Each octet of captures that have everything is changed or is the last: only errors and warnings of captures."""
    both = pcap(FRAMES), section() + interface(1, option(9, b"\6")) + b"".join(map(enhanced, FRAMES)) + block(9, b"x")
    for octets in both:
        for at in range(len(octets)):
            for changed in (octets[:at], octets[:at] + bytes((octets[at] ^ 0xFF,)) + octets[at + 1 :]):
                with suppress(impl.errors.CaptureError), catch_warnings():
                    simplefilter("ignore", impl.errors.CaptureWarning)
                    list(impl.live.capture.chunks(changed))


# --- where captures come from ----------------------------------------------------------------------------------


def test_places(impl: Any, tmp_path: Path) -> None:
    octets = pcap(FRAMES)
    path = tmp_path / "some.pcap"
    path.write_bytes(octets)
    (tmp_path / "some.pcap.gz").write_bytes(gzip.compress(octets))
    for place in (path, str(path), tmp_path / "some.pcap.gz", octets, bytearray(octets), io.BytesIO(octets)):
        assert [packet.octets for packet in impl.live.capture.packets(place)] == FRAMES
    with impl.live.capture.packets(path) as reading:
        assert next(reading).octets == FRAMES[0]
    assert list(reading) == []
    assert reading.report.packets == 1
    with pytest.raises(OSError, match="nothing"):
        impl.live.capture.packets(tmp_path / "nothing")
    with pytest.raises(impl.errors.CaptureError, match="directory"):
        impl.live.capture.packets(tmp_path)


def test_pipe_gives_packets_as_they_come(impl: Any) -> None:
    octets = pcap(FRAMES)
    read, write = os.pipe()
    seen = threading.Event()

    def send() -> None:
        with open(write, "wb", buffering=0) as file:
            file.write(octets[: -len(FRAMES[1]) - 16])
            assert seen.wait(20)
            file.write(octets[-len(FRAMES[1]) - 16 :])

    thread = threading.Thread(target=send)
    thread.start()
    with open(read, "rb", buffering=0) as file:
        reading = impl.live.capture.chunks(file)
        assert next(reading).octets == b"one"
        seen.set()
        assert next(reading).octets == b"two"
    thread.join()
