"""Entries of TABLE_DUMP_V2 (RFC 6396 section 4.3, RFC 8050 section 4): their family, and the peer they name."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, record, told

PEERS = [(bytes((192, 0, 2, n)), 64500 + n) for n in (1, 2, 3)]
GLOBAL = bytes.fromhex("20010db8000000000000000000000001")
PREFIXES = {1: (b"\x18\xcb\0\x71", "203.0.113.0/24"), 2: (b"\x20\x20\1\x0d\xb8", "2001:db8::/32")}


def table() -> bytes:
    """A PEER_INDEX_TABLE of three peers."""
    peers = b"".join(b"\2" + address + address + asn.to_bytes(4) for address, asn in PEERS)
    return record(13, 1, bytes((192, 0, 2, 9)) + b"\0\0" + len(PEERS).to_bytes(2) + peers)


def entry(peer: int, attributes: bytes, path_id: bytes = b"") -> bytes:
    return peer.to_bytes(2) + (900_000_000).to_bytes(4) + path_id + len(attributes).to_bytes(2) + attributes


@pytest.mark.parametrize(
    ("subtype", "family"),
    [
        (2, (1, 1)), (3, (1, 2)), (4, (2, 1)), (5, (2, 2)),
        (8, (1, 1)), (9, (1, 2)), (10, (2, 1)), (11, (2, 2)),
    ],
)  # fmt: skip
def test_family(impl: Any, subtype: int, family: tuple[int, int]) -> None:
    afi, safi = family
    wire, text = PREFIXES[afi]
    block = ATTRIBUTES if afi == 1 else ATTRIBUTES[:7] + attribute(0x80, 14, b"\x10" + GLOBAL)
    path_id = b"\0\0\0\7" if subtype >= 8 else b""
    data = table() + record(13, subtype, bytes(4) + wire + b"\0\1" + entry(1, block, path_id))
    (route,) = impl.mrt.open(data).routes()
    assert (int(route.family.afi), int(route.family.safi)) == family
    assert (str(route.prefix), route.path_id) == (text, 7 if path_id else None)
    if afi == 2:
        reach = route.attributes.mp_reach
        assert (int(reach.afi), int(reach.safi), str(reach.next_hop.address)) == (2, safi, "2001:db8::1")
    assert route.errors == []


@pytest.mark.parametrize("number", [3, 4, 0xFFFF])
def test_a_peer_that_the_table_does_not_have(impl: Any, number: int) -> None:
    """They are numbered from 0: the number of the peers is that of the first one that is not there."""
    wire, _ = PREFIXES[1]
    entries = entry(0, ATTRIBUTES) + entry(2, ATTRIBUTES) + entry(number, ATTRIBUTES)
    data = table() + record(13, 2, bytes(4) + wire + b"\0\3" + entries)
    file = impl.mrt.open(data, on_skip=told)
    assert [route.peer.asn for route in file.routes()] == [64501, 64503]
    assert [f"peer {number}" in skip.reason for skip in file.skips] == [True]
