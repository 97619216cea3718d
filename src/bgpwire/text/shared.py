"""What routes share is rendered once: attributes by their octets, peers by their identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import Prefix
from bgpwire.afi_safi import AFI_IPV6
from bgpwire.remembered import remember

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import AsPath, PathAttributes
    from bgpwire._python.runs import Run
    from bgpwire.route.kernels import Peer, Route

_BLOCKS = 1 << 14
_LONGEST = 1 << 10
"""Octets of a block of a run that is remembered."""
_PEERS = 1 << 12
_VALUES = 1 << 12
_LONGEST_VALUE = 1 << 8
"""Octets of the value of an attribute that is remembered."""


def per_block[T](render: Callable[[PathAttributes], T]) -> Callable[[PathAttributes], T]:
    """``render``, called once for equal blocks of attributes as long as they are remembered.

    The routes of an UPDATE share one block, and those of a table many equal ones. ``render`` may look at nothing but
    the octets, the width of AS numbers, and of which family's RIB the block is an entry's.
    """
    known: dict[tuple[bytes, bool, tuple[int, int] | None], T] = {}
    last: PathAttributes | None = None
    result: T

    def cached(attributes: PathAttributes) -> T:
        nonlocal last, result
        if attributes is last:
            return result
        key = bytes(attributes), attributes.session.asn4, attributes.rib_family
        try:
            result = known[key]
        except KeyError:
            result = remember(known, key, render(attributes), _BLOCKS)
        last = attributes
        return result

    return cached


def of_runs(
    line: Callable[[Route], str], of_run: Callable[[Run], tuple[str, list[str], str] | None]
) -> Callable[[Route], str]:
    """``line``, which gives the line of a route, with what ``iter_lines`` of the pure package finds there.

    ``of_run(run)`` gives what stands in front of the prefix, the text of each, and what stands behind it, in the lines
    of a run; ``None`` where they are to be made of its routes.
    """
    line.of_run = of_run  # type: ignore[attr-defined]
    return line


def per_run[T](render: Callable[[Run], T]) -> Callable[[Run], T]:
    """``render``, called once for runs of equal attributes in the same place, as long as they are remembered.

    It may look at nothing else of a run, and is not to be called for withdrawals.
    """
    known: dict[tuple[bytes, bool, tuple[int, int, bool], str], T] = {}

    def cached(run: Run) -> T:
        block = run.block
        key = block, run.session.asn4, run.place, run.kind
        result = known.get(key)
        if result is None:
            result = render(run)
            if len(block) <= _LONGEST:
                remember(known, key, result, _BLOCKS)
        return result

    return cached


def run_texts(
    ipv4: Callable[[bytes], str] = lambda octets: Prefix._ipv4_text(octets),
    ipv6: Callable[[bytes], str] = lambda octets: Prefix._ipv6_text(octets),
) -> Callable[[Run], list[str]]:
    """A function that gives the text of each prefix of a run.

    ``ipv4`` and ``ipv6`` make it of its octets, the length in front.
    """
    last: list[bytes] | None = None
    made: list[str] = []

    def texts(run: Run) -> list[str]:
        nonlocal last, made
        octets = run.octets
        if octets is not last:  # all entries of a RIB record have the same list
            text = ipv6 if run.place[0] == AFI_IPV6 else ipv4
            last, made = octets, [text(one) for one in octets]
        return made

    return texts


def per_octets[V](render: Callable[[V], str]) -> Callable[[V], str]:
    """``render``, called once for values of the same octets, as long as they are remembered."""
    known: dict[bytes, str] = {}

    def cached(value: V) -> str:
        octets = bytes(value)  # type: ignore[call-overload]
        text = known.get(octets)
        if text is None:
            text = render(value)
            if len(octets) <= _LONGEST_VALUE:
                remember(known, octets, text, _VALUES)
        return text

    return cached


def per_path(render: Callable[[AsPath], str]) -> Callable[[AsPath], str]:
    """The same of AS paths: with AS numbers of another width the same octets are another path."""
    two, four = per_octets(render), per_octets(render)
    return lambda path: (four if path.asn4 else two)(path)


def per_peer(render: Callable[[Peer], str]) -> Callable[[Peer], str]:
    """``render``, called once for each peer; all records of a file that name a peer have the same object."""
    known: dict[int, tuple[Peer, str]] = {}

    def cached(peer: Peer) -> str:
        found = known.get(id(peer))
        if found is None:
            # The peer is kept too, so that its id stays its own.
            found = remember(known, id(peer), (peer, render(peer)), _PEERS)
        return found[1]

    return cached
