"""What a table of routes keeps: routes, what they share, peers."""

from __future__ import annotations

from typing import NamedTuple

from bgpwire._python.prefix import Prefix
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST

__all__ = ["Change", "Held", "Key", "Neighbour", "Pieces", "family_number", "key_of", "prefix_of_key"]


class Held(NamedTuple):
    """A route: the value of AS_PATH, the rest of its attributes, and since when it is there."""

    path: bytes | None
    rest: bytes
    since: int


type Key = tuple[bytes, int]
"""The octets of an address, all of them, and a length."""
type Change = tuple[int, int, int, Prefix, Held | None, Held | None]


class Pieces:
    """Octets that routes share, and by how many."""

    __slots__ = ("_found", "octets")

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[bytes, int]] = {}
        self.octets = 0

    def __len__(self) -> int:
        return len(self._found)

    def keep(self, octets: bytes) -> bytes:
        """The same octets, one object for all that have them, used once more."""
        kept, uses = self._found.get(octets, (octets, 0))
        self._found[kept] = kept, uses + 1
        self.octets += 0 if uses else len(octets)
        return kept

    def leave(self, octets: bytes) -> None:
        """Use them once less."""
        kept, uses = self._found[octets]
        if uses > 1:
            self._found[kept] = kept, uses - 1
        else:
            del self._found[octets]
            self.octets -= len(octets)


class Neighbour:
    """A peer and where its routes are."""

    __slots__ = ("address", "asn", "bgp_id", "routes", "source")

    def __init__(self, address: bytes, asn: int, source: int, bgp_id: bytes) -> None:
        self.address, self.asn, self.source, self.bgp_id = address, asn, source, bgp_id
        self.routes: dict[tuple[int, int], dict[tuple[Key, int | None], None]] = {}
        """By family: prefix and path identifier of each route."""

    def __len__(self) -> int:
        return sum(map(len, self.routes.values()))


def family_number(afi: int, safi: int) -> tuple[int, int]:
    """The family. ValueError unless its NLRI are prefixes of IPv4 or IPv6."""
    if afi not in (AFI_IPV4, AFI_IPV6) or safi not in (SAFI_UNICAST, SAFI_MULTICAST):
        raise ValueError(f"no prefixes of family {afi}/{safi}")
    return afi, safi


def key_of(prefix: Prefix) -> Key:
    return prefix.packed, prefix.length


def prefix_of_key(key: Key, afi: int, path_id: int | None = None) -> Prefix:
    packed, bits = key
    return Prefix._of(bytes((bits,)) + packed[: (bits + 7) >> 3], afi, path_id)
