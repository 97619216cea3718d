"""Dask itself: rows are those of one reading, counts and sums those of DuckDB, whatever is killed meanwhile."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.engines import counted

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("dask", "distributed", "pandas", "pyarrow")),
    reason="dask is not installed: make test-engines",
)


def test_rows(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    routes = sum(len(list(impl.mrt.open(path, on_skip=lambda _: None))) for path in archives)
    assert found["rows"] == routes
    assert found["same"]
    assert found["partitions"] > 2 * len(archives)


def test_counts(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    assert found["counted"] == counted(impl, archives)


def test_a_number_of_pieces(first: Any, all_found: dict[str, Any], archives: list[Path]) -> None:
    assert all_found["pieces"] == counted(first, archives)


def test_a_worker_that_is_killed(first: Any, all_found: dict[str, Any], archives: list[Path]) -> None:
    assert all_found["killed"] == [counted(first, archives), True]


def test_a_filter(first: Any, all_found: dict[str, Any], archives: list[Path]) -> None:
    assert all_found["filtered"] == counted(first, archives, "where type = 'A'") != []
