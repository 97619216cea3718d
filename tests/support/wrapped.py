"""Vectors as whole messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.context import ATTRIBUTES, attribute, message, update
from support.kinds_attribute import CODES
from support.kinds_message import BODIES

if TYPE_CHECKING:
    from support.vectors import Vector

WHOLE = ("message", "attribute", "nlri", "capability", *BODIES, *CODES)
"""Kinds of vectors that are messages, or that a message can be made of."""


def wrapped(package: Any, vector: Vector) -> bytes:
    """The octets of a vector as a message."""
    data = vector.data
    if vector.kind == "message":
        return data
    if vector.kind in BODIES:
        return message(BODIES[vector.kind], data)
    if vector.kind == "capability":
        size = len(data).to_bytes(1 if len(data) < 253 else 2)
        head = b"" if len(size) == 1 else b"\xff"
        total = (len(data) + 1 + len(size)).to_bytes(len(size))
        first = b"\xff" if head else total
        return message(1, b"\4\xfb\xf4\0\x5a\xc0\0\2\1" + first + head + (total if head else b"") + b"\2" + size + data)
    if vector.kind == "nlri":
        head = vector.get("afi", 1).to_bytes(2) + bytes((vector.get("safi", 1),))
        if vector.get("withdraw", False):
            return update(b"", attribute(0x90, 15, head + data))
        return update(b"", ATTRIBUTES[:7] + attribute(0x90, 14, head + b"\4\xc0\0\2\1\0" + data))
    code = CODES.get(vector.kind) or vector.context["code"]
    known = package.registry.ATTRIBUTES[code]
    flags = 0xC0 if known is None or known.flags is None else known.flags
    return update(b"", attribute(vector.get("flags", flags), code, data))
