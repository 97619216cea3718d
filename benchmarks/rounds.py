"""All contenders of a job, taking turns: the medians of their turns, and how far those lie apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.data import ROOT
from benchmarks.jobs import find

if TYPE_CHECKING:
    from benchmarks.contender import Contender

SLOW = 20.0
"""Seconds; whose turn takes longer has only one."""


def progress(text: str) -> None:
    """One line on a terminal that the next one replaces; nothing elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def call(
    python: str, name: str, contender: Contender, quick: bool, how: str, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """A turn in a process of its own; ``before`` stands in front of the command."""
    command = [*before, python, "-m", "benchmarks.turn", name, contender.name, "quick" if quick else "full", how]
    environment = os.environ | contender.environment
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def takers(name: str, only: str | None, other: str | None) -> list[tuple[str, Contender, str]]:
    """Label, contender and Python of all that take part; bgpwire once more where ``other`` names a Python with one."""
    out: list[tuple[str, Contender, str]] = []
    for one in find(name).contenders:
        number = one.version()
        if number is None:
            print(f"  not installed: {one.name}", file=sys.stderr)
        elif only is None or only in one.name:
            out.append((one.name, one, sys.executable))
            if other and one.distribution == "bgpwire":
                out.append(
                    (f"{one.name} (other)", replace(one, after=f"{one.after} (other)" if one.after else None), other)
                )
    return out


def run(
    name: str, rounds: int, seconds: float, quick: bool, only: str | None = None, other: str | None = None
) -> dict[str, Any]:
    """The rows of one job. ``only``: whose name has this in it; ``other``: see :func:`takers`."""
    job = find(name)
    job.given(quick)  # made now, and not in a turn
    turns: dict[str, list[dict[str, Any]]] = {}
    who = takers(name, only, other)
    for number in range(rounds):
        for label, contender, python in who:
            past = turns.setdefault(label, [])
            if number and (not past or past[0]["seconds"] > SLOW):
                continue
            progress(f"  {name}: round {number + 1} of {rounds}, {label}")
            done = call(python, name, contender, quick, str(seconds))
            if done.returncode:
                print(f"\n  {label} failed: {done.stderr[-400:]}", file=sys.stderr)
            else:
                past.append(json.loads(done.stdout))
    progress("")
    rows = [
        row(label, contender, turns[label], job.unit, job.memory) for label, contender, _ in who if turns.get(label)
    ]
    compare(rows)
    return {"job": name, "title": job.title, "unit": job.unit.text, "more_is_better": job.unit.more_is_better,
            "quick": quick, "rows": rows}  # fmt: skip


def row(label: str, contender: Contender, turns: list[dict[str, Any]], unit: Any, memory: bool) -> dict[str, Any]:
    """What a contender's turns come to. ``spread`` is from the fastest to the slowest, as a part of the median."""
    seconds = [turn["seconds"] for turn in turns]
    middle = median(seconds)
    elements = turns[0]["elements"]
    out = {
        "name": label,
        "version": turns[0].get("version") or contender.version(),
        "elements": elements,
        "seconds": middle,
        "spread": (max(seconds) - min(seconds)) / middle,
        "processor": median(turn["processor"] for turn in turns),
        "turns": len(turns),
        "peak": max(turn["peak"] for turn in turns),
        "value": unit.value(elements, median(turn["kept"] for turn in turns) if memory else middle),
    }
    if contender.after:
        out["after"] = contender.after
    return out


def compare(rows: list[dict[str, Any]]) -> None:
    """``ratio`` of each row to the first, in time, or in what is kept; ``adds`` to the row it continues."""
    if not rows:
        return
    named = {one["name"]: one for one in rows}
    for one in rows:
        one["ratio"] = one["seconds"] / rows[0]["seconds"]
        if one.get("after") in named:
            one["adds"] = one["value"] - named[one["after"]]["value"]
