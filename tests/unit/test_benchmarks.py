"""The benchmarks' harness: every job has its place in the documents, and a turn tells what it should."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# The benchmarks are not in an installed package's tests.
pytestmark = pytest.mark.skipif(not (ROOT / "benchmarks" / "rounds.py").is_file(), reason="benchmarks is not there")


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    return lambda name: import_module(f"benchmarks.{name}")


def test_every_job_has_its_place_in_the_documents(module: Any) -> None:
    report, jobs = module("report"), set(module("jobs").WHERE)
    page, readme = ([found[1] for found in report.MARK.findall(path.read_text("utf-8"))] for path in report.DOCUMENTS)
    assert sorted(page) == sorted({*jobs, "contents"})
    assert set(readme) <= jobs
    assert all(module("jobs").find(name).title for name in jobs)


def test_names_of_contenders_are_different_and_rows_continue_rows_that_are_there(module: Any) -> None:
    for name in module("jobs").WHERE:
        contenders = module("jobs").find(name).contenders
        names = {one.name for one in contenders}
        assert len(names) == len(contenders)
        assert {one.after for one in contenders} <= names | {None}


def test_a_job_is_measured(module: Any) -> None:
    result = module("rounds").run("split", 2, 0.01, quick=True, only="bgpwire pure")
    (row,) = result["rows"]
    assert row["elements"] == 1000
    assert row["turns"] == 2
    assert 0 < row["seconds"] < 5
    assert row["peak"] > 1_000_000
    assert row["ratio"] == 1
    machine = {"python": "3.13.0", "machine": "Linux", "load": 0.0, "date": "2026-11-29"}
    assert "| bgpwire pure " in module("report").table(result | machine)


def test_only_the_tables_of_a_document_are_replaced(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = module("report")
    page = tmp_path / "page.md"
    page.write_text(
        "before\n<!-- figures split -->\nold\n<!-- end -->\n<!-- figures vpn -->\nkept\n<!-- end -->\nbehind\n"
    )
    monkeypatch.setattr(report, "DOCUMENTS", (page,))
    monkeypatch.setattr(report, "rendered", lambda name, _: "new\n" if name == "split" else None)
    monkeypatch.setitem(sys.modules, "benchmarks.chart", None)
    report.write(tmp_path)
    assert page.read_text() == (
        "before\n<!-- figures split -->\nnew\n<!-- end -->\n<!-- figures vpn -->\nkept\n<!-- end -->\nbehind\n"
    )


@pytest.mark.parametrize(("value", "text"), [(0.0123, "0.012"), (1.5, "1.50"), (42.13, "42.1"), (1234.5, "1,234")])
def test_figures_have_three_digits_or_so(module: Any, value: float, text: str) -> None:
    assert module("report").figure(value) == text
