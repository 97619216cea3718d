"""Kernels at the ends of what they are given."""

from __future__ import annotations

import random
from ipaddress import IPv6Address
from typing import Any

import pytest


def test_addresses_as_text(impl: Any) -> None:
    """RFC 5952, as ``ipaddress`` writes it, but for IPv4-mapped addresses (section 5): they keep their dotted quad."""
    text, chosen = impl._impl.load("text"), random.Random(5952)
    for _ in range(500):
        octets = bytes(chosen.choice((0, 0, 0, 1, 32, 255)) for _ in range(16))
        if octets[:10] != bytes(10):
            assert text.ipv6_text(octets) == str(IPv6Address(octets))
        network = octets[:8] + bytes(8)
        assert text.ipv6_text(network) == str(IPv6Address(network))
    assert text.ipv6_text(bytes(10) + b"\xff\xff\xc0\0\2\1") == "::ffff:192.0.2.1"
    assert text.ipv4_text(b"\xc0\0\2\1") == text.address_text(b"\xc0\0\2\1") == "192.0.2.1"
    for size in (0, 3, 5, 15, 17):
        with pytest.raises(ValueError, match=f"an IPv6 address has 16 octets, not {size}"):
            text.ipv6_text(bytes(size))
        with pytest.raises(ValueError, match=f"an IPv4 address has 4 octets, not {size}"):
            text.ipv4_text(bytes(size))


def test_headers_outside_of_the_octets(impl: Any) -> None:
    """Twelve octets are a header; what is not all there is none."""
    headers = impl._impl.load("headers").Headers()
    header = bytes.fromhex("3b9aca00 0010 0004 00000000")
    data = header + header[:11]
    headers.find(data, 0, len(data), 0)
    assert headers.plausible(data, 0)
    assert [headers.plausible(data, at) for at in (-1, 12, 23, 24, 1 << 40)] == [False] * 5
    assert not headers.plausible(b"", 0)


def test_a_builder_of_addresses_of_other_lengths(impl: Any) -> None:
    kernels = impl._impl.load("exabgp")

    class Prefix:
        pass

    blueprint = kernels.Blueprint(Prefix, {})
    for longest in (0, 31, 64, 129):
        with pytest.raises(ValueError, match=f"32 or 128 bits, not {longest}"):
            kernels.PrefixBuilder(blueprint, longest)
