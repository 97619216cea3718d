"""``bgpwire stats``: how many routes of which type, family, peer and attribute, and how long their prefixes are."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome
from bgpwire.text.paint import can_colour, painter
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from bgpwire._impl import PathAttributes
    from bgpwire.route.kernels import Peer, Route
    from bgpwire.text.paint import Paint

_PIECE = 4096
_BAR = 40
_PEERS = 20
_TYPES = {"A": "announced", "W": "withdrawn", "R": "rib_entries", "S": "state_changes"}

DESCRIPTION = """\
Count what MRT files hold: routes per type, address family and peer, path attributes (each once per UPDATE or RIB
entry), and prefix lengths."""


def register(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="MRT, plain, gzip, bzip2, xz or zstd; - is stdin")
    parser.add_argument("--format", "-f", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


class Statistics:
    """The counters; :meth:`add` takes the routes in the order they come."""

    def __init__(self) -> None:
        self.types: Counter[str] = Counter()
        self.families: Counter[tuple[int, int]] = Counter()
        self.peers: Counter[Peer] = Counter()
        self.attributes: Counter[int] = Counter()
        self.lengths: dict[int, Counter[int]] = {AFI_IPV4: Counter(), AFI_IPV6: Counter()}
        self.first: float | None = None
        self.last: float | None = None
        self.updates = 0
        self._attributes: PathAttributes | None = None

    def add(self, routes: Iterable[Route]) -> None:
        for route in routes:
            self.types[route.type] += 1
            self.peers[route.peer] += 1
            time = route.timestamp
            self.first = time if self.first is None else min(self.first, time)
            self.last = time if self.last is None else max(self.last, time)
            attributes = route.attributes
            if attributes is None:
                continue
            if attributes is not self._attributes:
                self._attributes = attributes
                self.updates += 1
                self.attributes.update(attribute.code for attribute in attributes.walk() if not attribute.duplicate)
            family = route.family
            if family is not None:
                self.families[family] += 1
            prefix = route.prefix
            if prefix is not None:
                self.lengths[prefix.afi][prefix.length] += 1

    def json(self) -> dict[str, Any]:
        """Everything, the most frequent first; prefix lengths in their order."""
        out: dict[str, Any] = {name: self.types[kind] for kind, name in _TYPES.items() if self.types[kind]}
        if self.first is not None:
            out |= {"first": self.first, "last": self.last}
        out["attribute_blocks"] = self.updates
        out["families"] = {str(family): n for family, n in self.families.most_common()}
        out["attributes"] = {attribute_name(code): n for code, n in self.attributes.most_common()}
        peers = self._peers()
        out["peers"] = [
            {"asn": asn, **({"address": address} if address else {}), "routes": n}
            for (asn, address), n in peers.most_common()
        ]
        for afi, name in ((AFI_IPV4, "ipv4_prefix_lengths"), (AFI_IPV6, "ipv6_prefix_lengths")):
            if self.lengths[afi]:
                out[name] = {str(length): n for length, n in sorted(self.lengths[afi].items())}
        return out

    def _peers(self) -> Counter[tuple[int, str]]:
        """By AS number and address: a collector may have several addresses for one peer. None is an empty text."""
        merged: Counter[tuple[int, str]] = Counter()
        for peer, n in self.peers.items():
            merged[peer.asn, "" if peer.address is None else str(peer.address)] += n
        return merged

    def text(self, paint: Paint) -> Iterator[str]:
        """The lines people read."""
        names = [f"{self.types[kind]:,} {name.replace('_', ' ')}" for kind, name in _TYPES.items() if self.types[kind]]
        yield paint("bold", ", ".join(names) or "no routes")
        if self.first is not None and self.last is not None:
            yield paint("dim", f"{_time(self.first)} to {_time(self.last)} UTC")
        peers = self._peers()
        shown = [(f"AS{asn} {address}".rstrip(), n) for (asn, address), n in peers.most_common(_PEERS)]
        if len(peers) > _PEERS:
            shown.append((f"{len(peers) - _PEERS} more", peers.total() - sum(n for _, n in shown)))
        attributes = [(attribute_name(code), n) for code, n in self.attributes.most_common()]
        yield from _table("families", [(str(family), n) for family, n in self.families.most_common()], paint)
        yield from _table("peers", shown, paint)
        yield from _table("path attributes", attributes, paint)
        for afi, title in ((AFI_IPV4, "IPv4 prefix lengths"), (AFI_IPV6, "IPv6 prefix lengths")):
            yield from _table(title, [(f"/{length}", n) for length, n in sorted(self.lengths[afi].items())], paint)


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def _table(title: str, rows: list[tuple[str, int]], paint: Paint) -> Iterator[str]:
    """Name, number, bar; nothing if there are no rows."""
    if not rows:
        return
    most = max(n for _, n in rows)
    name_width, number_width = max(len(name) for name, _ in rows), len(f"{most:,}")
    yield ""
    yield paint("bold", title)
    for name, n in rows:
        yield f"  {name:<{name_width}}  {n:>{number_width},}  {paint('green', _bar(n / most))}".rstrip()


def _bar(part: float) -> str:
    """A bar of blocks and eighths of a block, of ``#`` where the output has no such characters."""
    eighths = round(part * _BAR * 8)
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        return "#" * max(1, eighths // 8)
    full, rest = divmod(max(1, eighths), 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


def run(args: Namespace) -> int:
    outcome = Outcome()
    statistics = Statistics()
    for path in args.files:
        with outcome.reading(path) as file:
            if file is None:
                continue
            with Progress(path, file, sys.stderr.isatty()) as progress:
                routes = file.routes()
                while piece := list(islice(routes, _PIECE)):
                    statistics.add(piece)
                    progress.advance(len(piece))
    if args.format == "json":
        print(json.dumps(statistics.json()))
    else:
        for line in statistics.text(painter(can_colour(sys.stdout))):
            print(line)
    return outcome.status
