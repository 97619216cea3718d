"""``bgpwire listen --watch``: who speaks, and how much, on the terminal as it happens."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bgpwire.listen.measured import Measured

__all__ = ["Watch", "sparkline"]

_SHADES: Final = " ▁▂▃▄▅▆▇█"
_SECONDS: Final = 24
"""Of the past that a line of rates shows."""
_ROWS: Final = 30
"""Peers that are shown at most: those that said most of late."""
_AROUND: Final = 9
"""Lines of a terminal that are not of peers."""

type Who = tuple[str, str, str]


def sparkline(values: Sequence[float]) -> str:
    """A column for each value, as high as it is beside the largest."""
    top = max(values, default=0)
    if top <= 0:
        return _SHADES[0] * len(values)
    return "".join(_SHADES[min(8, -int(-8 * value // top))] for value in values)


class _Line:
    """What is known of one peer."""

    def __init__(self) -> None:
        self.total = 0
        self.rates: deque[float] = deque([0.0] * _SECONDS, maxlen=_SECONDS)

    def count(self, total: int, seconds: float) -> None:
        self.rates.append((total - self.total) / seconds)
        self.total = total


class Watch:
    """Draws a table each second, in a loop that runs: ``async with Watch(measured, sources)``. ImportError without
    rich."""

    def __init__(self, measured: Measured, sources: Sequence[Any]) -> None:
        self.check()
        from rich.console import Console
        from rich.live import Live

        self._measured = measured
        self._sources = sources
        self._lines: dict[Who, _Line] = {}
        self._all = _Line()
        self._begun = self._latest = time.monotonic()
        self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=False)

    @staticmethod
    def check() -> None:
        """ImportError without rich."""
        try:
            import_module("rich.live")
        except ImportError as error:
            raise ImportError("--watch takes rich: pip install 'bgpwire[cli]'") from error

    async def __aenter__(self) -> Self:
        self._live.start()
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._draw()
        self._live.stop()

    async def _run(self) -> None:
        while True:
            self._draw()
            await asyncio.sleep(1)

    def _draw(self) -> None:
        now = time.monotonic()
        seconds = max(now - self._latest, 0.001)
        self._latest = now
        totals: dict[Who, int] = {}
        for (source, peer, asn, _), count in self._measured.traffic.counts().items():
            who = source, peer, asn
            totals[who] = totals.get(who, 0) + count
        for who, total in totals.items():
            self._lines.setdefault(who, _Line()).count(total, seconds)
        self._all.count(sum(totals.values()), seconds)
        self._live.update(self._table(), refresh=True)

    def _table(self) -> Any:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        elapsed = time.strftime("%H:%M:%S", time.gmtime(time.monotonic() - self._begun))
        up = sum(source.peers_up for source in self._sources)
        routers = sum(source.routers for source in self._sources)
        title = f"bgpwire listen {elapsed}: {routers} sources, {up} sessions up, {self._all.total:,} messages"
        table = Table(title=Text(title, style="bold"), box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        table.add_column("source", overflow="ellipsis", min_width=6, max_width=24)
        table.add_column("peer", overflow="ellipsis", max_width=39)
        table.add_column("AS", justify="right", no_wrap=True)
        table.add_column("messages", justify="right", no_wrap=True)
        table.add_column("/s", justify="right", no_wrap=True)
        table.add_column(f"the last {_SECONDS} s", no_wrap=True)
        lines = sorted(self._lines.items(), key=lambda item: (-sum(item[1].rates), -item[1].total))
        most = max(1, min(_ROWS, self._live.console.height - _AROUND))
        for (source, peer, asn), line in lines[:most]:
            rate = line.rates[-1]
            style = "" if rate else "dim"
            table.add_row(
                *(Text(visible(text), style=style) for text in (source or "-", peer or "-", asn)),
                Text(f"{line.total:,}", style=style),
                Text(f"{rate:,.0f}" if rate else "", style="bold"),
                Text(sparkline(line.rates), style="cyan"),
            )
        if len(lines) > most:
            rest = sum(line.total for _, line in lines[most:])
            table.add_row(Text(f"{len(lines) - most} more", style="dim"), "", "", f"{rest:,}", "", "")
        table.add_section()
        table.add_row("all", "", "", f"{self._all.total:,}", f"{self._all.rates[-1]:,.0f}", sparkline(self._all.rates))
        return table
