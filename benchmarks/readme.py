"""The results as the README's table of figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN = "<!-- figures -->\n"
END = "\nbgpwire's 41,234 elements include"


def table(result: dict[str, Any]) -> str:
    """One question: a row a contender, and how many times bgpwire's first row is faster."""
    first = result["rows"][0]["seconds"]
    lines = [
        f"{result['title']} (Python {result['python']}, {result['machine']}):",
        "",
        f"| | elements | {result['unit']} | against bgpwire compiled |",
        "|---|---:|---:|---:|",
    ]
    for row in result["rows"]:
        name = f"{row['name']} {row['version']}"
        ratio = "" if row["seconds"] == first else f"{row['seconds'] / first:,.2f} x its time"
        lines.append(f"| {name} | {row['elements']:,} | {row['value']:,.2f} | {ratio} |")
    return "\n".join(lines) + "\n"


def write(results: Path, questions: tuple[str, ...]) -> None:
    """Put the tables between the README's two marks."""
    text = README.read_text()
    head, rest = text.split(BEGIN, 1)
    tail = rest[rest.index(END) :]
    tables = [table(json.loads((results / f"{name}.json").read_text())) for name in questions]
    README.write_text(head + BEGIN + "\n" + "\n".join(tables) + tail)
