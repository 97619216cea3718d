"""RFC 7606 as a whole: the strongest action, strict decoding, and no other exception.

Its rows one by one are vectors/rfc7606.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from support.context import attribute, message, update

ORIGIN, AS_PATH, NEXT_HOP = attribute(0x40, 1, b"\0"), attribute(0x40, 2, b""), attribute(0x40, 3, b"\xc0\0\2\1")
PREFIX = b"\x18\xc6\x33\x64"


def test_the_strongest_action_counts(impl: Any) -> None:
    """Section 3 h."""
    discard = attribute(0x40, 6, b"\0")
    withdraw = attribute(0xC0, 8, b"\0")
    reset = attribute(0x80, 15, b"\0")
    base = ORIGIN + AS_PATH + NEXT_HOP
    for extra, action in (
        (b"", None),
        (discard, "attribute_discard"),
        (discard + withdraw, "treat_as_withdraw"),
        (withdraw + reset + discard, "session_reset"),
    ):
        assert impl.Message.decode(update(b"", base + extra, PREFIX)).action == action


def test_strict_raises_the_first(impl: Any) -> None:
    data = update(b"", attribute(0x40, 1, b"\5") + AS_PATH + NEXT_HOP, PREFIX)
    assert len(impl.Message.decode(data).errors) == 1
    with pytest.raises(impl.UpdateMessageError) as caught:
        impl.Message.decode(data, strict=True)
    assert (caught.value.code, caught.value.subcode) == (3, 6)


def test_a_good_part_is_kept(impl: Any) -> None:
    """Pitfalls 18 and 19: an attribute that runs over the end takes neither the others nor the NLRI with it."""
    found = impl.Message.decode(update(b"", ORIGIN + AS_PATH + NEXT_HOP + b"\xc0\x08\x40\xfd\xe8", PREFIX))
    assert [str(prefix) for prefix in found.nlri] == ["198.51.100.0/24"]
    assert str(found.attributes.next_hop) == "192.0.2.1"
    assert found.action == "treat_as_withdraw"


def test_unknown_attributes_stay_whatever_their_flags(impl: Any) -> None:
    """Pitfalls 20 and 21."""
    for code in (30, 42, 99, 200, 255):
        for flags in (0x80, 0xC0, 0xE0):
            found = impl.Message.decode(
                update(b"", ORIGIN + AS_PATH + NEXT_HOP + attribute(flags, code, b"\1\2\3"), PREFIX)
            )
            kept = found.attributes[code]
            assert (kept.code, kept.flags, kept.data) == (code, flags, b"\1\2\3")
            assert found.errors == []


def test_many_duplicates_and_nested_sets(impl: Any) -> None:
    """Pitfall 29: sets inside sets are bounded; thousands of attributes are only listed."""
    nested = b""
    for _ in range(900):
        nested = attribute(0xD0, 128, b"\0\0\xfd\xe8" + nested)
        if len(nested) > 3900:
            break
    found = impl.Message.decode(update(b"", ORIGIN + AS_PATH + NEXT_HOP + nested, PREFIX))
    assert json.dumps(found.json())
    assert found.action == "treat_as_withdraw"
    many = impl.Message.decode(update(b"", ORIGIN * 900 + AS_PATH + NEXT_HOP, PREFIX))
    assert len(many.errors) == 899
    assert many.action == "attribute_discard"


def test_any_octets_in_any_attribute(impl: Any) -> None:
    random.seed(7606)
    codes = [*impl.registry.ATTRIBUTES, 200]
    for code in codes:
        for size in (0, 1, 2, 3, 4, 6, 8, 11, 19, 20, 60, 300):
            data = random.randbytes(size)
            for flags in (0x40, 0x80, 0xC0):
                block = attribute(flags, code, data)
                for session in (impl.Session(), impl.Session(asn4=False, ibgp=True), impl.Session(ibgp=False)):
                    found = impl.Message.decode(update(b"", ORIGIN + block, b""), session)
                    form = json.loads(json.dumps(found.json()))
                    assert form["attributes"]
                    for error in found.errors:
                        assert error.code == 3, error
                        assert 19 <= error.offset <= len(found)


def test_mutations_of_small_tlvs(impl: Any) -> None:
    """TLV attributes fed with lengths that lie."""
    random.seed(33)
    for code in (19, 23, 26, 29, 33, 34, 36, 37, 38, 39, 40, 41, 128):
        for _ in range(200):
            data = bytes(random.choice((0, 1, 2, 3, 4, 8, 12, 255)) for _ in range(random.randrange(40)))
            found = impl.Message.decode(update(b"", attribute(0xC0, code, data), b""))
            assert json.dumps(found.json())
            assert isinstance(found.errors, list)


def test_keepalive_and_header_errors(impl: Any) -> None:
    for data, subcode in ((b"\0" + message(4, b"")[1:], 1), (message(4, b"\0"), 2), (message(4, b"") + b"\0", 2)):
        with pytest.raises(impl.MessageHeaderError) as caught:
            impl.Message.decode(data)
        assert caught.value.subcode == subcode
