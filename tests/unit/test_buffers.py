"""What takes octets takes any buffer of them, and nothing else; bounds that cannot be are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.context import message

TAKERS: dict[str, Callable[[Any, Any], Any]] = {
    "Message.decode": lambda impl, data: impl.Message.decode(data),
    "split": lambda impl, data: impl.split(data),
    "PathAttributes": lambda impl, data: impl.PathAttributes(data),
    "NlriCollection": lambda impl, data: impl.NlriCollection(data),
    "MpNlriCollection": lambda impl, data: impl.MpNlriCollection(data, afi=1, safi=1),
    "Reader": lambda impl, data: impl.Reader(data),
    "Communities.from_bytes": lambda impl, data: impl.Communities.from_bytes(data),
    "NextHop": lambda impl, data: impl.NextHop(data),
}


VALUES: dict[str, Callable[[Any, Any], Any]] = {
    "AsPath.from_bytes": lambda impl, data: impl.AsPath.from_bytes(data),
    "Address.from_bytes": lambda impl, data: impl.Address.from_bytes(data),
    "LabelStack.from_bytes": lambda impl, data: impl.LabelStack.from_bytes(data),
    "RouteDistinguisher.from_bytes": lambda impl, data: impl.RouteDistinguisher.from_bytes(data),
    "ExtendedCommunity.from_bytes": lambda impl, data: impl.ExtendedCommunity.from_bytes(data),
    "LargeCommunity.from_bytes": lambda impl, data: impl.LargeCommunity.from_bytes(data),
}
WRONG = [None, "text", "", 5, 1.5, ["a"], object()]


@pytest.mark.parametrize("name", TAKERS)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_buffer(impl: Any, name: str, wrong: Any) -> None:
    """A buffer of octets or TypeError; never a crash of the interpreter."""
    with pytest.raises(TypeError):
        TAKERS[name](impl, wrong)


@pytest.mark.parametrize("name", VALUES)
def test_what_is_no_buffer_is_no_value(impl: Any, name: str) -> None:
    for wrong in WRONG:
        with pytest.raises(TypeError):
            VALUES[name](impl, wrong)


@pytest.mark.parametrize("name", [*TAKERS, *VALUES])
def test_any_buffer(impl: Any, name: str) -> None:
    from array import array
    from mmap import mmap

    data = {
        "Message.decode": message(4, b""),
        "split": bytes(4),
        "AsPath.from_bytes": b"\2\1\0\0\0\1",
        "LabelStack.from_bytes": b"\0\0\1",
        "LargeCommunity.from_bytes": bytes(12),
        "RouteDistinguisher.from_bytes": bytes(8),
        "ExtendedCommunity.from_bytes": bytes(8),
    }.get(name, bytes(4))
    space = mmap(-1, len(data))
    space[:] = data
    for buffer in (data, bytearray(data), memoryview(data), memoryview(b"-" + data)[1:], array("B", data), space):
        (TAKERS | VALUES)[name](impl, buffer)


def test_mrt_open_of_what_is_no_source(impl: Any) -> None:
    for wrong in (None, 1.5, ["a"], object()):
        with pytest.raises(TypeError):
            impl.mrt.open(wrong)


def test_bounds(impl: Any) -> None:
    for kind in (impl.Reader, impl.PathAttributes):
        for start, end in ((-1, 2), (3, 2), (0, 5), (5, 5), (0, -1), (1 << 40, 1 << 41)):
            with pytest.raises((ValueError, OverflowError)):
                kind(b"abcd", start, end)
    reader = impl.Reader(b"abcd")
    for size in (-1, 5, 1 << 40):
        with pytest.raises(impl.DecodeError):
            reader.take(size)
        with pytest.raises(impl.DecodeError):
            reader.skip(size)
        with pytest.raises(impl.DecodeError):
            reader.sub(size)
    assert len(reader) == 4
