"""Where the repository, or the sdist, has what tests read besides the package."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"
"""Real data and other decoders' results, which are not part of the repository."""
REAL = (
    "ris-updates.20160811.1600.gz",
    "ris-updates.20070211.0141.gz",
    "ris-bview.20020722.2337.gz",
    "routeviews-rib.20140523.0600.truncated.bz2",
    "routeviews-rib6.20151101.0600.truncated.bz2",
    "legacy/rrc01-updates.20001104.0124.gz",
    "daemons/openbgpd_rib_table-mp.mrt",
    "daemons/bird6_bgp.mrt",
    "daemons/quagga_bgp.mrt",
)
"""Some of it, under ``data``: of collectors, of daemons, and of 2000."""
