"""The longest prefixes of a table that cover addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._python.rib_kept import family_number, prefix_of_key
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.value.octets import as_bytes

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire._python.prefix import Address, Prefix
    from bgpwire._python.rib import Store

__all__ = ["longest_match", "longest_matches"]


def longest_match(store: Store, address: Address, safi: int) -> Prefix | None:
    """The longest prefix with routes that covers an address; ``None`` if there is none."""
    octets = bytes(address)
    return _longest(store, octets, AFI_IPV4 if len(octets) == 4 else AFI_IPV6, safi)


def longest_matches(store: Store, data: Buffer, afi: int, safi: int) -> list[Prefix | None]:
    """The same for each of the addresses of ``afi`` whose octets stand one behind the other.

    ValueError for octets that are no whole number of addresses.
    """
    family_number(afi, safi)
    octets, size = as_bytes(data), 4 if afi == AFI_IPV4 else 16
    if len(octets) % size:
        raise ValueError(f"{len(octets)} octets are no whole number of addresses")
    return [_longest(store, octets[at : at + size], afi, safi) for at in range(0, len(octets), size)]


def _longest(store: Store, octets: bytes, afi: int, safi: int) -> Prefix | None:
    prefixes = store._prefixes.get(family_number(afi, safi), {})
    width = 8 * len(octets)
    value = int.from_bytes(octets)
    for bits in range(width, -1, -1):
        free = width - bits
        key = (value >> free << free).to_bytes(len(octets)), bits
        if key in prefixes:
            return prefix_of_key(key, afi)
    return None
