"""Who is a program: bgpdump, the command of bgpwire, and a plain C program, each a process whose output is thrown away.

The plain C program is a walk without an object in sight, which says how far there is to go. ``BGPWIRE_YARDSTICK`` names
its source, one file; ``PROGRAM FILE MODE REPEATS`` does ``walk`` (visit every element), ``cols`` (write columns too) or
``text`` (write the lines of ``bgpdump -m``) and prints ``elements`` and ``median_s`` as JSON to standard error. It
reads no compressed file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contender import Contender, Told, ours
from benchmarks.data import MADE, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.contender import Work

OFTEN = 0.005
"""Seconds between two looks at the memory of a program."""


def _peak(pid: int) -> int:
    """The most memory a running process has had, in octets; 0 if that cannot be told."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def program(command: list[str], header: int = 0, count: Callable[[bytes], int] | None = None) -> Work:
    """The work of running ``command``; it runs once more, before, to count what it prints and see its memory.

    What counts are lines, less those of a ``header``, or what ``count`` says of the whole output.
    """
    elements = most = 0
    looked = 0.0
    held = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        while piece := process.stdout.read1(1 << 20):  # type: ignore[attr-defined]
            elements += piece.count(b"\n")
            if count is not None:
                held.append(piece)
            if time.monotonic() - looked > OFTEN:
                most, looked = max(most, _peak(process.pid)), time.monotonic()
    elements = elements - header if count is None else count(b"".join(held))
    if process.returncode or not elements:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}, {elements} elements")

    def work() -> Told:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return Told(elements, peak=most)

    return work


def bgpwire(*words: str, header: int = 0, count: Callable[[bytes], int] | None = None) -> Callable[[str], Work]:
    """The command ``bgpwire`` with ``words`` and the path."""
    return lambda path: program([sys.executable, "-m", "bgpwire", *words, path], header, count)


def routes_told(output: bytes) -> int:
    """Routes that ``bgpwire stats --format json`` counted."""
    told = json.loads(output)
    return sum(told.get(kind, 0) for kind in ("announced", "withdrawn", "rib_entries", "state_changes"))


def bgpdump(path: str) -> Work:
    return program(["bgpdump", "-m", path])


@cache
def bgpdump_version() -> str | None:
    """None where bgpdump is not installed."""
    if shutil.which("bgpdump") is None:
        return None
    said = subprocess.run(["bgpdump", "-v"], capture_output=True, text=True, check=False)
    found = re.search(r"version (\S+)", said.stderr + said.stdout)
    return found[1] if found else "?"


@cache
def _compiled() -> str | None:
    """The plain C program, compiled; None where its source or a compiler is not there."""
    source = os.environ.get("BGPWIRE_YARDSTICK")
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not source or not Path(source).exists() or compiler is None:
        return None
    target = MADE / "yardstick"
    if not target.exists() or target.stat().st_mtime < Path(source).stat().st_mtime:
        MADE.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, "-O2", "-w", "-o", str(target), source], check=True)
    return str(target)


def plain_c(mode: str) -> Callable[[str], Work]:
    """A mode of the plain C program, which takes its own time, the file in memory."""

    def prepare(path: str) -> Work:
        command = [str(_compiled()), plain(path), mode]

        def work() -> Told:
            done = subprocess.run([*command, "3"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
            told = json.loads(done.stderr)
            return Told(told["elements"], told["median_s"], peak=0)

        return work

    return prepare


def c_version() -> str | None:
    return None if _compiled() is None else "-O2"


BGPDUMP = Contender("bgpdump -m", bgpdump, bgpdump_version)
PLAIN_C = tuple(Contender(f"plain C, {mode}", plain_c(mode), c_version) for mode in ("walk", "cols"))
TEXT = (
    *ours(bgpwire("dump", "--format", "bgpdump"), ", dump --format bgpdump"),
    BGPDUMP,
    Contender("plain C, text", plain_c("text"), c_version),
    *ours(bgpwire("dump", "--format", "psv", header=1), ", dump --format psv"),
    *ours(bgpwire("dump", "--format", "json"), ", dump --format json"),
)
STATS = ours(bgpwire("stats", "--format", "json", count=routes_told), ", stats")
