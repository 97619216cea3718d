"""Do contenders say what bgpdump says? Per file how many of its routes each tells alike, field by field.

    python -m benchmarks.contents CONTENDER FILE

prints the routes of an archive as that contender tells them, in one form: type, peer, AS number of the peer, prefix; AS
path; next hop; communities, with a tab between. Changes of state are left out, and so is what bgpdump has no field for
(extended communities, which some give among the others). The members of an AS_SET are sorted: they have no order.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.data import ROOT, real, sixes, table, table6, updates
from benchmarks.programs import BGPDUMP
from benchmarks.readers import PEERS
from benchmarks.rounds import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIELDS = ("prefixes", "and paths", "and next hops", "and communities")
FILES = ("ris-updates.20070211.0141.gz", "ris-bview.20020722.2337.gz")
NAMED = {"no-export": "65535:65281", "no-advertise": "65535:65282", "local-AS": "65535:65283"}

COMMUNITY = re.compile(r"\d+:\d+")

type Row = tuple[str, str, str, str]


def sorted_sets(path: str) -> str:
    """An AS path with the members of its sets in order."""
    return re.sub(r"{([^}]*)}", lambda found: "{" + ",".join(sorted(found[1].split(","), key=int)) + "}", path)


def row(kind: str, peer: Any, asn: Any, prefix: Any, path: Any, hop: Any, communities: str) -> Row:
    """One route; a withdrawn one has no path, next hop or communities."""
    key = f"{'A' if kind in 'BR' else kind} {peer} {asn} {prefix}"
    return (key, "", "", "") if kind == "W" else (key, sorted_sets(str(path or "")), str(hop or ""), communities)


def bgpdump(path: str) -> Iterator[Row]:
    with subprocess.Popen(["bgpdump", "-m", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            parts = line.decode("latin-1").rstrip("\n").split("|")
            if parts[2] == "W":
                yield row("W", *parts[3:6], "", "", "")
            elif parts[2] in ("A", "B"):
                communities = " ".join(NAMED.get(word, word) for word in parts[11].split())
                yield row(parts[2], *parts[3:7], parts[8], communities)


def loop(path: str) -> Iterator[Row]:
    from bgpwire import mrt

    for one in mrt.open(path).routes():
        if one.type != "S":
            communities = " ".join(f"{int(each) >> 16}:{int(each) & 65535}" for each in one.communities or ())
            yield row(one.type, one.peer.address, one.peer_asn, one.prefix, one.as_path, one.next_hop, communities)


def columns(path: str) -> Iterator[Row]:
    from bgpwire import mrt

    names = ("type", "peer_address", "peer_asn", "prefix", "as_path_text", "next_hop", "communities")
    for batch in mrt.open(path).columns(names):
        for values in zip(*(batch[name] for name in names), strict=True):
            if values[0] != "S":
                communities = " ".join(f"{each >> 16}:{each & 65535}" for each in values[6] or ())
                yield row(*values[:6], communities)


def bgpkit(path: str) -> Iterator[Row]:
    from pybgpkit_parser import Parser

    for one in Parser(url=path):
        words = (NAMED.get(word, word) for word in one.communities or ())
        communities = " ".join(word for word in words if COMMUNITY.fullmatch(word))
        yield row(one.elem_type, one.peer_ip, one.peer_asn, one.prefix, one.as_path, one.next_hop, communities)


def ftlbgp(path: str) -> Iterator[Row]:
    from ftlbgp import BgpParser

    def text(protocol: int, number: int | None) -> str:
        return "" if number is None else str(IPv4Address(number) if protocol == 4 else IPv6Address(number))

    with BgpParser(named_records=True, bgp_records=BgpParser.bgp.records.route) as parse:
        for one in parse(path):
            kind = "W" if one.aspath is None and one.nexthop_ip is None else "A"
            prefix = f"{text(one.prefix_protocol, one.prefix[0])}/{one.prefix[1]}"
            sets = (
                f"{{{','.join(map(str, part))}}}" if isinstance(part, (tuple, list, set, frozenset)) else str(part)
                for part in one.aspath or ()
            )
            communities = " ".join(f"{each >> 16}:{each & 65535}" for each in one.communities or ())
            hop = text(one.nexthop_protocol, one.nexthop_ip)
            yield row(kind, text(one.peer_protocol, one.peer_ip), one.peer_as, prefix, " ".join(sets), hop, communities)


def _mrtparse_attributes(attributes: list[dict[str, Any]]) -> tuple[dict[int, Any], list[str]]:
    """The values by code, and path, next hop and communities as text."""
    held = {code: one["value"] for one in attributes for code in one["type"]}
    segments = []
    for segment in held.get(2, ()):
        (kind,) = segment["type"]
        segments.append(f"{{{','.join(segment['value'])}}}" if kind == 1 else " ".join(segment["value"]))
    hop = held.get(3) or next(iter(held.get(14, {}).get("next_hop", ())), "")
    return held, [" ".join(segments), str(hop), " ".join(held.get(8, ()))]


def mrtparse(path: str) -> Iterator[Row]:
    from mrtparse import Reader

    def prefix(one: dict[str, Any]) -> str:
        return f"{ip_address(one['prefix'])}/{one['length']}"

    peers: list[Any] = []
    for record in Reader(path):
        data = record.data
        if "peer_entries" in data:
            peers = data["peer_entries"]
        elif "rib_entries" in data:
            for entry in data["rib_entries"]:
                peer = peers[entry["peer_index"]]
                _, told = _mrtparse_attributes(entry["path_attributes"])
                key = f"{ip_address(data['prefix'])}/{data['length']}"
                yield row("B", peer["peer_ip"], peer["peer_as"], key, *told)
        elif 12 in data["type"]:
            _, told = _mrtparse_attributes(data["path_attributes"])
            yield row("B", data["peer_ip"], data["peer_as"], f"{data['prefix']}/{data['length']}", *told)
        elif "bgp_message" in data and 2 in data["bgp_message"]["type"]:
            update = data["bgp_message"]
            held, told = _mrtparse_attributes(update["path_attributes"])
            who = data["peer_ip"], data["peer_as"]
            gone = update["withdrawn_routes"] + (held[15]["withdrawn_routes"] if 15 in held else [])
            yield from (row("W", *who, prefix(one), "", "", "") for one in gone)
            come = (held[14]["nlri"] if 14 in held else []) + update["nlri"]
            yield from (row("A", *who, prefix(one), *told) for one in come)


TELLERS: dict[str, Callable[[str], Iterator[Row]]] = {
    "bgpdump": bgpdump,
    "loop": loop,
    "columns": columns,
    "pybgpkit-parser": bgpkit,
    "ftlbgp": ftlbgp,
    "mrtparse": mrtparse,
}
WHO: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("bgpwire compiled, loop", "loop", {"BGPWIRE_IMPLEMENTATION": "cython"}),
    ("bgpwire compiled, columns", "columns", {"BGPWIRE_IMPLEMENTATION": "cython"}),
    ("bgpwire pure, loop", "loop", {"BGPWIRE_IMPLEMENTATION": "python"}),
    ("bgpwire pure, columns", "columns", {"BGPWIRE_IMPLEMENTATION": "python"}),
    *((one.name, one.name, {}) for one in PEERS),
)


def told(who: str, path: str, environment: dict[str, str]) -> list[Counter[tuple[str, ...]]]:
    """How often each prefix is told, each prefix with its path, and so on."""
    command = [sys.executable, "-m", "benchmarks.contents", who, path]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True)
    rows = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    return [Counter(one[: fields + 1] for one in rows) for fields in range(len(FIELDS))]


def compared(label: str, path: str) -> dict[str, Any]:
    """The rows of one file."""
    reference = told("bgpdump", path, {})
    rows = []
    for name, who, environment in WHO:
        number = next((one.version() for one in PEERS if one.name == name), None) or _ours()
        progress(f"  contents: {label}, {name}")
        try:
            counts = told(who, path, environment)
        except subprocess.CalledProcessError as error:
            print(f"\n  {name} failed: {error.stderr[-300:]}", file=sys.stderr)
            continue
        same = [(one & other).total() for one, other in zip(reference, counts, strict=True)]
        rows.append({"name": name, "version": number, "routes": counts[0].total(), "same": same})
    progress("")
    return {"name": label, "routes": reference[0].total(), "rows": rows}


def _ours() -> str:
    from bgpwire import __version__

    return __version__


def run(quick: bool) -> dict[str, Any]:
    """All files, small ones of the generated: content does not change with size."""
    if BGPDUMP.version() is None:
        return {"job": "contents", "reference": "bgpdump", "fields": FIELDS, "files": []}
    paths = [updates(), *(path for name in FILES if (path := real(name)))]
    paths = paths[:1] if quick else paths
    made = {"IPv4 table, made": table(True), "IPv6 table, made": table6(True), "updates, made": sixes(True)}
    files = [compared(Path(path).name, path) for path in paths] + [compared(*each) for each in made.items()]
    return {"job": "contents", "reference": f"bgpdump {BGPDUMP.version()}", "fields": FIELDS, "files": files}


def main() -> None:
    who, path, *limit = sys.argv[1:]
    for one in islice(TELLERS[who](path), int(limit[0]) if limit else None):
        print(*one, sep="\t")


if __name__ == "__main__":
    main()
