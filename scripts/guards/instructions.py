"""Instructions an element takes, counted by valgrind's callgrind: the same whatever else the machine does.

Start-up is taken out: each workload runs with few and with more turns, and the difference counts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.data import NAME, real
from scripts.guards.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]
FEW, MORE = 1, 4
SLACK = 0.01
"""Layout of code and hashes of addresses move a count by less than this."""


def counted(workload: str, turns: int, environment: dict[str, str]) -> tuple[int, int]:
    """Instructions of the whole process, and the elements that one turn gives."""
    done = subprocess.run(
        [
            "valgrind",
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            sys.executable,
            "-m",
            "scripts.guards.workloads",
            workload,
            str(turns),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr)
    return int(found[1]), int(done.stdout.split()[-1])


def measure() -> dict[str, float]:
    """Instructions an element for each workload and implementation; ExaBGP's 6.0 too where EXABGP_MAIN names it."""
    if shutil.which("valgrind") is None:
        raise SystemExit("instructions are counted by valgrind, which is not installed")
    if real(NAME) is None:
        raise SystemExit(f"what is recorded was counted over {NAME}; BGPWIRE_DATA names its folder")
    base = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    base |= {"PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)}
    main = os.environ.get("EXABGP_MAIN")
    out: dict[str, float] = {}
    for implementation in ("cython", "python"):
        for workload in WORKLOADS:
            lines = {"": base}
            if workload == "exabgp_drop_in":
                lines = {" 5.0.15": base}
                if main:
                    lines[" 6.0"] = base | {"PYTHONPATH": f"{main}/src{os.pathsep}{ROOT}"}
            for line, environment in lines.items():
                environment = environment | {"BGPWIRE_IMPLEMENTATION": implementation}
                few, _ = counted(workload, FEW, environment)
                more, elements = counted(workload, MORE, environment)
                name = f"{workload}{line} {implementation}"
                out[name] = round((more - few) / (MORE - FEW) / elements, 1)
                print(f"{name:40} {out[name]:12,.1f} instructions an element", flush=True)
    return out


def worse(before: dict[str, float], now: dict[str, float]) -> list[str]:
    """What takes more instructions than before, or is not counted any more."""
    out = [f"{name} is not counted any more" for name in before if name not in now]
    for name, count in now.items():
        if name in before and count > before[name] * (1 + SLACK):
            out.append(f"{name}: {count:,.1f} instructions an element, {before[name]:,.1f} before")
    return out
