"""The loops whose instructions are counted: ``python -m scripts.guards.workloads NAME TURNS``.

Each is the loop of a user: nothing but the decoder and what the loop itself needs.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.data import decompressed, thousand

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = 2000
"""Octets of a file are cut behind so many records: enough for the loop to weigh more than what surrounds it."""


def _head(data: bytes, records: int = RECORDS) -> bytes:
    at = 0
    for _ in range(records):
        if at >= len(data):
            break
        at += 12 + int.from_bytes(data[at + 8 : at + 12])
    return data[:at]


def routes_untouched() -> Callable[[], int]:
    """``for route in mrt.open(octets).routes()``."""
    from bgpwire import mrt

    data = _head(decompressed())

    def job() -> int:
        count = 0
        for _ in mrt.open(data).routes():
            count += 1
        return count

    return job


def routes_touched() -> Callable[[], int]:
    """The same, with the prefix, the path, the next hop and the communities of each route."""
    from bgpwire import mrt

    data = _head(decompressed())

    def job() -> int:
        count = 0
        for route in mrt.open(data).routes():
            _ = route.prefix, route.as_path, route.next_hop, route.communities
            count += 1
        return count

    return job


def message_decode() -> Callable[[], int]:
    """``Message.decode`` of an UPDATE of 1,000 prefixes, each a value."""
    from bgpwire import Message

    data = thousand()
    return lambda: len(list(Message.decode(data).nlri))  # type: ignore[attr-defined]


def small_messages() -> Callable[[], int]:
    """``Message.decode`` of 1,000 UPDATEs of one prefix, with their path and next hop."""
    from bgpwire import Message

    whole = thousand()
    size = 23 + int.from_bytes(whole[21:23]) + 4
    data = whole[:16] + size.to_bytes(2) + whole[18:size]

    def job() -> int:
        count = 0
        for _ in range(1000):
            message: Any = Message.decode(data)
            _ = message.attributes.as_path, message.attributes.next_hop
            count += len(message.nlri)
        return count

    return job


def split() -> Callable[[], int]:
    """``split`` of an UPDATE's body, 1,000 times."""
    from bgpwire import split as kernel

    body = thousand()[19:]

    def job() -> int:
        for _ in range(1000):
            kernel(body)
        return 1000

    return job


def exabgp_drop_in() -> Callable[[], int]:
    """ExaBGP, whichever line is found, decoding 1,000 announced prefixes and ten attributes through bgpwire."""
    from benchmarks import exabgp_kit as kit
    from bgpwire.compat import exabgp

    exabgp.install()
    exa = kit.Exa()
    session = exa.session()
    bodies = [
        kit.update(b"", kit.BASIC, kit.prefixes4(1000)),
        kit.update(b"", kit.ten_attributes(0), kit.prefixes4(3)),
        kit.update(b"", kit.BASIC + kit.reach(2, 1, kit.HOP6, kit.prefixes6(500))),
    ]

    def job() -> int:
        for body in bodies:
            exa.decode(body, session)
        return 1503

    return job


WORKLOADS = {
    make.__name__: make
    for make in (routes_untouched, routes_touched, message_decode, small_messages, split, exabgp_drop_in)
}


def main() -> None:
    name, turns = sys.argv[1:]
    job = WORKLOADS[name]()
    elements = job()  # what is filled on first need is filled here
    gc.disable()  # which walks over all that is alive when it sees fit, also within the few turns that are counted
    for _ in range(int(turns)):
        job()
    print(elements)


if __name__ == "__main__":
    main()
