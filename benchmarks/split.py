"""The three sections of an UPDATE as views: the first thing a daemon does with every message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.contender import Contender, ours
from benchmarks.data import thousand

if TYPE_CHECKING:
    from benchmarks.contender import Job

TITLE = "An UPDATE split into its three sections (1,000 times)"
UNIT = "µs per UPDATE"
SCALE = 1e6 / 1000


def bgpwire() -> Job:
    from bgpwire import split

    body = thousand()[19:]

    def job() -> int:
        for _ in range(1000):
            split(body)
        return 1000

    return job


def exabgp() -> Job:
    from exabgp.bgp.message import Update

    body = thousand()[19:]

    def job() -> int:
        for _ in range(1000):
            Update.split(body)
        return 1000

    return job


CONTENDERS = (*ours(bgpwire), Contender("ExaBGP", exabgp, "exabgp"))
