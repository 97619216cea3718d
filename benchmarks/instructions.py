"""Instructions an element takes, counted by valgrind's callgrind: the same whatever else the machine does.

Start-up is taken out: a contender does the small job once and twice, and the difference counts. A program's own
start is part of its job, and so stays in.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

from benchmarks.rounds import call, progress, takers

if TYPE_CHECKING:
    from benchmarks.contender import Contender

FEW, MORE = 1, 2
VALGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--trace-children=yes")


def counted(python: str, name: str, contender: Contender, calls: int) -> tuple[int, int]:
    """Instructions of the whole process and its children, and the elements that one time gives."""
    from dataclasses import replace

    steady = replace(contender, environment=contender.environment | {"PYTHONHASHSEED": "0"})
    done = call(python, name, steady, True, f"calls={calls}", VALGRIND)
    found = re.findall(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise RuntimeError(f"{contender.name}: {done.stderr[-400:]}")
    return sum(map(int, found)), json.loads(done.stdout)["elements"]


def add(result: dict[str, Any], only: str | None = None, other: str | None = None) -> None:
    """``instructions`` for an element into each row of a job's result; the job is the small one, always."""
    if shutil.which("valgrind") is None:
        raise SystemExit("instructions are counted by valgrind, which is not installed")
    rows = {row["name"]: row for row in result["rows"]}
    for label, contender, python in takers(result["job"], only, other):
        if label in rows:
            progress(f"  {result['job']}: instructions of {label}")
            few, _ = counted(python, result["job"], contender, FEW)
            more, elements = counted(python, result["job"], contender, MORE)
            rows[label]["instructions"] = round((more - few) / (MORE - FEW) / elements, 1)
    progress("")
