"""Messages that must not hurt: lengths that lie, too many of everything, octets of any sort."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, message, update
from support.each import each


def test_attribute_lengths_past_the_end(impl: Any) -> None:
    """RFC 7606 section 4: treat as withdraw; the NLRI are where they always were."""
    for block in (b"\x40\1\xff\0", b"\x50\1\xff\xff\0", b"\x40", b"\x40\1", b"\x50\1\0", ATTRIBUTES + b"\xc0\x08\4\0"):
        found = impl.Message.decode(update(b"", block, b"\x08\x0a"))
        assert found.nlri.json() == ["10.0.0.0/8"]
        assert any(error.action == "treat_as_withdraw" and error.code == 3 for error in found.errors)
        assert bytes(found.attributes) == block
        for name in ("origin", "as_path", "next_hop", "communities", "aggregator", "mp_reach", "large_communities"):
            getattr(found.attributes, name)


@pytest.mark.parametrize("bits", [33, 64, 128, 129, 200, 255])
def test_prefix_length_too_long(impl: Any, bits: int) -> None:
    for tail in (b"", bytes(40)):
        found = impl.Message.decode(update(bytes((bits,)) + tail, ATTRIBUTES, b"\x08\x0a" + bytes((bits,)) + tail))
        assert found.nlri.json() == ["10.0.0.0/8"]
        assert found.withdrawn.json() == []
        assert [error.subcode for error in found.errors] == [10, 10]
    for afi, longest in ((1, 32), (2, 128)):
        for safi in (1, 2, 4, 128):
            wire = bytes((min(255, longest + 1 + {4: 24, 128: 88}.get(safi, 0)),)) + b"\0\0\1" + bytes(40)
            found = impl.MpNlriCollection(wire, afi=afi, safi=safi)
            assert not found.values
            assert found.error is not None


def test_a_thousand_tiny_attributes(impl: Any) -> None:
    """4,077 octets of attributes with no value: all are there, one error each at most."""
    block = b"".join(bytes((0xC0, n % 256, 0)) for n in range(1350))
    found = impl.Message.decode(update(b"", block))
    assert len(found.attributes) == 1350
    assert b"".join(map(bytes, found.attributes)) == block
    assert len(found.errors) >= 1350 - 256
    found.json()
    same = impl.Message.decode(update(b"", b"\xc0\xc8\0" * 1350))
    assert sum(attribute.duplicate for attribute in same.attributes) == 1349
    assert len(same.errors) >= 1349


def test_largest_messages(impl: Any) -> None:
    session = impl.Session(extended_message=True)
    body = update(b"", ATTRIBUTES, b"\0" * (65535 - 23 - len(ATTRIBUTES)))
    found = impl.Message.decode(body, session)
    assert len(found) == 65535
    assert len(found.nlri) == 65535 - 23 - len(ATTRIBUTES)
    with pytest.raises(impl.MessageHeaderError):
        impl.Message.decode(body)
    path = b"".join(b"\2\1" + bytes(4) for _ in range(10_000))
    found = impl.Message.decode(update(b"", attribute(0x40, 2, path)), session)
    assert len(found.attributes.as_path.segments) == 10_000
    str(found.attributes.as_path)


@each("code", range(256), of=lambda code: f"from {code // 32 * 32}")
def test_every_attribute_survives_every_short_value(impl: Any, code: int) -> None:
    for flags in (0x00, 0x40, 0x80, 0xC0, 0xFF):
        for value in (b"", b"\0", b"\xff" * 5, bytes(37), bytes(range(256)), b"\xff" * 300):
            found = impl.PathAttributes(attribute(flags, code, value))
            found.json()
            repr(found)
            found.get(code)
            impl.attribute.check.attribute_errors(found)


@pytest.mark.parametrize("afi", [0, 1, 2, 3, 25, 31, 16388, 16389, 65535])
def test_every_family_survives_anything(impl: Any, afi: int) -> None:
    for safi in range(256):
        for value in (b"", b"\0", b"\xff" * 5, bytes(37), bytes(range(256)), b"\xff" * 300):
            for withdraw in (False, True):
                found = impl.MpNlriCollection(value, afi=afi, safi=safi, withdraw=withdraw)
                found.json()
                repr(found)


@pytest.mark.parametrize("kind", [0, *range(1, 9), 128, 255])
def test_every_message_type_survives_anything(impl: Any, kind: int) -> None:
    for body in (b"", b"\0" * 4, b"\xff" * 4, b"\4" + b"\xff" * 30, bytes(range(256)), b"\xff" * 1000):
        try:
            found = impl.Message.decode(message(kind, body))
        except impl.DecodeError as error:
            assert error.code in (1, 2, 3, 5, 7)  # noqa: PT017  not all bodies are refused
        else:
            found.json()
            repr(found)
            assert bytes(found) == message(kind, body)
