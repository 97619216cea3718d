"""An MRT file: records, messages, routes."""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bgpwire.errors import DecodeError, MrtError, MrtWarning
from bgpwire.every_family import families_of
from bgpwire.mrt.ahead import ReadAhead, decompressed
from bgpwire.mrt.input import Input, Origin
from bgpwire.mrt.kernels import RecordWalker, RouteDecoder, iter_routes
from bgpwire.mrt.resync import NO_HEADER, Skip

if TYPE_CHECKING:
    import os
    from collections.abc import Buffer, Callable, Iterable, Iterator
    from typing import BinaryIO

    from bgpwire.columns import Columns
    from bgpwire.mrt.kernels import Record
    from bgpwire.mrt.source import Source
    from bgpwire.mrt.statistics import Statistics
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event, Route

REPORTS = 1000
_PACKAGE = (str(Path(__file__).parents[1]),)
"""A warning names the line of the caller, however many frames of the package are between."""
_NO_RECORD = (NO_HEADER, "truncated record header")


def warn(text: str) -> None:
    """Of a file that was not read whole."""
    warnings.warn(text, MrtWarning, skip_file_prefixes=_PACKAGE)


def unread(name: str, octets: int, places: int, first: Skip) -> str:
    """What was not read of the file ``name``: so many octets in so many places, and the first of them."""
    return f"{name}: {octets} octets in {places} {'place' if places == 1 else 'places'} could not be read: {first}"


class _Pass:
    """One way through the file, which shares nothing with another: over ``source``, which gives ``octets``
    decompressed, the first of them at offset ``start``."""

    def __init__(
        self,
        octets: Input,
        source: Source | ReadAhead,
        name: str,
        decoder: RouteDecoder,
        strict: bool,
        on_skip: Callable[[Skip], object] | None,
        start: int = 0,
    ) -> None:
        self.input = octets
        self.source = source
        live = octets.descriptor is not None
        self.walker = RecordWalker(source.read, self._torn, source.ready if live else None, start)
        self.walker._strict = strict
        self.walker._file = name
        self.decoder = decoder
        self.begun = False
        self.skipped = 0
        self.skips: list[Skip] = []
        self._latest: Skip | None = None
        self._name = name
        self._strict = strict
        self._on_skip = on_skip
        self._octets = 0
        self._between = 0
        """Octets stepped over that were not inside a record."""
        self._headers = False
        self._ended = False

    def _torn(self, skip: Skip) -> None:
        self._between += skip.length
        if self.source.error is not None and skip.reason.startswith("truncated record"):
            # The record broke off because the stream did: that is reported once.
            self._ended = True
            skip = Skip(skip.offset, skip.length, f"{self.source.error}: {skip.reason}")
        self._headers = self._headers or skip.reason not in _NO_RECORD
        self._skip(skip)

    def _skip(self, skip: Skip) -> None:
        self._octets += skip.length
        # Not the last of those that are shown: which pieces are one stretch does not end with them.
        last = self._latest
        if last is not None and self._goes_on(last, skip):
            self._latest = Skip(last.offset, last.length + skip.length, NO_HEADER)
            if self.skipped <= REPORTS:
                self.skips[-1] = self._latest
        else:
            self._latest = skip
            self.skipped += 1
            if self.skipped <= REPORTS:
                self.skips.append(skip)
        if self._on_skip is not None:
            try:
                self._on_skip(skip)
            except StopIteration as error:
                # The compiled iterators would pass for ended with it, as if nothing had been left unread.
                raise RuntimeError("on_skip raised StopIteration") from error
        if self._strict:
            raise MrtError(skip.reason, skip.offset)

    @staticmethod
    def _goes_on(last: Skip, skip: Skip) -> bool:
        """Whether ``skip`` is more of one stretch of junk, which comes block by block and is reported once."""
        joined = last.offset + last.length == skip.offset
        return joined and last.reason == NO_HEADER and skip.reason in _NO_RECORD

    def _fault(self, event: Event, error: DecodeError) -> None:
        """A record whose inside cannot be read."""
        self._skip(Skip(event.offset, len(event._data) + 12, error.reason))

    def records(self) -> Iterator[Record]:
        try:
            yield from self.walker
            self._end()
        finally:
            self.close()

    def messages(self) -> Iterator[Event]:
        from bgpwire.mrt.bgp4mp import find_message  # with all of the messages, which routes do not need

        try:
            for event in self.walker.events():
                try:
                    found = find_message(event, self.decoder)
                except DecodeError as error:
                    self._fault(event, error)
                    continue
                if found:
                    yield event
            self._end()
        finally:
            self.close()

    def routes(self) -> Iterator[Route]:
        return self.through(iter_routes)

    def through[T](self, make: Callable[..., T], *arguments: Any) -> T:
        """What a kernel that takes all of the routes, such as ``iter_routes``, makes of them."""
        return make(self.walker, self.decoder, self._fault, self._end, self.close, *arguments)

    def close(self) -> None:
        """Close what was opened, when nobody reads it any more."""
        self.input.closed = True
        if isinstance(self.source, ReadAhead):
            self.source.stop()
        self.input.close()

    def _end(self) -> None:
        """What can be said only behind the last octet."""
        if not self._ended:
            self._ended = True
            if self.source.error is not None:
                # A stream that broke off is reported once, where its octets ended.
                self._headers = self._headers or self.walker.offset == 0
                self._skip(Skip(self.walker.offset, 0, self.source.error))
        size = self.walker.offset
        if size and self._between == size and not self._headers:
            raise MrtError(f"no MRT record in {size} octets")
        if self.skipped and self._on_skip is None:
            warn(unread(self._name, self._octets, self.skipped, self.skips[0]))


