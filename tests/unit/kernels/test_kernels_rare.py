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


def test_stepping_over_records(impl: Any) -> None:
    """Up to the first at or behind a place, a PEER_INDEX_TABLE, or what is no whole record of a known type."""
    step_over = impl._impl.load("headers").step_over
    record, longer = (bytes.fromhex(f"3b9aca00 0010 0004 0000000{n}") + bytes(n) for n in (0, 5))
    data = record + longer + record + longer
    stops = [(0, 0), (1, 12), (12, 12), (13, 29), (29, 29), (40, 41), (58, 58), (1 << 40, 58)]
    assert [step_over(data, 0, goal) for goal, _ in stops] == [at for _, at in stops]
    assert step_over(data, 12, 1) == 12
    assert [step_over(memoryview(data)[:end], 0, 99) for end in (0, 11, 12, 28, 29, 40, 57)] == [
        0,
        0,
        12,
        12,
        29,
        29,
        41,
    ]
    for header in ("0010 0020 00000000", "0063 0000 00000000", "0010 0004 01000001", "000d 0001 00000000"):
        other = bytes(4) + bytes.fromhex(header)
        assert step_over(record + other + bytes(1 << 25), 0, 99) == 12
    assert step_over(record + bytes.fromhex("3b9aca00 0010 0004 01000000") + bytes(1 << 24), 0, 99) == 24 + (1 << 24)
    for at in (-1, 59, 1 << 40):
        with pytest.raises(ValueError, match=f"no octet {at} in a buffer of 58"):
            step_over(data, at, 58)


def test_a_builder_of_addresses_of_other_lengths(impl: Any) -> None:
    kernels = impl._impl.load("exabgp")

    class Prefix:
        pass

    blueprint = kernels.Blueprint(Prefix, {})
    for longest in (0, 31, 64, 129):
        with pytest.raises(ValueError, match=f"32 or 128 bits, not {longest}"):
            kernels.PrefixBuilder(blueprint, longest)
