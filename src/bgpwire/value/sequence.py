"""What a value offers that is a sequence of smaller ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Sequence as Base
else:
    from typing import Generic as Base  # an extension type cannot have the metaclass of Sequence

T = TypeVar("T", covariant=True)


class Items(Base[T]):  # noqa: UP046  Sequence[T] to a type checker
    """Indexing, slices (tuples), ``in``, ``index``, ``count``, ``reversed``, over ``__iter__`` and ``__len__``."""

    __slots__ = ()

    def _read(self, item: object) -> object:
        """What is looked for: text read as one item, anything else as it is. ValueError for unreadable text."""
        return item

    @overload
    def __getitem__(self, index: int, /) -> T: ...
    @overload
    def __getitem__(self, index: slice, /) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice, /) -> T | tuple[T, ...]:
        return tuple(self)[index]

    def __contains__(self, item: object, /) -> bool:
        return self._read(item) in tuple(self)

    def __reversed__(self) -> Iterator[T]:
        return reversed(tuple(self))

    def count(self, value: Any) -> int:
        """How often ``value``, or the text of it, stands there."""
        return tuple(self).count(self._read(value))

    def index(self, value: Any, start: int = 0, stop: int = sys.maxsize) -> int:
        """Where ``value``, or the text of it, stands first. ValueError where it does not."""
        return tuple(self).index(self._read(value), start, stop)


Sequence.register(Items)  # type: ignore[type-abstract]