class MrtFile:
    """MRT data at one of three levels: :meth:`records`, :meth:`messages`, :meth:`routes`; iterating it gives routes.

    Each call of a level is a pass of its own, from the beginning, also while another is not finished; what can be
    read only once (a pipe, standard input) raises ``io.UnsupportedOperation`` at the second. A pass closes what it
    opened at its end or when its iterator is dropped; :meth:`close`, and leaving ``with``, ends all of them.

    What cannot be read is stepped over: of the pass begun last :attr:`skipped` counts it, and :attr:`skips` says,
    for the first thousand, where it stood and why. Each is given to ``on_skip`` as it comes (a long stretch in
    pieces); without that a pass ends with one :class:`bgpwire.MrtWarning`. What ``on_skip`` raises ends the pass and
    comes out of it, ``StopIteration`` as RuntimeError. ``strict`` raises :class:`bgpwire.MrtError` at the first
    instead. A file that has octets and not one record raises it at its end.

    What is read and what is stepped over depends on the octets alone, however a source gives them. Of a :attr:`live`
    one what is there has to do: behind a tear a record is judged by what has come, and more is not waited for.
    Of compressed octets that are damaged, those count that could be decompressed: how many that are depends on how
    many are read at a time.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | BinaryIO | Buffer,
        *,
        add_path: Iterable[tuple[int, int]] = (),
        multiple_labels: Iterable[tuple[int, int]] = (),
        strict: bool = False,
        on_skip: Callable[[Skip], object] | None = None,
        threads: int = 1,
    ) -> None:
        if threads < 1:
            raise ValueError(f"{threads} threads")
        self.strict = strict
        self.on_wait: Callable[[], object] | None = None
        """Called each time when a live source (:attr:`live`) has nothing to read yet, before it is waited for."""
        self._on_skip = on_skip
        self._threads = threads
        self._add_path = families_of(add_path)
        self._multiple_labels = families_of(multiple_labels)
        self._origin = Origin(source)
        self._closed = False
        self._passes: list[_Pass] = []
        self._last = self._open()

    def _pass(self) -> _Pass:
        octets = self._origin.open()
        try:
            decoder = RouteDecoder(self._add_path, self._multiple_labels)
            source = decompressed(octets, self._threads)
            return _Pass(octets, source, self._origin.name, decoder, self.strict, self._on_skip)
        except BaseException:
            octets.close()
            raise

    def _open(self) -> _Pass:
        begun = self._pass()
        begun.input.on_wait = self._wait if begun.input.descriptor is not None else None
        self._passes = [one for one in self._passes if not one.input.closed]
        self._passes.append(begun)
        return begun

    def _wait(self) -> None:
        if self.on_wait is not None:
            self.on_wait()

    def _begin(self) -> _Pass:
        if self._closed:
            raise ValueError(f"{self._origin.name}: the file is closed")
        if self._last.begun:
            self._last = self._open()
        self._last.begun = True
        return self._last

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __iter__(self) -> Iterator[Route]:
        return self.routes()

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"at {self.offset}"
        packed = f", {self._last.source.compression}" if self._last.source.compression else ""
        return f"<MrtFile {self._origin.name}{packed}, {state}>"

    def close(self) -> None:
        """Close the file, if it was opened here; passes that are not finished end."""
        self._closed = True
        for one in self._passes:
            one.close()

    def _interrupt(self) -> None:
        """From another thread: passes that are not finished end where they read on, and close what they opened."""
        for one in self._passes:
            one.input.closed = True

    @property
    def live(self) -> bool:
        """Whether the source is a pipe, a socket or a terminal, whose octets may come later."""
        return self._last.input.descriptor is not None

    @property
    def skipped(self) -> int:
        """How many times octets were stepped over."""
        return self._last.skipped

    @property
    def skips(self) -> list[Skip]:
        """Where octets were stepped over, and why: the first thousand."""
        return self._last.skips

    @property
    def consumed(self) -> int:
        """Octets read so far, as they stand in the file (compressed)."""
        return self._last.input.consumed

    @property
    def offset(self) -> int:
        """Where the next record begins in the decompressed file."""
        return self._last.walker.offset

    def records(self) -> Iterator[Record]:
        """Every record: header fields and octets, nothing decoded."""
        return self._begin().records()

    def copy(self, write: Callable[[bytes], object]) -> Iterator[Record]:
        """The records too, while all octets of the file go to ``write``, decompressed and whole, in order.

        What stands between records is among them: what is written reads as this file does, at the same offsets. All of
        it is written when the iterator has ended; one that is left has written about as much as it has given.
        """
        begun = self._begin()
        begun.source.copy = write
        return begun.records()

    def messages(self) -> Iterator[Event]:
        """The BGP messages of BGP4MP records and what was written before it, each with its time and peer."""
        return self._begin().messages()

    def routes(self) -> Iterator[Route]:
        """The routes of updates (BGP4MP and what was written before it) and of RIB records, and state changes."""
        return self._begin().routes()

    def columns(
        self,
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        batch_size: int = 65536,
        profile: str | None = None,
    ) -> Columns:
        """The same routes as columns for Arrow and what reads it (docs/columns.md).

        ``fields`` names the columns, in order (the usual ones without); ``filter`` says which routes become rows;
        batches have ``batch_size`` rows, the last may have fewer; ``profile="spark"`` has Arrow's types that Spark has,
        cast by pyarrow. Nothing is read before the columns are.
        """
        # Columns stand above archives, as everything that routes go into; here is their door by name.
        columns: Any = import_module("bgpwire.columns.reader")
        source = import_module("bgpwire.columns.schema").Source(self._origin.name)
        made: Columns = columns.Columns(lambda: ((source, self._through),), fields, filter, batch_size, profile)
        return made

    def text(self, format: str, filter: Filter | None = None, header: bool = True) -> Iterator[bytes]:
        """The same routes as lines, what ``bgpwire dump --format`` prints: ``bgpdump``, ``json`` or ``psv``.

        Gives whole lines in UTF-8, 256 KiB or a little more at a time, as they are to be written; of a live source what
        there is before each wait. ``filter`` says which routes to show; without ``header``, psv has no header line.
        ValueError for another format.
        """
        # Text stands above archives too.
        made: Callable[..., Iterator[bytes]] = import_module("bgpwire.text.lines").lines_of
        return made(self._through, format, filter, header)

    def statistics(self, filter: Filter | None = None) -> Statistics:
        """The same routes, counted: by type, family, peer, path attribute and prefix length, and their times.

        ``filter`` says which routes to count. The file is read to its end.
        """
        found: Statistics = import_module("bgpwire.mrt.statistics").Statistics()
        for _ in found.read(self, filter):
            pass
        return found

    def _through[T](self, make: Callable[..., T], *arguments: Any) -> T:
        """Begin a pass; see :meth:`_Pass.through`."""
        return self._begin().through(make, *arguments)


def open(
    source: str | os.PathLike[str] | BinaryIO | Buffer,
    *,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
    strict: bool = False,
    on_skip: Callable[[Skip], object] | None = None,
    threads: int = 1,
) -> MrtFile:
    """Open MRT data: a path, a binary file or pipe, octets, or ``"-"`` for standard input.

    gzip, bzip2, xz and zstd are recognised by content. ``add_path`` names (AFI, SAFI) pairs whose NLRI carry path
    identifiers although the records do not say so, ``multiple_labels`` those whose routes may have several labels
    (RFC 8277 section 2.1), which records never say. OSError if a path cannot be opened. A pipe is read as it flows:
    a record is given when its last octet has come.

    With two ``threads`` a compressed file is decompressed in one of its own, some MiB ahead; with ``bgpwire[parallel]``
    the blocks of bzip2 in a path are decompressed by all of them, at up to 130 MiB of memory each where they expand as
    far as they can. What is read is the same.
    """
    return MrtFile(
        source,
        add_path=add_path,
        multiple_labels=multiple_labels,
        strict=strict,
        on_skip=on_skip,
        threads=threads,
    )
