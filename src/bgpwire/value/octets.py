"""Octets out of whatever holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Buffer

MARKER = b"\xff" * 16
"""What every message begins with (RFC 4271 section 4.1)."""


def as_bytes(data: Buffer) -> bytes:
    """The octets of any buffer, copied unless they are ``bytes`` already. TypeError for str and None."""
    if type(data) is bytes:
        return data
    return memoryview(data).tobytes()


def unfit(name: str, value: float) -> ValueError:
    """The error of a ``value`` that the field ``name`` has no room for; a number of more than 128 bits is left out."""
    if isinstance(value, int) and value.bit_length() > 128:
        return ValueError(f"{name}: a number of {value.bit_length()} bits does not fit")
    return ValueError(f"{name}: {value} does not fit")
