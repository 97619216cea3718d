"""The kernels through the door for other people's buffers: every kind of buffer, on both implementations."""

from __future__ import annotations

import ctypes
import doctest
import mmap
from array import array
from typing import TYPE_CHECKING, Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import context, doors
from support.each import of_vectors
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.implementations import Implementation


class _Bytes(bytes):
    pass


class _Owner:
    """A Python object with a buffer of its own (PEP 688)."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __buffer__(self, flags: int) -> memoryview:
        return memoryview(self.data)


def _mapped(data: bytes) -> mmap.mmap:
    out = mmap.mmap(-1, max(len(data), 1))
    out[: len(data)] = data
    return out


BUFFERS: dict[str, Callable[[bytes], Any]] = {
    "bytes": bytes,
    "a subclass of bytes": _Bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "part of a memoryview": lambda data: memoryview(b"\xff\x18" + data + b"\xee" * 9)[2 : 2 + len(data)],
    "every second octet": lambda data: memoryview(bytes(n for octet in data for n in (octet, 0x5A)))[::2],
    "backwards": lambda data: memoryview(bytearray(data[::-1]))[::-1],
    "characters": lambda data: memoryview(data).cast("c"),
    "mmap": lambda data: memoryview(_mapped(data))[: len(data)],
    "array": lambda data: array("B", data),
    "numpy": lambda data: numpy.frombuffer(data, numpy.uint8),
    "numpy, a column": lambda data: numpy.array([[octet, 7, 8] for octet in data], numpy.uint8).reshape(-1, 3)[:, 0],
    "ctypes": lambda data: (ctypes.c_uint8 * len(data))(*data),
    "object with __buffer__": _Owner,
}


KERNELS: dict[str, Callable[[Any, Any], Any]] = {
    "split": lambda k, data: k.split(data),
    "decode_prefixes": lambda k, data: k.decode_prefixes(data, 1),
    "decode_labels": lambda k, data: k.decode_labels(data),
    "decode_labelled": lambda k, data: k.decode_labelled(data, 1),
    "decode_vpn": lambda k, data: k.decode_vpn(data, 2),
    "decode_as_path": lambda k, data: k.decode_as_path(data),
    "decode_communities": lambda k, data: k.decode_communities(data),
    "decode_extended_communities": lambda k, data: k.decode_extended_communities(data),
    "decode_large_communities": lambda k, data: k.decode_large_communities(data),
    "walk_attributes": lambda k, data: k.walk_attributes(data),
    "walk_messages": lambda k, data: k.walk_messages(data),
    "walk_records": lambda k, data: k.walk_records(data),
}


def _plain(value: Any) -> Any:
    """What came back, to be compared: faults by type and arguments, values with their octets, views as octets."""
    if isinstance(value, BaseException):
        return type(value).__name__, value.args
    if isinstance(value, (list, tuple)) and type(value).__name__ in ("list", "tuple"):
        return [_plain(one) for one in value]
    if isinstance(value, memoryview):
        return bytes(value)
    return type(value).__name__, bytes(value), str(value)


def _met(call: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    try:
        return _plain(call(*arguments, **more))
    except Exception as error:
        return type(error).__name__, error.args


def _walked(walk: Any) -> Any:
    items = list(walk)
    return items, walk.offset, None if walk.fault is None else _plain(walk.fault)


def every_argument(kernels: Any, data: Any) -> Iterator[Any]:
    """Each kernel over the same octets, with each of its arguments."""
    for afi in (1, 2):
        for add_path in (False, True):
            yield _met(kernels.decode_prefixes, data, afi, add_path=add_path)
            for withdraw, multiple in ((False, False), (True, False), (False, True), (True, True)):
                more = {"add_path": add_path, "withdraw": withdraw, "multiple_labels": multiple}
                yield _met(kernels.decode_labelled, data, afi, **more)
                yield _met(kernels.decode_vpn, data, afi, **more)
    for flag in (False, True):
        yield _met(kernels.decode_labels, data, withdraw=flag)
        yield _met(kernels.decode_as_path, data, asn4=flag)
        yield _walked(kernels.walk_messages(data, max_message=4096 + flag * 61439, strict_type=flag))
    for name in set(KERNELS) - {"walk_messages", "decode_labels", "decode_as_path"}:
        yield _once(kernels, name, data)


def _once(kernels: Any, name: str, data: Any) -> Any:
    """One kernel, with the arguments it has in KERNELS."""
    if name.startswith("walk"):
        return _walked(KERNELS[name](kernels, data))
    return _met(KERNELS[name], kernels, data)


@of_vectors([one for one in VECTORS if len(one.data) < 1000])
def test_every_kind_of_buffer(both: list[Implementation], vector: Vector) -> None:
    """Whatever a vector is of: each kernel says the same of it from each kind of buffer, in both implementations."""
    wanted = None
    for loaded in both:
        with loaded.active() as package:
            for make in BUFFERS.values():
                buffer = make(vector.data)
                found = [_once(package.kernels, name, buffer) for name in KERNELS]
                wanted = wanted or found
                assert found == wanted
        doors.passed(loaded.name, vector.name, "kernels")


@given(data=st.binary(max_size=80), shape=st.sampled_from(sorted(BUFFERS)))
def test_any_octets(both: list[Implementation], data: bytes, shape: str) -> None:
    found = []
    for loaded in both:
        with loaded.active() as package:
            found.append(list(every_argument(package.kernels, BUFFERS[shape](data))))
    assert all(one == found[0] for one in found)


@of_vectors([one for one in VECTORS if len(one.data) < 100])
def test_every_argument(both: list[Implementation], vector: Vector) -> None:
    found = []
    for loaded in both:
        with loaded.active() as package:
            found.append(list(every_argument(package.kernels, vector.data)))
    assert all(one == found[0] for one in found)


# --- against what the objects say ---------------------------------------------------------------------------------

UPDATES = [one for one in VECTORS if one.kind == "message" and one.data[18:19] == b"\2" and one.error is None]
DECODERS = {1: "decode_prefixes", 2: "decode_prefixes", 4: "decode_labelled", 128: "decode_vpn"}


@of_vectors(UPDATES)
def test_the_same_as_the_objects(impl: Any, vector: Vector) -> None:
    """An UPDATE taken apart by kernels gives what ``Message.decode`` gives: the decoder that one would write."""
    kernels, session = impl.kernels, context.session(impl, vector)
    update = impl.Message.decode(vector.data, session)
    data = bytearray(vector.data)
    walk = kernels.walk_messages(data, max_message=65535)
    assert next(walk)[0] == 2
    withdrawn, attributes, nlri = kernels.split(memoryview(data)[19:])
    add_path = (1, 1) in session.add_path
    for octets, collection in ((withdrawn, update.withdrawn), (nlri, update.nlri)):
        values, fault = kernels.decode_prefixes(octets, 1, add_path=add_path)
        assert tuple(values) == collection.values
        assert (fault is None) == (collection.error is None)
    walk = kernels.walk_attributes(attributes)
    found = list(walk)
    assert [(flags, code) for flags, code, _, _ in found] == [(a.flags, a.code) for a in update.attributes.walk()]
    assert (walk.fault is None) == (update.attributes.structure_error is None)
    for code, name in ((8, "communities"), (16, "extended_communities"), (32, "large_communities")):
        for value, start, end in [(update.attributes.get(code), *at) for _, one, *at in found if one == code][:1]:
            values, fault = getattr(kernels, f"decode_{name}")(attributes[start:end])
            assert (values if fault is None else None) == value
    for start, end in [at for _, code, *at in found if code == 2][:1]:
        path, fault = kernels.decode_as_path(attributes[start:end], asn4=session.asn4)
        assert (path if fault is None else None) == update.attributes.get(2)


NLRI = [one for one in VECTORS if one.kind == "nlri" and one.get("safi") in DECODERS and one.get("afi") in (1, 2)]


@of_vectors(NLRI)
def test_nlri_of_the_vectors(impl: Any, vector: Vector) -> None:
    afi, safi = vector.get("afi"), vector.get("safi")
    session = context.session(impl, vector)
    withdraw = bool(vector.get("withdraw"))
    wanted = impl.MpNlriCollection(vector.data, session, afi=afi, safi=safi, withdraw=withdraw)
    more = {"add_path": (afi, safi) in session.add_path}
    if safi > 2:
        more |= {"withdraw": withdraw, "multiple_labels": (afi, safi) in session.multiple_labels}
    values, fault = getattr(impl.kernels, DECODERS[safi])(vector.data, afi, **more)
    assert tuple(values) == wanted.values
    assert _plain(fault) == _plain(wanted.error) if fault else wanted.error is None


# --- what is refused ----------------------------------------------------------------------------------------------

NO_OCTETS: dict[str, tuple[Callable[[], Any], type[Exception]]] = {
    "text": (lambda: "10.0.0.0/8", TypeError),
    "None": (lambda: None, TypeError),
    "int": (lambda: 8, TypeError),
    "list": (lambda: [8, 10], TypeError),
    "array of signed octets": (lambda: array("b", b"\x08\x0a"), ValueError),
    "array of 16 bits": (lambda: array("H", b"\x08\x0a"), ValueError),
    "two dimensions": (lambda: memoryview(b"\x08\x0a\x08\x0b").cast("B", (2, 2)), ValueError),
    "no dimension": (lambda: memoryview(b"\x08").cast("B", ()), ValueError),
    "numpy of 32 bits": (lambda: numpy.zeros(4, numpy.uint32), ValueError),
    "numpy of two dimensions": (lambda: numpy.zeros((2, 2), numpy.uint8), ValueError),
    "released memoryview": (lambda: _released(), ValueError),
}


def _released() -> memoryview:
    view = memoryview(b"\x08\x0a")
    view.release()
    return view


@pytest.mark.parametrize("what", NO_OCTETS)
@pytest.mark.parametrize("name", KERNELS)
def test_no_octets(impl: Any, name: str, what: str) -> None:
    make, wanted = NO_OCTETS[what]
    with pytest.raises(wanted):
        KERNELS[name](impl.kernels, make())


def test_every_kernel_is_tested(impl: Any) -> None:
    assert set(KERNELS) == set(impl.kernels.__all__)


@pytest.mark.parametrize("afi", [0, 3, 25, 16388, None, "ipv4"])
def test_afi_of_no_prefix(impl: Any, afi: Any) -> None:
    for name in ("decode_prefixes", "decode_labelled", "decode_vpn"):
        with pytest.raises(ValueError, match=r"afi is 1 \(IPv4\) or 2 \(IPv6\), not"):
            getattr(impl.kernels, name)(b"\x08\x0a", afi)


def test_examples(impl: Any) -> None:
    """Those of the module's documentation."""
    assert doctest.testmod(impl.kernels).failed == 0
