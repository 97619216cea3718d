"""What is made once of each key, as long as there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Remembered[K, V](dict[K, V]):
    """A dictionary that makes the value of a key when that is first asked for: ``remembered[key]``.

    With ``most`` values it is emptied before the next, so that memory stays bounded whatever is read; keys are to be
    of bounded size.
    """

    __slots__ = ("_make", "_most")

    def __init__(self, make: Callable[[K], V], most: int = 1 << 12) -> None:
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        value = self._make(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
