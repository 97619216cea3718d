"""The routes of an archive as text in one of the formats, in large pieces."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bgpwire.text import bgpdump, jsonl, psv
from bgpwire.text.kernels import iter_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bgpwire.mrt.archive import Archive
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
_SIZE_BESIDE = 1 << 20
"""The same of a file that is read in a thread: to hand over a piece takes longer than to miss the cache."""
_WAITING = 32
"""Pieces that wait of each such file."""


def lines_of(
    begin: Callable[..., Iterator[bytes]],
    format: str,
    filter: Filter | None = None,
    header: bool = True,
    size: int = _SIZE,
) -> Iterator[bytes]:
    """Whole lines in UTF-8, ``size`` octets or a little more at a time; see :meth:`bgpwire.mrt.MrtFile.text`.

    ``begin(make, *arguments)`` begins a reading of the archive. ValueError for a format that is none.
    """
    formatter, above = _format(format)
    lines = begin(iter_lines, format, formatter(), size, filter)
    return chain((above.encode(),), lines) if above and header else lines


def lines_of_archive(
    archive: Archive, format: str, filter: Filter | None = None, header: bool = True
) -> Iterator[bytes]:
    """The same of several files, one header above all; see :meth:`bgpwire.mrt.Archive.text`."""
    formatter, above = _format(format)
    if archive.merge:
        lines = _pieces(archive.routes(), formatter(), None if filter is None else filter.predicate)
    else:
        size = _SIZE_BESIDE if archive._beside else _SIZE
        lines = archive._side_by_side(lambda file: lines_of(file._through, format, filter, False, size), _WAITING)
    return chain((above.encode(),), lines) if above and header else lines


def _format(format: str) -> tuple[Callable[[], Callable[[Route], str]], str]:
    try:
        return FORMATS[format]
    except (KeyError, TypeError):
        raise ValueError(f"format {format!r} is none of {', '.join(FORMATS)}") from None


def _pieces(
    routes: Iterator[Route], line: Callable[[Route], str], wanted: Callable[[Route], bool] | None
) -> Iterator[bytes]:
    """The lines of routes that come as objects."""
    parts: list[str] = []
    size = 0
    for route in routes:
        if wanted is not None and not wanted(route):
            continue
        text = line(route)
        parts.append(text)
        size += len(text)
        if size >= _SIZE:
            yield "".join(parts).encode()
            parts.clear()
            size = 0
    if parts:
        yield "".join(parts).encode()
