"""Dask itself: rows are those of one reading, counts and sums those of DuckDB, whatever is killed meanwhile."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support.engines import SIZE, counted, run, write_archives

pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("dask", "distributed", "pandas", "pyarrow")),
    reason="dask is not installed: make test-engines",
)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_archives(tmp_path_factory.mktemp("dask") / "archives")


_found: dict[str, dict[str, Any]] = {}


@pytest.fixture
def found(impl: Any, archives: list[Path]) -> dict[str, Any]:
    """What the program found, which is run once for each implementation."""
    name = impl.IMPLEMENTATION
    if name not in _found:
        folder = archives[0].parent
        program = Path(__file__).with_name("dask_program.py")
        _found[name] = run(impl, str(program), folder, SIZE, folder.parent / f"killed-{name}")
    return _found[name]


def test_rows(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    routes = sum(len(list(impl.mrt.open(path, on_skip=lambda _: None))) for path in archives)
    assert found["rows"] == routes
    assert found["same"]
    assert found["partitions"] > 2 * len(archives)


@pytest.mark.parametrize("how", ["counted", "pieces"])
def test_counts(impl: Any, found: dict[str, Any], archives: list[Path], how: str) -> None:
    assert found[how] == counted(impl, archives)


def test_a_worker_that_is_killed(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    assert found["killed"] == [counted(impl, archives), True]


def test_a_filter(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    assert found["filtered"] == counted(impl, archives, "where type = 'A'") != []
