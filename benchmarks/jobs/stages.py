"""A RIS archive in gzip, taken one stage further at a time: what each stage adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.contender import PER_ROUTE, Job, ours
from benchmarks.data import archive
from benchmarks.readers import texts, touched, untouched

if TYPE_CHECKING:
    from benchmarks.contender import Work


def _routes(path: str) -> int:
    from bgpwire import mrt

    return sum(1 for _ in mrt.open(path).routes())


def decompress(path: str) -> Work:
    """As :mod:`bgpwire.mrt` does it: by isal where it is installed."""
    from bgpwire.mrt.input import Origin
    from bgpwire.mrt.source import Source

    routes = _routes(path)

    def work() -> int:
        octets = Origin(path).open()
        source = Source(octets)
        while source.read(1 << 17):
            pass
        octets.close()
        return routes

    return work


def frame(path: str) -> Work:
    from bgpwire import mrt

    routes = _routes(path)

    def work() -> int:
        for _ in mrt.open(path).records():
            pass
        return routes

    return work


JOBS = {
    "stages": Job(
        "A RIS archive of 41,234 routes in gzip, a stage further at a time",
        PER_ROUTE,
        archive,
        (
            *ours(decompress, ", decompress"),
            *ours(frame, ", and frame: records", after=", decompress"),
            *ours(untouched, ", and decode: routes", after=", and frame: records"),
            *ours(touched, ", and build: four values", after=", and decode: routes"),
            *ours(texts, ", and render: them as text", after=", and build: four values"),
        ),
    )
}
