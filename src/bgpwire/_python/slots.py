"""Frozen values are made here: as those of an open class of the same slots, whose stores are plain, and then closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["filler", "maker", "starter"]

# Stores by name are a twentieth of a call of a slot's descriptor, and need code that has the names.
_MAKE = """
def make(cls, {contents}):
    value = opened()
    {stores}
    try:
        value.__class__ = cls
    except TypeError:  # a class with more slots
        return fill(new(cls), {contents})
    return value
"""
_START = """
def start(first, second):
    value = new(cls)
    {stores}
    return value
"""
_FILL = """
def fill(value, {contents}):
    {calls}
    return value
"""


def _opened(owner: type) -> type:
    """A class beside ``owner`` whose values have the same slots, which can be set, and become those of ``owner``."""
    space = {"__slots__": owner.__dict__["__slots__"]}
    made: type = type(owner)(f"{owner.__name__}Opened", owner.__bases__, space)
    # Methods of ``object`` itself, which CPython's specialised instructions know.
    for name in ("__setattr__", "__delattr__", "__init__"):
        setattr(made, name, getattr(object, name))
    return made


def _function(name: str, code: str, space: dict[str, Any], count: int, **lines: str) -> Callable[..., Any]:
    contents = ", ".join(f"content{at}" for at in range(count))
    exec(code.format(contents=contents, **lines), space)
    function: Callable[..., Any] = space[name]
    return function


def maker(owner: type, *names: str) -> Callable[..., Any]:
    """A function ``(cls, *contents)``: a new value of ``cls``, a subclass of ``owner``, whose slots ``names`` (of
    ``owner`` itself) hold ``contents``. No ``__init__`` is run."""
    space = {"opened": _opened(owner), "new": object.__new__, "fill": filler(owner, *names)}
    stores = "; ".join(f"value.{name} = content{at}" for at, name in enumerate(names))
    return _function("make", _MAKE, space, len(names), stores=stores)


def filler(owner: type, *names: str) -> Callable[..., Any]:
    """A function ``(value, *contents)``: puts ``contents`` into the slots ``names`` of a ``value`` of ``owner`` that is
    being made, and returns it."""
    space = {f"store{at}": owner.__dict__[name].__set__ for at, name in enumerate(names)}
    calls = "; ".join(f"store{at}(value, content{at})" for at in range(len(names)))
    return _function("fill", _FILL, space, len(names), calls=calls)


def starter(cls: type, given: tuple[str, str], empty: tuple[str, ...]) -> Callable[..., Any]:
    """A function of two arguments: a new value of ``cls`` whose slots ``given`` hold them, and whose slots ``empty``
    hold None; both are tuples of names. No ``__init__`` is run."""
    first, second = given
    space = {"cls": cls, "new": object.__new__}
    stores = [f"value.{first} = first", f"value.{second} = second", *(f"value.{name} = None" for name in empty)]
    return _function("start", _START, space, 2, stores="; ".join(stores))
