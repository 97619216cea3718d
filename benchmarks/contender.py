"""Who takes part, and the process it runs in.

A contender is a factory: it prepares (imports, reads the file's name) and returns a function of no arguments that
does the job once and returns how many elements came out. ``python -m benchmarks.contender QUESTION NAME`` runs
one turn: it warms up once, repeats for a while, and prints the times as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

type Job = Callable[[], int]


@dataclass(frozen=True)
class Contender:
    """``distribution`` is whose version is quoted; ``environment`` is set for its process."""

    name: str
    prepare: Callable[[], Job]
    distribution: str
    environment: dict[str, str] = field(default_factory=dict)


def ours(prepare: Callable[[], Job], what: str = "") -> tuple[Contender, Contender]:
    """bgpwire twice: compiled and pure."""
    return tuple(  # type: ignore[return-value]
        Contender(f"bgpwire {label}{what}", prepare, "bgpwire", {"BGPWIRE_IMPLEMENTATION": implementation})
        for label, implementation in (("compiled", "cython"), ("pure Python", "python"))
    )


def version(distribution: str) -> str | None:
    """The installed version, ``None`` if it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def turn(prepare: Callable[[], Job], seconds: float) -> dict[str, object]:
    """Warm up once, then repeat the job until the time is over, at least three times."""
    job = prepare()
    elements = job()
    times: list[float] = []
    clock = time.perf_counter
    gc.collect()
    end = clock() + seconds
    while len(times) < 3 or clock() < end:
        begin = clock()
        if job() != elements:
            raise RuntimeError("another number of elements than at first")
        times.append(clock() - begin)
    return {"elements": elements, "times": times}


def main() -> None:
    question, name, seconds = sys.argv[1:]
    contenders = import_module(f"benchmarks.{question}").CONTENDERS
    (contender,) = (c for c in contenders if c.name == name)
    out = os.dup(1)  # peers print; this process has one thing to say
    os.dup2(2, 1)
    result = turn(contender.prepare, float(seconds))
    os.write(out, json.dumps(result).encode())


if __name__ == "__main__":
    main()
