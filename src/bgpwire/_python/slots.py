"""Frozen values are made here: a class that only its own module may fill has its slots set by their descriptors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["filler", "maker"]

_new = object.__new__


def maker(owner: type, *names: str) -> Callable[..., Any]:
    """A function ``(cls, *contents)``: a new value of ``cls``, a subclass of ``owner``, whose slots ``names`` (of
    ``owner`` itself) hold ``contents``. No ``__init__`` is run."""
    stores = [owner.__dict__[name].__set__ for name in names]
    count = len(names)

    def make(cls: type, *contents: Any) -> Any:
        if len(contents) != count:
            raise TypeError(f"{count} slots, {len(contents)} values")
        value: Any = _new(cls)
        for store, content in zip(stores, contents):  # noqa: B905
            store(value, content)
        return value

    return make


def filler(owner: type, *names: str) -> Callable[..., Any]:
    """A function ``(value, *contents)``: puts ``contents`` into the slots ``names`` of a ``value`` of ``owner`` that is
    being made, and returns it."""
    stores = [owner.__dict__[name].__set__ for name in names]
    count = len(names)

    def fill(value: Any, *contents: Any) -> Any:
        if len(contents) != count:
            raise TypeError(f"{count} slots, {len(contents)} values")
        for store, content in zip(stores, contents):  # noqa: B905
            store(value, content)
        return value

    return fill
