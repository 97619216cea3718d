"""Fixtures: both implementations in one process, the real data, and how long hypothesis may look.

``impl`` runs a test once on each implementation, ``both`` hands a test all of them. The package under test is whatever
``import bgpwire`` finds: a source tree on the path or an installed wheel.
"""

from __future__ import annotations

import gc
import os
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

# Under --import-mode=importlib nothing else puts the helpers of this folder on the path.
HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from support import bytecode, doors, each  # noqa: E402
from support.implementations import Implementation, load_all  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

LOADED = load_all()
_DONE = count(1)
"""Tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="look for differences in millions of mutations, at random; BGPWIRE_LONG=N takes N times as many as usual",
    )
    parser.addoption("--apart", action="store_true", help="a test for each case of tests that run many cases")
    parser.addoption("--case", metavar="WORD", help="of tests that run many cases, those with this in their names")


def pytest_configure(config: pytest.Config) -> None:
    each.ONLY[:] = filter(None, [config.getoption("--case")])
    each.APART[:] = filter(None, [config.getoption("--apart")])
    if config.getoption("--long"):
        os.environ["BGPWIRE_LONG"] = "100"
    bytecode.keep(config)
    long = float(os.environ.get("BGPWIRE_LONG") or 1) > 1
    # What CI finds it finds again: examples are the same in every run, but for --long.
    settings.register_profile(
        "bgpwire",
        deadline=None,
        database=None,
        derandomize=not long,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("bgpwire")


def _freeze() -> None:
    """What is there now is there until the end: who collects garbage need not look at it all, again and again."""
    if hasattr(gc, "freeze"):  # PyPy has none
        gc.collect()
        gc.freeze()


def pytest_collection_finish() -> None:
    _freeze()  # the tests, and both packages


def pytest_runtest_logfinish() -> None:
    # What tests leave: modules that are imported late, what is remembered, what hypothesis knows.
    if next(_DONE) % 100 == 0:
        _freeze()


def pytest_sessionfinish() -> None:
    doors.write()


def pytest_report_header() -> str:
    return f"bgpwire: {LOADED[0].package.__file__}, implementations: {', '.join(map(repr, LOADED))}"


@pytest.fixture(params=LOADED, ids=repr)
def impl(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The package ``bgpwire``, once compiled (where it is built) and once pure."""
    loaded: Implementation = request.param
    with loaded.active() as package:
        yield package


@pytest.fixture(scope="session")
def both() -> list[Implementation]:
    """Every implementation there is: the compiled one first, the pure one last."""
    return LOADED


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real routing data; a test that needs it is skipped where it is not."""
    given = os.environ.get("BGPWIRE_DATA")
    path = Path(given) if given else HERE.parent.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip(f"no real data: {path} is not there; name it in BGPWIRE_DATA")
    return path
