"""A set of prefixes that also finds the longest match."""

from __future__ import annotations

from collections.abc import Set
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, Prefix
from bgpwire.value.prefix import span
from bgpwire.value.text import is_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire.value.text import PrefixLike


class PrefixSet(Set[Prefix]):
    """IPv4 and IPv6 prefixes side by side: ``PrefixSet(["10.0.0.0/8", Prefix("2001:db8::/32")])``.

    Membership (``in``) is exact, :meth:`longest_match` and :meth:`covers` look for what lies around. Prefixes,
    text and objects of ``ipaddress`` are taken everywhere; path identifiers are left aside. Immutable, hashable,
    in order of AFI, address and length; ``|``, ``&``, ``-``, ``^``, ``<=`` are those of sets. A look-up takes one
    step for each length that stands in the set.
    """

    __slots__ = ("_levels", "_members")
    _members: tuple[Prefix, ...]
    _levels: dict[int, tuple[tuple[int, dict[int, Prefix]], ...]]

    def __init__(self, prefixes: Iterable[Prefix | PrefixLike] = ()) -> None:
        """From prefixes, text (``10.0.0.0/8``; without a length, a host) and networks or addresses of ``ipaddress``.

        ValueError for text that is no prefix, TypeError for anything else and for one text in place of many.
        """
        if isinstance(prefixes, str):
            raise TypeError(f"prefixes are given as a list: PrefixSet([{prefixes!r}])")
        self._members = tuple(sorted({_prefix(item) for item in prefixes}))
        # By the number of address bits, longest first: the length and, by the bits of that length, the prefix.
        levels: dict[int, dict[int, dict[int, Prefix]]] = {}
        for prefix in self._members:
            packed, length = prefix.packed, prefix.length
            size = len(packed) * 8
            by_bits = levels.setdefault(size, {}).setdefault(length, {})
            by_bits[int.from_bytes(packed) >> (size - length)] = prefix
        self._levels = {size: tuple(sorted(found.items(), reverse=True)) for size, found in levels.items()}

    def longest_match(self, place: Prefix | Address | PrefixLike) -> Prefix | None:
        """The longest prefix of the set that is or contains ``place``, an address or a prefix; ``None`` without one."""
        packed, length = span(place)
        size = len(packed) * 8
        bits = int.from_bytes(packed)
        for level, prefixes in self._levels.get(size, ()):
            if level <= length:
                found = prefixes.get(bits >> (size - level))
                if found is not None:
                    return found
        return None

    def covers(self, place: Prefix | Address | PrefixLike) -> bool:
        """Whether some prefix of the set is or contains ``place``, an address or a prefix."""
        return self.longest_match(place) is not None

    def __contains__(self, prefix: object) -> bool:
        """Whether exactly this prefix is listed; text is read as ``Prefix(text)`` reads it.

        TypeError for an address that is not text: it has no length; see :meth:`covers`.
        """
        if isinstance(prefix, (Address, IPv4Address, IPv6Address)):
            raise TypeError("an address is no member of a set of prefixes; use covers() or longest_match()")
        if not isinstance(prefix, Prefix) and not is_place(prefix):
            return False
        found = _prefix(prefix)
        packed, length = found.packed, found.length
        size = len(packed) * 8
        bits = int.from_bytes(packed) >> (size - length)
        return any(level == length and bits in prefixes for level, prefixes in self._levels.get(size, ()))

    def __iter__(self) -> Iterator[Prefix]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __hash__(self) -> int:
        return self._hash()

    def __reduce__(self) -> tuple[Any, ...]:
        return PrefixSet, (self._members,)

    def __repr__(self) -> str:
        return f"PrefixSet({list(map(str, self))!r})"


def _prefix(item: Any) -> Prefix:
    """``item`` as a prefix without path identifier. ValueError for other text, TypeError for other objects."""
    return item.prefix if isinstance(item, Prefix) else Prefix(item)
