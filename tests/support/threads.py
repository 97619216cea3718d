"""Threads that bgpwire starts."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def running() -> int:
    return sum(thread.name == "bgpwire" for thread in threading.enumerate())


def soon(test: Callable[[], bool]) -> bool:
    """Whether it holds within 20 seconds."""
    deadline = time.monotonic() + 20
    while not test() and time.monotonic() < deadline:
        time.sleep(0.002)
    return test()


def all_end() -> bool:
    """Whether those that are running end soon."""
    return soon(lambda: not running())
