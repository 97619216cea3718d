"""The same walk in plain C, without a Python object in sight: how far there is to go.

Compiled from ``BGPWIRE_YARDSTICK``, or from ``shared/yardstick/limit.c`` beside the project; left out where neither is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.data import ROOT, decompressed


def rows(repeats: int = 51) -> list[dict[str, Any]]:
    """A row a mode: ``walk`` visits every element, ``cols`` also writes Arrow-like columns."""
    source = Path(os.environ.get("BGPWIRE_YARDSTICK") or ROOT.parent / "shared" / "yardstick" / "limit.c")
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not source.exists() or compiler is None:
        return []
    out = []
    with tempfile.TemporaryDirectory() as folder:
        program, data = f"{folder}/limit", f"{folder}/updates.mrt"
        subprocess.run([compiler, "-O2", "-w", "-o", program, str(source)], check=True)
        Path(data).write_bytes(decompressed())
        for mode in ("walk", "cols"):
            done = subprocess.run([program, data, mode, str(repeats)], check=True, capture_output=True)
            told = json.loads(done.stderr)
            row = {"name": f"plain C, {mode}, file in memory", "version": "-O2", "elements": told["elements"]}
            out.append(row | {"seconds": told["median_s"]})
    return out
