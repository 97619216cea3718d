"""An MRT file: records, messages, routes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import Record, RecordWalker, Route, RouteDecoder, iter_routes
from bgpwire.errors import DecodeError, MrtError
from bgpwire.mrt.bgp4mp import MrtMessage, decode_message
from bgpwire.mrt.source import Source, open_raw
from bgpwire.resync import Skip

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterable, Iterator
    from typing import BinaryIO

_REPORTS = 1000
NO_HEADER = "no record header"


class MrtFile:
    """One pass over the records of a file; iterate it once, by one of its three levels.

    What cannot be read is stepped over: :attr:`skipped` counts it and :attr:`skips` tells, for the first
    thousand, where it stood and why. ``strict`` raises :class:`bgpwire.MrtError` at the first instead.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | BinaryIO | Buffer,
        *,
        add_path: Iterable[tuple[int, int]] = (),
        strict: bool = False,
    ) -> None:
        try:
            self._raw = open_raw(source)
        except IsADirectoryError:
            raise MrtError(f"{source!s} is a directory", 0) from None
        self._owns = self._raw is not source and source != "-"
        self._source = Source(self._raw)
        self._decoder = RouteDecoder(add_path)
        self._walker = RecordWalker(self._source.read, self._skip)
        self._ended = False
        self.strict = strict
        self.skipped = 0
        """How many times octets were stepped over."""
        self.skips: list[Skip] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._owns:
            self._raw.close()

    @property
    def consumed(self) -> int:
        """Octets read so far, as they stand in the file (compressed)."""
        return self._source.consumed

    @property
    def offset(self) -> int:
        """Where the next record begins in the decompressed file."""
        return self._walker.offset

    def _skip(self, skip: Skip) -> None:
        if self._source.error is not None and skip.reason.startswith("truncated record"):
            # The record broke off because the stream did: that is one thing to tell, not two.
            self._ended = True
            skip = Skip(skip.offset, skip.length, f"{self._source.error}: {skip.reason}")
        if self.skips and self._goes_on(self.skips[-1], skip):
            first = self.skips[-1]
            self.skips[-1] = Skip(first.offset, first.length + skip.length, NO_HEADER)
            return
        self.skipped += 1
        if self.strict:
            raise MrtError(skip.reason, skip.offset)
        if len(self.skips) < _REPORTS:
            self.skips.append(skip)

    @staticmethod
    def _goes_on(last: Skip, skip: Skip) -> bool:
        """Whether ``skip`` is more of one stretch of junk, which comes block by block: one thing to tell."""
        joined = last.offset + last.length == skip.offset
        return joined and last.reason == NO_HEADER and skip.reason in (NO_HEADER, "truncated record header")

    def _fault(self, record: Record, error: DecodeError) -> None:
        """A record whose inside cannot be read."""
        self._skip(Skip(record.offset, len(record.data) + 12, error.reason))

    def records(self) -> Iterator[Record]:
        """Every record: header fields and octets, nothing decoded."""
        yield from self._walker
        self._end()

    def _end(self) -> None:
        """A stream that broke off is told once, where its octets ended; then the file is closed."""
        if not self._ended:
            self._ended = True
            if self._source.error is not None:
                self._skip(Skip(self._walker.offset, 0, self._source.error))
        self.close()

    def messages(self) -> Iterator[MrtMessage]:
        """The BGP messages of BGP4MP records, each with its time and peer."""
        for record in self.records():
            try:
                message = decode_message(record, self._decoder)
            except DecodeError as error:
                self._fault(record, error)
                continue
            if message is not None:
                yield message

    def routes(self) -> Iterator[Route]:
        """The routes of BGP4MP updates and of RIB records, and state changes."""
        yield from iter_routes(self._walker, self._decoder, self._fault)
        self._end()


def open(
    source: str | os.PathLike[str] | BinaryIO | Buffer,
    *,
    add_path: Iterable[tuple[int, int]] = (),
    strict: bool = False,
) -> MrtFile:
    """Open MRT data: a path, a binary file or pipe, octets, or ``"-"`` for standard input.

    gzip, bzip2, xz and zstd are told by content. ``add_path`` names (AFI, SAFI) pairs whose NLRI carry path
    identifiers although the records do not say so. OSError if a path cannot be opened.
    """
    return MrtFile(source, add_path=add_path, strict=strict)
