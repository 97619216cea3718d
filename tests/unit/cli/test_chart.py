"""Charts: what of the rows they show, where it stands, and that nothing of the rows breaks out of them."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

chart, plot, svg = (import_module(f"bgpwire.cli.{name}") for name in ("chart", "plot", "svg"))
plain = import_module("bgpwire.text.paint").plain

NOON = datetime(2016, 8, 11, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def elements(text: str, name: str) -> list[Any]:
    return list(ElementTree.fromstring(text).iter(SVG + name))


def texts(text: str) -> list[str]:
    return [element.text or "" for element in elements(text, "text")]


# --- rows -------------------------------------------------------------------------------------------------------


def test_columns_of_numbers_are_series() -> None:
    found = chart.chart_of(["asn", "name", "n", "m"], [(1, "a", 5, None), (2, "b", 7, 0.5), (None, "c", 1, 1)])
    assert (found.x, found.labels) == ("asn", [1, 2])
    assert found.series == [("n", [5.0, 7.0]), ("m", [None, 0.5])]


def test_names_in_the_second_column_are_series() -> None:
    rows = [(1, "A", 5), (2, "A", 6), (2, "W", 1)]
    found = chart.chart_of(["minute", "type", "n"], rows)
    assert found.labels == [1, 2]
    assert found.series == [("A", [5.0, 6.0]), ("W", [None, 1.0])]


def test_the_largest_are_shown() -> None:
    found = chart.chart_of(["x", "name", "n"], [(1, f"s{n}", n) for n in range(11)])
    assert [one.name for one in found.series] == [f"s{n}" for n in range(3, 11)]
    assert found.left_out == ["s0", "s1", "s2"]


@pytest.mark.parametrize(
    ("names", "rows", "said"),
    [
        (["a", "b"], [], "no rows"),
        (["a", "b"], [(None, 1)], "no rows"),
        (["a"], [(1,)], "column of labels"),
        (["a", "b"], [(1, "x")], "column of labels"),
        (["a", "b"], [(1, 2), (1, 3)], "one row for each a"),
        (["a", "b", "c"], [(1, "x", 2), (1, "x", 3)], "one row for each label"),
    ],
)
def test_rows_that_make_no_chart(names: list[str], rows: list[Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        chart.chart_of(names, rows)


@pytest.mark.parametrize(
    ("low", "high", "most"), [(0, 7, 6), (0, 3268, 7), (-3, 9.5, 7), (0, 0, 6), (5, 5, 6), (0, 1e-9, 8), (0, 9e12, 12)]
)
def test_marks_of_an_axis(low: float, high: float, most: int) -> None:
    marks = chart.ticks(low, high, most)
    assert 2 <= len(marks) <= most + 1
    assert marks[0] <= low <= high <= marks[-1]
    steps = {round(b - a, 12) for a, b in pairwise(marks)}
    assert max(steps) - min(steps) <= max(steps) * 1e-6 + 1e-12


@pytest.mark.parametrize("span", [0, 3, 60, 3600, 86400, 86400 * 30, 86400 * 4000])
def test_marks_of_time(span: int) -> None:
    begin = NOON.timestamp()
    marks = chart.time_ticks(begin, begin + span, 7)
    assert 1 <= len(marks) <= 8
    assert all(begin <= at <= begin + span for at, _ in marks)
    assert len({text for _, text in marks}) == len(marks)


# --- a terminal -------------------------------------------------------------------------------------------------


@pytest.fixture
def utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (plot, import_module("bgpwire.cli.bars")):
        monkeypatch.setattr(module, "has_blocks", lambda: True)


def test_bars(utf8: None) -> None:
    found = chart.chart_of(["origin", "n"], [("AS1", 1000), ("AS23", 500), ("AS456", None), ("AS7", 0)])
    assert list(plot.bars(found, 35, plain)) == [
        "AS1     1,000  ████████████████████",
        "AS23      500  ██████████",
        "AS456",
        "AS7         0",
    ]
    with pytest.raises(ValueError, match="below zero"):
        list(plot.bars(chart.chart_of(["a", "n"], [(1, -1)]), 80, plain))


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("draw", ["bars", "lines"])
def test_as_wide_as_the_terminal(utf8: None, width: int, draw: str) -> None:
    rows = [(NOON + timedelta(minutes=n), n * n, 500 - n) for n in range(30)]
    lines = list(getattr(plot, draw)(chart.chart_of(["t", "a", "b"], rows), width, plain))
    if width >= 40:
        assert max(map(len, lines)) <= width
    assert {"a", "b"} <= set(lines)


def test_a_line_goes_through_its_points(utf8: None) -> None:
    """A straight one from corner to corner: in each column of cells one or two that are not empty, falling."""
    found = chart.chart_of(["x", "y"], [(n, n) for n in range(11)])
    lines = list(plot.lines(found, 45, plain))
    rows = [line.split("│")[1] for line in lines if "│" in line]
    filled = [[row for row in range(len(rows)) if rows[row][column : column + 1].strip()] for column in range(40)]
    assert filled[0] == [len(rows) - 1]
    assert filled[-1] == [0]
    assert all(a[0] >= b[0] for a, b in pairwise(filled))
    assert lines[-1].split() == ["0", "10"]


def test_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (plot, import_module("bgpwire.cli.bars")):
        monkeypatch.setattr(module, "has_blocks", lambda: False)
    found = chart.chart_of(["x", "y"], [("a" * 60, 1), ("b", 2)])
    for draw in (plot.bars, plot.lines):
        assert "\n".join(draw(found, 80, plain)).isascii()


# --- SVG --------------------------------------------------------------------------------------------------------

HOSTILE = '</text><script>alert("x")</script>&amp;\x1b[31m\ud800\uffff]]>'


@pytest.mark.parametrize("draw", ["svg_bars", "svg_lines"])
def test_text_stays_text(draw: str) -> None:
    found = chart.chart_of([HOSTILE, HOSTILE, "n" + HOSTILE], [(HOSTILE, HOSTILE, 1), ("b", HOSTILE, 2), ("b", "c", 3)])
    made = getattr(svg, draw)(found)
    made.encode("utf-8")
    root = ElementTree.fromstring(made)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "style", "rect", "line", "text", "polyline", "circle",
    }  # fmt: skip
    assert "\x1b" not in made
    assert not re.search(r"\son\w+=|href|url\(", made.replace(HOSTILE, ""))


def box(element: Any) -> tuple[float, float, float, float]:
    """Where a text stands, as wide as its letters may be."""
    text, anchor = element.text or "", element.get("class", "")
    width = len(text) * 6.9
    x = float(element.get("x")) - (width if "e" in anchor.split() else width / 2 if "m" in anchor.split() else 0)
    y = float(element.get("y"))
    return x, y - 9, x + width, y + 3


@pytest.mark.parametrize("draw", ["svg_bars", "svg_lines"])
@pytest.mark.parametrize("series", [1, 2, 8])
@pytest.mark.parametrize("labels", [1, 2, 13, 100])
@pytest.mark.parametrize("kind", ["time", "day", "number", "text"])
def test_no_text_stands_on_another(draw: str, series: int, labels: int, kind: str) -> None:
    """Nor outside of the page."""
    label: dict[str, Any] = {
        "time": lambda n: NOON + timedelta(minutes=7 * n),
        "day": lambda n: date(2016, 8, 11) + timedelta(days=n),
        "number": lambda n: n * 1_000_003,
        "text": lambda n: f"2001:db8:{n:x}::{n}, and what more there is to say of it",
    }
    rows = [(label[kind](n), *((n * 7919 + s * 104729) % 1_000_000 for s in range(series))) for n in range(labels)]
    made = getattr(svg, draw)(chart.chart_of(["label", *(f"the series {s}" for s in range(series))], rows))
    root = ElementTree.fromstring(made)
    page = float(root.get("width", 0)), float(root.get("height", 0))
    boxes = [box(element) for element in root.iter(SVG + "text")]
    assert all(x1 >= 0 and y1 >= 0 and x2 <= page[0] + 1 and y2 <= page[1] for x1, y1, x2, y2 in boxes)
    for index, (x1, y1, x2, y2) in enumerate(boxes):
        for u1, v1, u2, v2 in boxes[index + 1 :]:
            assert x2 <= u1 or u2 <= x1 or y2 <= v1 or v2 <= y1


def test_bars_are_as_long_as_their_numbers() -> None:
    found = chart.chart_of(["origin", "n", "m"], [("AS1", 100, 50), ("AS2", 25, None)])
    made = svg.svg_bars(found)
    bars = [element for element in elements(made, "rect") if element.get("height") == "14"]
    lengths = [float(element.get("width")) for element in bars]
    assert lengths[1] == pytest.approx(lengths[0] / 2, abs=0.1)
    assert lengths[2] == pytest.approx(lengths[0] / 4, abs=0.1)
    assert {"AS1", "AS2", "100", "50", "25", "n", "m", "origin"} <= set(texts(made))


def test_lines_have_gaps_where_there_is_nothing() -> None:
    rows = [(n, None if n == 5 else n) for n in range(10)]
    made = svg.svg_lines(chart.chart_of(["x", "y"], rows))
    assert [len(element.get("points").split()) for element in elements(made, "polyline")] == [5, 4]
    assert len(elements(made, "circle")) == 9


def test_too_much_for_bars() -> None:
    with pytest.raises(ValueError, match="401 bars"):
        svg.svg_bars(chart.chart_of(["x", "y"], [(n, n) for n in range(401)]))
    with pytest.raises(ValueError, match="below zero"):
        svg.svg_bars(chart.chart_of(["x", "y"], [(1, -1)]))


# --- the command ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_the_command(
    impl: Any, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    pytest.importorskip("duckdb")
    main = import_module("bgpwire.cli").main
    query = "select type, count(*) as n from routes group by type order by type"
    out = tmp_path / "o.svg"
    assert main(["query", query, made, "--chart", kind, "--output", str(out)]) == 0
    assert {"A", "S", "W", "n", "type"} <= set(texts(out.read_text("utf-8")))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["query", query, made, "--chart", kind]) == 0
    assert terminal.getvalue()
    assert main(["query", "select 1 from routes", made, "--chart", kind]) == 2
    assert "column of labels" in capsys.readouterr().err
