"""A RIS archive, gzip included: every route's prefix, AS path, next hop and communities in a Python loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.contender import Contender, ours
from benchmarks.data import decompressed, updates
from benchmarks.yardstick import rows as yardstick

if TYPE_CHECKING:
    from benchmarks.contender import Job

TITLE = "Routes of ris-updates.20160811.1600.gz: prefix, AS path, next hop, communities of each"
__all__ = ["CONTENDERS", "SCALE", "TITLE", "UNIT", "yardstick"]
UNIT = "million routes a second"
SCALE = 0.0


def bgpwire() -> Job:
    from bgpwire import mrt

    path = updates()

    def job() -> int:
        count = 0
        for route in mrt.open(path).routes():
            route.prefix, route.as_path, route.next_hop, route.communities  # noqa: B018
            count += 1
        return count

    return job


def bgpwire_in_memory() -> Job:
    from bgpwire import mrt

    data = decompressed()

    def job() -> int:
        count = 0
        for route in mrt.open(data).routes():
            route.prefix, route.as_path, route.next_hop, route.communities  # noqa: B018
            count += 1
        return count

    return job


def bgpwire_text() -> Job:
    from bgpwire import mrt

    path = updates()

    def job() -> int:
        count = 0
        for route in mrt.open(path).routes():
            str(route.prefix), str(route.as_path), str(route.next_hop), str(route.communities)
            count += 1
        return count

    return job


def bgpkit() -> Job:
    from pybgpkit_parser import Parser

    path = updates()

    def job() -> int:
        count = 0
        for element in Parser(url=path):
            element.prefix, element.as_path, element.next_hop, element.communities  # noqa: B018
            count += 1
        return count

    return job


def ftlbgp() -> Job:
    from ftlbgp import BgpParser

    path = updates()
    wanted = BgpParser.bgp.route.prefix | BgpParser.bgp.route.aspath
    wanted |= BgpParser.bgp.route.nexthop_ip | BgpParser.bgp.route.communities

    def job() -> int:
        count = 0
        options: dict[str, Any] = {"bgp_records": BgpParser.bgp.records.route, "bgp_route": wanted}
        with BgpParser(named_records=False, **options) as parse:
            for _ in parse(path):
                count += 1
        return count

    return job


def mrtparse() -> Job:
    from mrtparse import Reader

    path = updates()

    def job() -> int:
        count = 0
        for record in Reader(path):
            update = record.data.get("bgp_message", {})
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

    return job


CONTENDERS = (
    *ours(bgpwire),
    *ours(bgpwire_in_memory, ", file in memory"),
    *ours(bgpwire_text, ", all four as text"),
    Contender("pybgpkit-parser", bgpkit, "pybgpkit-parser"),
    Contender("ftlbgp", ftlbgp, "ftlbgp"),
    Contender("mrtparse", mrtparse, "mrtparse"),
)
