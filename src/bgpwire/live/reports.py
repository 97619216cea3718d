"""What a source reports: all of it is counted, and as much kept as has room."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KeptReports", "short"]

_KEPT = 100
"""Reports that are kept, besides the latest."""
_SHOWN = 500
"""Characters that a report keeps of each of its texts: what is kept stays bounded, whatever is sent."""


class KeptReports[R]:
    """Counts all reports and keeps the first hundred and the latest; each is given to ``on_report`` as it comes."""

    def __init__(self, on_report: Callable[[R], object] | None = None) -> None:
        self.on_report = on_report
        self.kept: list[R] = []
        self.counts: Counter[str] = Counter()
        """Reports by kind."""

    def take(self, kind: str, report: R) -> None:
        """Count it, keep it, and hand it on."""
        self.counts[kind] += 1
        if len(self.kept) > _KEPT:
            self.kept.pop()
        self.kept.append(report)
        if self.on_report is not None:
            self.on_report(report)


def short(text: str) -> str:
    """``text`` with its controls written out, 500 characters at most."""
    if len(text) <= _SHOWN:
        return visible(text)
    more = f" … ({len(text)} characters)"
    return visible(text[: _SHOWN - len(more)]) + more
