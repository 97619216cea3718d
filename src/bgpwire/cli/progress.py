"""A progress bar on standard error, for people who wait: with ``rich`` where it is installed, else one line.

It shows only where standard error is a terminal and the output goes elsewhere, and only after half a second.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from bgpwire.mrt import Archive

_DELAY = 0.5
_INTERVAL = 0.1
_WIDTH = 30


class Progress:
    """``advance(n)`` after each piece of work; a context manager that clears up behind itself."""

    def __init__(self, archive: Archive, wanted: bool, counted: str = "routes") -> None:
        names = archive.names
        self._name = os.path.basename(names[0]) if len(names) == 1 else f"{len(names)} files"
        self._archive = archive
        self._wanted = wanted
        self._counted = counted
        self._size = archive.size if wanted else None
        self._begin = time.monotonic()
        self._next = self._begin + _DELAY
        self._routes = 0
        self._bar: Any = None
        self._line = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif self._line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def advance(self, routes: int) -> None:
        """``routes`` more are done."""
        self._routes += routes
        if not self._wanted:
            return
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL
        rate = self._routes / (now - self._begin)
        text = f"{self._routes:,} {self._counted}, {rate:,.0f} a second"
        if self._bar is None and not self._line:
            self._bar = _rich_bar(self._name, self._size)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._archive.consumed, routes=text)
        else:
            self._write(text)

    def _write(self, text: str) -> None:
        self._line = True
        head = ""
        if self._size is not None:
            done = min(1.0, self._archive.consumed / self._size)
            full = round(done * _WIDTH)
            head = f"{done:4.0%} [{'#' * full}{'.' * (_WIDTH - full)}] "
        sys.stderr.write(f"\r\x1b[K{head}{text}")
        sys.stderr.flush()


def _rich_bar(name: str, size: int | None) -> Any:
    """A running bar of ``rich``; ``None`` where it is not installed."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress
    except ImportError:
        return None
    bar = RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[routes]}", style="dim"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task(visible(name), total=size, routes="")
    bar.start()
    return bar
