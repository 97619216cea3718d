"""The base of all values: once made, no attribute of theirs can be set or deleted."""

from __future__ import annotations

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


def making(cls: type) -> Callable[[], Any]:
    """Makes empty values of the :class:`Immutable` ``cls`` whose slots can be set; ``value.__class__ = cls`` ends that.

    For loops: a plain store takes a twentieth of what :func:`fill` does.
    """
    made: Any = type(cls)(f"{cls.__name__}InTheMaking", (cls,), {"__slots__": ()})
    # Methods of ``object`` itself, which CPython's specialised instructions know.
    for name in ("__setattr__", "__delattr__", "__init__"):
        setattr(made, name, getattr(object, name))
    return made  # type: ignore[no-any-return]
