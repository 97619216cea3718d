"""Declared fields: each reads what it writes, and its JSON form leads back to the value."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from support.each import case
from support.made_fields import NAMES, OCTETS, one_of_each
from support.plain import plain


def test_all_are_named(impl: Any) -> None:
    assert [*one_of_each(impl)] == NAMES


def test_there_and_back(both: list[Any]) -> None:
    """What is read is written; where the octets are others, what is written reads as the same value. JSON too."""

    fields = []
    for one in both:
        with one.active() as package:
            fields.append(one_of_each(package))

    @given(data=OCTETS)
    def check(data: bytes) -> None:
        found = []
        for one, those in zip(both, fields, strict=True):
            with one.active() as package:
                found.append({name: _each(package, name, field, data) for name, field in those.items()})
        assert all(one == found[0] for one in found)

    check()


def _each(package: Any, name: str, field: Any, data: bytes) -> Any:
    with case(name):
        return _round(package, field, data)


def _round(package: Any, field: Any, data: bytes) -> Any:
    reader = package.Reader(data)
    try:
        value = field.read(reader)
    except package.DecodeError as error:
        return type(error).__name__, error.args
    taken = data[: reader.offset]
    form = field.to_json(value)
    again = field.encode(value)
    if not (isinstance(value, float) and math.isnan(value)):
        assert plain(field.decode(again)) == plain(value)
        assert plain(field.from_json(form)) == plain(value) or not field.restores(value, taken)
    assert field.encode(field.from_json(form)) == again or not field.restores(value, taken)
    if field.exact:
        assert again == taken
        assert field.encode(field.from_json(form)) == taken
    return form, again, field.restores(value, taken)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("u8", 256, "u8: 256 does not fit"),
        ("u16", -1, "u16: -1 does not fit"),
        ("low", 4096, "4096 does not fit 12 bits"),
        ("named", "blue", "'blue' is not the name of a number here"),
        ("raw", b"ab", "2 octets in place of 3"),
        ("spare", b"abc", "3 octets in place of 2"),
        ("nothing", None, "None in a field of no octets"),
        ("flags", ["b"], "'b' is no flag here"),
        ("flags", ["bit_8"], "do not fit 1 octets"),
        ("packed", {"version": 4, "up": True, "color": 0}, "version: 4 does not fit 2 bits"),
        ("packed", {"version": 3, "color": 0}, "up: missing"),
        ("packed", {"version": 3, "up": True, "color": 0, "more": 1}, "no such fields: more"),
        ("record", {"last": 1}, "first: missing"),
        ("record", {"first": 1, "middle": 2}, "no such fields: middle"),
        ("record", {"first": 300}, "first: u8: 300 does not fit"),
        ("checked", 0, "port 0"),
        ("sized", "a" * 256, "length: u8: 256 does not fit"),
        ("times", (1, 2, 3), "3 values in place of 2"),
        ("counted", ({"a": 1, "b": 2},) * 256, "256 does not fit"),
        ("tlvs of one octet", 1, None),
    ],
)
def test_what_is_no_value(impl: Any, name: str, value: Any, reason: str | None) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        one_of_each(impl)[name].encode(value)
    assert reason is None or reason in str(caught.value)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("u8", "x"), ("u8", True), ("u8", 1.5), ("octets", 1), ("octets", "0"), ("text", 1), ("ipv4", "a"), ("ipv4", 1),
        ("prefix 4", "10.0.0.0/33"), ("flags", "a"), ("flags", [1]), ("packed", []), ("record", 1), ("f32", None),
        ("record", {"middle": 1}), ("named", "blue"), ("repeat", {}), ("tlvs", {}), ("tlvs", [1]), ("tlvs", [{}]),
        ("tlvs", [{"type": 1, "value": "a"}]), ("tlvs", [{"type": 9, "value": 1}]),
        ("tlvs", [{"type": 1, "value": "00", "error": {}}]), ("tlvs", [{"type": 1, "value": 1, "raw": "00"}]),
    ],
)  # fmt: skip
def test_what_is_no_form(impl: Any, name: str, form: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        one_of_each(impl)[name].from_json(form)


def test_raw_where_octets_are_not_canonical(impl: Any) -> None:
    """Reserved octets that are set, and text that is no UTF-8: the JSON form has the octets beside the value."""
    field = one_of_each(impl)["tlvs"]
    data = bytes.fromhex("0003 0002 0105  0002 0002 41ff  0003 0002 0100")
    value = field.decode(data)
    assert [tlv.value for tlv in value] == [{"a": 1}, "A\ufffd", {"a": 1}]
    form = field.to_json(value)
    assert form == [
        {"type": 3, "name": "padded", "value": {"a": 1}, "raw": "0105"},
        {"type": 2, "name": "name", "value": "A\ufffd", "raw": "41ff"},
        {"type": 3, "name": "padded", "value": {"a": 1}},
    ]
    assert field.from_json(form) == value
    assert field.encode(field.from_json(form)) == field.encode(value) == data


def test_a_tlv_is_made_of_its_value(impl: Any) -> None:
    field = one_of_each(impl)["tlvs"]
    made = (field.make(3, {"a": 7}), field.make(9, b"?"))
    assert field.encode(made) == bytes.fromhex("0003 0002 0700  0009 0001 3f")
    assert field.decode(field.encode(made)) == made


def test_parts_and_schema(impl: Any) -> None:
    fields = one_of_each(impl)
    assert [name for name, _ in fields["record"].parts] == ["first", "reserved", "last"]
    assert [name for name, _ in fields["joined"].parts] == ["first", "rest"]
    assert [name for name, _ in fields["tlvs"].parts] == ["number", "name", "padded"]
    assert {*fields["depends"].schema()["properties"]} == {"flags", "address", "id"}
    assert fields["u16"].schema() == {"type": "integer", "minimum": 0, "maximum": 65535}
    assert fields["named"].schema()["anyOf"][0] == {"enum": ["red", "green"]}


def test_a_function_only_reads(impl: Any) -> None:
    """While a declaration is a function it has no way back, and its JSON no ``raw``."""
    field = impl.field.record(a=lambda reader: reader.u8() & 1)
    assert field.decode(b"\3") == {"a": 1}
    assert field.restores({"a": 1}, b"\3")
    with pytest.raises(NotImplementedError):
        field.encode({"a": 1})


def test_length_that_does_not_count_itself(impl: Any) -> None:
    with pytest.raises(impl.DecodeError, match="length 0") as caught:
        one_of_each(impl)["sized with a reason"].decode(b"\0a")
    assert caught.value.offset == 0


def test_text(impl: Any) -> None:
    """One renderer: of values by name, of TLVs and of what attributes are made of."""
    fields = impl.field
    one = fields.Tlv(1, "metric", 5, bytes(8))
    other = fields.Tlv(9, None, b"\x0a", b"\x0a")
    for value, text in (
        ({"flags": ["a", "b"], "id": 7}, "{flags a,b id 7}"),
        ({"none": (), "deep": {"octets": b"\1"}}, "{none - deep {octets 0x01}}"),
        ((one, other), "{metric 5 9 0x0a}"),
        ({"one": one}, "{one metric 5}"),
        (({"a": 1}, {"a": 2}), "{a 1},{a 2}"),
        ((), "-"),
    ):
        assert fields.to_text(value) == text
    assert fields.to_text({"a": (one,)}, braces=False) == "a {metric 5}"
    assert fields.to_text((one, other), braces=False) == "metric 5 9 0x0a"
    assert fields.to_text((), braces=False) == ""
    attributes = impl.PathAttributes(bytes.fromhex("c01b07 c0000201000640"))
    assert str(attributes[27]) == "{address 192.0.2.1 label 100}"
