"""ORIGIN (RFC 4271 section 5.1.1)."""

from __future__ import annotations

from enum import IntEnum


class Origin(IntEnum):
    """Where a route was learned first; ``bytes()`` is the attribute's single octet."""

    IGP = 0
    EGP = 1
    INCOMPLETE = 2

    def __str__(self) -> str:
        return self.name

    def __bytes__(self) -> bytes:
        return bytes((self.value,))

    def json(self) -> str:
        return self.name.lower()
