"""What the name of an archive says: which collector wrote it, whether it is a table or updates, and from when on.

The three public archives name their files alike for decades:

- RIPE RIS: ``…/rrc00/2016.08/updates.20160811.1600.gz``, ``…/rrc00/2016.08/bview.20160811.1600.gz``
- RouteViews: ``…/route-views.sydney/bgpdata/2016.08/UPDATES/updates.20160811.1600.bz2``,
  ``…/RIBS/rib.20160811.1600.bz2``; ``route-views2`` has no folder of its own: ``archive.routeviews.org/bgpdata/…``
- PCH: ``…/route-collector.ams.pch.net-mrt-bgp-updates-2023-05-15-16-28.gz``

Times are UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

__all__ = ["ArchiveName"]

_FILE = re.compile(r"(?<![a-z])(updates|bview|rib6?)\.(\d{4})(\d\d)(\d\d)\.(\d\d)(\d\d)(?!\d)")
_PCH = re.compile(
    r"(route-collector\.[a-z0-9.-]+\.pch\.net)-mrt-bgp-updates-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)(?!\d)", re.IGNORECASE
)
_COLLECTOR = re.compile(
    r"(?<![a-z0-9])(rrc\d\d|route-views[a-z0-9.-]*?)(?=[._-](?:updates|bview|rib)|[/\\]|$)", re.IGNORECASE
)
_ROUTE_VIEWS_2 = re.compile(r"archive\.routeviews\.org/bgpdata/")
_KINDS = {"updates": "updates", "bview": "rib", "rib": "rib", "rib6": "rib"}


class ArchiveName(NamedTuple):
    """What :meth:`of` finds in a name; ``None`` for what the name does not say."""

    collector: str | None
    """``rrc00``, ``route-views.sydney``, ``route-collector.ams.pch.net``."""
    kind: str | None
    """``updates`` or ``rib``."""
    time: int | None
    """From when on, in seconds since 1970."""

    @classmethod
    def of(cls, name: str) -> ArchiveName:
        """Of a path or a URL. Never an error: other names say nothing."""
        found = _PCH.search(name)
        if found is not None:
            return cls(found[1].lower(), "updates", _seconds(*found.groups()[1:]))
        collector = None
        for found in _COLLECTOR.finditer(name):  # the folder next to the file
            collector = found[1].lower()
        if collector is None and _ROUTE_VIEWS_2.search(name):
            collector = "route-views2"
        names = [*_FILE.finditer(name)]
        if not names:
            return cls(collector, None, None)
        found = names[-1]
        return cls(collector, _KINDS[found[1]], _seconds(*found.groups()[1:]))


def _seconds(year: str, month: str, day: str, hour: str, minute: str) -> int | None:
    try:
        return int(datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC).timestamp())
    except ValueError:  # a month 13
        return None
