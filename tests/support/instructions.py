"""What compiled kernels do for inputs of growing size, with a mark between: run under valgrind's callgrind.

``python instructions.py`` does the work of each door with one size and with ten times as much. Before and behind each
it calls ``getppid``, which it has no other use for: callgrind is told to write its counts there.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from support.context import ATTRIBUTES, attribute, bgp4mp, update

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, FACTOR = 150, 10
UNITS = {
    "prefixes": "18 0a0102",
    "IPv6 prefixes": "20 20010db8",
    "labelled prefixes": "30 000641 0a0102",
    "VPN routes": "70 000641 0000fde800000064 0a0102",
    "communities": "fde80001",
    "large communities": "0000fde80000000100000002",
    "extended communities": "0002fde800000064",
    "segments of a path": "02020000fde80000fde9",
    "attributes": "c0fe0101",
}
_FAMILIES = {"IPv6 prefixes": (2, 1), "labelled prefixes": (1, 4), "VPN routes": (1, 128)}
_HOPS = {"IPv6 prefixes": 16, "labelled prefixes": 4, "VPN routes": 12}
_CODES = {"communities": 8, "large communities": 32, "extended communities": 16, "segments of a path": 2}


def message(name: str, count: int) -> bytes:
    """An UPDATE that holds ``count`` of the thing."""
    octets = bytes.fromhex(UNITS[name]) * count
    if name in _FAMILIES:
        afi, safi = _FAMILIES[name]
        hop = _HOPS[name]
        value = afi.to_bytes(2) + bytes((safi, hop)) + bytes(hop) + b"\0" + octets
        return update(b"", ATTRIBUTES + attribute(0x80, 14, value))
    if name in _CODES:
        return update(b"", ATTRIBUTES + attribute(0xC0, _CODES[name], octets))
    if name == "attributes":
        return update(b"", ATTRIBUTES + octets)
    return update(b"", ATTRIBUTES, octets)


def table(count: int) -> bytes:
    """A TABLE_DUMP_V2 record of ``count`` entries behind its peer index table."""
    peers = bytes(4) + b"\0\0" + b"\0\1" + b"\2" + bytes(4) + bytes(4) + (64500).to_bytes(4)
    entry = bytes(6) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
    body = bytes(4) + bytes.fromhex("180a0102") + count.to_bytes(2) + entry * count
    records = ((1, peers), (2, body))
    return b"".join(bytes(4) + b"\0\x0d" + n.to_bytes(2) + len(data).to_bytes(4) + data for n, data in records)


def peers(count: int) -> bytes:
    """BGP4MP records of withdrawals, each of another peer; all of these meet in one place of the table of who counts
    them, as its hash has no secret."""
    octets = update(bytes.fromhex("180a0102"))
    inverse = pow(0x9E3779B97F4A7C15, -1, 1 << 64)
    out = []
    for number in range(count):
        address = (number * inverse % (1 << 64)).to_bytes(8, "little") + bytes(8)
        data = bytes(8) + b"\0\0\0\2" + 2 * address + octets
        out.append(bytes(4) + b"\0\x10\0\4" + len(data).to_bytes(4) + data)
    return b"".join(out)


def doors() -> dict[str, Callable[[int], Callable[[], Any]]]:
    """By name: a function from size to the work, which is prepared before it is counted."""
    import bgpwire

    session = bgpwire.Session(extended_message=True)
    out: dict[str, Callable[[int], Callable[[], Any]]] = {}
    for name in UNITS:

        def work(count: int, name: str = name) -> Callable[[], Any]:
            octets = message(name, count)

            def use() -> None:
                found: Any = bgpwire.Message.decode(octets, session)
                attributes = found.attributes
                list(found.nlri), str(attributes.as_path), str(attributes.communities), attributes.next_hop
                str(attributes.get(32)), str(attributes.get(16)), bytes(attributes), attributes.walk()
                [str(nlri) for nlri in ([] if attributes.mp_reach is None else attributes.mp_reach.nlri)]

            return use

        out[name] = work
        if name in ("prefixes", *_FAMILIES):
            out[f"routes: {name}"] = lambda count, name=name: _routes(bgp4mp(message(name, count)))
    out["routes: records"] = lambda count: _routes(bgp4mp(message("prefixes", 1)) * count)
    out["routes: entries of a table"] = lambda count: _routes(table(count))
    out["counts: records"] = lambda count: _counts(bgp4mp(message("prefixes", 1)) * count)
    out["counts: peers in one place"] = lambda count: _counts(peers(count))
    out["messages of a stream"] = lambda count: _stream(message("prefixes", 1) * count)
    out["hosts to match"] = _matches
    out["split"] = lambda count: lambda: bgpwire.split(message("prefixes", count)[19:])
    return out


def _routes(octets: bytes) -> Callable[[], Any]:
    from bgpwire import mrt

    def use() -> None:
        for route in mrt.open(octets).routes():
            _ = route.prefix, route.as_path, route.next_hop, route.communities

    return use


def _counts(octets: bytes) -> Callable[[], Any]:
    from bgpwire import mrt

    return lambda: mrt.open(octets).statistics()


def _matches(count: int) -> Callable[[], Any]:
    from bgpwire._impl import Prefix
    from bgpwire.rib.kernels import Matches

    octets = b"".join((0x20010DB8 << 96 | host * host).to_bytes(16) for host in range(count))
    prefixes = [Prefix._restore(b"\x80" + octets[at : at + 16], 2, None) for at in range(0, len(octets), 16)]
    return lambda: Matches(prefixes, 2).find_all(octets)


def _stream(octets: bytes) -> Callable[[], Any]:
    from bgpwire.stream import Framer

    def use() -> None:
        framer = Framer()
        for at in range(0, len(octets), 1000):
            framer.feed(octets[at : at + 1000])
            for _ in framer:
                pass

    return use


def main() -> None:
    gc.disable()  # a collection walks over all that is alive, when enough has been made: that is no work of ours
    for make in doors().values():
        make(SMALL)()  # what is done once for all
        for count in (SMALL, SMALL * FACTOR):
            work = make(count)
            os.getppid()
            work()
            os.getppid()


if __name__ == "__main__":
    main()
