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
from support.context import told
from support.made_mrt import archive, prefix, update
from support.places import SAMPLES


@pytest.fixture
def made(tmp_path: Path) -> str:
    path = tmp_path / "made.mrt"
    path.write_bytes(archive())
    return str(path)


def stats(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert import_module("bgpwire.cli").main(["stats", *arguments]) == 0
    return capsys.readouterr().out


def test_counts(impl: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    assert json.loads(stats(capsys, made, "--format", "json")) == {
        "announced": 4,
        "withdrawn": 2,
        "state_changes": 2,
        "first": 1000000000,
        "last": 1000000007,
        "attribute_blocks": 5,
        "families": {"ipv4-unicast": 4, "ipv6-unicast": 2},
        # Once for an UPDATE, however many routes it has.
        "attributes": {
            "origin": 3,
            "as_path": 3,
            "next_hop": 2,
            "multi_exit_disc": 1,
            "communities": 1,
            "large_community": 1,
            "extended_communities": 1,
            "mp_reach_nlri": 1,
            "mp_unreach_nlri": 1,
            "local_pref": 1,
            "atomic_aggregate": 1,
            "aggregator": 1,
        },
        "peers": [
            {"asn": 65551, "address": "192.0.2.1", "routes": 6},
            {"asn": 65551, "address": "2001:db8::1", "routes": 2},
        ],
        "ipv4_prefix_lengths": {"9": 1, "24": 3},
        "ipv6_prefix_lengths": {"32": 2},
    }


def test_text(impl: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    lines = stats(capsys, made).splitlines()
    assert lines[0] == "4 announced, 2 withdrawn, 2 state changes"
    assert lines[1] == "2001-09-09 01:46:40 to 2001-09-09 01:46:47 UTC"
    assert "  ipv4-unicast  4  " + "█" * 40 in lines
    assert "IPv4 prefix lengths" in lines
    assert "  /9   1  █████████████▍" in lines


def test_bars_of_ascii_where_there_is_nothing_else(impl: Any, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert import_module("bgpwire.cli").main(["stats", made]) == 0
    out.seek(0)
    assert "  ipv4-unicast  4  " + "#" * 40 in out.read().splitlines()


def test_several_files_are_counted_together(impl: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    once = json.loads(stats(capsys, made, "-f", "json"))
    twice = json.loads(stats(capsys, made, made, "-f", "json"))
    assert twice["announced"] == 2 * once["announced"]
    assert [peer["routes"] for peer in twice["peers"]] == [12, 4]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
def test_samples(impl: Any, capsys: pytest.CaptureFixture[str], path: Path) -> None:
    import_module("bgpwire.cli").main(["stats", str(path), "-f", "json"])
    found = json.loads(capsys.readouterr().out)
    with impl.mrt.open(path, on_skip=told) as file:
        routes = list(file.routes())
    kinds = Counter(route.type for route in routes)
    assert found.get("announced", 0) == kinds["A"]
    assert found.get("rib_entries", 0) == kinds["R"]
    assert sum(peer["routes"] for peer in found["peers"]) == len(routes)
    assert sum(found["families"].values()) == len(routes) - kinds["S"]


def test_nothing(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert stats(capsys, str(path)) == "no routes\n"


def test_many_peers(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """People see the twenty that sent most, and how many others sent how much; a program sees all."""
    path = tmp_path / "peers.mrt"
    octets = b""
    for peer in range(25):
        head = (65000 + peer).to_bytes(4) + (65100).to_bytes(4) + b"\0\0\0\1" + bytes((192, 0, 2, peer)) + bytes(4)
        message = update(withdrawn=prefix("10.0.0.0/8") * (26 - peer))
        data = head + message
        octets += (1_000_000_000).to_bytes(4) + b"\0\x10\0\4" + len(data).to_bytes(4) + data
    path.write_bytes(octets)
    shown = stats(capsys, str(path), "--format", "text")
    assert "AS65019 192.0.2.19" in shown
    assert "AS65020" not in shown
    (line,) = [line for line in shown.splitlines() if "5 more" in line]
    assert str(6 + 5 + 4 + 3 + 2) in line
    assert len(json.loads(stats(capsys, str(path), "--format", "json"))["peers"]) == 25
