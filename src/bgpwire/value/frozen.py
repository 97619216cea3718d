"""The base of all values: once made, no attribute of theirs can be set or deleted."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NoReturn, Self

if TYPE_CHECKING:
    from collections.abc import Callable

fill = object.__setattr__
"""Sets a slot of a value that is being made: ``fill(value, "name", content)``. Only its own class does that."""


class Immutable:
    """AttributeError for whoever sets or deletes an attribute; copies are the value itself.

    Compiled values have it for its copies: their attributes cannot be set in any case.
    """

    __slots__ = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Take out what a frozen dataclass with slots has: its ``__setattr__`` raises TypeError for a property."""
        super().__init_subclass__(**keywords)
        for name in ("__setattr__", "__delattr__"):
            if name in cls.__dict__:
                delattr(cls, name)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} of {type(self).__name__} cannot be set: values do not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{name} of {type(self).__name__} cannot be deleted: values do not change")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


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


def making(cls: type) -> Callable[[], Any]:
    """Makes empty values of the :class:`Immutable` ``cls`` whose slots can be set; ``value.__class__ = cls`` ends that.

    For loops: a plain store takes a twentieth of what :func:`fill` does.
    """
    made: Any = type(cls)(f"{cls.__name__}InTheMaking", (cls,), {"__slots__": ()})
    # Methods of ``object`` itself, which CPython's specialised instructions know.
    for name in ("__setattr__", "__delattr__", "__init__"):
        setattr(made, name, getattr(object, name))
    return made  # type: ignore[no-any-return]


def remade[V](cls: type[V], slots: dict[str, Any]) -> V:
    """Unpickling: the value of class ``cls`` whose slots hold that."""
    value = cls.__new__(cls)
    for name, content in slots.items():
        fill(value, name, content)
    return value
