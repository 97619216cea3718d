"""The process of a contender.

    python -m benchmarks.turn JOB CONTENDER SIZE (SECONDS | calls=N)

A contender prepares (imports, opens what it needs) and gives a function of no arguments that does the job once. One
turn does it again and again for a while and prints as JSON what it took. With ``calls=N`` it does it N times, with the
garbage collector off: for who counts instructions.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.contender import Told
from benchmarks.jobs import find

if TYPE_CHECKING:
    from benchmarks.contender import Work

LEAST = 3
"""Times that a turn does the job at least, if it takes less than a second."""
LONG = 5.0
"""Seconds; what takes longer is not done again: what is filled on first need weighs nothing there."""


def peak() -> int:
    """The most memory this process has had, in octets (Linux; elsewhere what ``getrusage`` says)."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def resident() -> int:
    """The memory this process has now, in octets, what is free given back first."""
    import ctypes

    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def processor() -> float:
    """Seconds of processor time, of this process and of those it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def turn(work: Work, seconds: float) -> dict[str, Any]:
    """Repeat until the time is over. The first time only warms up, unless it is long."""
    times: list[float] = []
    used: list[float] = []
    elements = 0
    most: int | None = None

    def once() -> float:
        nonlocal elements, most
        before, began = processor(), time.perf_counter()
        done = work()
        took, cost = time.perf_counter() - began, processor() - before
        told = done if isinstance(done, Told) else Told(done)
        if elements and told.elements != elements:
            raise RuntimeError(f"{told.elements} elements, {elements} at first")
        elements = told.elements
        if told.peak is not None:
            most = max(most or 0, told.peak)
        times.append(took if told.seconds is None else told.seconds)
        used.append(cost if told.seconds is None else told.seconds)
        return took

    first = once()
    if first < LONG:
        times.clear()
        used.clear()
        gc.collect()
        least = LEAST if first < 1 else 1
        end = time.perf_counter() + seconds
        while len(times) < least or time.perf_counter() < end:
            once()
    return {
        "elements": elements,
        "seconds": median(times),
        "processor": median(used),
        "times": len(times),
        "peak": peak() if most is None else most,
    }


def keep(work: Work) -> dict[str, Any]:
    """Do the job once and hold what it gives: the memory that takes."""
    before = resident()
    used, began = processor(), time.perf_counter()
    done = work()
    took, used = time.perf_counter() - began, processor() - used
    if not isinstance(done, Told) or done.kept is None:
        raise RuntimeError("nothing is kept")
    grown = resident() - before
    return {"elements": done.elements, "seconds": took, "processor": used, "times": 1, "peak": peak(), "kept": grown}


def main() -> None:
    name, who, size, how = sys.argv[1:]
    out = os.dup(1)  # peers print; this process has one thing to say
    os.dup2(2, 1)
    job = find(name)
    (contender,) = (one for one in job.contenders if one.name == who)
    work = contender.prepare(job.given(size == "quick"))
    if how.startswith("calls="):
        gc.collect()
        gc.disable()
        done: Any = None
        for _ in range(int(how.removeprefix("calls="))):
            done = work()
        result = {"elements": done.elements if isinstance(done, Told) else done}
    else:
        result = keep(work) if job.memory else turn(work, float(how))
    if contender.distribution == "bgpwire":
        result["version"] = import_module("bgpwire").__version__
    os.write(out, json.dumps(result).encode())


if __name__ == "__main__":
    main()
