"""Who reads archives in Python, and what each is asked for: the loops of their users.

``prepare(path)`` gives the work; what it returns is how many routes there were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.contender import Contender, ours

if TYPE_CHECKING:
    from benchmarks.contender import Work

FOUR = ("prefix", "as_path", "next_hop", "communities")


def untouched(path: str) -> Work:
    from bgpwire import mrt

    def work() -> int:
        count = 0
        for _ in mrt.open(path).routes():
            count += 1
        return count

    return work


def touched(path: str) -> Work:
    from bgpwire import mrt

    def work() -> int:
        count = 0
        for route in mrt.open(path).routes():
            route.prefix, route.as_path, route.next_hop, route.communities  # noqa: B018
            count += 1
        return count

    return work


def texts(path: str) -> Work:
    from bgpwire import mrt

    def work() -> int:
        count = 0
        for route in mrt.open(path).routes():
            str(route.prefix), str(route.as_path), str(route.next_hop), str(route.communities)
            count += 1
        return count

    return work


def columns(path: str) -> Work:
    """The columns that come where none are named, batch by batch, each let go."""
    from bgpwire import mrt

    def work() -> int:
        return sum(len(batch) for batch in mrt.open(path).columns())

    return work


def four_columns(path: str) -> Work:
    from bgpwire import mrt

    def work() -> int:
        return sum(len(batch) for batch in mrt.open(path).columns(FOUR))

    return work


def bgpkit(path: str) -> Work:
    from pybgpkit_parser import Parser

    def work() -> int:
        count = 0
        for element in Parser(url=path):
            element.prefix, element.as_path, element.next_hop, element.communities  # noqa: B018
            count += 1
        return count

    return work


def ftlbgp(path: str) -> Work:
    from ftlbgp import BgpParser

    wanted = BgpParser.bgp.route.prefix | BgpParser.bgp.route.aspath
    wanted |= BgpParser.bgp.route.nexthop_ip | BgpParser.bgp.route.communities
    options: dict[str, Any] = {"bgp_records": BgpParser.bgp.records.route, "bgp_route": wanted}

    def work() -> int:
        count = 0
        with BgpParser(named_records=False, **options) as parse:
            for _ in parse(path):
                count += 1
        return count

    return work


def mrtparse(path: str) -> Work:
    from mrtparse import Reader

    def work() -> int:
        count = 0
        for record in Reader(path):
            data = record.data
            if "rib_entries" in data:
                count += len(data["rib_entries"])
                continue
            update = data.get("bgp_message", {})
            if 2 not in update.get("type", {}):
                continue
            count += len(update["withdrawn_routes"]) + len(update["nlri"])
            for attribute in update["path_attributes"]:
                (code,) = attribute["type"]
                if code == 14:
                    count += len(attribute["value"]["nlri"])
                elif code == 15:
                    count += len(attribute["value"]["withdrawn_routes"])
        return count

    return work


OURS = (
    *ours(touched, ", loop"),
    *ours(untouched, ", loop, nothing touched"),
    *ours(texts, ", loop, all as text"),
    *ours(columns, ", columns"),
    *ours(four_columns, ", the four columns"),
)
PEERS = (
    Contender("pybgpkit-parser", bgpkit, "pybgpkit-parser"),
    Contender("ftlbgp", ftlbgp, "ftlbgp"),
    Contender("mrtparse", mrtparse, "mrtparse"),
)
