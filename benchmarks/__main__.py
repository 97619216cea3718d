"""``python -m benchmarks [question…]``: one table, ``results/*.json`` and a chart."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.contender import Contender, version
from benchmarks.readme import write

QUESTIONS = ("one_update", "split", "routes", "stream", "stream_large")
RESULTS = Path(__file__).resolve().parent / "results"


def progress(text: str) -> None:
    """One line on a terminal that the next one replaces; nothing elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr)


def run(question: str, rounds: int, seconds: float) -> dict[str, Any]:
    """All contenders of one question, taking turns; the medians of their turns."""
    module = import_module(f"benchmarks.{question}")
    rows: dict[str, dict[str, Any]] = {}
    contenders: list[Contender] = [c for c in module.CONTENDERS if version(c.distribution) is not None]
    for name in {c.distribution for c in module.CONTENDERS} - {c.distribution for c in contenders}:
        print(f"  not installed: {name}", file=sys.stderr)
    medians: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders:
            progress(f"  {question}: round {number + 1} of {rounds}, {contender.name}")
            command = [sys.executable, "-m", "benchmarks.contender", question, contender.name, str(seconds)]
            environment = os.environ | contender.environment
            done = subprocess.run(command, env=environment, capture_output=True, check=False)
            if done.returncode:
                print(f"\n  {contender.name} failed: {done.stderr.decode()[-300:]}", file=sys.stderr)
                continue
            result = json.loads(done.stdout)
            medians[contender.name].append(statistics.median(result["times"]))
            rows[contender.name] = {
                "name": contender.name,
                "version": version(contender.distribution),
                "elements": result["elements"],
            }
    progress("")
    for row in getattr(module, "yardstick", list)():
        rows[row["name"]] = row
        medians[row["name"]] = [row["seconds"]]
    for name, row in rows.items():
        seconds_taken = statistics.median(medians[name])
        row["seconds"] = seconds_taken
        row["value"] = seconds_taken * module.SCALE if module.SCALE else row["elements"] / seconds_taken / 1e6
    return {
        "question": question,
        "title": module.TITLE,
        "unit": module.UNIT,
        "more_is_better": not module.SCALE,
        "rows": list(rows.values()),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "rounds": rounds,
    }


def show(result: dict[str, Any]) -> None:
    """The rows as a table, the first row's ratio to each behind it."""
    print(f"\n{result['title']}\n")
    width = max(len(f"{row['name']} {row['version']}") for row in result["rows"])
    print(f"  {'':{width}}  {'elements':>9}  {'time, ms':>9}  {result['unit']:>24}  {'compiled is':>12}")
    first = result["rows"][0]["seconds"]
    for row in result["rows"]:
        name = f"{row['name']} {row['version']}"
        print(
            f"  {name:{width}}  {row['elements']:>9,}  {row['seconds'] * 1e3:>9.3f}  {row['value']:>24.3f}"
            f"  {row['seconds'] / first:>11.2f}x"
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="question", help=f"{', '.join(QUESTIONS)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="turns each contender takes")
    parser.add_argument("--seconds", type=float, default=0.5, help="how long a turn repeats its job")
    parser.add_argument("--readme", action="store_true", help="write the tables into the README, too")
    args = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    unknown = set(args.questions) - set(QUESTIONS)
    if unknown:
        parser.error(f"unknown question: {', '.join(sorted(unknown))}")
    for question in args.questions or QUESTIONS:
        result = run(question, args.rounds, args.seconds)
        (RESULTS / f"{question}.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
        show(result)
    try:
        from benchmarks.chart import draw
    except ImportError:
        print("no chart: matplotlib is not installed", file=sys.stderr)
    else:
        draw(RESULTS)
    if args.readme:
        write(RESULTS, QUESTIONS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
