"""Equality, order, hash and pickling of a value by its octets, or by the key it names; how Python shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire.value.compare import unequal
from bgpwire.value.restore import restore


class Shown:
    """A value that its text makes: ``Address('192.0.2.1')``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class Keyed(Shown):
    """Values of one type compare by ``_key()``; pickles go through ``_restore`` of the running implementation."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __bytes__(self) -> bytes: ...

    def _key(self) -> Any:
        return bytes(self)

    def _state(self) -> tuple[Any, ...]:
        return (bytes(self),)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, (type(self).__name__, *self._state())

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return unequal(self, other)  # type: ignore[no-any-return]
        same: bool = self._key() == other._key()
        return same

    def __lt__(self, other: Self) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        less: bool = self._key() < other._key()
        return less

    def __le__(self, other: Self) -> bool:
        return NotImplemented if type(other) is not type(self) else not other < self

    def __gt__(self, other: Self) -> bool:
        return NotImplemented if type(other) is not type(self) else other < self

    def __ge__(self, other: Self) -> bool:
        return NotImplemented if type(other) is not type(self) else not self < other
