"""One SVG chart out of the results: what the README shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
from matplotlib import pyplot

if TYPE_CHECKING:
    from pathlib import Path

OURS, PURE, PEERS = "#1b6ca8", "#8fbcd9", "#b8b8b8"


class Panel(NamedTuple):
    """A job, what is written above it, and the rows that are shown; none named: all."""

    job: str
    title: str
    rows: tuple[str, ...] = ()
    log: bool = False


PANELS = (
    Panel(
        "routes",
        "Million routes a second out of a RIS archive — longer is better",
        ("bgpwire compiled, columns", "bgpwire compiled, loop", "bgpwire pure, loop",
         "bgpdump -m", "ftlbgp", "pybgpkit-parser", "mrtparse"),
    ),
    Panel("one_update", "µs for an UPDATE of 1,000 prefixes (log scale) — shorter is better", log=True),
)  # fmt: skip


def colour(name: str) -> str:
    if not name.startswith("bgpwire"):
        return PEERS
    return OURS if "compiled" in name else PURE


def shown(panel: Panel, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a panel, from the bottom up."""
    named = {row["name"]: row for row in result["rows"]}
    return [named[name] for name in panel.rows or named if name in named][::-1]


def draw(results: Path) -> None:
    """Write ``chart.svg`` beside the results; panels whose result is missing are left out."""
    mpl.rcParams["svg.hashsalt"] = "bgpwire"
    mpl.rcParams["font.family"] = "DejaVu Sans"
    panels = [panel for panel in PANELS if (results / f"{panel.job}.json").exists()]
    if not panels:
        return
    rows = [shown(panel, json.loads((results / f"{panel.job}.json").read_text())) for panel in panels]
    heights = [len(each) + 0.5 for each in rows]
    figure, axes = pyplot.subplots(
        len(panels), 1, figsize=(8, 0.42 * sum(heights)), squeeze=False, height_ratios=heights, layout="constrained"
    )
    for panel, each, axis in zip(panels, rows, axes[:, 0], strict=True):
        values = [row["value"] for row in each]
        labels = [f"{row['name']} {row['version']}" for row in each]
        bars = axis.barh(labels, values, color=[colour(row["name"]) for row in each], height=0.7)
        axis.bar_label(bars, [f"{v:,.2f}" if v < 10 else f"{v:,.0f}" for v in values], padding=4, fontsize=9)
        if panel.log:
            axis.set_xscale("log")
            axis.set_xlim(10, max(values) * 3)
        else:
            axis.set_xlim(0, max(values) * 1.12)
        axis.set_title(panel.title, fontsize=10.5, loc="left")
        axis.tick_params(axis="y", length=0, labelsize=9.5)
        axis.tick_params(axis="x", labelsize=8, colors="#666666")
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
        axis.spines["bottom"].set_color("#cccccc")
    figure.savefig(results / "chart.svg", metadata={"Date": None})
    pyplot.close(figure)
