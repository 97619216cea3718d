"""The queries of docs/sql.md, as they stand there, give what plain Python finds in route objects."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.made_mrt import at, attribute, bgp4mp, prefix, update
from support.places import ROOT, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest.importorskip("duckdb")

PAGE = (ROOT / "docs" / "sql.md").read_text("utf-8")
QUERIES = dict(re.findall(r"```sql\n-- ([a-z ]+)\n(.*?)```", PAGE, re.DOTALL))
TIER1 = {701, 1239, 2914, 3356, 3549, 6453}
VRPS = """ASN,IP Prefix,Max Length,Trust Anchor
AS64496,10.64.0.0/16,24,made
AS64497,10.64.0.0/16,20,made
AS64496,2001:db8::/32,48,made
AS64511,2001:db8:8000::/33,33,made
AS64499,172.16.0.0/12,12,made
AS3333,193.0.0.0/21,21,made
"""


def path(*numbers: int) -> bytes:
    return attribute(2, bytes((2, len(numbers))) + b"".join(number.to_bytes(4) for number in numbers), 0x40)


def announce(second: int, nlri: bytes, *numbers: int, communities: bytes = b"") -> bytes:
    """An IPv4 announcement, some seconds behind 2001-09-09 01:46:40 UTC."""
    attributes = attribute(1, b"\0", 0x40) + path(*numbers) + attribute(3, bytes((192, 0, 2, 1)), 0x40)
    if communities:
        attributes += attribute(8, communities)
    return at(1_000_000_000 + second, bgp4mp(update(attributes, nlri)))


def made() -> bytes:
    """An hour in which there is something for each question."""
    tag = bytes.fromhex("fbf400c8fbf40001fbf10007")
    records = [
        announce(0, prefix("10.64.16.0/24"), 65551, 64496, communities=tag),
        announce(1, prefix("10.64.16.0/24"), 65551, 64497, 64497, 64497),
        announce(2, prefix("10.64.32.0/20"), 65551, 701, 64500, 3356, 64497, communities=tag[:4]),
        announce(70, prefix("172.16.0.0/12"), 65551, 701, 64500, 1239, 64499),
        announce(75, prefix("172.20.0.0/14"), 65551, 701, 1239, 3356, 64499),
        announce(80, prefix("193.0.0.0/21") + prefix("192.0.2.128/25"), 65551, 3333, 3333),
        announce(81, prefix("0.0.0.0/0"), 65551, 64501),
        at(1_000_000_125, bgp4mp(update(withdrawn=prefix("10.64.16.0/24") + prefix("172.20.0.0/14")))),
        at(1_000_000_130, bgp4mp(update(withdrawn=prefix("10.64.32.0/20")), six=True)),
    ]
    return b"".join(records)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made_file = tmp_path / "made.mrt"
    made_file.write_bytes(made())
    return [made_file, *sorted(SAMPLES.glob("*.mrt"))]


@pytest.fixture
def vrps(tmp_path: Path) -> Path:
    out = tmp_path / "vrps.csv"
    out.write_text(VRPS)
    return out


def routes_of(package: Any, files: list[Path]) -> Iterator[tuple[Path, Any]]:
    for one in files:
        try:
            for route in package.mrt.open(one, on_skip=told):
                yield one, route
        except package.MrtError:  # of samples some have no record that can be read
            continue


def peer(route: Any) -> tuple[int, str | None]:
    return route.peer.asn, None if route.peer.address is None else str(route.peer.address)


def text(value: Any) -> str | None:
    return None if value is None else str(value)


def moment(route: Any) -> datetime:
    event = route.event
    return datetime.fromtimestamp(event.seconds, UTC).replace(microsecond=event.microseconds or 0)


def path_of(route: Any) -> list[int]:
    """The numbers of a path as the column has them, those of sets in place."""
    return [int(number) for number in re.findall("[0-9]+", str(route.as_path))]


def first(rows: Any, key: Callable[[Any], Any], most: int | None = None) -> list[Any]:
    return sorted(rows, key=key)[:most]


def low(value: int | None) -> float:
    """Null is the last one in DuckDB's order."""
    return float("inf") if value is None else value


