"""One iterator over routes, read by several threads or from within a callback: one at a time, the others are told."""

from __future__ import annotations

import io
import random
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.context import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = r"being read|generator already executing"


class Slow(io.RawIOBase):
    """Gives few octets at a time, and lets another thread run before each."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self._sizes = random.Random(1)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        time.sleep(0)
        part = self._data.read(self._sizes.randint(1, min(len(buffer), 3000)))
        buffer[: len(part)] = part
        return len(part)


@pytest.fixture
def _switching() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("act", [next, lambda routes: routes.close()], ids=["next", "close"])
def test_from_a_callback(impl: Any, act: Callable[[Any], object]) -> None:
    """What was read before the callback is there, and the iterator has ended as by any exception."""
    data = made.archive() + bytes(100) + made.archive()
    held: list[Any] = []
    held.append(impl.mrt.open(data, on_skip=lambda _: act(held[0])).routes())
    found: list[str] = []
    with pytest.raises(ValueError, match=RUNS):
        found.extend(str(route) for route in held[0])
    assert found == [str(route) for route in impl.mrt.open(made.archive())]
    assert not list(held[0])


def test_a_warning_at_the_end_asks_for_more(impl: Any) -> None:
    """The end is reported while the iterator still runs."""
    held: list[Any] = []
    file = impl.mrt.open(made.archive() + b"\0", on_skip=lambda skip: skips.append(skip) or next(held[0]))
    skips: list[Any] = []
    held.append(file.routes())
    with pytest.raises(ValueError, match=RUNS):
        list(held[0])
    assert len(skips) == 1
    held[0].close()


@pytest.mark.usefixtures("_switching")
def test_threads(impl: Any) -> None:
    """Each route comes once, whichever thread gets it."""
    data = (made.archive() + bytes(50)) * 100
    expected = [str(route) for route in impl.mrt.open(Slow(data), on_skip=told)]
    routes = impl.mrt.open(Slow(data), on_skip=told).routes()
    found: list[str] = []
    wrong: list[BaseException] = []

    def read() -> None:
        while True:
            try:
                found.append(str(next(routes)))
            except StopIteration:
                return
            except ValueError as error:
                if not str(error).startswith(("this is being read", "generator already executing")):
                    raise
            except BaseException as error:
                wrong.append(error)
                return

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sorted(found) == sorted(expected)
