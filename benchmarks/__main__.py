"""``python -m benchmarks [job…]``: a table each, ``results/*.json``, and the documents with ``--write``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import contents, instructions, report
from benchmarks.data import MADE, ROOT
from benchmarks.jobs import WHERE
from benchmarks.rounds import run

RESULTS = ROOT / "benchmarks" / "results"
BUSY = 1.0
"""Load average from which figures are not fit to be published."""


def machine() -> dict[str, Any]:
    """Where and when a job is measured."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
        model = found[1] if found else ""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "model": model,
        "load": os.getloadavg()[0],
        "date": datetime.now(UTC).date().isoformat(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="job", help=f"{', '.join(WHERE)}, contents; all by default")
    parser.add_argument("--quick", action="store_true", help="small inputs, one short round, results to build/")
    parser.add_argument("--rounds", type=int, help="turns each contender takes (5)")
    parser.add_argument("--seconds", type=float, help="how long a turn repeats its job (0.5)")
    parser.add_argument("--only", metavar="TEXT", help="contenders whose name has this in it")
    parser.add_argument("--other", metavar="PYTHON", help="one that has another bgpwire, which takes part as well")
    parser.add_argument("--instructions", action="store_true", help="count them too, on the small inputs (valgrind)")
    parser.add_argument("--write", action="store_true", help="into README.md, docs/benchmarks.md and the chart")
    parser.add_argument("--busy", action="store_true", help="write even what was measured on a busy machine")
    args = parser.parse_args()
    names = args.jobs or [*WHERE, "contents"]
    if unknown := set(names) - set(WHERE) - {"contents"}:
        parser.error(f"unknown job: {', '.join(sorted(unknown))}")
    rounds = args.rounds or (1 if args.quick else 5)
    seconds = args.seconds or (0.05 if args.quick else 0.5)
    partial = args.quick or args.only or args.other
    folder = MADE / "results" if partial else RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    before = os.getloadavg()[0]
    for name in names:
        if name == "contents":
            result = contents.run(args.quick) | machine()
            print(report.agreement(result))
        else:
            result = run(name, rounds, seconds, args.quick, args.only, args.other) | machine()
            if args.instructions:
                instructions.add(result, args.only, args.other)
            print(report.table(result))
        (folder / f"{name}.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    if args.write:
        if partial:
            print("not written: these are figures of a part", file=sys.stderr)
            return 1
        if before > BUSY and not args.busy:
            print(f"not written: the load average was {before:.2f} before the first turn", file=sys.stderr)
            return 1
        report.write(RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
