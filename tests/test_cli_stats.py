"""``bgpwire stats``: the counts agree with the routes, and people can read them."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parent.parent / "samples"
DEMO = str(SAMPLES / "demo.mrt")


def stats(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert import_module("bgpwire.cli").main(["stats", *arguments]) == 0
    return capsys.readouterr().out


def test_counts(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(stats(capsys, DEMO, "--format", "json"))
    with impl.mrt.open(DEMO) as file:
        routes = list(file.routes())
    kinds = Counter(route.type for route in routes)
    assert (found["announced"], found["withdrawn"], found["state_changes"]) == (kinds["A"], kinds["W"], kinds["S"])
    assert "rib_entries" not in found
    assert sum(peer["routes"] for peer in found["peers"]) == len(routes)
    versions = Counter(route.prefix.version for route in routes if route.prefix is not None)
    assert found["families"] == {"ipv4-unicast": versions[4], "ipv6-unicast": versions[6]}
    assert sum(found["ipv4_prefix_lengths"].values()) == versions[4]
    assert sum(found["ipv6_prefix_lengths"].values()) == versions[6]
    # One count for an UPDATE, however many routes it has.
    assert found["attributes"]["origin"] == found["attributes"]["as_path"] < kinds["A"]
    assert (found["first"], found["last"]) == (1795239549, 1795239556)


def test_text(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    lines = stats(capsys, DEMO).splitlines()
    assert lines[0] == "185 announced, 12 withdrawn, 38 state changes"
    assert lines[1] == "2026-11-21 05:39:09 to 2026-11-21 05:39:16 UTC"
    assert "  ipv4-unicast  123  " + "█" * 40 in lines
    assert "IPv6 prefix lengths" in lines
    assert "  /47   8  ████▉" in lines


def test_bars_of_ascii_where_there_is_nothing_else(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert import_module("bgpwire.cli").main(["stats", DEMO]) == 0
    out.seek(0)
    assert "  ipv4-unicast  123  " + "#" * 40 in out.read().splitlines()


def test_several_files_are_counted_together(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    once = json.loads(stats(capsys, DEMO, "-f", "json"))
    twice = json.loads(stats(capsys, DEMO, DEMO, "-f", "json"))
    assert twice["announced"] == 2 * once["announced"]
    assert {peer["address"]: peer["routes"] for peer in twice["peers"]} == {
        peer["address"]: 2 * peer["routes"] for peer in once["peers"]
    }


def test_nothing(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert stats(capsys, str(path)) == "no routes\n"
