"""What RIS Live said that could not be used, or that its own octets do not bear out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.errors import RisError
from bgpwire.live.reports import KeptReports, short

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Kind", "Report", "Reports", "RisWarning"]


class RisWarning(UserWarning):
    """Lines of RIS Live were read to their end, and there are reports that nobody asked for: given once."""


class Kind(StrEnum):
    """What a report is about."""

    JSON = "json"
    """A line that is no JSON object, or a longer one than any message needs."""
    TYPE = "type"
    """A message, or a BGP message, of a type that is not known."""
    ERROR = "error"
    """The server reports an error (``ris_error``)."""
    FIELD = "field"
    """A field that is missing, or has a value that it cannot have."""
    RAW = "raw"
    """``raw`` is no BGP message, or routes of it cannot be read."""
    DIFFERENCE = "difference"
    """A field and ``raw`` do not say the same."""
    CONNECTION = "connection"
    """A connection failed, ended or went silent; what was sent meanwhile is missing."""


class Report(NamedTuple):
    """One thing that was wrong. Texts are as ``str`` shows the values, controls escaped, 500 characters at most."""

    kind: Kind
    offset: int
    """Octets of the source in front of the line."""
    reason: str
    field: str = ""
    """The field of RIS Live, where it is about one."""
    said: str = ""
    """What the field says; of a difference between lists only what ``raw`` does not have."""
    raw: str = ""
    """What ``raw`` says; of a difference between lists only what the field does not have."""

    def __str__(self) -> str:
        if self.kind is Kind.DIFFERENCE:
            return f"{self.field}: {self.said or 'nothing'}, in raw: {self.raw or 'nothing'}, at offset {self.offset}"
        field = f"{self.field}: " if self.field else ""
        return f"{field}{self.reason}, at offset {self.offset}"


class Reports(KeptReports[Report]):
    """Counts all reports and keeps the first hundred and the latest; each is given to ``on_report`` as it comes.

    ``strict`` raises :class:`bgpwire.RisError` for the first instead, but for those of connections.
    """

    def __init__(self, strict: bool = False, on_report: Callable[[Report], object] | None = None) -> None:
        super().__init__(on_report)
        self.strict = strict

    def add(self, kind: Kind, offset: int, reason: str, field: str = "", said: str = "", raw: str = "") -> None:
        report = Report(kind, offset, short(reason), short(field), short(said), short(raw))
        self.take(str(kind), report)
        if self.strict and kind is not Kind.CONNECTION:
            reason = str(report).removesuffix(f", at offset {offset}")
            raise RisError(reason, offset)
