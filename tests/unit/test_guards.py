"""``scripts/guards/mutants.toml`` follows the code: each text that a mutant replaces stands in its file, once."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from support.places import ROOT

MUTANTS = ROOT / "scripts" / "guards" / "mutants.toml"
# The scripts are not in an installed package's tests.
DOCUMENT: dict[str, Any] = tomllib.loads(MUTANTS.read_text("utf-8")) if MUTANTS.is_file() else {"mutant": []}


@pytest.mark.skipif(not DOCUMENT["mutant"], reason="scripts/guards is not there")
def test_no_mutant_is_stale() -> None:
    count = {one["name"]: (ROOT / one["file"]).read_text("utf-8").count(one["old"]) for one in DOCUMENT["mutant"]}
    assert {name: n for name, n in count.items() if n != 1} == {}
    assert len(count) == len(DOCUMENT["mutant"])
    assert all(one["old"] != one["new"] for one in DOCUMENT["mutant"])
