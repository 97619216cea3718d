"""One SVG chart out of the results: what the README shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib import pyplot

if TYPE_CHECKING:
    from pathlib import Path

OURS, PURE, PEERS = "#1b6ca8", "#8fbcd9", "#b8b8b8"
PANELS = (
    ("routes", "Million routes a second out of a RIS archive", "longer is better"),
    ("one_update", "µs for an UPDATE of 1,000 prefixes (log scale)", "shorter is better"),
)


def colour(name: str) -> str:
    if not name.startswith("bgpwire"):
        return PEERS
    return OURS if "compiled" in name else PURE


def draw(results: Path) -> None:
    """Write ``chart.svg`` beside the results; panels whose result is missing are left out."""
    mpl.rcParams["svg.hashsalt"] = "bgpwire"
    mpl.rcParams["font.family"] = "DejaVu Sans"
    panels = [panel for panel in PANELS if (results / f"{panel[0]}.json").exists()]
    loaded = [json.loads((results / f"{name}.json").read_text()) for name, _, _ in panels]
    heights = [len(result["rows"]) + 0.5 for result in loaded]
    figure, axes = pyplot.subplots(
        len(panels), 1, figsize=(8, 0.42 * sum(heights)), squeeze=False, height_ratios=heights, layout="constrained"
    )
    for (name, title, note), result, axis in zip(panels, loaded, axes[:, 0], strict=True):
        # The yardstick in C would dwarf everything else: it stands in the table, not here.
        rows = [row for row in result["rows"] if not row["name"].startswith("plain C")][::-1]
        labels = [f"{row['name']} {row['version']}" for row in rows]
        values = [row["value"] for row in rows]
        bars = axis.barh(labels, values, color=[colour(row["name"]) for row in rows], height=0.7)
        texts = [f"{value:,.2f}" if value < 10 else f"{value:,.0f}" for value in values]
        axis.bar_label(bars, texts, padding=4, fontsize=9)
        if name == "one_update":
            axis.set_xscale("log")
            axis.set_xlim(10, max(values) * 3)
        else:
            axis.set_xlim(0, max(values) * 1.12)
        axis.set_title(f"{title} — {note}", fontsize=10.5, loc="left")
        axis.tick_params(axis="y", length=0, labelsize=9.5)
        axis.tick_params(axis="x", labelsize=8, colors="#666666")
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
        axis.spines["bottom"].set_color("#cccccc")
    figure.savefig(results / "chart.svg", metadata={"Date": None})
    pyplot.close(figure)
