"""The results as Markdown: every job in docs/benchmarks.md, those of most interest in the README, and the chart.

A document has ``<!-- figures NAME -->`` where the table of a job stands, and ``<!-- end -->`` behind it.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from benchmarks.data import ROOT

DOCUMENTS = (ROOT / "docs" / "benchmarks.md", ROOT / "README.md")
MARK = re.compile(r"(<!-- figures (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def figure(value: float) -> str:
    """A number with as many digits as say something."""
    size = abs(value)
    return f"{value:,.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3}f}"


def table(result: dict[str, Any]) -> str:
    """A job: a row a contender, and how many times longer than the first it takes."""
    rows = result["rows"]
    adds = any("adds" in row for row in rows)
    counted = any("instructions" in row for row in rows)
    head = ["", "elements", result["unit"]]
    head += ["adds"] * adds + ["spread", "time", "peak MB"] + ["instructions an element"] * counted
    small = ", small inputs" if result["quick"] else ""
    lines = [
        f"{result['title']}{small} (Python {result['python']}, {result['machine']}, load {result['load']:.2f}, "
        f"{result['date']}):",
        "",
        "| " + " | ".join(head) + " |",
        "|---|" + "---:|" * (len(head) - 1),
    ]
    most = max((row["elements"] for row in rows), default=0)
    for row in rows:
        cells = [f"{row['name']} {row['version']}", f"{row['elements']:,}", figure(row["value"])]
        if adds:
            cells.append(figure(row["adds"]) if "adds" in row else "")
        spread = f"{row['spread']:.0%}" if row["turns"] > 1 else "one turn"
        cells += [spread, f"{figure(row['ratio'])} x", f"{row['peak'] / 1e6:,.0f}" if row["peak"] else ""]
        if counted:
            cells.append(f"{row['instructions']:,.0f}" if "instructions" in row else "")
        lines.append("| " + " | ".join(cells) + " |")
    if any(row["elements"] != most for row in rows):
        lines += ["", "Not all give the same number of elements."]
    return "\n".join(lines) + "\n"


def agreement(result: dict[str, Any]) -> str:
    """Per file and contender, how many of the routes of bgpdump are told alike, field by field."""
    lines = []
    for file in result["files"]:
        lines += [
            f"{file['name']}, of the {file['routes']:,} routes of {result['reference']}:",
            "",
            "| | routes | " + " | ".join(result["fields"]) + " |",
            "|---|---:|" + "---:|" * len(result["fields"]),
        ]
        for row in file["rows"]:
            same = ["all" if n == file["routes"] else f"{n:,}" for n in row["same"]]
            lines.append(f"| {row['name']} {row['version']} | {row['routes']:,} | {' | '.join(same)} |")
        lines.append("")
    return "\n".join(lines)


def rendered(name: str, results: Path) -> str | None:
    """What stands in a document for a result; None if it was not measured."""
    path = results / f"{name}.json"
    if not path.exists():
        return None
    result = json.loads(path.read_text())
    return "\n" + (agreement(result) if name == "contents" else table(result) + "\n")


def write(results: Path) -> None:
    """Put the tables between the marks of the documents, and draw the chart."""
    for document in DOCUMENTS:
        text = document.read_text()

        def replaced(match: re.Match[str]) -> str:
            new = rendered(match[2], results)
            return match[0] if new is None else match[1] + new + match[3]

        document.write_text(MARK.sub(replaced, text))
    try:
        from benchmarks.chart import draw
    except ImportError:
        print("no chart: matplotlib is not installed", file=sys.stderr)
    else:
        draw(results)
