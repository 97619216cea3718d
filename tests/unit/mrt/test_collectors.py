"""What names of archives say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

NAMES = {
    "https://data.ris.ripe.net/rrc00/2016.08/updates.20160811.1600.gz": ("rrc00", "updates", "2016-08-11T16:00"),
    "/archive/rrc21/2022.01/bview.20220131.0800.gz": ("rrc21", "rib", "2022-01-31T08:00"),
    "https://archive.routeviews.org/bgpdata/2014.05/RIBS/rib.20140523.0600.bz2": (
        "route-views2",
        "rib",
        "2014-05-23T06:00",
    ),
    "https://archive.routeviews.org/route-views.sydney/bgpdata/2016.08/UPDATES/updates.20160811.1615.bz2": (
        "route-views.sydney",
        "updates",
        "2016-08-11T16:15",
    ),
    "route-views6/rib.20151101.0600": ("route-views6", "rib", "2015-11-01T06:00"),
    "route-views3.updates.20200229.2345.bz2": ("route-views3", "updates", "2020-02-29T23:45"),
    "rrc12-updates.20200101.0000.gz": ("rrc12", "updates", "2020-01-01T00:00"),
    "rrc00/rrc01/updates.20200101.0000.gz": ("rrc01", "updates", "2020-01-01T00:00"),
    "route-collector.ams.pch.net-mrt-bgp-updates-2023-05-15-16-28.gz": (
        "route-collector.ams.pch.net",
        "updates",
        "2023-05-15T16:28",
    ),
    "route-collector.akl.pch.net/route-collector.decix-ham.fra.pch.net-mrt-bgp-updates-2019-01-01-00-05": (
        "route-collector.decix-ham.fra.pch.net",
        "updates",
        "2019-01-01T00:05",
    ),
    "ris-updates.20160811.1600.gz": (None, "updates", "2016-08-11T16:00"),
    "C:\\\\archive\\\\rrc04\\\\bview.20020722.2337.gz": ("rrc04", "rib", "2002-07-22T23:37"),
    "rrc00/latest-bview.gz": ("rrc00", None, None),
    "updates.20161301.1600.gz": (None, "updates", None),
    "updates.20160811.16000.gz": (None, None, None),
    "dupdates.20160811.1600": (None, None, None),
    "rrc001/x": (None, None, None),
    "": (None, None, None),
    "-": (None, None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_name(impl: Any, name: str) -> None:
    collector, kind, time = NAMES[name]
    seconds = None if time is None else int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp())
    assert impl.mrt.ArchiveName.of(name) == (collector, kind, seconds)


def test_the_column(impl: Any, tmp_path: Any) -> None:
    """Of a file whose name says it, and of one whose name does not; by objects too."""
    from support.made_mrt import archive

    folder = tmp_path / "rrc07"
    folder.mkdir()
    for path in (folder / "updates.20160811.1600", tmp_path / "other.mrt"):
        path.write_bytes(archive())
    for more in ((), ("error",)):
        found = impl.columns.read(tmp_path, ["collector", "file", *more])
        values = {value for batch in found for value in zip(batch["collector"], batch["file"], strict=True)}
        assert values == {(None, str(tmp_path / "other.mrt")), ("rrc07", str(folder / "updates.20160811.1600"))}
