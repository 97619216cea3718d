"""How the reading of files went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bgpwire.errors import MrtError
from bgpwire.mrt.file import REPORTS, unread

if TYPE_CHECKING:
    from bgpwire.mrt.parts import Part
    from bgpwire.mrt.resync import Skip

__all__ = ["Report", "Reports"]


class Report(NamedTuple):
    """How the reading of one file went."""

    file: str
    octets: int
    """Octets stepped over, in ``places``."""
    places: int
    skips: tuple[Skip, ...]
    """Where, and why: the first thousand."""
    error: Exception | None
    """Why it could not be opened, or was not read to its end; ``None`` where it was."""
    opened: bool = True
    ended: bool = True
    """Whether it was read as far as it can be; false where the reading was left."""

    @property
    def whole(self) -> bool:
        """Whether all of it was read."""
        return not self.places and self.error is None

    @property
    def reason(self) -> str:
        """What :attr:`error` says; empty without one."""
        if isinstance(self.error, MrtError):
            return self.error.reason
        said = "" if self.error is None else str(getattr(self.error, "strerror", None) or self.error)
        return said.removeprefix(f"{self.file}: ")

    def __str__(self) -> str:
        if self.error is not None:
            return f"{self.file}: {self.reason}"
        if not self.places:
            return f"{self.file}: read whole"
        return unread(self.file, self.octets, self.places, self.skips[0])


class Reports:
    """Makes one report of those of the pieces of a file."""

    def __init__(self) -> None:
        self._pieces: dict[int, list[tuple[int, Report]]] = {}
        self._counts: dict[int, int] = {}

    def add(self, part: Part, report: Report) -> Report | None:
        """The report of the whole file, if that of ``part`` was the last that is to come."""
        if part.piece is None:
            return report
        found = self._pieces.setdefault(part.file, [])
        found.append((part.piece.index, report))
        if part.last:
            self._counts[part.file] = part.piece.index + 1
        if report.ended and len(found) != self._counts.get(part.file):
            return None
        del self._pieces[part.file]
        reports = [one for _, one in sorted(found, key=lambda one: one[0])]
        return Report(
            report.file,
            sum(one.octets for one in reports),
            sum(one.places for one in reports),
            tuple(skip for one in reports for skip in one.skips)[:REPORTS],
            next((one.error for one in reports if one.error is not None), None),
            all(one.opened for one in reports),
            report.ended,
        )
