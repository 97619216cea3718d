"""When to connect again to a server that could not be reached, or that went away."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Retry"]

_LONGEST = 60.0
"""Seconds between two attempts, at most."""


class Retry:
    """Counts attempts in a row that came to nothing, and says how long to wait before the next.

    ``pause`` seconds before the second, twice as long before each that follows, a minute at most, less up to a half at
    random: many clients do not come back at the same moment. ``report`` is told why each was lost.
    """

    def __init__(
        self, where: str, report: Callable[[str], object], tries: int | None, pause: float, silence: float
    ) -> None:
        if tries is not None and tries < 1:
            raise ValueError(f"{tries} tries")
        for name, value in (("pause", pause), ("silence", silence)):
            if not 0 < value < 1e6:
                raise ValueError(f"{name} of {value} seconds")
        self.where = where
        self.silence = silence
        self._report = report
        self._tries = tries
        self._pause = pause
        self._failures = 0

    def worked(self) -> None:
        """The connection gave something."""
        self._failures = 0

    def failed(self, error: Exception | str, lasted: float = 0.0) -> float:
        """The seconds to wait, behind a connection that ``lasted`` so many. ConnectionError behind the last attempt."""
        if lasted >= self.silence:
            self._failures = 0
        self._failures += 1
        reason = error if isinstance(error, str) else f"{error.__class__.__name__}: {error}".removesuffix(": ")
        if self._tries is not None and self._failures >= self._tries:
            self._report(reason)
            cause = error if isinstance(error, Exception) else None
            raise ConnectionError(f"{self.where}: {self._failures} attempts in a row, the last: {reason}") from cause
        wait: float = min(self._pause * 2.0 ** min(self._failures - 1, 30), _LONGEST) * random.uniform(0.5, 1.0)
        self._report(f"{reason}; connecting again in {wait:.1f} s")
        return wait
