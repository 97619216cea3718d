"""Fields whose declaration is wrong, octets left behind a value, and values that have no form of their own."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from support.made_fields import one_of_each


def test_more_octets_than_the_value_has(impl: Any) -> None:
    """All of the octets are the value, and all of those behind a length."""
    f = impl.field
    field = f.record(a=f.u8)
    assert field.decode(b"\1") == {"a": 1}
    with pytest.raises(impl.DecodeError, match="2 octets too many") as caught:
        field.decode(b"\1\2\3")
    assert caught.value.offset == 1
    behind = f.sized(field, 1)
    assert behind.decode(b"\1\7") == {"a": 7}
    for read in (behind.read, lambda reader: behind.walk(f.Walk(reader))):
        with pytest.raises(impl.DecodeError, match="1 octets too many") as caught:
            read(impl.Reader(b"\2\7\7", base=100))
        assert caught.value.offset == 102


def test_what_is_repeated_has_octets(impl: Any) -> None:
    """A field that takes no octets would be read for ever."""
    f = impl.field
    none = f.repeat(f.record(a=f.reserved(0)))
    assert none.decode(b"") == ()
    for read in (none.read, lambda reader: none.walk(f.Walk(reader))):
        with pytest.raises(impl.DecodeError, match="a repeated field without octets") as caught:
            read(impl.Reader(b"\1", base=7))
        assert caught.value.offset == 7
    (rest,) = none.spans(impl.Reader(b"\1"))
    assert (rest.name, rest.error) == ("malformed", "a repeated field without octets")


def test_wrong_declarations(impl: Any) -> None:
    """They are told when they are made, or when what they lack is asked of them."""
    f = impl.field
    with pytest.raises(ValueError, match="groups of 15 bits in 2 octets"):
        f.packed(2, a=4, b=11)
    with pytest.raises(TypeError, match="read by their record"):
        f.depends(lambda values: f.u8, f.u8).read(impl.Reader(b"\1"))
    size = f.by_length("a SID", {3: f.low(3, 20), 4: f.u32}, lambda value: 3 if value < 1 << 20 else 5)
    assert size.encode(1) == b"\0\0\1"
    with pytest.raises(ValueError, match="a value of 5 octets is not one of these"):
        size.encode(1 << 20)
    with pytest.raises(ValueError, match="two: 3 octets are no multiple of 2"):
        one_of_each(impl)["lengths first"].encode({"one": (), "two": b"abc"})


def test_forms_of_any_value(impl: Any) -> None:
    """Values that are not JSON's and say no form of theirs are text; an integer in decimal takes quadratic time, so
    one of more than 128 octets is text in hex."""
    f = impl.field
    network = f.turned(f.raw(5), lambda data: IPv4Network((data[:4], data[4])), lambda value: value.network_address)
    assert network.to_json(network.decode(b"\x0a\0\0\0\x08")) == "10.0.0.0/8"
    number = f.turned(f.octets, int.from_bytes, lambda value: value.to_bytes(200))
    for data, form in (
        (b"\1", 1),
        (b"\x20" + bytes(6), str(1 << 53)),
        (b"\xff" * 128, str((1 << 1024) - 1)),
        (b"\1" + bytes(128), "0x1" + "00" * 128),
        (b"\1" + bytes(9999), "0x1" + "00" * 9999),
    ):
        assert number.to_json(number.decode(data)) == form


def test_schemas(impl: Any) -> None:
    """A function says nothing of its form; a number that counts itself is a number."""
    f = impl.field
    assert f.record(a=lambda reader: reader.u8() & 1).schema()["properties"] == {"a": {}}
    assert one_of_each(impl)["counting"].schema() == f.u16.schema()
