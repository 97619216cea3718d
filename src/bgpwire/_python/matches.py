"""The longest prefix that covers an address (RFC 4632 section 5.1)."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Self, final

from bgpwire._python.door import octets_of, version
from bgpwire._python.prefix import Address, Prefix
from bgpwire.afi_safi import AFI_IPV4
from bgpwire.value.octets import as_bytes

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterable

__all__ = ["Matches"]


@final
class Matches:
    """Prefixes of one address family, to find the longest that covers an address."""

    __slots__ = ("_places", "_size", "_starts")
    _size: int
    _starts: list[int]
    """The addresses, in order, from which on another prefix is found."""
    _places: list[int]
    """Which one that is, -1 for none."""

    # It does not change any more: threads may look into it while another calls __init__.
    def __new__(cls, prefixes: Iterable[Prefix], afi: int) -> Self:
        """From :class:`bgpwire.Prefix` objects in any order, and ``afi``, 1 for IPv4 or 2 for IPv6. Path identifiers
        are left aside, and of equal prefixes the last one is found.

        TypeError for what is no prefix, ValueError for one of the other family.
        """
        self = object.__new__(cls)
        family = version(afi)
        self._size = 4 if family == AFI_IPV4 else 16
        self._starts, self._places = _spans(_numbered(list(prefixes), family), self._size * 8)
        return self

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self._starts.__sizeof__() + self._places.__sizeof__()

    def find(self, address: Address | Buffer) -> int:
        """The place, in the order in which they were given, of the longest prefix that covers an address: an
        :class:`bgpwire.Address`, or its octets in network order. -1 if there is none.

        ValueError for an address of the other family, or for another number of octets.
        """
        octets = bytes(address) if isinstance(address, Address) else as_bytes(address)
        if len(octets) != self._size:
            raise ValueError(f"an address has {self._size} octets here, not {len(octets)}")
        return self._places[bisect_right(self._starts, int.from_bytes(octets)) - 1]

    def find_all(self, data: Buffer) -> array[int]:
        """The same for each of the addresses whose octets stand one behind the other: an ``array`` of 32-bit integers.

        ValueError for octets that are no whole number of addresses.
        """
        octets = octets_of(data)
        size, starts, places = self._size, self._starts, self._places
        if len(octets) % size:
            raise ValueError(f"{len(octets)} octets are no addresses of {size} octets each")
        return array(
            "i",
            [
                places[bisect_right(starts, int.from_bytes(octets[at : at + size])) - 1]
                for at in range(0, len(octets), size)
            ],
        )


def _numbered(prefixes: list[Prefix], afi: int) -> dict[tuple[int, int], int]:
    """By address and length: the place of the last prefix that has them."""
    out = {}
    for place, prefix in enumerate(prefixes):
        if not isinstance(prefix, Prefix):
            raise TypeError(f"a Prefix is needed, not {type(prefix).__name__}")
        if prefix.afi != afi:
            raise ValueError(f"{prefix} among prefixes of AFI {afi}")
        out[int.from_bytes(prefix.packed), prefix.length] = place
    return out


def _spans(prefixes: dict[tuple[int, int], int], width: int) -> tuple[list[int], list[int]]:
    """The addresses at which another prefix begins to be the longest, and its place; the first is address 0."""
    starts, places = [0], [-1]
    around = [(1 << width, -1)]
    """Where the prefixes that are open end, and their places, the longest last."""

    def turn(address: int, place: int) -> None:
        if starts[-1] == address:
            places[-1] = place
        else:
            starts.append(address)
            places.append(place)

    for (address, length), place in sorted(prefixes.items()):
        while around[-1][0] <= address:
            end, _ = around.pop()
            turn(end, around[-1][1])
        turn(address, place)
        around.append((address + (1 << width - length), place))
    while len(around) > 1:
        end, _ = around.pop()
        turn(end, around[-1][1])
    return starts, places
