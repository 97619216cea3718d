"""The routes of an archive as text in one of the formats, in large pieces."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bgpwire.text import bgpdump, jsonl, psv
from bgpwire.text.kernels import iter_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Route

FORMATS: dict[str, tuple[Callable[[], Callable[[Route], str]], str]] = {
    "bgpdump": (bgpdump.formatter, ""),
    "json": (jsonl.formatter, ""),
    "psv": (psv.formatter, psv.HEADER),
}
"""What makes the function from route to line, and what stands above the first line."""

_SIZE = 1 << 18
"""Octets of a piece, about: small enough to stay in the processor's cache, large enough to be written at speed."""


def lines_of(
    begin: Callable[..., Iterator[bytes]], format: str, filter: Filter | None = None, header: bool = True
) -> Iterator[bytes]:
    """Whole lines in UTF-8, 256 KiB or a little more at a time; see :meth:`bgpwire.mrt.MrtFile.text`.

    ``begin(make, *arguments)`` begins a reading of the archive. ValueError for a format that is none.
    """
    try:
        formatter, above = FORMATS[format]
    except (KeyError, TypeError):
        raise ValueError(f"format {format!r} is none of {', '.join(FORMATS)}") from None
    wanted = None if filter is None else filter.predicate
    lines = begin(iter_lines, format, formatter(), _SIZE, wanted)
    return chain((above.encode(),), lines) if above and header else lines
