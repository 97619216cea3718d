"""The kernel ``Writer`` on both implementations: what ``Reader`` reads, the other way."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

WIDTHS = {"u8": 1, "u16": 2, "u24": 3, "u32": 4, "u64": 8}
FLOATS = {"f32": st.floats(width=32), "f64": st.floats()}
NUMBERS = st.integers(-(1 << 80), 1 << 80)


def _steps() -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """What a writer is asked to do, one after the other: method and arguments."""
    one = [st.tuples(st.just(name), st.integers(0, (1 << 8 * size) - 1)) for name, size in WIDTHS.items()]
    one += [st.tuples(st.just(name), floats) for name, floats in FLOATS.items()]
    one += [
        st.integers(0, 20).flatmap(lambda n: st.tuples(st.just("uint"), st.integers(0, (1 << 8 * n) - 1), st.just(n))),
        st.tuples(st.just("octets"), st.binary(max_size=20)),
        st.tuples(st.just("skip"), st.integers(0, 20)),
        st.tuples(st.just("ipv4"), st.binary(min_size=4, max_size=4)),
        st.tuples(st.just("ipv6"), st.binary(min_size=16, max_size=16)),
        st.tuples(st.just("address"), st.one_of(st.binary(min_size=n, max_size=n) for n in (4, 16))),
    ]
    leaves = st.lists(st.one_of(one), max_size=8)
    return st.recursive(
        leaves,
        lambda inner: st.lists(st.one_of(*one, st.tuples(st.just("sub"), st.integers(2, 9), inner)), max_size=5),
        max_leaves=4,
    )


def _write(package: Any, writer: Any, steps: list[tuple[Any, ...]]) -> None:
    for name, *arguments in steps:
        if name == "sub":
            size, inner = arguments
            with writer.sub(size) as body:
                _write(package, body, inner)
        elif name in ("ipv4", "ipv6", "address"):
            getattr(writer, name)(package.Address.from_bytes(arguments[0]))
        else:
            getattr(writer, name)(*arguments)


def _check(package: Any, reader: Any, steps: list[tuple[Any, ...]]) -> None:
    """``reader`` reads what the steps wrote."""
    for name, *arguments in steps:
        if name == "sub":
            size, inner = arguments
            body = reader.sub(reader.uint(size))
            _check(package, body, inner)
            assert not len(body)
        elif name in ("ipv4", "ipv6"):
            assert bytes(getattr(reader, name)()) == arguments[0]
        elif name == "address":
            assert bytes(reader.address(len(arguments[0]))) == arguments[0]
        elif name in FLOATS:
            found = getattr(reader, name)()
            assert found == arguments[0] or (math.isnan(found) and math.isnan(arguments[0]))
        elif name == "uint":
            assert reader.uint(arguments[1]) == arguments[0]
        elif name == "octets":
            assert reader.take(len(arguments[0])) == arguments[0]
        elif name == "skip":
            assert reader.take(arguments[0]) == bytes(arguments[0])
        else:
            assert getattr(reader, name)() == arguments[0]


@given(steps=_steps())
def test_reader_reads_what_writer_writes(both: list[Any], steps: list[tuple[Any, ...]]) -> None:
    found = []
    for one in both:
        with one.active() as package:
            writer = package.Writer()
            _write(package, writer, steps)
            octets = bytes(writer)
            assert len(writer) == len(octets)
            reader = package.Reader(octets)
            _check(package, reader, steps)
            assert not len(reader)
            found.append(octets)
    assert len(set(found)) == 1


def _met(call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except (ValueError, TypeError) as error:
        return type(error), error.args


@given(name=st.sampled_from([*WIDTHS, "uint"]), value=NUMBERS, size=st.integers(0, 12))
def test_range(both: list[Any], name: str, value: int, size: int) -> None:
    """A number is written, or ValueError names the field, and nothing is written; the same on both."""
    width = WIDTHS.get(name, size)
    found = []
    for one in both:
        with one.active() as package:
            writer = package.Writer()
            found.append(_met(getattr(writer, name), *((value, size) if name == "uint" else (value,))))
            if 0 <= value < 1 << 8 * width:
                assert bytes(writer) == value.to_bytes(width)
            else:
                assert found[-1] == (ValueError, (f"u{8 * width}: {value} does not fit",))
                assert bytes(writer) == b""
    assert all(one == found[0] for one in found)


@given(value=st.one_of(st.floats(), NUMBERS, st.just(1 << 2000)))
def test_float_range(both: list[Any], value: float) -> None:
    for name in FLOATS:
        found = []
        for one in both:
            with one.active() as package:
                writer = package.Writer()
                found.append((_met(getattr(writer, name), value), bytes(writer)))
        assert all(one == found[0] for one in found)


def test_what_does_not_fit(impl: Any) -> None:
    writer = impl.Writer()
    four, six = impl.Address("192.0.2.1"), impl.Address("2001:db8::1")
    for call, error, text in (
        (lambda: writer.u8(256), ValueError, "u8: 256 does not fit"),
        (lambda: writer.u32(-1), ValueError, "u32: -1 does not fit"),
        (lambda: writer.uint(1 << 200, 2), ValueError, "u16: a number of 201 bits does not fit"),
        (lambda: writer.uint(1 << 72, 9), ValueError, "u72: 4722366482869645213696 does not fit"),
        (lambda: writer.uint(1, -1), ValueError, "uint: -1 octets"),
        (lambda: writer.skip(-1), ValueError, "skip: -1 octets"),
        (lambda: writer.f32(1e39), ValueError, "f32: 1e+39 does not fit"),
        (lambda: writer.f64(1 << 2000), ValueError, "f64: a number of 2001 bits does not fit"),
        (lambda: writer.ipv4(six), ValueError, "ipv4: an address of 16 octets"),
        (lambda: writer.ipv6(four), ValueError, "ipv6: an address of 4 octets"),
        (lambda: writer.address("192.0.2.1"), TypeError, "address: an Address is needed, not str"),
        (lambda: writer.sub(-1), ValueError, "sub: a length of -1 octets"),
        (writer.close, ValueError, "close: a writer that is a part of no other"),
        (lambda: writer.u8("1"), TypeError, None),
        (lambda: writer.u16(1.0), TypeError, None),
        (lambda: writer.f32("1"), TypeError, None),
        (lambda: writer.octets("text"), TypeError, None),
        (lambda: writer.octets(None), TypeError, None),
    ):
        with pytest.raises(error) as caught:
            call()
        assert text is None or str(caught.value) == text
        assert bytes(writer) == b""


def test_true_is_one(impl: Any) -> None:
    """What has ``__index__`` is a number."""
    writer = impl.Writer()
    writer.u8(True)
    assert bytes(writer) == b"\1"


def test_sub_writers(impl: Any) -> None:
    writer = impl.Writer()
    with writer.sub(1) as body:
        body.u16(0x0102)
        with body.sub(2, extra=4) as inner:
            inner.octets(b"abc")
    assert writer.__class__ is body.__class__
    assert bytes(writer) == bytes.fromhex("07 0102 0007 616263")
    with pytest.raises(ValueError, match="close"):
        body.close()
    with pytest.raises(ValueError, match=r"^length: u8: 256 does not fit$"), writer.sub(1) as body:
        body.skip(256)
    with pytest.raises(ZeroDivisionError), writer.sub(1) as body:
        body.u8(1 // 0)
    assert len(writer) == 8


def test_floats_are_ieee(impl: Any) -> None:
    writer = impl.Writer()
    writer.f32(1)
    writer.f64(-0.0)
    writer.f32(math.inf)
    assert bytes(writer) == struct.pack(">fdf", 1, -0.0, math.inf)


def test_a_writer_is_in_the_package(impl: Any) -> None:
    assert impl.Writer.__module__.rpartition(".")[0] == f"bgpwire._{impl.IMPLEMENTATION}"
    assert "Writer" in impl.__all__
