"""``scripts/guards/mutants.toml`` follows the code, and tests stand in the rooms of the package."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from support.places import ROOT, TESTS

SOURCE = ROOT / "src" / "bgpwire"
MUTANTS = ROOT / "scripts" / "guards" / "mutants.toml"
# The scripts are not in an installed package's tests.
DOCUMENT: dict[str, Any] = tomllib.loads(MUTANTS.read_text("utf-8")) if MUTANTS.is_file() else {"mutant": []}


@pytest.mark.skipif(not DOCUMENT["mutant"], reason="scripts/guards is not there")
def test_no_mutant_is_stale() -> None:
    count = {one["name"]: (ROOT / one["file"]).read_text("utf-8").count(one["old"]) for one in DOCUMENT["mutant"]}
    assert {name: n for name, n in count.items() if n != 1} == {}
    assert len(count) == len(DOCUMENT["mutant"])
    assert all(one["old"] != one["new"] for one in DOCUMENT["mutant"])


@pytest.mark.skipif(not SOURCE.is_dir(), reason="the sources are not there")
def test_tests_stand_in_rooms() -> None:
    """Each folder of tests/unit has the name of a room, a package or a module; elsewhere are only the tests of
    engines and those with real daemons, which have targets of their own."""
    rooms = {path.name for path in (TESTS / "unit").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms <= {path.stem for path in SOURCE.iterdir()}
    folders = {path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")}
    assert folders - {"engines", "live"} == {"unit"}
