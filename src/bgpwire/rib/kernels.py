"""The kernels of tables, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.applied import iter_applied
    from bgpwire._python.matches import Matches
    from bgpwire._python.rib import Store
    from bgpwire._python.rib_matches import longest_match, longest_matches
    from bgpwire._python.rib_reads import changes, covered, is_there, records, routes_to
else:
    _reads = load("rib_reads")
    iter_applied, Store = load("applied").iter_applied, load("rib").Store
    Matches = load("matches").Matches
    _matches = load("rib_matches")
    longest_match, longest_matches = _matches.longest_match, _matches.longest_matches
    changes, covered, records, routes_to = _reads.changes, _reads.covered, _reads.records, _reads.routes_to
    is_there = _reads.is_there

__all__ = [
    "Matches",
    "Store",
    "changes",
    "covered",
    "is_there",
    "iter_applied",
    "longest_match",
    "longest_matches",
    "records",
    "routes_to",
]
