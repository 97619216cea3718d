"""Values as JSON."""

from __future__ import annotations

from typing import Any


def to_json(value: Any) -> Any:
    """Any field's value as JSON values: octets as hex, integers from 2^53 as text, floats that are no number too.

    Bits of more than 128 octets are text in hex.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        if value.bit_length() > 1024:  # in decimal that takes quadratic time, and Python refuses it at last
            return hex(value)
        return int(value) if -(1 << 53) < value < 1 << 53 else str(int(value))
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: to_json(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(member) for member in value]
    if hasattr(value, "json"):
        return value.json()
    return str(value)
