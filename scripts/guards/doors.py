"""The triples (vector, door, implementation) that the suite exercises; see ``tests/support/doors.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/test_vectors.py", "tests/test_parity.py")

type Doors = dict[str, list[str]]


def measure() -> Doors:
    """By door and implementation the names of the vectors that went through it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "doors.json"
        environment = os.environ | {"BGPWIRE_DOORS": str(path)}
        subprocess.run([sys.executable, "-m", "pytest", "-q", *TESTS], cwd=ROOT, env=environment, check=True)
        found: Doors = json.loads(path.read_text("utf-8"))
    print(f"{sum(map(len, found.values())):,} triples of vector, door and implementation, {len(found)} doors")
    return found


def worse(before: Doors, now: Doors) -> list[str]:
    """Triples that are gone: a vector that was removed or renamed on purpose is recorded anew."""
    out = []
    for door, names in before.items():
        gone = sorted(set(names) - set(now.get(door, ())))
        if gone:
            out.append(f"{door}: {len(gone)} vectors go through it no more, {gone[0]} among them")
    return out
