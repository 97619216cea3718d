"""Periods of time, and the names of the files for them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import Final

__all__ = ["Periods", "seconds_of"]

_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_PERIOD: Final = re.compile(r"([0-9]{1,9})([smhd]?)")
_PLACE: Final = "{time}"
_MOST: Final = 366 * 86400


def seconds_of(text: str) -> int:
    """``300``, ``300s``, ``5m``, ``1h`` or ``1d`` in seconds. ValueError for anything else, and for nothing."""
    found = _PERIOD.fullmatch(text.strip())
    seconds = 0 if found is None else int(found[1]) * _UNITS[found[2]]
    if not 0 < seconds <= _MOST:
        raise ValueError(f"{text!r}: a period is a number of seconds, or as 30s, 5m, 1h, 1d")
    return seconds


class Periods:
    """``seconds`` each, counted from 1970 on in UTC: those of five minutes begin at 16:00, 16:05 …

    ``name`` says how files are called, as in ``updates.{time}.gz``: the time is that at which the period begins,
    ``20260811.1600``, with seconds where periods are not whole minutes. Another file of the same period has ``_2``
    behind that, which sorts behind the first and before the next period. ValueError for a name without ``{time}`` or
    with a folder in it.
    """

    def __init__(self, name: str, seconds: int) -> None:
        if seconds <= 0:
            raise ValueError(f"periods of {seconds} seconds")
        if name.count(_PLACE) != 1 or os.path.basename(name) != name:
            raise ValueError(f"{name!r}: the name of files has one {_PLACE}, and no folder")
        self.name = name
        self.seconds = seconds
        self._head, self._tail = name.split(_PLACE)
        self._form = "%Y%m%d.%H%M%S" if seconds % 60 else "%Y%m%d.%H%M"
        head, tail = re.escape(self._head), re.escape(self._tail)
        self._named = re.compile(rf"({head}[0-9]{{8}}\.[0-9]{{4}}(?:[0-9]{{2}})?)(?:_[0-9]+)?{tail}")

    def begin(self, time: float) -> int:
        """When the period of a time begins."""
        return int(time // self.seconds) * self.seconds

    def file(self, begin: int, number: int = 1) -> str:
        """The name of a file of the period that begins then."""
        return self._numbered(self._head + datetime.fromtimestamp(begin, UTC).strftime(self._form), number)

    def renumbered(self, file: str, number: int) -> str:
        """The name of another file of the period of ``file``, which is a name of these."""
        found = self._named.fullmatch(file)
        if found is None:
            raise ValueError(f"{file!r} is no name of {self.name}")
        return self._numbered(found[1], number)

    def owns(self, file: str) -> bool:
        """Whether it is a name of these."""
        return self._named.fullmatch(file) is not None

    def _numbered(self, stem: str, number: int) -> str:
        return f"{stem}{f'_{number}' if number > 1 else ''}{self._tail}"
