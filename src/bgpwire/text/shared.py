"""What routes share is rendered once: attributes by their octets, peers by their identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import PathAttributes
    from bgpwire.route.kernels import Peer

_BLOCKS = 1 << 14
_PEERS = 1 << 12


def per_block[T](render: Callable[[PathAttributes], T]) -> Callable[[PathAttributes], T]:
    """``render``, called once for equal blocks of attributes as long as they are remembered.

    The routes of an UPDATE share one block, and those of a table many equal ones. ``render`` may look at nothing but
    the octets, the width of AS numbers, and whether the block is a RIB entry's.
    """
    known: dict[tuple[bytes, bool, bool], T] = {}
    last: PathAttributes | None = None
    result: T

    def cached(attributes: PathAttributes) -> T:
        nonlocal last, result
        if attributes is last:
            return result
        key = bytes(attributes), attributes.session.asn4, attributes.rib_family is None
        try:
            result = known[key]
        except KeyError:
            if len(known) >= _BLOCKS:
                known.clear()
            result = known[key] = render(attributes)
        last = attributes
        return result

    return cached


def per_peer(render: Callable[[Peer], str]) -> Callable[[Peer], str]:
    """``render``, called once for each peer; all records of a file that name a peer have the same object."""
    known: dict[int, tuple[Peer, str]] = {}

    def cached(peer: Peer) -> str:
        found = known.get(id(peer))
        if found is None:
            if len(known) >= _PEERS:
                known.clear()
            # The peer is kept too, so that its id stays its own.
            found = known[id(peer)] = peer, render(peer)
        return found[1]

    return cached
