"""What came over OpenBMP's message bus and could not be used."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.errors import OpenBmpError
from bgpwire.live.reports import KeptReports, short

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Kind", "Report", "Reports"]


class Kind(StrEnum):
    """What a report is about."""

    HEADER = "header"
    """No message of the bus, or one of another length than its header says."""
    TYPE = "type"
    """An object that is no BMP."""
    BMP = "bmp"
    """Octets that are no BMP, or a message of it that is not what it says."""
    ROUTES = "routes"
    """An UPDATE whose routes, or some of them, cannot be read."""
    ROUTER = "router"
    """What was known of a router was let go, to make room."""
    CONNECTION = "connection"
    """A connection failed, or gave nothing for a while."""


class Report(NamedTuple):
    """One thing that was wrong. Texts have their controls escaped, and 500 characters at most."""

    kind: Kind
    offset: int
    """Of the value it is about, see :meth:`bgpwire.live.openbmp.Decoder.feed`; 0 of a connection."""
    reason: str
    router: str = ""
    """``collector/router``, where that is known."""
    source: str = ""
    """What :meth:`bgpwire.live.openbmp.Decoder.feed` was told: of Kafka the topic and the partition."""

    def __str__(self) -> str:
        if self.kind is Kind.CONNECTION:
            return self.reason
        router = f"{self.router}: " if self.router else ""
        source = f" of {self.source}" if self.source else ""
        return f"{router}{self.reason}, at offset {self.offset}{source}"


class Reports(KeptReports[Report]):
    """Counts all reports and keeps the first hundred and the latest; each is given to ``on_report`` as it comes.

    ``strict`` raises :class:`bgpwire.OpenBmpError` for the first instead, but for those of connections and of routers
    that were let go.
    """

    def __init__(self, strict: bool = False, on_report: Callable[[Report], object] | None = None) -> None:
        super().__init__(on_report)
        self.strict = strict

    def add(self, kind: Kind, offset: int, reason: str, router: str = "", source: str = "") -> None:
        self.take(str(kind), Report(kind, offset, short(reason), short(router), short(source)))
        if self.strict and kind not in (Kind.CONNECTION, Kind.ROUTER):
            raise OpenBmpError(f"{router}: {reason}" if router else reason, offset)
