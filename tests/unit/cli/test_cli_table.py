"""``bgpwire table``: lines of every format, files of every kind, and what is said of what is missing."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = made.IGP + made.PATH + made.HOP
BEGIN = 1_470_931_200
"""2016-08-11 16:00:00 UTC."""


@pytest.fixture
def run(impl: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = import_module("bgpwire.cli").main(["table", *map(str, words)])
        return status, *capsys.readouterr()

    return call


@pytest.fixture
def updates(tmp_path: Path) -> Path:
    """10/8 and 11/8 are announced; 11/8 goes two minutes later."""
    path = tmp_path / "updates.20160811.1600"
    octets = made.at(BEGIN, made.bgp4mp(made.update(GOOD, made.TEN + made.prefix("11.0.0.0/8"))))
    path.write_bytes(octets + made.at(BEGIN + 120, made.bgp4mp(made.update(withdrawn=made.prefix("11.0.0.0/8")))))
    return path


def test_lines(run: Any, updates: Path) -> None:
    status, out, err = run("--at", "2016-08-11T16:01", "--empty", updates)
    assert (status, err) == (0, "")
    assert [(route["prefix"], route["timestamp"], route["type"]) for route in map(json.loads, out.splitlines())] == [
        ("10.0.0.0/8", BEGIN + 60, "R"),
        ("11.0.0.0/8", BEGIN + 60, "R"),
    ]
    _, out, _ = run("--at", BEGIN + 120, "--empty", "-f", "bgpdump", updates)
    assert out == f"TABLE_DUMP2|{BEGIN + 120}|B|192.0.2.1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.1|0|0||NAG||\n"
    _, out, _ = run("--empty", "-f", "text", "--color", "never", updates)
    assert "10.0.0.0/8" in out
    assert out.count("\n") == 1
    _, out, _ = run("--at", BEGIN, "--empty", "-f", "psv", "--prefix", "11.0.0.0/8", updates)
    assert [line.split("|")[4] for line in out.splitlines()] == ["prefix", "11.0.0.0/8"]
    _, out, _ = run("--at", BEGIN, "--empty", "-f", "psv", "--limit", 1, updates)
    assert [line.split("|")[4] for line in out.splitlines()] == ["prefix", "10.0.0.0/8"]


@pytest.mark.parametrize("name", ["o.mrt", "o.mrt.gz", "o.csv", "o.parquet"])
def test_files(impl: Any, run: Any, updates: Path, tmp_path: Path, name: str) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    out = tmp_path / name
    assert run("--at", BEGIN + 60, "--empty", "-o", out, updates) == (0, f"2 routes in {out}\n", "")
    if ".mrt" in name:
        assert [(str(route.prefix), route.timestamp) for route in impl.mrt.open(out)] == [
            ("10.0.0.0/8", BEGIN + 60),
            ("11.0.0.0/8", BEGIN + 60),
        ]
    status, _, err = run("--empty", "-o", out, updates)
    assert status == 2
    assert "--force" in err
    assert run("--empty", "--force", "-o", out, updates)[:2] == (0, f"1 routes in {out}\n")


def test_what_is_missing(run: Any, updates: Path) -> None:
    status, out, err = run("--at", "2016-08-11T17:00", "--empty", updates)
    assert (status, out.count("\n")) == (1, 1)
    assert err == "bgpwire: no updates from 2016-08-11T16:02:00 to 2016-08-11T17:00:00 are among the files\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "none of the files is a table of that time"),
        (("--at", "soon"), "is no time"),
        (("--empty", "-o", "o.mrt", "--prefix", "10.0.0.0/8"), "filters are for lines and columns"),
        (("--empty", "-o", "o.txt"), "says what it is"),
        (("--empty", "-o", "o.csv", "--limit", "1"), "are for lines"),
    ],
)
def test_wrong_words(run: Any, updates: Path, words: tuple[str, ...], said: str) -> None:
    status, out, err = run(*words, updates)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_there(run: Any, tmp_path: Path) -> None:
    status, out, err = run("--empty", tmp_path / "updates.20160811.1600.gz")
    assert (status, out) == (2, "")
    assert "updates.20160811.1600.gz" in err
