"""What the tests of engines share: archives, programs in processes of their own, and what DuckDB counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support import made_mrt as made
from support.places import SAMPLES
from support.spread import zstd_frames

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 4000
"""Octets of a piece, so that each file is several."""


def write_archives(folder: Path) -> list[Path]:
    """A recording, tables of peers and prefixes, a torn file, gzip, and zstd in frames: in the order of their names."""
    gzip = pytest.importorskip("gzip")
    rib = (SAMPLES / "demo-rib.mrt").read_bytes()
    found = {
        "a.mrt": (SAMPLES / "demo.mrt").read_bytes(),
        "b.mrt": rib + rib,
        "c.mrt": made.archive() * 20 + bytes(range(256)) + made.archive() * 3,
        "d.mrt.gz": gzip.compress((SAMPLES / "demo.mrt").read_bytes()),
        "e.mrt.zst": zstd_frames(made.archive() * 30, 5000),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in found.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in found]


def found_by(impl: Any, program: Path, archives: list[Path], all_of_it: bool) -> dict[str, Any]:
    """What a program found, which is run once on each implementation: the object that its last line is.

    It does all that it can, or few things, on the implementation that is not the first.
    """
    key = program.name, impl.IMPLEMENTATION
    if key not in _FOUND:
        folder = archives[0].parent
        marker = folder.parent / f"killed-{impl.IMPLEMENTATION}"
        _FOUND[key] = run(impl, program, folder, SIZE, marker, "all" if all_of_it else "few")
    return _FOUND[key]


_FOUND: dict[tuple[str, str], dict[str, Any]] = {}


def run(impl: Any, program: Path, *arguments: object) -> dict[str, Any]:
    """Run a program on this implementation; the object that its last line is."""
    env = {
        **os.environ,
        "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = [sys.executable, *map(str, (program, *arguments))]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


QUERY = (
    "select type, count(*), sum(len(as_path)), sum(origin_asn), count(distinct prefix), min(epoch_us(timestamp)) "
    "from columns {where} group by type order by type"
)


def counted(impl: Any, files: list[Path], where: str = "") -> list[list[Any]]:
    """What DuckDB counts and sums up of one reading of the files, by type."""
    duckdb = pytest.importorskip("duckdb")
    fields = ["type", "timestamp", "prefix", "as_path", "origin_asn", "peer_asn", "offset"]
    columns = impl.columns.read(files, fields, on_skip=lambda _: None)
    assert columns is not None  # DuckDB finds it by its name
    rows = duckdb.sql(QUERY.format(where=where)).fetchall()
    return [
        [None if value is None else value if isinstance(value, str) else int(value) for value in row] for row in rows
    ]
