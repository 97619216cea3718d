"""The base of values that are plain Python: they can be replaced and pickled."""

from __future__ import annotations

import dataclasses
from typing import Any, Self

from bgpwire.immutable import Immutable, fill


class Frozen(Immutable):
    """A value of slots that is plain Python: ``replace()`` it, pickle it."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        slots = [name for cls in type(self).__mro__ for name in cls.__dict__.get("__slots__", ())]
        return remade, (type(self), {name: getattr(self, name) for name in slots if hasattr(self, name)})

    def replace(self, **changes: Any) -> Self:
        """The same value with other fields. TypeError for a field that it does not have."""
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


class Slotted(type):
    """Of classes whose subclasses have no slots of their own, and need not say so."""

    def __new__(mcs, name: str, bases: tuple[type, ...], space: dict[str, Any], /, **keywords: Any) -> Slotted:
        return super().__new__(mcs, name, bases, {"__slots__": ()} | space, **keywords)


def remade[V](cls: type[V], slots: dict[str, Any]) -> V:
    """Unpickling: the value of class ``cls`` whose slots hold that."""
    value = cls.__new__(cls)
    for name, content in slots.items():
        fill(value, name, content)
    return value
