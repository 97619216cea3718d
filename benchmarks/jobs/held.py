"""A full table that is held in memory: what a route takes, everything that was decoded included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.contender import Contender, Job, Told, Unit, ours
from benchmarks.data import bare, generated, stream

if TYPE_CHECKING:
    from benchmarks.contender import Work

FULL, QUICK = 800_000, 30_000


def archive(routes: int) -> str:
    """The prefixes that :func:`benchmarks.data.stream` has, in an archive; one in ten is withdrawn."""
    return generated("bgp4mp_et", routes, 0, held=1, together=6)


def given(quick: bool) -> int:
    """How many routes; they are made now, and not while a contender reads them."""
    routes = QUICK if quick else FULL
    bare(routes), archive(routes)
    return routes


def table(routes: int) -> Work:
    """A dictionary from prefix to attributes, as a RIB is."""
    from bgpwire import Message, Session

    session = Session(asn4=True)

    def work() -> Told:
        held: dict[Any, Any] = {}
        for octets in stream(routes):
            update: Any = Message.decode(octets, session)
            held.update(dict.fromkeys(update.nlri, update.attributes))
        return Told(len(held), kept=held)

    return work


def routes_in_list(routes: int) -> Work:
    from bgpwire import mrt

    def work() -> Told:
        held = list(mrt.open(archive(routes)).routes())
        return Told(len(held), kept=held)

    return work


def touched_in_list(routes: int) -> Work:
    """With the four values of each, which are kept once they are made."""
    from bgpwire import mrt

    def work() -> Told:
        held = []
        for route in mrt.open(archive(routes)).routes():
            route.prefix, route.as_path, route.next_hop, route.communities  # noqa: B018
            held.append(route)
        return Told(len(held), kept=held)

    return work


def batches(routes: int) -> Work:
    from bgpwire import mrt

    def work() -> Told:
        held = list(mrt.open(archive(routes)).columns())
        return Told(sum(map(len, held)), kept=held)

    return work


def arrow(routes: int) -> Work:
    import pyarrow  # noqa: F401

    from bgpwire import mrt

    def work() -> Told:
        held = mrt.open(archive(routes)).columns().to_arrow()
        return Told(held.num_rows, kept=held)

    return work


def exabgp(routes: int) -> Work:
    """Its UPDATEs, which hold prefixes and attributes."""
    from benchmarks.exabgp_kit import Exa

    exa = Exa()
    session = exa.session()

    def work() -> Told:
        held = [exa.decode(octets[19:], session) for octets in stream(routes)]
        return Told(sum(len(update.nlris) for update in held), kept=held)

    return work


JOBS = {
    "held": Job(
        "A full table of 800,000 routes held in memory, in UPDATEs of six prefixes",
        Unit("octets a route", lambda elements, octets: octets / elements),
        given,
        (
            *ours(table, ", a dictionary of prefixes"),
            *ours(routes_in_list, ", a list of routes"),
            *ours(touched_in_list, ", a list of routes, four values touched"),
            *ours(batches, ", columns"),
            *ours(arrow, ", a pyarrow table"),
            Contender("ExaBGP, a list of UPDATEs", exabgp, "exabgp"),
        ),
        memory=True,
    )
}
