"""Bugs that are put in one at a time, and what of the suite finds each; ``mutants.toml`` has them.

They go into a clone, so that what is built here stays as it is; what is not committed is not measured. Each takes the
suite up to its first failure, the test that found it the last time first, and one that survives the whole suite: a run
takes half an hour, and more where there are survivors.

A mutant counts as killed where a test fails, where the interpreter crashes, and where a stage takes far longer than it
should. One that does not build, or with which the tests cannot be loaded, is no mutant worth the name: it is ``stale``.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from scripts.guards.clone import BUILD, clone, environment

if TYPE_CHECKING:
    from collections.abc import Collection

MUTANTS = Path(__file__).with_name("mutants.toml")
RECORDED = Path(__file__).with_name("recorded") / "mutants.json"
# What finds most of them comes first, and what takes minutes last.
FIRST = ("tests/unit/test_vectors.py", "tests/unit/value/test_values.py")
LAST = (
    "tests/unit/test_coverage.py",
    "tests/unit/kernels/test_parity.py",
    "tests/unit/mrt/test_real_data.py",
    "tests/unit/test_survive.py",
    "tests/unit/mrt/test_survive_files.py",
)
# These look at build and packaging, start many processes, or count the instructions of long runs.
LEFT_OUT = (
    "tests/unit/test_build.py",
    "tests/unit/test_stream_live.py",
    "tests/unit/test_growth.py",
    "tests/unit/kernels/test_growth_compiled.py",
)
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE")
STAGES = (
    (*PYTEST, *FIRST),
    (*PYTEST, *(f"--ignore={path}" for path in FIRST + LAST + LEFT_OUT)),
    (*PYTEST, *LAST),
)
BUILD_LIMIT = 1800.0
"""In seconds. A stage may take five times, and a minute more, what it takes without a mutant."""
FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/[^\s\[]+)", re.MULTILINE)
NOT_LOADED = (2, 3, 4)
"""Exit status of pytest: tests cannot be loaded, its own fault, or there is no test of that name."""


class Mutant(TypedDict):
    name: str
    file: str
    old: str
    new: str
    why: str


def measure(names: Collection[str] = ()) -> dict[str, str]:
    """By mutant (``names``, or all): ``killed by`` a test, ``survived``, or ``stale:`` and why it cannot be tried."""
    mutants: list[Mutant] = tomllib.loads(MUTANTS.read_text("utf-8"))["mutant"]
    if unknown := set(names) - {mutant["name"] for mutant in mutants}:
        raise SystemExit(f"no such mutant: {', '.join(sorted(unknown))}")
    recorded: dict[str, str] = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    out: dict[str, str] = {}
    with clone() as folder:
        limits = _limits(folder)
        # Those of one file together: it is built anew, and after cursor.pxd every kernel.
        for mutant in sorted(mutants, key=lambda mutant: mutant["file"]):
            name = mutant["name"]
            if not names or name in names:
                out[name] = _try(folder, mutant, limits, recorded.get(name, "").removeprefix("killed by "))
                print(f"{name:40} {out[name]}", flush=True)
    killed = sum(verdict.startswith("killed") for verdict in out.values())
    print(f"{killed} of {len(out)} mutants killed")
    return out


def worse(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Mutants that were killed and are not any more: they survive, are stale, or are gone."""
    return [
        f"mutant {name}: {now.get(name, 'not tried')}, {verdict} before"
        for name, verdict in before.items()
        if verdict.startswith("killed") and not now.get(name, "").startswith("killed")
    ]


def _try(folder: Path, mutant: Mutant, limits: list[float], killer: str) -> str:
    """What becomes of one mutant; ``killer`` is the test that found it before, or nothing of the kind.

    The file is restored; what was compiled of it is built anew with the next one.
    """
    path = folder / mutant["file"]
    if not path.is_file():
        return f"stale: no file {mutant['file']}"
    text = path.read_text("utf-8")
    if (count := text.count(mutant["old"])) != 1:
        return f"stale: its text stands {count} times in {mutant['file']}"
    path.write_text(text.replace(mutant["old"], mutant["new"]), "utf-8")
    try:
        if fault := _build(folder):
            return f"stale: it does not build: {fault}"
        if killer.startswith("tests/"):
            status, output = _run(folder, (*PYTEST, killer), max(limits))
            if status == 1 or (status is not None and status < 0):
                return _killed(status, output)
        for stage, limit in zip(STAGES, limits, strict=True):
            status, output = _run(folder, stage, limit)
            if status is None:
                return "killed: too slow"
            if status in NOT_LOADED:
                return f"stale: the tests are not run: {output.strip().rpartition('\n')[2]}"
            if status:
                return _killed(status, output)
        return "survived"
    finally:
        path.write_text(text, "utf-8")


def _killed(status: int, output: str) -> str:
    """The verdict on a run of pytest that failed (1) or crashed (the negative number of a signal)."""
    found = FAILED.findall(output)
    if found and status > 0:
        return f"killed by {found[-1]}"
    return f"killed by {'signal' if status < 0 else 'exit status'} {abs(status)}"


def _limits(folder: Path) -> list[float]:
    """How many seconds each stage may take. SystemExit where the suite finds fault without a mutant."""
    if fault := _build(folder):
        raise SystemExit(f"the kernels do not build: {fault}")
    out = []
    for stage in STAGES:
        begin = time.monotonic()
        status, output = _run(folder, stage, None)
        if status:
            raise SystemExit(f"{output}\nthe suite fails without a mutant")
        out.append(60 + 5 * (time.monotonic() - begin))
    return out


def _build(folder: Path) -> str:
    """Compile the kernels that changed, and those that read a changed ``.pxd``; the last line of what went wrong."""
    status, output = _run(folder, BUILD, BUILD_LIMIT)
    if status == 0:
        return ""
    return output.strip().rpartition("\n")[2] or f"exit status {status}"


def _run(folder: Path, command: tuple[str, ...], limit: float | None) -> tuple[int | None, str]:
    """Exit status and output; ``None`` for what takes more than ``limit`` seconds, and is ended with all it started."""
    status: int | None = None
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder, "-O0"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(limit)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
        output.seek(0)
        return status, output.read().decode("utf-8", "replace")
