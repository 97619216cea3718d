"""Who decodes what: the tables that map a code to its decoder.

Decoders enter themselves with the decorators below; the kernels look here for whatever they do not
decode themselves. A new attribute, family or capability is one class in one file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bgpwire.errors import Action


class AttributeEntry(NamedTuple):
    """What the decoder must know of an attribute before it looks at its value."""

    code: int
    name: str
    flags: int | None
    """The Optional and Transitive bits (0xc0) the specification fixes; ``None``: not checked."""
    action: Action
    """What RFC 7606 asks when the value is malformed."""
    decode: Callable[[Any, Any], Any] | None
    """``decode(reader, attributes)``; ``None`` where the kernel or nobody decodes the value."""


ATTRIBUTES: dict[int, AttributeEntry] = {}
NLRI: dict[tuple[int, int], Any] = {}
CAPABILITIES: dict[int, Any] = {}
EXTENDED_COMMUNITIES: dict[int, Any] = {}


def attribute[T](
    code: int, name: str, flags: int | None = 0xC0, action: Action = Action.TREAT_AS_WITHDRAW
) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode(reader, attributes)`` decodes the value of path attribute ``code``."""

    def enter(cls: type[T]) -> type[T]:
        if code in ATTRIBUTES and ATTRIBUTES[code].decode is not None:
            raise ValueError(f"attribute {code} is registered twice")
        ATTRIBUTES[code] = AttributeEntry(code, name, flags, action, cls.decode)  # type: ignore[attr-defined]
        return cls

    return enter


def nlri[T](*families: tuple[int, int]) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode(reader, context)`` reads one NLRI of each of ``families``."""

    def enter(cls: type[T]) -> type[T]:
        for family in families:
            if family in NLRI:
                raise ValueError(f"family {family} is registered twice")
            NLRI[family] = cls
        return cls

    return enter


def capability[T](*codes: int) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode(reader, code)`` reads the value of a capability."""

    def enter(cls: type[T]) -> type[T]:
        for code in codes:
            if code in CAPABILITIES:
                raise ValueError(f"capability {code} is registered twice")
            CAPABILITIES[code] = cls
        return cls

    return enter
