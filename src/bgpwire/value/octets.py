"""Octets out of whatever holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Buffer


def as_bytes(data: Buffer) -> bytes:
    """The octets of any buffer, copied unless they are ``bytes`` already. TypeError for str and None."""
    if type(data) is bytes:
        return data
    return memoryview(data).tobytes()
