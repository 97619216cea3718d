"""The timers of a session (RFC 4271 section 10): when each is due, by whatever clock the caller has."""

from __future__ import annotations

from enum import Enum, auto


class Timer(Enum):
    CONNECT_RETRY = auto()
    HOLD = auto()
    KEEPALIVE = auto()
    SEND_HOLD = auto()


class Timers:
    """A handful of deadlines, in seconds."""

    def __init__(self) -> None:
        self._due: dict[Timer, float] = {}

    def set(self, timer: Timer, when: float) -> None:
        self._due[timer] = when

    def stop(self, *timers: Timer) -> None:
        """These, or all of them."""
        for timer in timers or tuple(Timer):
            self._due.pop(timer, None)

    def runs(self, timer: Timer) -> bool:
        return timer in self._due

    @property
    def deadline(self) -> float | None:
        """When the next one is due, ``None`` while none runs."""
        return min(self._due.values(), default=None)

    def pop(self, now: float) -> Timer | None:
        """The one that is due longest, which is stopped; ``None`` if none is."""
        due = min(self._due, key=self._due.__getitem__, default=None)
        if due is None or self._due[due] > now:
            return None
        del self._due[due]
        return due
