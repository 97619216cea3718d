"""Archives, and what the program beside a module (``dask_program.py`` beside ``test_dask.py``) finds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.engines import found_by, write_archives

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.implementations import Implementation


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_archives(tmp_path_factory.mktemp("engine") / "archives")


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Path:
    return request.path.with_name(f"{request.path.stem.removeprefix('test_')}_program.py")


@pytest.fixture
def found(impl: Any, both: list[Implementation], archives: list[Path], program: Path) -> dict[str, Any]:
    return found_by(impl, program, archives, impl is both[0].package)


@pytest.fixture
def first(both: list[Implementation]) -> Iterator[Any]:
    """The first implementation, on which the program does all that it can."""
    with both[0].active() as package:
        yield package


@pytest.fixture
def all_found(first: Any, archives: list[Path], program: Path) -> dict[str, Any]:
    return found_by(first, program, archives, all_of_it=True)
