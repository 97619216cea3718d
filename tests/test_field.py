"""Declared fields: each reads what it writes, and its JSON form leads back to the value."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plain import plain


def _fields(package: Any) -> dict[str, Any]:
    """One of each sort, by name."""
    f = package.field
    wide = f.depends(lambda values: f.ipv6 if "wide" in values["flags"] else f.ipv4, f.ipv4, f.ipv6)
    kinds = f.record(a=f.u8), f.record(b=f.u16, reserved=f.reserved(1))
    colors = {1: "red", 2: "green"}
    return {
        "u8": f.u8,
        "u16": f.u16,
        "u24": f.u24,
        "u32": f.u32,
        "u64": f.u64,
        "f32": f.f32,
        "uint": f.uint,
        "low": f.low(2, 12),
        "high": f.high(3, 20),
        "named": f.named(colors),
        "named of one name": f.named({1: "one", 2: "one"}),
        "octets": f.octets,
        "raw": f.raw(3),
        "reserved": f.reserved(2),
        "spare": f.spare(2),
        "text": f.text,
        "nothing": f.nothing,
        "marked": f.marked(0x030B, 2, f.record(color=f.u16), "{} is no Color"),
        "lengths first": f.lengths_first(2, 1, one=f.repeat(f.u16), two=f.octets),
        "cases": f.cases(f.record(kind=f.u8), lambda v: kinds[v["kind"] & 1], *kinds),
        "chosen": f.chosen(
            lambda reader: f.u32 if len(reader) == 4 else f.octets,
            lambda value: f.u32 if isinstance(value, int) else f.octets,
        ),
        "sized itself": f.sized(f.record(a=f.u8, rest=f.octets), 2, extra=2, least=1),
        "flags or none": f.flags("a", size=0, unit=4, least=0),
        "ipv4": f.ipv4,
        "ipv6": f.ipv6,
        "address": f.address,
        "prefix 4": f.prefix(1),
        "prefix 6": f.prefix(2),
        "flags": f.flags("a", "", "c"),
        "flags of 3": f.flags("a", "", "c", size=3),
        "flags of any": f.flags("a", "", "c", size=0),
        "flags by 4": f.flags("a", "", "c", size=0, unit=4),
        "packed": f.packed(2, version=2, _reserved=5, up=f.flag(), color=f.Bits(4, colors), rest=f.Bits(4, spare=True)),
        "record": f.record(first=f.u8, reserved=f.reserved(1), last=f.optional(f.u16)),
        "joined": f.joined(f.record(first=f.u8), f.packed(1, a=4, b=4), f.record(rest=f.octets)),
        "depends": f.record(flags=f.flags("wide"), address=wide, id=f.u8),
        "switch": f.record(color=f.named(colors), value=f.switch("color", {"red": f.u8, 7: f.text}, f.octets)),
        "layout": f.Layout(first=f.u8, _reserved=f.reserved(1), last=f.optional(f.u16)),
        "repeat": f.repeat(f.record(a=f.u8, b=f.u8)),
        "by length": f.by_length("a SID", {3: f.low(3, 20), 4: f.u32}, lambda value: 3 if value < 1 << 20 else 4),
        "checked": f.checked(f.u16, bool, "port {}"),
        "turned": f.turned(f.raw(6), lambda data: data.hex(":"), lambda text: bytes.fromhex(text.replace(":", ""))),
        "sized": f.sized(f.text, 1),
        "sized with a reason": f.sized(f.octets, 1, extra=1, reason="length {}"),
        "times": f.times(2, f.u16),
        "counting": f.counting(2, 3, "length {}"),
        "counted": f.counted(f.record(a=f.u16, b=f.u8), 1),
        "nonzero": f.record(a=f.nonzero(f.u8), b=f.u8),
        "tlvs": _tlvs(f),
        "tlvs of one octet": f.tlvs({1: ("one", f.u8), 2: ("tlvs", _tlvs(f))}, 1, 1),
    }


def _tlvs(f: Any) -> Any:
    return f.tlvs({1: ("number", f.u16), 2: ("name", f.text), 3: ("padded", f.record(a=f.u8, reserved=f.reserved(1)))})


NAMES = [
    "u8", "u16", "u24", "u32", "u64", "f32", "uint", "low", "high", "named", "named of one name", "octets", "raw",
    "reserved", "spare", "text", "nothing", "marked", "lengths first", "cases", "chosen",
    "sized itself", "flags or none", "ipv4", "ipv6", "address", "prefix 4", "prefix 6", "flags",
    "flags of 3", "flags of any", "flags by 4", "packed", "record", "joined", "depends", "switch", "layout", "repeat",
    "by length", "checked", "turned", "sized", "sized with a reason", "times", "counting", "counted", "nonzero",
    "tlvs", "tlvs of one octet",
]  # fmt: skip
OCTETS = st.one_of(st.binary(max_size=24), st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, 128]), max_size=24).map(bytes))


def test_all_are_named(impl: Any) -> None:
    assert [*_fields(impl)] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_there_and_back(both: list[Any], name: str) -> None:
    """What is read is written; where the octets are others, what is written reads as the same value. JSON too."""

    @given(data=OCTETS)
    def check(data: bytes) -> None:
        found = []
        for one in both:
            with one.active() as package:
                found.append(_round(package, _fields(package)[name], data))
        assert all(one == found[0] for one in found)

    check()


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
        assert plain(field.from_json(form)) == plain(value) or not field.restores(form, taken)
    assert field.encode(field.from_json(form)) == again or not field.restores(form, taken)
    if field.exact:
        assert again == taken
        assert field.encode(field.from_json(form)) == taken
    return form, again, field.restores(form, taken)


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
        ("packed", {"version": 3, "color": 0}, "up is missing"),
        ("packed", {"version": 3, "up": True, "color": 0, "more": 1}, "no such fields: more"),
        ("record", {"last": 1}, "first is missing"),
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
        _fields(impl)[name].encode(value)
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
        _fields(impl)[name].from_json(form)


def test_raw_where_octets_are_not_canonical(impl: Any) -> None:
    """Reserved octets that are set, and text that is no UTF-8: the JSON form has the octets beside the value."""
    field = _fields(impl)["tlvs"]
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
    field = _fields(impl)["tlvs"]
    made = (field.make(3, {"a": 7}), field.make(9, b"?"))
    assert field.encode(made) == bytes.fromhex("0003 0002 0700  0009 0001 3f")
    assert field.decode(field.encode(made)) == made


def test_parts_and_schema(impl: Any) -> None:
    fields = _fields(impl)
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
        _fields(impl)["sized with a reason"].decode(b"\0a")
    assert caught.value.offset == 0
