"""Lines of RIS Live that are there: of a file, a list, standard input."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bgpwire.live.ris.decoder import Decoder
from bgpwire.live.ris.report import RisWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.live.ris.report import Report
    from bgpwire.route.kernels import Event

__all__ = ["Events", "events"]

_PACKAGE = (str(Path(__file__).parents[2]),)
"""A warning names the line of the caller."""


class Events:
    """Iterates the events of lines; :attr:`decoder` has the reports. Made by :func:`events`."""

    def __init__(self, lines: Iterable[str | bytes], decoder: Decoder) -> None:
        if isinstance(lines, (str, bytes, bytearray)):
            raise TypeError(f"lines, such as an open file has them, not {type(lines).__name__}")
        self.decoder = decoder
        self._events = self._each(iter(lines))

    def _each(self, lines: Iterator[str | bytes]) -> Iterator[Event]:
        feed = self.decoder.feed
        for line in lines:
            yield from feed(line)
        reports = self.decoder.reports
        if reports.kept and reports.on_report is None:
            text = f"{reports.counts.total()} reports of RIS Live, the first: {reports.kept[0]}"
            warnings.warn(text, RisWarning, skip_file_prefixes=_PACKAGE)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        return next(self._events)


def events(
    lines: Iterable[str | bytes], *, strict: bool = False, on_report: Callable[[Report], object] | None = None
) -> Events:
    """The events of lines of RIS Live: an open file, a list, ``sys.stdin``.

    One :class:`bgpwire.Event` for each BGP message, with its time, peer and octets; ``event.file`` is the collector,
    ``event.offset`` where the line stood. RIS Live does not say what the session had negotiated: 2- or 4-octet AS
    numbers and path identifiers are chosen by what fits the fields beside the octets, which ``event.session`` marks as
    guessed. A message that came without octets is made of its fields: :func:`bgpwire.live.ris.is_built`. A change of
    state is an event without a message, as in archives (BGP4MP_ET): :func:`bgpwire.live.ris.routes_of` gives its route.

    What is wrong with a line, and where its fields and its octets differ, goes to ``on_report`` as a :class:`Report`;
    without that to ``events.decoder.reports``, and one :class:`RisWarning` comes at the end. ``strict`` raises
    :class:`bgpwire.RisError` for the first instead.
    """
    return Events(lines, Decoder(strict=strict, on_report=on_report))
