"""The triples (vector, door, implementation) that the suite exercises; see ``tests/support/doors.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/unit/test_vectors.py", "tests/unit/kernels/test_parity.py::test_whole_and_cut_short")

type Doors = dict[str, list[str]]


def measure() -> Doors:
    """By set of doors, each with its implementation, the vectors that go through these and no others.

    There are many vectors and few such sets: the record is a tenth of what a list for each door would be.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "doors.json"
        environment = os.environ | {"BGPWIRE_DOORS": str(path)}
        subprocess.run([sys.executable, "-m", "pytest", "-q", *TESTS], cwd=ROOT, env=environment, check=True)
        found: Doors = json.loads(path.read_text("utf-8"))
    print(f"{sum(map(len, found.values())):,} triples of vector, door and implementation, {len(found)} doors")
    out: Doors = defaultdict(list)
    for vector, doors in sorted(_turned(found).items()):
        out[", ".join(sorted(doors))].append(vector)
    return out


def worse(before: Doors, now: Doors) -> list[str]:
    """Triples that are gone: a vector that was removed or renamed on purpose is recorded anew."""
    out = []
    was, current = (_turned(_turned(doors, ", ")) for doors in (before, now))
    for door, names in sorted(was.items()):
        gone = sorted(names - current.get(door, set()))
        if gone:
            out.append(f"{door}: {len(gone)} vectors go through it no more, {gone[0]} among them")
    return out


def _turned(groups: Mapping[str, list[str] | set[str]], separator: str | None = None) -> dict[str, set[str]]:
    """By member the keys of its groups; ``separator`` stands between keys that share a group."""
    out: dict[str, set[str]] = defaultdict(set)
    for key, members in groups.items():
        for member in members:
            out[member].update(key.split(separator) if separator else (key,))
    return out
