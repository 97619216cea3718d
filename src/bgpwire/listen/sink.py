"""Where what is heard goes to: what every sink has, and how it says that it cannot go on."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from bgpwire.columns.schema import DEFAULT
from bgpwire.errors import BgpwireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bgpwire.listen.records import Records

__all__ = ["FIELDS", "Sink", "SinkBase", "SinkError", "failing"]

FIELDS: Final = (*DEFAULT, "file", "rib", "distinguisher")
"""Of sinks that write columns: those where none are named."""


class Sink(Protocol):
    """Takes records. One thread at a time calls it."""

    name: str
    """Of the sink, for people and metrics: ``mrt``, ``parquet``, ``duckdb``, ``json`` …"""
    routes: int
    """Routes that were written; 0 of a sink that keeps messages as they are."""
    messages: int
    """Messages that were taken."""
    octets: int
    """Octets that were written: of lines as they are, of everything else those of the records."""
    lost: Counter[str]
    """Messages that there is no place for, by the reason."""

    def write(self, records: Records) -> None:
        """Take records; it may block. Where it raises :class:`SinkError` none of these are taken, and they may be given
        again; what was taken before still is."""

    def tick(self, now: float) -> None:
        """About once a second, whether anything was heard or not; ``now`` is in seconds since 1970. SinkError."""

    def close(self) -> None:
        """Write what waits, and give files their names. SinkError where that cannot be done: what is then not written
        is in ``lost``, or in a file that the next start completes. A second call does nothing."""


class SinkError(BgpwireError, OSError):
    """A sink cannot go on: a full disk, a file that another process holds, a database that refuses.

    ``errno`` is that of the system where it has one, ``sink`` the name of the sink.
    """

    def __init__(self, sink: str, reason: str, errno: int | None = None, filename: str | None = None) -> None:
        # The arguments are those of OSError, which makes errno, strerror and filename of them.
        super().__init__(errno, reason, filename)
        self.sink = sink

    def __reduce__(self) -> tuple[type[SinkError], tuple[str, str, int | None, str | None]]:
        return type(self), (self.sink, self.strerror or "", self.errno, self.filename)

    def __str__(self) -> str:
        where = "" if self.filename is None else f"{self.filename}: "
        return f"{self.sink}: {where}{self.strerror}"


@contextmanager
def failing(sink: str, *errors: type[Exception]) -> Iterator[None]:
    """An error of the system, or one of ``errors``, becomes a :class:`SinkError` that names the sink."""
    try:
        yield
    except SinkError:
        raise
    except OSError as error:
        name = error.filename
        raise SinkError(sink, error.strerror or str(error), error.errno, None if name is None else str(name)) from error
    except errors as error:
        raise SinkError(sink, str(error)) from error


class SinkBase:
    """What sinks count."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes = 0
        self.messages = 0
        self.octets = 0
        self.lost: Counter[str] = Counter()
        self.on_trouble: Callable[[str], object] | None = None
        """Hears of what went wrong with a sink that goes on all the same."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, {self.messages} messages>"
