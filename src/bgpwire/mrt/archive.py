"""Several MRT files as one: in the order given, or merged by time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.errors import MrtError
from bgpwire.every_family import families_of
from bgpwire.mrt.file import open as open_mrt
from bgpwire.mrt.file import warn
from bgpwire.mrt.input import ReadError
from bgpwire.mrt.merge import merged
from bgpwire.mrt.parts import LARGE_PIECE, PIECE, Part, is_cut, parts
from bgpwire.mrt.piece_file import STEP, PieceFile
from bgpwire.mrt.places import names_of, size_of
from bgpwire.mrt.report import Report, Reports
from bgpwire.mrt.side_by_side import side_by_side

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator

    from bgpwire.columns import Columns
    from bgpwire.mrt.file import MrtFile
    from bgpwire.mrt.resync import Skip
    from bgpwire.mrt.statistics import Statistics
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event, Route

    type Place = str | os.PathLike[str]
    type _Told = tuple[str, Skip] | Report

__all__ = ["Archive", "open"]

_SKIPS = 1000
"""What was stepped over in a thread is handed on after so many, be there an item or not."""
_LONG = 8 << 20
"""A compressed file of so many octets is decompressed in a thread of its own though others are read beside it: in order
its reader is the only one that works for most of its time."""


class _Piece(NamedTuple):
    """What a thread has to tell, and the item behind it, in a tuple of one; ``()`` where there is none."""

    part: Part
    told: tuple[_Told, ...]
    item: tuple[Any, ...] = ()


class Archive:
    """MRT files as one: :meth:`routes`, :meth:`messages`, :meth:`columns`, :meth:`text`, :meth:`statistics`.

    Each call is a reading of its own, from the beginning; files are opened when it comes to them, and closed behind
    them. Each route names its file (:attr:`bgpwire.Route.file`). What of the files could not be read says
    :attr:`reports`, of the reading begun last and as far as it has come; a warning (:class:`bgpwire.MrtWarning`) names
    each such file, unless ``on_skip`` or ``on_report`` is given. ``strict`` raises instead, at the first.
    """

    _step = STEP
    """Octets that are read of a piece at a time."""

    def __init__(
        self,
        names: Iterable[str],
        *,
        merge: bool = False,
        add_path: Iterable[tuple[int, int]] = (),
        multiple_labels: Iterable[tuple[int, int]] = (),
        strict: bool = False,
        on_skip: Callable[[str, Skip], object] | None = None,
        on_report: Callable[[Report], object] | None = None,
        threads: int = 1,
        ordered: bool = True,
        lenient: bool = True,
    ) -> None:
        """As :func:`bgpwire.open`. Without ``ordered`` columns and text come as they are made; not ``lenient``, a file
        that cannot be opened, or is no MRT, is an error."""
        if threads < 1:
            raise ValueError(f"{threads} threads")
        self.names = list(names)
        self.merge = merge
        self.strict = strict
        self.reports: list[Report] = []
        self.on_wait: Callable[[], object] | None = None
        """Called each time when a pipe, a socket or a terminal has nothing to read yet, before it is waited for."""
        self._how: dict[str, Any] = {
            "add_path": families_of(add_path),
            "multiple_labels": families_of(multiple_labels),
            "strict": strict,
        }
        self._threads = threads
        self._ordered = ordered
        self._raises = strict or not lenient
        self._on_skip = on_skip
        self._on_report = on_report
        self._reading: list[MrtFile] = []
        self._done = 0

    def __repr__(self) -> str:
        return f"<Archive of {len(self.names)} files{', merged' if self.merge else ''}>"

    def __iter__(self) -> Iterator[Route]:
        return self.routes()

    @property
    def consumed(self) -> int:
        """Octets of the files read so far, as they stand there (compressed)."""
        return self._done + sum(file.consumed for file in list(self._reading))

    @property
    def size(self) -> int | None:
        """Octets of all files; ``None`` where one has no size, such as a pipe."""
        sizes = [size_of(name) for name in self.names]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    @property
    def live(self) -> bool:
        """Whether a file that is being read is a pipe, a socket or a terminal, whose octets may come later."""
        return any(file.live for file in list(self._reading))

    def routes(self) -> Generator[Route]:
        """All routes."""
        return self._items(lambda file: file.routes())

    def messages(self) -> Generator[Event]:
        """All BGP messages, each with its time and peer."""
        return self._items(lambda file: file.messages())

    def columns(
        self,
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        batch_size: int = 65536,
        profile: str | None = None,
    ) -> Columns:
        """The routes as columns; see :meth:`bgpwire.mrt.MrtFile.columns`. A batch has rows of one file, or merged
        ones."""
        # Columns and text stand above archives: here is their door by name.
        made: Callable[..., Columns] = import_module("bgpwire.columns.archive").ArchiveColumns
        return made(self, fields, filter, batch_size, profile)

    def text(self, format: str, filter: Filter | None = None, header: bool = True) -> Iterator[bytes]:
        """The routes as lines; see :meth:`bgpwire.mrt.MrtFile.text`. One header line stands above all."""
        made: Callable[..., Iterator[bytes]] = import_module("bgpwire.text.lines").lines_of_archive
        return made(self, format, filter, header)

    def statistics(self, filter: Filter | None = None) -> Statistics:
        """The routes, counted; all files are read."""
        found: Statistics = import_module("bgpwire.mrt.statistics").Statistics()
        for _ in found.read_all(self, filter):
            pass
        return found

    def _items[T: (Route, Event)](self, items_of: Callable[[MrtFile], Iterator[T]]) -> Generator[T]:
        if self.merge:
            return (item for _, item in self._merged(items_of))
        return self._in_turn(items_of)

    def _begin(self) -> Callable[[_Told], None]:
        """Begin a reading; gives what takes what there is to hear of its files."""
        reports: list[Report] = []
        self.reports = reports
        self._done = 0

        def tell(thing: _Told) -> None:
            if not isinstance(thing, Report):
                if self._on_skip is not None:
                    self._on_skip(*thing)
                return
            reports.append(thing)
            if self._on_report is not None:
                self._on_report(thing)
            elif thing.ended and not thing.whole and (thing.error is not None or self._on_skip is None):
                warn(str(thing))

        return tell

    def _merged[T: (Route, Event)](self, items_of: Callable[[MrtFile], Iterator[T]]) -> Iterator[tuple[str, T]]:
        """The items by time, with the names of their files."""
        tell = self._begin()
        return merged(
            self.names,
            lambda name: self._of(Part(name, 0, None), items_of, tell, 1),
            lambda name: self._first(name, items_of),
        )

    def _first[T: (Route, Event)](self, name: str, items_of: Callable[[MrtFile], Iterator[T]]) -> float | None:
        """When a file begins; ``None`` of what can be read once, is far away, or has nothing that can be read."""
        if size_of(name) is None:
            return None
        try:
            with open_mrt(name, on_skip=lambda _: None, **self._how) as file:
                return next((item.timestamp for item in items_of(file)), None)
        except (OSError, MrtError, ImportError):
            return None

    def _in_turn[T](self, items_of: Callable[[MrtFile], Iterator[T]]) -> Generator[T]:
        tell = self._begin()
        for name in self.names:
            yield from self._of(Part(name, 0, None), items_of, tell, self._threads)

    @property
    def _beside(self) -> bool:
        """Whether files, or pieces of one, are read in threads."""
        return self._threads > 1 and (len(self.names) > 1 or any(map(is_cut, self.names)))

    def _side_by_side[T](
        self, items_of: Callable[[MrtFile], Iterator[T]], most: int, waits: bool = True, cut: bool = True
    ) -> Iterator[T]:
        """As :meth:`_in_turn`, in threads where there are several parts; ``most`` items of each wait. ``waits``: of a
        long file more are made than that, and they are large. Unless files may be ``cut`` each is a part."""
        if not self._beside:
            yield from self._in_turn(items_of)
            return
        tell = self._begin()
        reports = Reports()
        turns = self._ordered and waits

        def read(part: Part, lane: Any) -> Generator[_Piece]:
            return self._lane(part, lane, items_of, self._threads_of(part, turns))

        size = (PIECE if waits else LARGE_PIECE) if cut else None
        for piece in self._made(self._parts(size), read, most):
            for thing in piece.told:
                told = reports.add(piece.part, thing) if isinstance(thing, Report) else thing
                if told is not None:
                    tell(told)
            item = piece.item
            del piece  # not to be kept while the next is made
            if item:
                yield item[0]
                del item

    def _parts(self, size: int | None) -> Iterator[Part]:
        """What is read side by side: pieces of about ``size`` octets; ``None``: whole files."""
        return parts(self.names, size)

    def _made(
        self, parts: Iterable[Part], read: Callable[[Part, Any], Generator[_Piece]], most: int
    ) -> Iterator[_Piece]:
        """What threads make of the parts by ``read(part, lane)``."""
        return side_by_side(parts, read, self._threads, self._ordered, most)

    def _lane[T](
        self, part: Part, lane: Any, items_of: Callable[[MrtFile], Iterator[T]], threads: int
    ) -> Generator[_Piece]:
        """One part, read in a thread: who takes its items hears of it what there is to hear, where it belongs."""
        told: list[_Told] = []

        def hear(thing: _Told) -> None:
            told.append(thing)
            if len(told) >= _SKIPS:
                lane.put(_Piece(part, tuple(told)))
                told.clear()

        def begun(file: MrtFile) -> Iterator[T]:
            lane.on_stop = file._interrupt
            return iter(()) if lane.stopped else items_of(file)

        try:
            for item in self._of(part, begun, hear, threads):
                yield _Piece(part, tuple(told), (item,))
                told.clear()
                del item
        except GeneratorExit:
            raise
        except BaseException:
            # The reader hears of what came before it.
            yield _Piece(part, tuple(told))
            raise
        yield _Piece(part, tuple(told))

    def _threads_of(self, part: Part, turns: bool) -> int:
        """How many threads a part is read in, of those that take ``turns`` or do not."""
        spare = max(1, self._threads // len(self.names))
        return max(2, spare) if turns and (size_of(part.name) or 0) >= _LONG else spare

    def _of[T](
        self,
        part: Part,
        items_of: Callable[[MrtFile], Iterator[T]],
        tell: Callable[[_Told], object],
        threads: int,
    ) -> Generator[T]:
        """The items of one part; ``tell`` hears what is stepped over, and at the end how it went."""
        name, piece = part.name, part.piece
        how = {**self._how, "on_skip": lambda skip: tell((name, skip))}
        try:
            file = (
                open_mrt(name, threads=threads, **how)
                if piece is None
                else PieceFile(piece, growing=True, step=self._step, **how)
            )
        except (OSError, MrtError, ImportError) as error:
            if self._raises:
                raise
            tell(Report(name, 0, 0, (), error, opened=False))
            return
        file.on_wait = self._wait
        self._reading.append(file)
        fault: Exception | None = None
        ended = True
        try:
            with file:
                yield from items_of(file)
        except (MrtError, ReadError) as error:
            fault = error
            if self._raises:
                ended = False
                raise
        except BaseException:
            ended = False
            raise
        finally:
            self._reading.remove(file)
            self._done += file.consumed
            tell(Report(name, file._last._octets, file.skipped, tuple(file.skips), fault, ended=ended))

    def _wait(self) -> None:
        if self.on_wait is not None:
            self.on_wait()


def open(
    places: Place | Iterable[Place],
    *,
    merge: bool = False,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
    strict: bool = False,
    on_skip: Callable[[str, Skip], object] | None = None,
    threads: int = 1,
) -> Archive:
    """MRT files as one: a path, a folder, a pattern (``"updates.*.gz"``), a URL, or a list of such, in that order.

    Files of a folder (all below it) and of a pattern come by name. URLs are opened by fsspec (``bgpwire[remote]``):
    ``https://``, ``s3://`` and whatever else is installed for it; what breaks off is taken up again. With ``merge`` the
    routes of all files come in the order of time: inside a file the order is its own, and of equal times the first file
    named goes first; memory is bounded by the number of files that overlap in time.

    A file that is missing or torn is named by a warning and in :attr:`Archive.reports`, and the others are read;
    ``strict`` raises OSError or :class:`bgpwire.MrtError` instead. ``on_skip(name, skip)`` hears what is stepped over,
    as :func:`bgpwire.mrt.open` says, where ``add_path`` and ``multiple_labels`` are described too. ``threads`` are as
    many files as :meth:`Archive.columns`, :meth:`Archive.text` and :meth:`Archive.statistics` read side by side, or
    pieces of plain files of more than 32 MiB; if there are fewer, the rest of the threads decompress beside them. What
    comes, and in which order, is the same.
    """
    return Archive(
        names_of(places),
        merge=merge,
        add_path=add_path,
        multiple_labels=multiple_labels,
        strict=strict,
        on_skip=on_skip,
        threads=threads,
    )
