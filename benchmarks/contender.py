"""What is asked, and who takes part: a job and its contenders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any, NamedTuple


class Told(NamedTuple):
    """What a job comes to, where that is more than a number of elements.

    ``seconds`` of a program that takes its own time; ``peak`` of one whose memory is not this process's, in octets, 0
    if that is not known; ``kept`` is what a job about memory holds on to.
    """

    elements: int
    seconds: float | None = None
    peak: int | None = None
    kept: object = None


type Work = Callable[[], int | Told]


def version(distribution: str) -> str | None:
    """The installed version, ``None`` if it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Contender:
    """Who takes part: ``prepare`` gets what the job gives, and gives the work.

    ``distribution`` is whose version is quoted, or a function that finds it; ``environment`` is set for the process;
    ``after`` names the row whose work is contained in this one's, so that the difference is what the next stage adds.
    """

    name: str
    prepare: Callable[[Any], Work]
    distribution: str | Callable[[], str | None]
    environment: dict[str, str] = field(default_factory=dict)
    after: str | None = None

    def version(self) -> str | None:
        """``None`` where it is not installed, and so takes no part."""
        return version(self.distribution) if isinstance(self.distribution, str) else self.distribution()


class Unit(NamedTuple):
    """How elements and seconds are told: ``value(elements, seconds)``."""

    text: str
    value: Callable[[int, float], float]
    more_is_better: bool = False


PER_UPDATE = Unit("µs an UPDATE", lambda elements, seconds: seconds * 1e6)
PER_ROUTE = Unit("ns a route", lambda elements, seconds: seconds / elements * 1e9)
ROUTES = Unit("million routes a second", lambda elements, seconds: elements / seconds / 1e6, True)
MESSAGES = Unit("million messages a second", lambda elements, seconds: elements / seconds / 1e6, True)


@dataclass(frozen=True)
class Job:
    """``given(quick)`` is what each contender gets to prepare with, small where ``quick``."""

    title: str
    unit: Unit
    given: Callable[[bool], Any]
    contenders: tuple[Contender, ...]
    memory: bool = False
    """Whether the octets of an element that is kept are asked, and not the time."""


def ours(
    prepare: Callable[[Any], Work], what: str = "", after: str | None = None, compiled_only: bool = False
) -> tuple[Contender, ...]:
    """bgpwire, compiled and pure; ``what`` it does and ``after`` are added to the names."""
    labels = (("compiled", "cython"), ("pure", "python"))[: 1 if compiled_only else 2]
    return tuple(
        Contender(
            f"bgpwire {label}{what}",
            prepare,
            "bgpwire",
            {"BGPWIRE_IMPLEMENTATION": implementation},
            None if after is None else f"bgpwire {label}{after}",
        )
        for label, implementation in labels
    )
