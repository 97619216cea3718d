"""Vectors that are the value of an attribute: see :mod:`support.kinds`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.context import attribute, session, update
from support.context import family as parse_family
from support.result import Result, moved, wire_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Vector


CODES = {"as_path": 2, "ipv6_extended_community": 25}


def _header(package: Any, vector: Vector) -> tuple[int, int]:
    """Flags and code of the attribute."""
    code = CODES.get(vector.kind) or vector.context["code"]
    entry = package.registry.ATTRIBUTES.get(code)
    default = 0xC0 if entry is None or entry.flags is None else entry.flags
    return vector.get("flags", default), code


def _attribute(package: Any, found: Any, shift: int) -> Result:
    value = found.value
    own = wire_of(value)
    octets = bytes(found)[-len(found.data) :] if found.data else b""
    assert octets == found.data
    if own is not None:
        assert own == octets, "bytes(value) is not the attribute's value"
    form = found.json()["value"]
    nlri = getattr(value, "nlri", None)
    errors = [] if nlri is None or nlri.error is None else [nlri.error]
    return Result(form, octets, [] if own is None else [value], str(value), errors, shift)


def decode_attribute(package: Any, vector: Vector) -> Result:
    flags, code = _header(package, vector)
    block = attribute(flags, code, vector.data)
    head = len(block) - len(vector.data)
    rib = vector.get("rib_family")
    rib_family = None if rib is None else parse_family(package, rib)
    attributes = package.PathAttributes(block, 0, None, session(package, vector), -head, rib_family)
    assert bytes(attributes) == block
    assert len(attributes) == 1
    assert code in attributes
    assert attributes.raw(code) == vector.data
    assert attributes.flags(code) == block[0]
    assert attributes.value_offset(code) == 0
    return _attribute(package, attributes.walk()[0], 0)


def attribute_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    flags, code = _header(package, vector)
    block = attribute(flags, code, vector.data)
    head = len(block) - len(vector.data)
    rib = vector.get("rib_family")
    if rib is not None or len(block) > 4000:
        return
    context = session(package, vector)
    # The shift is known before anything is decoded, so that an error raised is compared with it too.
    yield (
        "in a block",
        lambda: _attribute(
            package, package.PathAttributes(b"-" + block + b"-", 1, len(block) + 1, context, -1 - head).walk()[0], 0
        ),
    )
    yield (
        "in an UPDATE",
        lambda: moved(
            23 + head,
            lambda: _attribute(
                package,
                package.Message.decode(update(b"", block), context).attributes.walk()[0],
                23 + head,
            ),
        ),
    )
