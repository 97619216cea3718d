"""IPv4 (RFC 791), IPv6 (RFC 8200) and TCP (RFC 9293) headers: a packet becomes a segment."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.live.capture.link import SkippedPacket, ip_at

if TYPE_CHECKING:
    from bgpwire.live.capture.fragments import Fragments
    from bgpwire.live.capture.items import Packet

__all__ = ["ACK", "FIN", "RST", "SYN", "Segment", "segment_of"]

FIN, SYN, RST, ACK = 1, 2, 4, 16
_TCP, _FRAGMENT, _AUTHENTICATION = 6, 44, 51
_HEADERS = (0, 43, 60, 135, 139, 140)
"""IPv6 extension headers of one form: hop-by-hop, routing, destination, mobility, HIP, shim6 (RFC 7045 section 4)."""
_tcp = struct.Struct(">HHIIBB").unpack_from
_ipv4 = struct.Struct(">BxHHHxB").unpack_from


class Segment(NamedTuple):
    """A TCP segment: who to whom, and what it carries."""

    source: bytes
    destination: bytes
    source_port: int
    destination_port: int
    sequence: int
    acknowledged: int
    flags: int
    octets: bytes
    size: int
    """Octets that it carried on the wire; ``octets`` are fewer where the packet was cut."""
    offset: int
    """Of ``octets`` in the capture."""


class _Payload(NamedTuple):
    """Of an IP packet: who to whom, and what of the octets it is; ``end`` may be behind those that were kept."""

    source: bytes
    destination: bytes
    octets: bytes
    start: int
    end: int
    base: int
    """Where the first of the octets stands in the capture."""


def segment_of(packet: Packet, fragments: Fragments) -> Segment | None:
    """The TCP segment in a packet; ``None`` for an IP fragment that has to wait for others.

    SkippedPacket if there is none. Checksums are not looked at: in a capture of the machine that sends they are often
    not there yet.
    """
    octets = packet.octets
    at = ip_at(packet.link_type, octets)
    if at >= len(octets):
        raise SkippedPacket("cut within the link header")
    version = octets[at] >> 4
    if version == 4:
        found = _of_ipv4(packet, at, fragments)
    elif version == 6:
        found = _of_ipv6(packet, at, fragments)
    else:
        raise SkippedPacket("IP version that is not known")
    return None if found is None else _segment(found)


def _segment(payload: _Payload) -> Segment:
    source, destination, octets, at, end, base = payload
    if end - at < 20:
        raise SkippedPacket("malformed TCP header")
    if len(octets) < at + 14:
        raise SkippedPacket("cut within the TCP header")
    source_port, destination_port, sequence, acknowledged, words, flags = _tcp(octets, at)
    size = words >> 4 << 2
    if size < 20 or at + size > end:
        raise SkippedPacket("malformed TCP header")
    at += size
    kept = octets[at:end]
    return Segment(
        *(source, destination, source_port, destination_port, sequence, acknowledged, flags, kept, end - at, base + at)
    )


def _end(packet: Packet, start: int, length: int) -> int:
    """Where an IP packet ends that says it has ``length`` octets from ``start``; 0 of one that its card was to cut."""
    end = start + length if length else packet.size
    if end > packet.size:
        raise SkippedPacket("IP length beyond the end of the packet")
    return end


def _of_ipv4(packet: Packet, at: int, fragments: Fragments) -> _Payload | None:
    octets = packet.octets
    if len(octets) < at + 20:
        raise SkippedPacket("cut within the IP header")
    first, length, identification, place, protocol = _ipv4(octets, at)
    size = (first & 15) << 2
    end = _end(packet, at, length)
    if size < 20 or at + size > end:
        raise SkippedPacket("malformed IPv4 header")
    if protocol != _TCP:
        raise SkippedPacket("not TCP")
    source, destination = octets[at + 12 : at + 16], octets[at + 16 : at + 20]
    start = at + size
    if not place & 0x3FFF:
        return _Payload(source, destination, octets, start, end, packet.offset)
    key = source + destination + identification.to_bytes(2)
    whole = fragments.add(key, (place & 0x1FFF) << 3, bool(place & 0x2000), octets[start:end], end - start)
    if whole is None:
        return None
    return _Payload(source, destination, whole, 0, len(whole), packet.offset + start)


def _of_ipv6(packet: Packet, at: int, fragments: Fragments) -> _Payload | None:
    octets, base = packet.octets, packet.offset
    if len(octets) < at + 40:
        raise SkippedPacket("cut within the IP header")
    length = octets[at + 4] << 8 | octets[at + 5]
    following = octets[at + 6]
    source, destination = octets[at + 8 : at + 24], octets[at + 24 : at + 40]
    at += 40
    end = _end(packet, at, length)
    while following != _TCP:
        if following not in _HEADERS and following not in (_FRAGMENT, _AUTHENTICATION):
            raise SkippedPacket("not TCP")
        if len(octets) < at + 8:
            raise SkippedPacket("cut within the IP header" if at + 8 <= end else "malformed IPv6 header")
        kind, following = following, octets[at]
        if kind == _FRAGMENT:
            place = octets[at + 2] << 8 | octets[at + 3]
            start = at + 8
            if place & 0xFFF9:  # else it is a whole datagram (RFC 6946)
                key = source + destination + octets[at + 4 : start]
                whole = fragments.add(key, place & 0xFFF8, bool(place & 1), octets[start:end], end - start)
                if whole is None:
                    return None
                octets, base, start, end = whole, base + start, 0, len(whole)
            at = start
        else:
            at += (octets[at + 1] + 2) << 2 if kind == _AUTHENTICATION else (octets[at + 1] + 1) << 3
        if at > end:
            raise SkippedPacket("malformed IPv6 header")
    return _Payload(source, destination, octets, at, end, base)
