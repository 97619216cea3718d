"""MRT made by hand: pieces, and one small archive whose every value a test may know."""

from __future__ import annotations

import struct


def prefix(text: str, stray: int = 0) -> bytes:
    """An IPv4 prefix on the wire; ``stray`` is or-ed into its last octet."""
    address, _, length = text.partition("/")
    octets = bytearray(map(int, address.split(".")))[: (int(length) + 7) // 8]
    if octets:
        octets[-1] |= stray
    return bytes((int(length),)) + bytes(octets)


def attribute(code: int, value: bytes, flags: int = 0xC0) -> bytes:
    return struct.pack(">BBH", flags | 0x10, code, len(value)) + value


def update(attributes: bytes = b"", nlri: bytes = b"", withdrawn: bytes = b"") -> bytes:
    body = struct.pack(">H", len(withdrawn)) + withdrawn + struct.pack(">H", len(attributes)) + attributes + nlri
    return b"\xff" * 16 + struct.pack(">HB", len(body) + 19, 2) + body


def bgp4mp(message: bytes, subtype: int = 4, kind: int = 16, six: bool = False) -> bytes:
    """A BGP4MP record: AS 65551 or 64500 at 192.0.2.1 or 2001:db8::1 tells 64501 at …2."""
    four = subtype in (4, 5, 7, 9, 11)
    head = struct.pack(">II" if four else ">HH", 65551 if four else 64500, 64501)
    head += struct.pack(">HH", 0, 2 if six else 1)
    if six:
        base = bytes.fromhex("20010db8") + bytes(11)
        head += base + b"\1" + base + b"\2"
    else:
        head += bytes((192, 0, 2, 1, 192, 0, 2, 2))
    data = (struct.pack(">I", 42) if kind in (17, 65) else b"") + head + message
    return struct.pack(">IHHI", 1000000000, kind, subtype, len(data)) + data


PATH = attribute(2, struct.pack(">BBII", 2, 2, 65551, 64496), 0x40)
PATH2 = attribute(2, struct.pack(">BBHH", 2, 2, 64500, 64496), 0x40)
HOP = attribute(3, bytes((192, 0, 2, 1)), 0x40)
IGP = attribute(1, b"\0", 0x40)
TEN = prefix("10.0.0.0/8")
SIX = bytes.fromhex("2020010db8")
HOP6 = bytes.fromhex("20010db8000000000000000000000001")


def reach(afi: int, hop: bytes, nlri: bytes, safi: int = 1) -> bytes:
    return attribute(14, struct.pack(">HBB", afi, safi, len(hop)) + hop + b"\0" + nlri, 0x80)


def at(seconds: int, record: bytes) -> bytes:
    """The record at another time."""
    return struct.pack(">I", seconds) + record[4:]


def archive() -> bytes:
    """Eight records, a second apart from 2001-09-09 01:46:40 UTC on, of two peers: see the comments."""
    communities = attribute(8, bytes.fromhex("fbf400c8ffff0000")) + attribute(32, struct.pack(">III", 65551, 2, 64496))
    path = attribute(2, struct.pack(">BBIII", 2, 3, 65551, 64496, 64497), 0x40)
    targets = attribute(16, bytes.fromhex("0002fbf40000012c0003fbf400000001"))
    set_path = attribute(2, struct.pack(">BBIIBBII", 2, 2, 65551, 64501, 1, 2, 64496, 64499), 0x40)
    aggregator = attribute(6, b"", 0x40) + attribute(7, struct.pack(">I4B", 64501, 198, 51, 100, 1))
    records = (
        # 0: a session goes from idle to active
        bgp4mp(struct.pack(">HH", 1, 3), 5),
        # 1: two IPv4 routes with MED and communities
        bgp4mp(
            update(
                attribute(1, b"\0", 0x40) + path + HOP + attribute(4, b"\0\0\0\xc8", 0x80) + communities,
                prefix("10.64.16.0/24") + prefix("10.64.17.0/24"),
            )
        ),
        # 2: an IPv6 route with extended communities, over IPv6
        bgp4mp(update(attribute(1, b"\2", 0x40) + PATH + targets + reach(2, HOP6, SIX)), six=True),
        # 3: an IPv4 route withdrawn
        bgp4mp(update(withdrawn=prefix("10.64.17.0/24"))),
        # 4: the IPv6 route withdrawn
        bgp4mp(update(attribute(15, b"\0\2\1" + SIX, 0x80)), six=True),
        # 5: an aggregate, with LOCAL_PREF
        bgp4mp(
            update(
                attribute(1, b"\1", 0x40) + set_path + HOP + attribute(5, b"\0\0\0\x64", 0x40) + aggregator,
                prefix("10.128.0.0/9"),
            )
        ),
        # 6: a KEEPALIVE
        bgp4mp(b"\xff" * 16 + b"\0\x13\4"),
        # 7: a session ends
        bgp4mp(struct.pack(">HH", 6, 1), 5),
    )
    return b"".join(at(1000000000 + second, record) for second, record in enumerate(records))
