"""IPv6 addresses as text (RFC 5952), against the standard library's and, where that differs, the RFC's own examples."""

from __future__ import annotations

import ipaddress
from itertools import product
from typing import Any

import pytest


def octets(groups: tuple[int, ...]) -> bytes:
    return b"".join(group.to_bytes(2) for group in groups)


@pytest.mark.parametrize("other", [1, 0xABC, 0xFFFE, 0xFFFF])
def test_every_pattern_of_zeros(impl: Any, other: int) -> None:
    """Section 4.2: the longest run of zeros, the first of two, never a single group."""
    for groups in product((0, other), repeat=8):
        wire = octets(groups)
        if wire.startswith(bytes(10) + b"\xff\xff"):
            continue  # IPv4-mapped: below
        expected = str(ipaddress.IPv6Address(wire))
        address = impl.Address.from_bytes(wire)
        assert str(address) == expected
        assert impl.Address(expected) == address
        (prefix,) = impl.MpNlriCollection(b"\x80" + wire, afi=2, safi=1)
        assert str(prefix) == f"{expected}/128"


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ("00000000000000000000ffffc0000201", "::ffff:192.0.2.1"),  # section 5
        ("00000000000000000000ffff00000000", "::ffff:0.0.0.0"),
        ("00000000000000000000fffec0000201", "::fffe:c000:201"),
        ("0000000000000000000000ffc0000201", "::ff:c000:201"),
        ("00000000000000000000ff00c0000201", "::ff00:c000:201"),
        ("000000000000000000000000c0000201", "::c000:201"),
        ("00000000000000000001ffffc0000201", "::1:ffff:c000:201"),
        ("20010db8000000000001000000000001", "2001:db8::1:0:0:1"),  # section 4.2.3
        ("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"),  # section 4.2.2
    ],
)
def test_what_the_rfc_says(impl: Any, wire: str, text: str) -> None:
    address = impl.Address.from_bytes(bytes.fromhex(wire))
    assert str(address) == text
    assert impl.Address(text) == address