def origins(routes: list[Any]) -> list[Any]:
    found: dict[Any, set[Any]] = defaultdict(set)
    for _, route in routes:
        if route.type in "AR":
            found[route.origin_asn].add(text(route.prefix))
    rows = [(origin, len(prefixes - {None})) for origin, prefixes in found.items()]
    return first(rows, lambda row: (-row[1], low(row[0])), 20)


def moas(routes: list[Any]) -> list[Any]:
    found: dict[str | None, set[int]] = defaultdict(set)
    for _, route in routes:
        if route.origin_asn is not None:
            found[text(route.prefix)].add(route.origin_asn)
    rows = [(place, sorted(several)) for place, several in found.items() if len(several) > 1]
    return first(rows, lambda row: (row[0] is None, row[0]))


def path_lengths(routes: list[Any]) -> list[Any]:
    found: Counter[int | None] = Counter()
    for _, route in routes:
        if route.type in "AR":
            found[None if route.as_path is None else len(set(path_of(route)))] += 1
    return first(found.items(), lambda row: low(row[0]))


def prepending(routes: list[Any]) -> list[Any]:
    found: dict[int, list[int]] = defaultdict(list)
    for _, route in routes:
        if route.as_path is not None and route.origin_asn is not None:
            numbers = path_of(route)
            if len(numbers) > len(set(numbers)):
                found[route.origin_asn].append(len(numbers) - len(set(numbers)))
    rows = [(origin, len(more), max(more)) for origin, more in found.items()]
    return first(rows, lambda row: (-row[1], row[0]), 20)


def visibility(routes: list[Any]) -> list[Any]:
    found: dict[str | None, set[Any]] = defaultdict(set)
    for _, route in routes:
        if route.type == "R":
            found[text(route.prefix)].add(peer(route))
    every = len(set().union(*found.values()))
    rows = [(place, len(peers), 100.0 * len(peers) / every) for place, peers in found.items()]
    return first(rows, lambda row: (row[1], row[0] is None, row[0]), 20)


def withdrawals_a_minute(routes: list[Any]) -> list[Any]:
    found: dict[datetime, Counter[str]] = defaultdict(Counter)
    for _, route in routes:
        if route.type in "AW":
            found[moment(route).replace(second=0, microsecond=0)][route.type] += 1
    return sorted((minute, count["W"], count["A"]) for minute, count in found.items())


def communities(routes: list[Any]) -> list[Any]:
    found: dict[int, list[int]] = defaultdict(list)
    for _, route in routes:
        for community in route.communities or ():
            number = int.from_bytes(bytes(community))
            found[number >> 16].append(number)
    rows = [(asn, len(uses), len(set(uses))) for asn, uses in found.items()]
    return first(rows, lambda row: (-row[1], row[0]), 20)


def bogons(routes: list[Any]) -> list[Any]:
    blocks = re.findall(r"'([0-9a-f:.]+/[0-9]+)'", QUERIES["bogons"])
    assert len(blocks) == 20
    networks = [(block, ipaddress.ip_network(block)) for block in blocks]
    found: Counter[Any] = Counter()
    for _, route in routes:
        if route.type in "AR" and route.prefix is not None:
            place = ipaddress.ip_network(str(route.prefix))
            for block, network in networks:
                if place.version == network.version and place.subnet_of(network):  # type: ignore[arg-type]
                    found[block, str(route.prefix), route.origin_asn] += 1
    return first(((*key, n) for key, n in found.items()), lambda row: (row[0], row[1], low(row[2])))


