"""What is made once of each key, as long as there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def remember[K, V](known: dict[K, V], key: K, value: V, most: int) -> V:
    """Put ``value`` into ``known`` and return it. With ``most`` values in it, the dictionary is emptied before, so that
    memory stays bounded whatever is read; keys are to be of bounded size."""
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value


class Remembered[K, V](dict[K, V]):
    """A dictionary that makes the value of a key when that is first asked for: ``remembered[key]``.

    It holds ``most`` values, see :func:`remember`.
    """

    __slots__ = ("_make", "_most")

    def __init__(self, make: Callable[[K], V], most: int = 1 << 12) -> None:
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        return remember(self, key, self._make(key), self._most)
