"""Lines of ``.py`` and ``.pyx`` that the suite runs, on both implementations in one process, by file.

The kernels are built with Cython's line tracing in a clone. Tracing makes the suite about four times as slow, so that
of random examples a tenth is looked at, and each core runs its share of the tests. Left out: what counts instructions
or lines itself (the tests of growth), what builds and installs (``test_build``), ``test_coverage``, which takes the
vectors of ``test_vectors`` once more and bends them as ``test_parity`` does, and single tests that count calls, modules
or memory, or that read in several threads (``MEASURING``): in a traced build they would count what tracing takes, and a
kernel gives way to another thread in the middle of a step. Processes that tests start are
measured too, where they find the configuration. A test that fails is told, and costs no more than the lines that it
alone would have run. The functions of ``.pxd`` files are not counted, for each kernel has its own copy of them, nor
what a base says of the classes below it (``NotImplementedError``), nor what kernels do where memory is exhausted, if it
was not. Functions of ``.pxd`` files are not traced either: tracing turns what a
function returns into an object, and would read a pointer to octets as text that ends with a zero. Nor is what holds a
lock without Python's (``LOCKED``), for which tracing would ask meanwhile: another thread that has Python's lock and
waits for the first would wait for ever.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypedDict

from scripts.guards.clone import BUILD, clone, environment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FLAGS = "-O0 -DCYTHON_TRACE=1 -DCYTHON_TRACE_NOGIL=1 -DCYTHON_USE_SYS_MONITORING=0"
LEFT_OUT = (
    "tests/unit/test_build.py",
    "tests/unit/test_coverage.py",
    "tests/unit/test_growth.py",
    "tests/unit/kernels/test_growth_compiled.py",
)
MEASURING = (
    "tests/unit/mrt/test_resync.py::test_work_for_each_octet_is_bounded",
    "tests/unit/test_imports.py::test_what_preload_leaves_out",
    "tests/unit/mrt/test_survive_files.py::test_memory_stays_bounded",
    "tests/unit/mrt/test_read_at_once.py::test_threads",
    "tests/unit/mrt/test_statistics.py::test_threads_that_share_counts",
    "tests/unit/text/test_lines.py::test_threads_that_share_lines",
)
LOCKED = "rows.pyx"
UNTRACED = "# cython: linetrace=False, profile=False\n"
# Readers for engines run in the engines' processes, which `make test-engines` starts.
CONFIGURATION = f"""\
[run]
core = ctrace
plugins = Cython.Coverage
source = src/bgpwire
omit =
    *.pxd
    */_cython/{LOCKED}
    */spread/dask.py
    */spread/ray.py
    */spread/spark.py
parallel = true
patch = subprocess, _exit
[report]
exclude_also =
    raise NotImplementedError$
    raise AssertionError
"""
EXHAUSTED = re.compile(r"return (-1|NULL)|raise MemoryError\(.*|self\.release\(self\)|\w*free\w*\(.*\)")
"""Lines of kernels that follow where there is no memory."""
_FAILED = 1
"""What pytest ends with when tests failed; more than that when it could not run them."""
SLACK = 0.002
"""Of a ratio: what depends on time (sockets, threads, the order of sets) moves a few lines in a thousand."""
LEAST = 0.9
"""Of a file that was not there before."""


class Lines(TypedDict):
    can: int
    ran: int
    missing: str


def measure() -> dict[str, Lines]:
    """By file how many lines can run and how many ran, and those that did not, as in ``3, 7-9``."""
    with clone() as path:
        run = environment(path, FLAGS) | {"BGPWIRE_LONG": "0.1"}
        kernels = path / "src/bgpwire/_cython"
        for untraced in (*kernels.glob("*.pxd"), kernels / LOCKED):
            if untraced.name != "numbers.pxd":  # has no function, and a test that reads it
                untraced.write_text(UNTRACED + untraced.read_text("utf-8"), "utf-8")
        subprocess.run(BUILD, cwd=path, env=run, check=True)
        for source in (path / "build/cython/src/bgpwire/_cython").glob("*.c"):
            shutil.copy(source, path / "src/bgpwire/_cython")  # where Cython.Coverage looks for it
        (path / ".coveragerc").write_text(CONFIGURATION, "utf-8")
        coverage = (sys.executable, "-m", "coverage")
        left_out = [f"--ignore={name}" for name in LEFT_OUT] + [f"--deselect={name}" for name in MEASURING]
        suite = ("-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", *left_out)
        done = subprocess.run([*coverage, "run", *suite], cwd=path, env=run, check=False)
        if done.returncode > _FAILED:
            done.check_returncode()
        elif done.returncode:
            print("FAILED: the tests above; lines that they alone run are counted as not run")
        subprocess.run([*coverage, "combine", "-q"], cwd=path, env=run, check=True)
        subprocess.run([*coverage, "json", "-q", "-o", "lines.json"], cwd=path, env=run, check=True)
        out = _by_file(json.loads((path / "lines.json").read_text("utf-8"))["files"], path)
    for folder, (can, ran) in sorted(_folders(out).items()):
        print(f"{folder or 'all':40} {ran:6,} of {can:6,} lines ran, {ran / can:.1%}")
    return out


def worse(before: dict[str, Lines], now: dict[str, Lines]) -> list[str]:
    """Folders, and the whole, with a smaller share of lines that ran and more that did not; new files below ``LEAST``.

    Both must hold: where two copies of tested code become one, the share falls though nothing is less tested.
    """
    out = []
    was, current = _folders(before), _folders(now)
    for folder, (can, ran) in sorted(current.items()):
        if folder in was:
            could, did = was[folder]
            if ran / can < did / could - SLACK and can - ran > could - did:
                out.append(f"{folder or 'all'}: {ran} of {can} lines ran, {did} of {could} before")
    out += [
        f"{name}, new: {lines['ran']} of {lines['can']} lines ran, not {lines['missing']}"
        for name, lines in now.items()
        if name not in before and lines["ran"] < LEAST * lines["can"]
    ]
    return out


def _by_file(files: dict[str, Any], path: Path) -> dict[str, Lines]:
    """What coverage says of each file, without those that have nothing to run."""
    out: dict[str, Lines] = {}
    for name, file in sorted(files.items()):
        ran, missing = len(file["executed_lines"]), file["missing_lines"]
        if name.endswith(".pyx"):
            text = (path / name).read_text("utf-8").splitlines()
            missing = [number for number in missing if not EXHAUSTED.fullmatch(text[number - 1].strip())]
        if ran or missing:
            out[name] = {"can": ran + len(missing), "ran": ran, "missing": _ranges(missing)}
    return out


def _folders(files: dict[str, Lines]) -> dict[str, tuple[int, int]]:
    """By folder, and "" for all: how many lines can run, and how many ran."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for name, lines in files.items():
        for folder in ("", name.rpartition("/")[0]):
            can, ran = sums[folder]
            sums[folder] = can + lines["can"], ran + lines["ran"]
    return sums


def _ranges(numbers: Iterable[int]) -> str:
    runs = groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in ends)
