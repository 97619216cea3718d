"""The walk of a declared field: the value that it reads, and spans that cover its octets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.each import case
from support.made_fields import OCTETS, every_field, one_of_each
from support.plain import plain


def check_spans(spans: Any, begin: int, end: int) -> None:
    """Side by side from ``begin`` to ``end``, each with a name and, as far as it has any, children that cover it."""
    for span in spans:
        assert span.offset == begin
        assert span.length > 0
        assert span.name
        begin = span.end
        if span.children:
            assert span.value is None
            check_spans(span.children, span.offset, span.end)
    assert begin == end


def outcome(package: Any, read: Any) -> tuple[Any, str]:
    """The value and no reason, or no value and the reason why not. As text, for a NaN is equal to nothing."""
    try:
        return repr(plain(read())), ""
    except package.DecodeError as error:
        return None, error.reason


def walked(package: Any, field: Any, data: bytes) -> None:
    reader = package.Reader(data)
    walk = package.field.Walk(package.Reader(data))
    expected = outcome(package, lambda: field.read(reader))
    assert outcome(package, lambda: walk.spread("value", field)) == expected
    if not expected[1]:
        assert walk.reader.offset == reader.offset
        check_spans(walk.spans, 0, reader.offset)
    check_spans(field.spans(package.Reader(data)), 0, len(data))


def test_each_sort(impl: Any) -> None:
    fields = one_of_each(impl)

    @given(data=OCTETS)
    def check(data: bytes) -> None:
        for name, field in fields.items():
            with case(name):
                walked(impl, field, data)

    check()


@pytest.mark.parametrize("seed", range(4))
def test_every_field(impl: Any, seed: int) -> None:
    fields = every_field(impl)[seed::4]

    @given(data=st.one_of(OCTETS, st.binary(max_size=80)))
    def check(data: bytes) -> None:
        for field in fields:
            walked(impl, field, data)

    check()


def test_names(impl: Any) -> None:
    """Parts have the names of the declaration; lengths, types and reserved octets have names too."""
    f = impl.field
    inner = f.record(a=f.u8, reserved=f.reserved(1), flags=f.flags("up"))
    field = f.Layout(id=f.u16, _gap=f.reserved(1), text=f.sized(f.text, 1), tlvs=f.tlvs({1: ("one", inner)}, 1, 1))
    found = field.spans(impl.Reader(bytes.fromhex("0102 00 02 6869 0103 07ff80 0901 ff"), base=100))
    assert [(leaf.name, leaf.offset, leaf.length, leaf.value) for span in found for leaf in span.leaves()] == [
        ("id", 100, 2, 258),
        ("gap", 102, 1, "00"),
        ("length", 103, 1, 2),
        ("value", 104, 2, "hi"),
        ("type", 106, 1, 1),
        ("length", 107, 1, 3),
        ("a", 108, 1, 7),
        ("reserved", 109, 1, "ff"),
        ("flags", 110, 1, ["up"]),
        ("type", 111, 1, 9),
        ("length", 112, 1, 1),
        ("unknown", 113, 1, "ff"),
    ]
    assert [span.name for span in found] == ["id", "gap", "text", "tlvs"]


def test_what_is_malformed_says_why(impl: Any) -> None:
    f = impl.field
    field = f.tlvs({1: ("one", f.record(a=f.u8, b=f.u16))}, 1, 1)
    short, over, torn, rest = field.spans(impl.Reader(bytes.fromhex("0102 0005  0104 00050607  0109 00")))
    assert [(span.name, span.value) for span in short.children] == [
        ("type", 1),
        ("length", 2),
        ("one", None),
        ("malformed", "05"),
    ]
    assert short.children[3].error == "2 octets needed, 1 left"
    assert over.children[3].error == "one: 1 octets too many"
    assert [span.name for span in torn.children] == ["type", "length"]
    assert (rest.name, rest.value, rest.error) == ("malformed", "00", "9 octets needed, 1 left")
    # No octets are left for this: the span around says it.
    (empty,) = field.spans(impl.Reader(bytes.fromhex("0101 07")))
    assert empty.error == "2 octets needed, 0 left"
    assert empty.json()["error"] == empty.error
