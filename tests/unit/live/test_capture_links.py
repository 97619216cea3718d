"""From a packet to a segment: links, VLAN tags, IPv4, IPv6, fragments; what is skipped is counted by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.packets import HERE, HERE6, THERE, THERE6, ethernet, ipv4, ipv6, pcap, tcp

if TYPE_CHECKING:
    from collections.abc import Sequence

OCTETS = b"octets of a stream"
V4, V6 = ipv4(tcp(OCTETS, 1)), ipv6(tcp(OCTETS, 1))
TAG, SERVICE_TAG = b"\x81\x00\x00\x05", b"\x88\xa8\x00\x07"


def streams(impl: Any, packets: Sequence[Any], link: int = 1) -> tuple[list[bytes], dict[str, int]]:
    """The octets of all streams, and what was skipped."""
    reading = impl.live.capture.streams(pcap(packets, link), on_gap=lambda gap: None)
    out = [stream.octets for stream in reading]
    return out, dict(reading.report.skipped)


@pytest.mark.parametrize("ip", [V4, V6], ids=["IPv4", "IPv6"])
def test_links(impl: Any, ip: bytes) -> None:
    """tcpdump.org/linktypes."""
    six = ip is V6
    kind = b"\x86\xdd" if six else b"\x08\x00"
    family = 30 if six else 2
    cases = [
        (1, ethernet(ip)),
        (1, ethernet(ip, TAG)),
        (1, ethernet(ip, SERVICE_TAG + TAG)),
        (1, ethernet(ip, b"\x91\x00\x00\x01" * 3)),
        (1, ethernet(ip) + bytes(9)),  # padding
        (12, ip),
        (101, ip),
        (229 if six else 228, ip),
        (113, bytes(14) + kind + ip),
        (113, bytes(14) + TAG + kind + ip),
        (276, kind + bytes(18) + ip),
        (276, TAG[:2] + bytes(18) + TAG[2:] + kind + ip),
        (0, family.to_bytes(4, "little") + ip),
        (0, family.to_bytes(4, "big") + ip),
        (108, (24 if six else 2).to_bytes(4) + ip),
    ]
    for link, packet in cases:
        assert streams(impl, [packet], link) == ([OCTETS], {}), (link, packet)


@pytest.mark.parametrize(
    ("link", "packet", "reason"),
    [
        (1, bytes(12) + b"\x08\x06" + V4, "not IP"),  # ARP
        (1, bytes(12) + b"\x00\x10" + V4, "not IP"),  # a length
        (1, ethernet(V4)[:13], "cut within the link header"),
        (1, ethernet(V4)[:14], "cut within the link header"),
        (1, ethernet(V4, TAG * 99)[:200], "cut within the link header"),
        (1, ethernet(V4)[:14] + b"\x55" + V4[1:], "IP version that is not known"),
        (1, ethernet(V4)[:33], "cut within the IP header"),
        (1, ethernet(V6)[:53], "cut within the IP header"),
        (1, ethernet(V4)[:47], "cut within the TCP header"),
        (276, b"\x08\x06" + bytes(18) + V4, "not IP"),
        (276, b"", "not IP"),
        (0, bytes(4) + V4, "not IP"),
        (0, b"\2", "cut within the link header"),
        (147, V4, "link type that is not known"),
        (101, ipv4(tcp(OCTETS), protocol=17), "not TCP"),
        (101, ipv6(tcp(OCTETS), following=17), "not TCP"),
        (101, ipv6(tcp(OCTETS), following=59), "not TCP"),
        (101, b"\x44" + V4[1:], "malformed IPv4 header"),
        (101, ipv4(tcp(OCTETS), length=19), "malformed IPv4 header"),
        (101, ipv4(tcp(OCTETS), length=99), "IP length beyond the end of the packet"),
        (101, ipv4(tcp(OCTETS), length=30), "malformed TCP header"),
        (101, ipv4(tcp(OCTETS)[:12] + b"\x40" + tcp(OCTETS)[13:]), "malformed TCP header"),
        (101, ipv4(tcp(b"")[:12] + b"\x60" + tcp(b"")[13:]), "malformed TCP header"),
        (101, ipv6(b"", following=0, headers=b"\x06\xff" + bytes(30)), "malformed IPv6 header"),
        (101, ipv6(b"", following=60, headers=b"\x3c\x00" + bytes(6)), "malformed IPv6 header"),
        (101, ipv4(tcp(b"")), "no octets of a connection that is not known"),
        (101, ipv4(tcp(b"", flags=4)), "no octets of a connection that is not known"),
    ],
)
def test_skipped(impl: Any, link: int, packet: bytes, reason: str) -> None:
    sizes = len(V6) + 400
    cut = reason.startswith("cut")
    assert streams(impl, [(1.0, packet, sizes) if cut else packet], link) == ([], {reason: 1})


def test_options_and_extension_headers(impl: Any) -> None:
    """Of IPv4, of TCP (MD5 among them, RFC 2385) and of IPv6 (RFC 8200 section 4, RFC 4302)."""
    segment = tcp(OCTETS, 1, options=b"\x13\x12" + bytes(16) + b"\1\1")
    headers = b"\x2b\x00" + bytes(6) + b"\x3c\x01" + bytes(14) + b"\x33\x00" + bytes(6) + b"\x06\x04" + bytes(22)
    atomic = b"\x06\x00\x00\x00" + bytes(4)
    for packet in (
        ipv4(segment, options=b"\1" * 8),
        ipv4(segment, length=0),  # of a card that was to cut it
        ipv6(segment, following=0, headers=headers),
        ipv6(segment, following=44, headers=atomic),
    ):
        assert streams(impl, [packet], 101) == ([OCTETS], {})


def test_flow(impl: Any) -> None:
    (v4,) = impl.live.capture.streams(pcap([ethernet(V4)]))
    assert v4.flow == (impl.Address(HERE), 40000, impl.Address(THERE), 179, 0)
    assert str(v4.flow) == f"{HERE}:40000 to {THERE}:179"
    (v6,) = impl.live.capture.streams(pcap([ethernet(V6)]))
    assert str(v6.flow) == f"[{HERE6}]:40000 to [{THERE6}]:179"
    assert v6.end == "capture"


# --- fragments -------------------------------------------------------------------------------------------------


def fragments(octets: bytes, size: int, identification: int = 1, six: bool = False) -> list[bytes]:
    """A segment in IP fragments of ``size`` octets."""
    whole = tcp(octets, 1)
    out = []
    for at in range(0, len(whole), size):
        more = at + size < len(whole)
        part = whole[at : at + size]
        if six:
            head = b"\x06\0" + (at | more).to_bytes(2) + identification.to_bytes(4)
            out.append(ipv6(part, following=44, headers=head))
        else:
            out.append(ipv4(part, place=(at >> 3) | more << 13, identification=identification))
    return out


@pytest.mark.parametrize("six", [False, True])
def test_fragments(impl: Any, six: bool) -> None:
    """RFC 791 section 3.2, RFC 8200 section 4.5: in any order, two datagrams among each other."""
    octets = bytes(range(100))
    parts = fragments(octets, 24, 1, six)
    assert streams(impl, parts, 101) == ([octets], {})
    assert streams(impl, parts[::-1], 101) == ([octets], {})
    assert streams(impl, [parts[0], *parts], 101) == ([octets], {"fragment that came again": 1})
    mixed = [part for pair in zip(parts, fragments(octets, 24, 2, six), strict=True) for part in pair]
    reading = impl.live.capture.streams(pcap(mixed, 101))
    assert [stream.octets for stream in reading] == [octets]
    assert reading.report.retransmitted == 100


def test_fragments_that_cannot_be_used(impl: Any) -> None:
    parts = fragments(bytes(100), 24)
    reason = "fragment of a datagram that is not whole"
    assert streams(impl, parts[:-1], 101) == ([], {reason: len(parts) - 1})
    assert streams(impl, [(1.0, parts[0][:-4], len(parts[0]))], 101)[1] == {"cut fragment": 1}
    odd = ipv4(bytes(23), place=1 << 13)
    assert streams(impl, [odd], 101)[1] == {"malformed fragment": 1}
    assert streams(impl, [ipv4(bytes(64), place=0x1FFF)], 101)[1] == {"malformed fragment": 1}


def test_overlapping_fragments_are_dropped(impl: Any) -> None:
    """RFC 5722: nobody knows which octets the receiver took."""
    parts = fragments(bytes(100), 24)
    for extra in (
        ipv4(b"x" * 24, place=3 | 1 << 13, identification=1),
        ipv4(b"x" * 48, place=2 | 1 << 13, identification=1),
    ):
        out, skipped = streams(impl, [parts[1], extra, parts[0], *parts[2:]], 101)
        assert out == []
        assert skipped["overlapping fragments"] >= 2
        assert sum(skipped.values()) == len(parts) + 1


def test_datagrams_that_never_become_whole_are_let_go(impl: Any) -> None:
    first = [ipv4(tcp(bytes(20)), place=1 << 13, identification=number) for number in range(1100)]
    out, skipped = streams(impl, first, 101)
    assert (out, skipped) == ([], {"fragment of a datagram that is not whole": 1100})
