"""Where the repository, or the sdist, has what tests read besides the package."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"
"""Real data and other decoders' results, which are not part of the repository."""
