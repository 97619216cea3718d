"""Archives to be cut into pieces: sound ones, torn ones, and such whose records depend on those before them."""

from __future__ import annotations

import struct

from support import archives
from support import made_mrt as made


def record(kind: int, subtype: int, body: bytes, seconds: int = 1_000_000_000) -> bytes:
    return struct.pack(">IHHI", seconds, kind, subtype, len(body)) + body


def peer_table(*asns: int) -> bytes:
    """Of peers that differ in their AS number."""
    peers = b"".join(b"\2" + bytes(4) + bytes((192, 0, 2, 1)) + struct.pack(">I", asn) for asn in asns)
    return record(13, 1, bytes(4) + b"\0\0" + struct.pack(">H", len(asns)) + peers)


def rib(peer: int, count: int = 4) -> bytes:
    """Records of one prefix each, which ``peer`` announces."""
    block = made.IGP + made.PATH + made.HOP
    entry = struct.pack(">HIH", peer, 999, len(block)) + block
    prefixes = (made.prefix(f"10.{number}.0.0/16") for number in range(count))
    return b"".join(record(13, 2, struct.pack(">I", 1) + prefix + b"\0\1" + entry) for prefix in prefixes)


def dump(prefix: int) -> bytes:
    """TABLE_DUMP of IPv4."""
    body = struct.pack(">HH", 0, 1) + bytes((10, prefix, 0, 0)) + struct.pack(">BBI", 16, 1, 999) + bytes(4)
    block = made.IGP + made.PATH2 + made.HOP
    return record(12, 1, body + struct.pack(">HH", 64500, len(block)) + block)


FAULT_BEHIND_A_ROUTE = made.bgp4mp(
    made.update(bytes.fromhex("d00e 0011 1020 010d b800 0000 0000 0000 0000 0000 01"), made.TEN)
)
"""An UPDATE of one route in the NLRI field, whose MP_REACH_NLRI ends in its next hop."""
TORN_TABLE = record(13, 1, bytes(4) + b"\0\0\0\7\2")
"""A PEER_INDEX_TABLE of seven peers, without them."""
MADE: dict[str, bytes] = {
    "BGP4MP": made.archive() * 3,
    "RIB": archives.table_of_peers() + rib(0) + rib(2) + rib(1),
    "several peer tables": peer_table(1, 2) + rib(1) + peer_table(3) + rib(0) + rib(1) + peer_table(4, 5) + rib(1),
    "a peer table that cannot be read": peer_table(1, 2) + rib(1) + TORN_TABLE + rib(1) + rib(0),
    "no peer table": rib(0) + peer_table(7) + rib(0),
    "TABLE_DUMP": b"".join(map(dump, range(9))),
    "all of them": made.archive() + peer_table(9) + rib(0) + dump(1) + made.archive() + rib(0),
    "faults": made.archive() + record(16, 4, b"\0\0") + rib(0) + record(13, 2, b"\0") + made.archive(),
    "a fault behind a route": FAULT_BEHIND_A_ROUTE * 3 + made.archive() + FAULT_BEHIND_A_ROUTE,
    "a record that is not registered": made.archive() + record(99, 3, bytes(50)) + made.archive() * 2,
    "a subtype that no type has": made.archive() + record(16, 40, bytes(50)) + made.archive() * 2,
    "junk": made.archive() * 2 + bytes(range(256)) * 4 + peer_table(3) + rib(0) + made.archive(),
    "zeros": made.archive() + bytes(5000) + made.archive(),
    "junk in front": b"\xff" * 300 + made.archive() * 2,
    "cut short": made.archive() * 3 + made.archive()[:-5],
    "half a header": made.archive() * 2 + made.archive()[:7],
    "a length that is wrong": made.archive() + record(16, 4, bytes(30))[:-9] + made.archive() * 2,
    "TABLE_DUMP with four octets more than it says": b"".join(
        dump(number)[:8] + struct.pack(">I", len(dump(number)) - 16) + dump(number)[12:] for number in range(12)
    ),
    "empty": b"",
    "no MRT": b"nothing of the kind, and more than one record's header of it " * 9,
}  # fmt: skip
