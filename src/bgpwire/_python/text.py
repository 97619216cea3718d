"""Addresses as text: dotted quads and RFC 5952."""

from __future__ import annotations

import struct

__all__ = ["address_text", "ipv4_text", "ipv6_text"]

_GROUPS = struct.Struct(">8H").unpack
_FOUR_GROUPS = struct.Struct(">4H").unpack_from
_HALF = bytes(8)


def ipv4_text(data: bytes) -> str:
    """4 octets in network order as a dotted quad."""
    if len(data) != 4:
        raise ValueError(f"an IPv4 address has 4 octets, not {len(data)}")
    a, b, c, d = data
    return f"{a}.{b}.{c}.{d}"


def ipv6_text(data: bytes) -> str:
    """16 octets in network order as RFC 5952 writes them; ``::ffff:0:0/96`` keeps its dotted quad."""
    if len(data) != 16:
        raise ValueError(f"an IPv6 address has 16 octets, not {len(data)}")
    if data[:12] == b"\0\0\0\0\0\0\0\0\0\0\xff\xff":
        return "::ffff:" + ipv4_text(data[12:])
    if data.endswith(_HALF):
        return network_text(data)
    groups = _GROUPS(data)
    best = longest = run = 0
    for index in range(8):
        if groups[index]:
            run = 0
            continue
        run += 1
        if run > longest:
            longest, best = run, index - run + 1
    if longest < 2:
        return ":".join(map("{:x}".format, groups))
    head = ":".join(map("{:x}".format, groups[:best]))
    tail = ":".join(map("{:x}".format, groups[best + longest :]))
    return f"{head}::{tail}"


def network_text(data: bytes) -> str:
    """16 octets whose last 8 are 0, as most prefixes have it: no other zeros are as many as those at the end."""
    a, b, c, d = _FOUR_GROUPS(data)
    if d:
        return f"{a:x}:{b:x}:{c:x}:{d:x}::"
    if c:
        return f"{a:x}:{b:x}:{c:x}::"
    if b:
        return f"{a:x}:{b:x}::"
    return f"{a:x}::" if a else "::"


def address_text(data: bytes) -> str:
    """4 or 16 octets as text."""
    return ipv4_text(data) if len(data) == 4 else ipv6_text(data)
