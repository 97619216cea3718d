"""The set of every address family, registered or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire.afi_safi import Afi, Safi

if TYPE_CHECKING:
    from collections.abc import Iterable, Set


class EveryFamily(frozenset[tuple[int, int]]):
    """Every (AFI, SAFI) pair, registered or not, but those of ``without``.

    Its iterator and ``len()`` know the pairs of registered numbers alone, ``in`` and ``| - &`` all of them.
    """

    __slots__ = ("without",)
    without: frozenset[tuple[int, int]]

    def __new__(cls, without: Iterable[tuple[int, int]] = ()) -> Self:
        left_out = frozenset(without)
        self = super().__new__(cls, ((int(a), int(s)) for a in Afi for s in Safi if (a, s) not in left_out))
        self.without = left_out
        return self

    def __contains__(self, family: object) -> bool:
        return family not in self.without

    def __or__(self, other: Set[Any]) -> EveryFamily:
        return EveryFamily(family for family in self.without if family not in other)

    __ror__ = __or__

    def __sub__(self, other: Set[Any]) -> frozenset[tuple[int, int]]:
        if isinstance(other, EveryFamily):
            return other.without - self.without
        return EveryFamily(self.without.union(other))

    def __rsub__(self, other: Set[Any]) -> frozenset[Any]:
        return frozenset(family for family in other if family not in self)

    def __and__(self, other: Set[Any]) -> frozenset[tuple[int, int]]:
        if isinstance(other, EveryFamily):
            return EveryFamily(self.without | other.without)
        return frozenset(family for family in other if family in self)

    __rand__ = __and__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EveryFamily) and self.without == other.without

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __ge__(self, other: Set[Any]) -> bool:
        return other.without >= self.without if isinstance(other, EveryFamily) else not self.without & other

    def __le__(self, other: Set[Any]) -> bool:
        return isinstance(other, EveryFamily) and other.without <= self.without

    def __hash__(self) -> int:
        return hash((EveryFamily, self.without))

    def __reduce__(self) -> tuple[Any, ...]:
        return EveryFamily, (self.without,)

    def __repr__(self) -> str:
        return f"EveryFamily({sorted(self.without) if self.without else ''})"


ALL_FAMILIES: Final = EveryFamily()
"""What an ADD-PATH subtype of MRT says of its message (RFC 8050 section 3)."""


def families_of(given: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Pairs of AFI and SAFI as a frozenset; :class:`EveryFamily` as it is."""
    return given if isinstance(given, EveryFamily) else frozenset((int(afi), int(safi)) for afi, safi in given)
