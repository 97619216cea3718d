"""BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): one RIB entry a record, its next hop outside the attributes."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from support.context import attribute, record, told

ATTRIBUTES = attribute(0x40, 1, b"\0") + attribute(0x40, 2, b"\2\1\xfb\xf4")
GLOBAL = bytes.fromhex("20010db8000000000000000000000001")
LINK_LOCAL = bytes.fromhex("fe800000000000000000000000000001")


def entry(afi: int, hop: bytes, prefix: bytes) -> bytes:
    """The octets of a file with one such record, of a peer with AS number 64500."""
    head = struct.pack(">HHHH", 64500, 64501, 0, 1) + bytes((192, 0, 2, 1, 192, 0, 2, 2))
    route = struct.pack(">HHIHBB", 0, 1, 5, afi, 1, len(hop)) + hop + prefix
    return record(16, 2, head + route + struct.pack(">H", len(ATTRIBUTES)) + ATTRIBUTES)


@pytest.mark.parametrize(
    ("afi", "hop", "address"),
    [
        (1, bytes((192, 0, 2, 9)), "192.0.2.9"),
        (2, GLOBAL, "2001:db8::1"),
        (2, GLOBAL + LINK_LOCAL, "2001:db8::1"),  # RFC 2545 section 3: the link-local address stands behind
    ],
    ids=["4", "16", "32"],
)
def test_next_hop(impl: Any, afi: int, hop: bytes, address: str) -> None:
    prefix, text = (b"\x18\xcb\0\x71", "203.0.113.0/24") if afi == 1 else (b"\x20\x20\1\x0d\xb8", "2001:db8::/32")
    data = entry(afi, hop, prefix)
    (found,) = impl.mrt.open(data).records()
    body = impl.mrt.decode_record(found)
    assert (str(body.next_hop), str(body.prefix), body.time_last_change) == (address, text, 5)
    assert body.json()["next_hop"] == address
    (route,) = impl.mrt.open(data).routes()
    assert (route.type, str(route.prefix), str(route.next_hop), str(route.as_path)) == ("R", text, address, "64500")


def test_no_next_hop(impl: Any) -> None:
    (found,) = impl.mrt.open(entry(1, b"", b"\x18\xcb\0\x71")).records()
    assert impl.mrt.decode_record(found).next_hop is None


@pytest.mark.parametrize("size", [1, 3, 5, 12, 15, 17, 31, 33])
def test_a_next_hop_of_another_length(impl: Any, size: int) -> None:
    (found,) = impl.mrt.open(entry(2, bytes(size), b"\x20\x20\1\x0d\xb8"), on_skip=told).records()
    with pytest.raises(impl.DecodeError):
        impl.mrt.decode_record(found)