def leaks(routes: list[Any]) -> list[Any]:
    found: dict[str, list[str | None]] = defaultdict(list)
    for _, route in routes:
        if route.type in "AR" and route.as_path is not None:
            words = str(route.as_path).split(" ")
            # The first such place of a path; three of the first tier side by side come before it, if they do.
            for left, middle, right in zip(words, words[1:], words[2:], strict=False):
                if {left, right} <= set(map(str, TIER1)) and middle.isdecimal():
                    if int(middle) not in TIER1:
                        found[middle].append(text(route.prefix))
                    break
    rows = [(asn, len(places), len(set(places) - {None})) for asn, places in found.items()]
    return first(rows, lambda row: (-row[2], row[0]))


def churn(routes: list[Any]) -> list[Any]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for _, route in routes:
        if route.type in "AW":
            found[peer(route)].append((route.type, text(route.prefix)))
    rows = []
    for (asn, address), changes in found.items():
        prefixes = len({place for _, place in changes if place is not None})
        types = Counter(kind for kind, _ in changes)
        each = len(changes) / prefixes if prefixes else None
        rows.append((asn, address, types["A"], types["W"], prefixes, each))
    return first(rows, lambda row: (-row[2] - row[3], row[0], row[1]))


def rpki(routes: list[Any]) -> list[Any]:
    payloads = []
    for line in VRPS.splitlines()[1:]:
        asn, block, most, _ = line.split(",")
        payloads.append((int(asn[2:]), ipaddress.ip_network(block), int(most)))
    announced = Counter(
        (text(route.prefix), route.origin_asn) for _, route in routes if route.type in "AR"
    )  # the length of a prefix goes with it
    found: dict[str, list[int]] = defaultdict(list)
    for (place, origin), n in announced.items():
        state = "not found"
        if place is not None:
            network = ipaddress.ip_network(place)
            covering = [
                (asn, most)
                for asn, block, most in payloads
                if block.version == network.version and network.subnet_of(block)  # type: ignore[arg-type]
            ]
            if covering:
                valid = any(asn == origin and network.prefixlen <= most for asn, most in covering)
                state = "valid" if valid else "invalid"
        found[state].append(n)
    return sorted((state, len(numbers), sum(numbers)) for state, numbers in found.items())


def table_growth(routes: list[Any]) -> list[Any]:
    rows = []
    for name, group in groupby(routes, lambda item: item[0]):
        entries = [route for _, route in group if route.type == "R"]
        if entries:
            places = {
                afi: {text(route.prefix) for route in entries if route.family and route.family.afi == afi} - {None}
                for afi in (1, 2)
            }
            kinds = {route.origin_asn for route in entries} - {None}
            rows.append((str(name), min(map(moment, entries)), len(places[1]), len(places[2]), len(kinds)))
    return first(rows, lambda row: (row[1], row[0]))


BY_HAND: dict[str, Callable[[list[Any]], list[Any]]] = {
    "origins": origins,
    "moas": moas,
    "path lengths": path_lengths,
    "prepending": prepending,
    "visibility": visibility,
    "withdrawals a minute": withdrawals_a_minute,
    "communities": communities,
    "bogons": bogons,
    "leaks": leaks,
    "churn": churn,
    "rpki": rpki,
    "table growth": table_growth,
}


def test_twelve() -> None:
    assert list(QUERIES) == list(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_an_answer(impl: Any, files: list[Path], vrps: Path, name: str) -> None:
    tables = {"vrps": vrps} if name == "rpki" else {}
    found = impl.query(QUERIES[name], files, tables=tables, on_skip=told).fetchall()
    assert found == BY_HAND[name](list(routes_of(impl, files)))
    assert found


@pytest.mark.real_data
@pytest.mark.parametrize("name", BY_HAND)
def test_of_a_collector(both: list[Any], data_dir: Path, vrps: Path, name: str) -> None:
    package = both[0].package
    archives = [data_dir / "ris-updates.20160811.1600.gz", data_dir / "daemons" / "quagga_rib.mrt"]
    with both[0].active():
        found = package.query(QUERIES[name], archives, tables={"vrps": vrps}, on_skip=told).fetchall()
        assert found == BY_HAND[name](list(routes_of(package, archives)))
        assert found or name == "leaks"
