"""Octets as they are, text, and octets that mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field.base import Field


def octets(reader: Reader) -> bytes:
    """All that is left."""
    return reader.rest()


def text(reader: Reader) -> str:
    """All that is left, as UTF-8; what is none comes as U+FFFD."""
    return reader.rest().decode("utf-8", "replace")


def nothing(reader: Reader) -> bool:
    """A field of no octets that says something by being there."""
    return True


def reserved(size: int) -> Field:
    """Octets that mean nothing; ``record`` leaves them out."""

    def read(reader: Reader) -> None:
        reader.skip(size)

    return read


def raw(size: int) -> Field:
    """That many octets."""

    def read(reader: Reader) -> bytes:
        return reader.take(size)

    return read
