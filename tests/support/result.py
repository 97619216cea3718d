"""What decoding a vector came to, by whichever view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.vectors import Vector


@dataclass
class Result:
    """What decoding came to."""

    json: Any
    wire: bytes | None
    """The octets given back by the decoded values; ``None`` where this view does not have them all."""
    values: list[Any] = field(default_factory=list)
    """The decoded values: they must survive pickle, copy and deepcopy."""
    text: Any = None
    errors: list[Any] = field(default_factory=list)
    shift: int = 0
    """Where the vector's octets begin in what was decoded; offsets in errors count from there."""


def no_views(package: Any, vector: Vector) -> Iterator[tuple[str, Result]]:
    yield from ()


def wire_of(value: Any) -> bytes | None:
    """``bytes(value)`` where the value has octets of its own; a plain number has none."""
    return bytes(value) if hasattr(type(value), "__bytes__") else None


LEFT_OUT: Any = None
"""This view does not tell the errors."""


class Moved(Exception):
    """A DecodeError whose offset counts from elsewhere."""

    def __init__(self, error: Any, shift: int) -> None:
        super().__init__(error)
        self.error = error
        self.shift = shift


def moved(shift: int, decode: Callable[[], Result]) -> Result:
    try:
        return decode()
    except ValueError as error:  # DecodeError, of whichever implementation
        if not hasattr(error, "offset"):
            raise
        raise Moved(error, shift) from None
