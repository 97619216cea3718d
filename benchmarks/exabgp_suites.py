"""ExaBGP main's own suites with the hooks forced on, and how much of them took the fast way.

    EXABGP_MAIN=<checkout> python -m benchmarks.exabgp_suites [--bare] [suite …]

Run it by a Python that has ExaBGP's test requirements (pytest and its plugins, psutil, hypothesis, uv). ExaBGP's
scripts kill processes by name on the whole machine, so each suite runs in a process namespace of its own
(``unshare -p -f --mount-proc``: Linux, root). ``--bare`` runs them without the hooks, to compare the counts.
Exit status 1 if a suite fails, or if the fast way took less than nine tenths of the UPDATEs that ExaBGP accepts.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bgpwire import IMPLEMENTATION
from bgpwire.compat.exabgp import launch

SUITES: dict[str, list[str]] = {
    "unit": ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit"],
    "fuzz": ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/fuzz"],
    "integration": ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/integration"],
    "test_json": ["qa/bin/test_json"],
    "decoding": ["qa/bin/functional", "decoding"],
}
LEAST = 0.9


def interpreter(directory: str, path: str) -> str:
    """A Python that keeps our PYTHONPATH: ExaBGP's launcher puts its own there before it runs ``INTERPRETER``."""
    script = Path(directory) / "python3"
    script.write_text(
        f"#!{sys.executable}\nimport os, sys\nos.environ['PYTHONPATH'] = {path!r}\n"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])\n"
    )
    script.chmod(0o755)
    return str(script)


def run(name: str, checkout: Path, bare: bool) -> dict[str, Any]:
    """Run one suite; its exit status, its last word, and the sum of what its processes reported."""
    command = list(SUITES[name])
    root = str(Path(__file__).parents[1])
    with tempfile.TemporaryDirectory() as reports:
        environment = dict(os.environ)
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
        paths = [str(checkout / "src")]
        if not bare:
            ours = launch.environment(reports)
            paths = [ours.pop("PYTHONPATH"), *paths, root]
            environment |= ours
            if "pytest" in command:
                command[command.index("-q") : command.index("-q")] = ["-p", "benchmarks.exabgp_plugin"]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
        if not bare:
            environment["INTERPRETER"] = interpreter(reports, environment["PYTHONPATH"])
        began = time.monotonic()
        done = subprocess.run(
            ["unshare", "-p", "-f", "--mount-proc", sys.executable, *command],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        counts = launch.add(launch.read_reports(reports))
    words = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", done.stdout + done.stderr).strip().splitlines()
    last = [line.strip() for line in words if re.match(r"\s*(Passed|Failed): +\d+", line)]
    last = ["; ".join(last)] if last else [line for line in words if re.search(r"\d+ (passed|failed)|Total:", line)]
    return {
        "status": done.returncode,
        "seconds": round(time.monotonic() - began, 1),
        "said": (last or words or [""])[-1].strip(" ="),
        "failed": [line for line in words if line.startswith(("FAILED", "ERROR"))],
        "output": words,
        "counts": counts,
    }


def share(counts: dict[str, Any]) -> float | None:
    """The part of the accepted UPDATEs that took the fast way; those of another family in part did, and count."""
    messages = counts["messages"]
    accepted = messages["fast"] + messages["handed_back"]
    return messages["fast"] / accepted if accepted else None


def main() -> int:
    """Run the suites; see the module."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suites", nargs="*", metavar="suite", help=", ".join(SUITES))
    parser.add_argument("--bare", action="store_true", help="without the hooks")
    parser.add_argument("--verbose", action="store_true", help="the whole output of a suite that fails")
    args = parser.parse_args()
    if "EXABGP_MAIN" not in os.environ:
        parser.error("EXABGP_MAIN does not name a checkout of ExaBGP's main line")
    checkout = Path(os.environ["EXABGP_MAIN"])
    print(f"ExaBGP main in its own suites, {'no hooks' if args.bare else f'bgpwire {IMPLEMENTATION}'}")
    bad = 0
    reports = []
    for name in args.suites or SUITES:
        done = run(name, checkout, args.bare)
        bad += done["status"] != 0
        reports.append(done["counts"])
        messages, part = done["counts"]["messages"], share(done["counts"])
        fast = "" if args.bare or part is None else f"; {messages['fast']} UPDATEs fast, {part:.1%} of those accepted"
        print(f"{name:12} exit {done['status']}, {done['seconds']:6.1f} s: {done['said']}{fast}", flush=True)
        for line in done["failed"]:
            print("  ", line)
        if args.verbose and done["status"]:
            print("\n".join(done["output"]))
    if not args.bare:
        total = launch.add(reports)
        print(launch.text(total))
        part = share(total)
        print("share of the fast way among accepted UPDATEs:", "none" if part is None else f"{part:.2%}")
        if part is None or part < LEAST or not total["prefixes"]["fast"]:
            print(f"less than {LEAST:.0%}: the hooks step aside")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
