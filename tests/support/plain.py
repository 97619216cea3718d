"""Values of declared fields as what they are equal by: an error has no equality of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if hasattr(value, "data") and hasattr(value, "error") and hasattr(value, "type"):
        error = value.error and (value.error.reason, value.error.offset)
        return value.type, value.name, plain(value.value), value.data, error
    return value
