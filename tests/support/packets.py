"""Packets and captures, written by hand: headers of links, IP and TCP around octets."""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
HERE, THERE = "192.0.2.1", "192.0.2.2"
HERE6, THERE6 = "2001:db8::1", "2001:db8::2"


def tcp(
    octets: bytes = b"",
    seq: int = 0,
    flags: int = ACK,
    ack: int = 0,
    ports: tuple[int, int] = (40000, 179),
    options: bytes = b"",
) -> bytes:
    """A segment; ``options`` have a length that is a multiple of 4."""  # fmt: skip
    words = 5 + len(options) // 4
    return struct.pack(">HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, words << 4, flags, 65535, 0, 0) + (
        options + octets
    )


def ipv4(
    payload: bytes,
    ends: tuple[str, str] = (HERE, THERE),
    protocol: int = 6,
    place: int = 0,
    identification: int = 0,
    options: bytes = b"",
    length: int | None = None,
) -> bytes:
    """A packet; ``place`` is flags and fragment offset, ``length`` another total length than it has."""  # fmt: skip
    words = 5 + len(options) // 4
    total = words * 4 + len(payload) if length is None else length
    head = struct.pack(">BBHHHBBH", 0x40 | words, 0, total, identification, place, 64, protocol, 0)
    return head + b"".join(ipaddress.IPv4Address(end).packed for end in ends) + options + payload


def ipv6(payload: bytes, ends: tuple[str, str] = (HERE6, THERE6), following: int = 6, headers: bytes = b"") -> bytes:
    """A packet, with extension headers of which ``following`` is the first."""
    head = struct.pack(">IHBB", 6 << 28, len(headers) + len(payload), following, 64)
    return head + b"".join(ipaddress.IPv6Address(end).packed for end in ends) + headers + payload


def ethernet(ip: bytes, tags: bytes = b"") -> bytes:
    """A frame; ``tags`` are those of VLANs, type and number of each."""
    return bytes(12) + tags + (b"\x86\xdd" if ip[0] >> 4 == 6 else b"\x08\x00") + ip


def segment(
    octets: bytes = b"",
    seq: int = 0,
    flags: int = ACK,
    back: bool = False,
    ack: int = 0,
    ports: tuple[int, int] = (40000, 179),
) -> bytes:
    """A frame of IPv4 and TCP from HERE to THERE, or ``back``."""
    ends = (THERE, HERE) if back else (HERE, THERE)
    return ethernet(ipv4(tcp(octets, seq, flags, ack, ports[::-1] if back else ports), ends))


def pcap(
    packets: Iterable[bytes | tuple[float, bytes] | tuple[float, bytes, int]],
    link: int = 1,
    order: str = "<",
    nano: bool = False,
) -> bytes:
    """A capture of packets, of times and packets, or of these and the size on the wire; without times 1 ms apart."""
    magic, unit = (0xA1B23C4D, 10**9) if nano else (0xA1B2C3D4, 10**6)
    out = [struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 262144, link)]
    for number, packet in enumerate(packets):
        time, octets, *size = packet if isinstance(packet, tuple) else (1000 + number / 1000, packet)
        seconds, fraction = divmod(round(time * unit), unit)
        out.append(struct.pack(order + "IIII", seconds, fraction, len(octets), *(size or (len(octets),))) + octets)
    return b"".join(out)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def section(order: str = "<", length: int = -1) -> bytes:
    """A section header block."""
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, length), order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """An option of a block of pcapng."""
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def interface(link: int = 1, options: bytes = b"", order: str = "<", snap_length: int = 0) -> bytes:
    """An interface description block."""
    return block(1, struct.pack(order + "HHI", link, 0, snap_length) + options, order)


def enhanced(octets: bytes, ticks: int = 0, number: int = 0, order: str = "<", size: int | None = None) -> bytes:
    """An enhanced packet block."""
    size = len(octets) if size is None else size
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(octets), size)
    return block(6, head + octets, order)
