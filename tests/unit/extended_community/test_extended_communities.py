"""Extended communities: every registered kind reads any six octets, and what has no name stays whole."""

from __future__ import annotations

import json
import random
import struct
from typing import Any

import pytest


def test_every_kind_reads_any_octets(impl: Any) -> None:
    random.seed(7153)
    for code, kind in impl.registry.EXTENDED_COMMUNITIES.items():
        head = code.to_bytes(2)
        for tail in (b"\0" * 6, b"\xff" * 6, *(random.randbytes(6) for _ in range(6))):
            found = impl.ExtendedCommunity.from_bytes(head + tail)
            form = found.json()
            assert form["name"] == kind.name == found.name
            assert (form["type"], form["subtype"]) == tuple(head)
            assert json.loads(json.dumps(form, allow_nan=False)) == form
            assert str(found).startswith(kind.label)
            assert bytes(found) == head + tail


def test_unregistered_kinds_stay_whole(impl: Any) -> None:
    """Pitfalls 54 and 59: sub-type 249 of EVPN and types that nobody registered occur."""
    for type_ in range(256):
        for subtype in range(256):
            if type_ << 8 | subtype in impl.registry.EXTENDED_COMMUNITIES:
                continue
            found = impl.ExtendedCommunity.from_bytes(bytes((type_, subtype)) + b"\1\2\3\4\5\6")
            assert found.json() == {"type": type_, "subtype": subtype, "value": "010203040506"}
            assert str(found) == f"0x{type_:02x}{subtype:02x}010203040506"
            assert found.name is None


def test_the_key_is_the_full_type_octet(impl: Any) -> None:
    """Pitfall 55: neither 0x0009 nor 0x8800 is a flow action, 0x0002 and 0x4002 are not the same."""
    texts = {code: str(impl.ExtendedCommunity.from_bytes(bytes.fromhex(code) + b"\0" * 6)) for code in ("0009", "8800")}
    assert texts == {"0009": "source-as:0:0", "8800": "eigrp-route:0:0"}
    plain, other = (
        impl.ExtendedCommunity.from_bytes(bytes.fromhex(code + "fde800000064")) for code in ("0002", "4002")
    )
    assert plain.transitive
    assert not other.transitive
    assert str(plain) == "rt:65000:100"
    assert str(other) == "0x4002fde800000064"
    assert impl.ExtendedCommunity.from_bytes(bytes.fromhex("8006000000000000")).iana_authority


@pytest.mark.parametrize("bits", ["00000000", "80000000", "3f800000", "00000001", "7f7fffff", "ff7fffff", "3dcccccd"])
def test_floats_are_exact(impl: Any, bits: str) -> None:
    """Pitfall 56: the text reads back as the same single."""
    found = impl.ExtendedCommunity.from_bytes(bytes.fromhex("4004fde8" + bits))
    text = str(found).rpartition(":")[2]
    assert struct.pack(">f", float(text)).hex() == bits
    assert struct.pack(">f", found.json()["bandwidth"]).hex() == bits


def test_floats_at_random(impl: Any) -> None:
    random.seed(754)
    for _ in range(500):
        octets = random.randbytes(4)
        (value,) = struct.unpack(">f", octets)
        text = str(impl.ExtendedCommunity.from_bytes(b"\x80\x06\0\0" + octets)).rpartition(":")[2]
        if value - value == 0:
            assert struct.pack(">f", float(text)) == octets
        else:
            assert text in ("nan", "inf", "-inf")
