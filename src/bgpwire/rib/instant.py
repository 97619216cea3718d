"""The table of a collector at an instant: which of its files say it, and in which order."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bgpwire.errors import MrtWarning
from bgpwire.mrt.archive import open as open_archive
from bgpwire.mrt.collectors import ArchiveName
from bgpwire.mrt.file import open as open_file
from bgpwire.mrt.places import names_of
from bgpwire.numbers.mrt import TABLE_DUMP, TABLE_DUMP_V2
from bgpwire.rib.table import Table
from bgpwire.route.criteria import moment
from bgpwire.route.filter import Filter

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from bgpwire.route.criteria import Moment

    type Place = str | os.PathLike[str]

__all__ = ["Plan", "at", "plan"]

_STEPS: Final = {"rrc": 300, "route-views": 900}
"""Seconds that a file of updates is about, by how the names of their collectors begin."""

_SILENT: Final = 300
"""Seconds without a message before the instant that are worth telling: most collectors hear something each second."""


class Plan(NamedTuple):
    """The files that say what a table was at an instant, in the order in which they are applied."""

    time: float
    """Seconds since 1970; infinite for the end."""
    begin: float
    """When the tables were written; messages before it are not applied."""
    tables: list[str]
    updates: list[str]
    missing: list[tuple[float, float]]
    """From when to when the updates are in none of the files, as far as their names tell."""

    def silence(self, table: Table) -> list[tuple[float, float]]:
        """From when to when there was no message, where the last one that ``table`` was given is so old that files may
        be missing whose names say nothing."""
        told = self.missing and self.missing[-1][1] >= self.time
        long = self.time != float("inf") and self.time - table.timestamp > _SILENT
        return [(table.timestamp, self.time)] if long and not told else []

    @property
    def steps(self) -> list[tuple[list[str], Filter | None]]:
        """Files, and which of their routes to apply, in order."""
        steps: list[tuple[list[str], Filter | None]] = [(self.tables, None)] if self.tables else []
        if self.updates:
            end = None if self.time == float("inf") else self.time
            steps.append((self.updates, Filter(start=self.begin, end=end)))
        return steps


def plan(time: Moment | None, files: Place | Iterable[Place], empty: bool = False) -> Plan:
    """Choose among files, as :func:`bgpwire.open` takes them: the last tables that were begun at ``time`` or before,
    and the updates from then on. ``None`` is the end of what there is.

    What a file is, and from when, its name says (docs/tables.md), or else its first record. ValueError if there is
    no such table, unless the table was ``empty`` when the first updates came, and for files of several collectors.
    """
    instant = float("inf") if time is None else moment(time)
    found = [_file(name) for name in names_of(files)]
    collectors = sorted({one.collector for one in found if one.collector is not None})
    if len(collectors) > 1:
        raise ValueError(f"files of {', '.join(collectors)}: a table is that of one collector")
    begins = [one.time for one in found if one.table and one.time <= instant]
    if not begins and not empty:
        raise ValueError("none of the files is a table of that time, or from before it")
    updates = sorted((one for one in found if not one.table and one.time <= instant), key=lambda one: one.time)
    begin = max(begins) if begins else min((one.time for one in updates), default=instant)
    # A file whose successor begins before the table does has nothing from behind that.
    kept = [
        one
        for index, one in enumerate(updates)
        if index + 1 == len(updates) or updates[index + 1].time > begin or one.time >= begin
    ]
    return Plan(
        instant,
        begin,
        [one.name for one in found if one.table and one.time == begin],
        [one.name for one in kept],
        _missing(kept, begin, instant),
    )


def at(
    time: Moment | None, files: Place | Iterable[Place], *, empty: bool = False, strict: bool = False, **options: Any
) -> Table:
    """The table at ``time``: seconds since 1970, a ``datetime``, or ISO 8601, which is UTC without a time zone;
    ``None``, the end.

    The files are those of :func:`plan`; messages up to that instant, it included, are applied. What of them is
    missing is a :class:`bgpwire.MrtWarning`; ``strict`` raises ValueError instead, and at the first that cannot be
    read. ``options`` are those of :func:`bgpwire.open`.
    """
    chosen = plan(time, files, empty)
    table = Table()
    for gap in chosen.missing:
        _tell(gap, strict)
    for names, filter in chosen.steps:
        table.load(open_archive(names, strict=strict, **options), filter)
    for gap in chosen.silence(table):
        _tell(gap, strict)
    return table


def _tell(gap: tuple[float, float], strict: bool) -> None:
    text = f"no updates from {gap[0]:.0f} to {gap[1]:.0f} (seconds since 1970)"
    if strict:
        raise ValueError(text)
    warnings.warn(text, MrtWarning, stacklevel=3)


class _File(NamedTuple):
    name: str
    collector: str | None
    table: bool
    time: float
    step: float | None


def _file(name: str) -> _File:
    """What a file is. OSError, or :class:`bgpwire.MrtError`, where only its first record could tell, and cannot."""
    said = ArchiveName.of(name)
    step = next((step for begin, step in _STEPS.items() if (said.collector or "").startswith(begin)), None)
    if said.kind is not None and said.time is not None:
        return _File(name, said.collector, said.kind == "rib", said.time, step)
    with open_file(name, on_skip=lambda skip: None) as file:
        first = next(file.records(), None)
    if first is None:
        return _File(name, said.collector, False, float("inf"), step)
    return _File(name, said.collector, first.type in (TABLE_DUMP, TABLE_DUMP_V2), first.seconds, step)


def _missing(updates: list[_File], begin: float, end: float) -> list[tuple[float, float]]:
    """Gaps between files of updates whose names say how long each is."""
    steps = [b.time - a.time for a, b in pairwise(updates) if b.time > a.time]
    step = next((one.step for one in updates if one.step is not None), None) or (min(steps) if len(steps) > 1 else None)
    if step is None:
        return []
    out = []
    at = begin
    for one in updates:
        if one.time > at:
            out.append((at, one.time))
        at = max(at, one.time + step)
    if at < end != float("inf"):
        out.append((at, end))
    return out
