"""Vectors that are one capability, community or plain value: see :mod:`support.kinds`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.context import attribute, message
from support.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.vectors import Vector


def decode_capability(package: Any, vector: Vector) -> Result:
    """``hex`` is code, length and value."""
    data = vector.data
    found = package.capability.decode_capability(data[0], data[2:], 2)
    assert data[1] == len(data) - 2, "the capability's length is not that of its octets"
    error = getattr(found, "error", None)
    return Result(found.json(), bytes(found), [found], str(found), [] if error is None else [error])


def capability_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    size = len(vector.data)
    head = b"\4\xfb\xf4\0\x5a\xc0\0\2\1"
    forms = {"RFC 9072": (b"\xff\xff" + (size + 3).to_bytes(2) + b"\2" + size.to_bytes(2), 35)}
    if size < 253:
        forms["OPEN"] = (bytes((size + 2, 2, size)), 31)
    for name, (parameter, begin) in forms.items():

        def decode(parameter: bytes = parameter, begin: int = begin) -> Result:
            found = package.Message.decode(message(1, head + parameter + vector.data))
            (value,) = found.capabilities
            error = getattr(value, "error", None)
            return Result(value.json(), bytes(value), [value], str(value), [] if error is None else [error], begin)

        yield name, decode


def _community(package: Any, data: bytes) -> Any:
    return package.Community.from_int(int.from_bytes(data))


_COMMUNITIES: dict[str, tuple[int, int, Callable[[Any, bytes], Any]]] = {
    "community": (8, 4, _community),
    "extended_community": (16, 8, lambda package, data: package.ExtendedCommunity.from_bytes(data)),
    "large_community": (32, 12, lambda package, data: package.LargeCommunity.from_bytes(data)),
}


def decode_community(package: Any, vector: Vector) -> Result:
    code, size, make = _COMMUNITIES[vector.kind]
    if len(vector.data) != size:
        # No community has another length: the attribute around it says so.
        package.PathAttributes(attribute(0xC0, code, vector.data), base=-3)[code]
        raise AssertionError("several communities in one vector")
    found = make(package, vector.data)
    return Result(found.json(), bytes(found), [found], str(found))


def community_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    code, size, _ = _COMMUNITIES[vector.kind]
    if len(vector.data) != size:
        return

    def inside() -> Result:
        values = package.PathAttributes(attribute(0xC0, code, vector.data * 3))[code]
        assert len(values) == 3
        assert len(set(values)) == 1
        found = values[2]
        return Result(found.json(), bytes(found), [values, found], str(found))

    yield "in an attribute", inside


def decode_ipv6_extended_community(package: Any, vector: Vector) -> Result:
    values = package.PathAttributes(attribute(0xC0, 25, vector.data), base=-3)[25]
    form = values.json()
    return Result(form[0] if isinstance(form, list) and len(form) == 1 else form, bytes(values), [values], str(values))


def decode_value(name: str) -> Callable[[Any, Vector], Result]:
    """A value class with ``from_bytes``."""

    def decode(package: Any, vector: Vector) -> Result:
        found = getattr(package, name).from_bytes(vector.data)
        return Result(found.json(), bytes(found), [found], str(found))

    return decode
