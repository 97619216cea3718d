"""How the reading of a capture went: counts of everything, and the first of what went wrong."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.errors import CaptureError
    from bgpwire.live.capture.items import Flow, Gap

__all__ = ["Report"]

_KEPT = 1000


class Report:
    """What was read, and what was not; current while the capture is read."""

    __slots__ = (
        *("conflict_count", "conflicts", "error", "file", "gap_count", "gap_octets", "gaps", "octets", "on_gap"),
        *("packets", "retransmitted", "skipped", "untimed"),
    )

    def __init__(self, file: str = "", on_gap: Callable[[Gap], object] | None = None) -> None:
        self.file = file
        self.on_gap = on_gap
        self.packets = 0
        self.octets = 0
        """Of the packets, as captured."""
        self.skipped: Counter[str] = Counter()
        """Packets that gave nothing to a stream, by reason. Of fragments those that never became a whole datagram."""
        self.untimed = 0
        """Packets without a time, or with one that is not between 1970 and 2106: they have that of the one before."""
        self.retransmitted = 0
        """Octets that came again."""
        self.conflict_count = 0
        self.conflicts: list[tuple[Flow, int]] = []
        """Where octets came again and were others, which were not used: the first thousand, flow and position."""
        self.gap_count = 0
        self.gap_octets = 0
        """Of the gaps whose size is known."""
        self.gaps: list[Gap] = []
        """The first thousand."""
        self.error: CaptureError | None = None
        """Why the capture could not be read to its end; ``None`` where it was."""

    @property
    def whole(self) -> bool:
        """Whether all of the streams was read: no gap, and the capture to its end."""
        return self.error is None and not self.gap_count

    def skip(self, reason: str) -> None:
        """A packet gives nothing."""
        self.skipped[reason] += 1

    def gap(self, gap: Gap) -> None:
        """Octets are missing, or are no message."""
        self.gap_count += 1
        self.gap_octets += gap.size or 0
        if len(self.gaps) < _KEPT:
            self.gaps.append(gap)
        if self.on_gap is not None:
            self.on_gap(gap)

    def conflict(self, flow: Flow, position: int) -> None:
        """Octets came again and were others."""
        self.conflict_count += 1
        if len(self.conflicts) < _KEPT:
            self.conflicts.append((flow, position))

    def __str__(self) -> str:
        said = [f"{self.packets} packets"]
        if self.gap_count:
            said.append(f"{self.gap_count} gaps of {self.gap_octets} octets, the first: {self.gaps[0]}")
        if self.conflict_count:
            said.append(f"{self.conflict_count} retransmissions of other octets")
        if self.error is not None:
            said.append(str(self.error.reason))
        return f"{self.file}: {'; '.join(said)}" if self.file else "; ".join(said)
