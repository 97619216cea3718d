"""What is wrong with a JSON form, and where in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["WRONG", "FormError", "each", "inside", "member"]

WRONG = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
"""What comes of reading a form that is none."""


class FormError(ValueError):
    """A JSON form that cannot be read."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason, path)
        self.reason = reason
        self.path = path
        """Where it stands, as ``attributes[2].value[0].asns[1]``; empty: it is the form itself."""

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


def inside(error: BaseException, part: str | int) -> FormError:
    """The error of a member or an item of a form, as that of the form."""
    path = error.path if isinstance(error, FormError) else ""
    here = f"[{part}]" if isinstance(part, int) else part
    return FormError(_said(error), f"{here}.{path}" if path and path[0] != "[" else here + path)


def _said(error: BaseException) -> str:
    if isinstance(error, FormError):
        return error.reason
    if isinstance(error, KeyError):
        return f"{error} is missing, or no such name"
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"


def each[T](read: Callable[[Any], T], items: Iterable[Any]) -> list[T]:
    """What ``read`` makes of each item. :class:`FormError` that says of which it could not."""
    out: list[T] = []
    for place, item in enumerate(items):
        try:
            out.append(read(item))
        except WRONG as error:
            raise inside(error, place) from None
    return out


def member[T](read: Callable[[Any], T], form: Mapping[str, Any], name: str, *absent: Any) -> T:
    """What ``read`` makes of a member, or of ``absent`` where there is none. :class:`FormError` that names it."""
    if name not in form and not absent:
        raise FormError("missing", name)
    try:
        return read(form.get(name, *absent))
    except WRONG as error:
        raise inside(error, name) from None
