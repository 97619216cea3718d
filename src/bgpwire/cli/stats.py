"""``bgpwire stats``: how many routes of which type, family, peer and attribute, and how long their prefixes are."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.cli import options
from bgpwire.cli.bars import bar
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome
from bgpwire.mrt.places import names_of
from bgpwire.mrt.statistics import Statistics
from bgpwire.text.paint import can_colour, painter
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from bgpwire.text.paint import Paint

_PEERS = 20
_TYPES = {"A": "announced", "W": "withdrawn", "R": "rib_entries", "S": "state_changes"}

DESCRIPTION = """\
Count what MRT files hold: routes per type, address family and peer, path attributes (each once per UPDATE or RIB
entry), and prefix lengths."""


def register(parser: ArgumentParser) -> None:
    options.add_files(parser)
    options.add_jobs(parser)
    parser.add_argument("--format", "-f", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def _json(found: Statistics) -> dict[str, Any]:
    """Everything, the most frequent first; prefix lengths in their order."""
    out: dict[str, Any] = {name: found.types[kind] for kind, name in _TYPES.items() if found.types[kind]}
    if found.first is not None:
        out |= {"first": found.first, "last": found.last}
    out["attribute_blocks"] = found.attribute_blocks
    out["families"] = {str(family): n for family, n in found.families.most_common()}
    out["attributes"] = {attribute_name(code): n for code, n in found.attributes.most_common()}
    out["peers"] = [
        {"asn": asn, **({} if address is None else {"address": str(address)}), "routes": n}
        for (asn, address), n in found.peers.most_common()
    ]
    for afi, name in ((AFI_IPV4, "ipv4_prefix_lengths"), (AFI_IPV6, "ipv6_prefix_lengths")):
        if found.lengths[afi]:
            out[name] = {str(length): n for length, n in sorted(found.lengths[afi].items())}
    return out


def _text(found: Statistics, paint: Paint) -> Iterator[str]:
    """The lines people read."""
    names = [f"{found.types[kind]:,} {name.replace('_', ' ')}" for kind, name in _TYPES.items() if found.types[kind]]
    yield paint("bold", ", ".join(names) or "no routes")
    if found.first is not None and found.last is not None:
        yield paint("dim", f"{_time(found.first)} to {_time(found.last)} UTC")
    peers = found.peers.most_common(_PEERS)
    shown = [(f"AS{asn}" if address is None else f"AS{asn} {address}", n) for (asn, address), n in peers]
    if len(found.peers) > _PEERS:
        shown.append((f"{len(found.peers) - _PEERS} more", found.peers.total() - sum(n for _, n in shown)))
    attributes = [(attribute_name(code), n) for code, n in found.attributes.most_common()]
    yield from _table("families", [(str(family), n) for family, n in found.families.most_common()], paint)
    yield from _table("peers", shown, paint)
    yield from _table("path attributes", attributes, paint)
    for afi, title in ((AFI_IPV4, "IPv4 prefix lengths"), (AFI_IPV6, "IPv6 prefix lengths")):
        yield from _table(title, [(f"/{length}", n) for length, n in sorted(found.lengths[afi].items())], paint)


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
        yield f"  {name:<{name_width}}  {n:>{number_width},}  {paint('green', bar(n / most))}".rstrip()


def run(args: Namespace) -> int:
    outcome = Outcome()
    found = Statistics()
    archive = outcome.archive(names_of(args.files), threads=args.jobs, forks=True)
    with Progress(archive, sys.stderr.isatty()) as progress:
        for count in found.read_all(archive):
            progress.advance(count)
    if args.format == "json":
        print(json.dumps(_json(found)))
    else:
        for line in _text(found, painter(can_colour(sys.stdout))):
            print(line)
    return outcome.status
