"""An archive whose parts are read in processes of their own, for commands that do nothing beside it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from bgpwire.mrt.archive import Archive
from bgpwire.mrt.guesses import WrongGuess, guessed_parts, known_parts
from bgpwire.mrt.piece_file import PieceFile
from bgpwire.mrt.places import is_stream, is_url, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from bgpwire.mrt.file import MrtFile
    from bgpwire.mrt.parts import Part
    from bgpwire.route.filter import Filter

__all__ = ["ForkedArchive", "is_worth_it"]

_MUCH = 4 << 20
"""Octets that are read by more than one process: it takes some hundredths of a second to have one."""
_TOGETHER = 2 << 20
"""Octets of files that are read by one process, one file after the other."""
_STEP = 1 << 17
"""Octets of a piece that are read at a time: with what is made of them they stay in the processor's nearest cache."""
_TASKS = "/proc/self/task"


def is_worth_it(archive: Archive) -> bool:
    """Whether several processes, which this one can become, read it sooner than threads of one."""
    # A pipe is read by one; for what is far away there are threads, which no fork takes along.
    if not archive._beside or archive.merge or any(is_stream(name) or is_url(name) for name in archive.names):
        return False
    return sum(size_of(name) or 0 for name in archive.names) >= _MUCH and _can_fork()


def _can_fork() -> bool:
    """On Linux, where it has one thread."""
    try:
        return sys.platform == "linux" and len(os.listdir(_TASKS)) == 1
    except OSError:
        return False


class ForkedArchive(Archive):
    """As :class:`bgpwire.mrt.Archive`: what it says of its parts, and when, is the same."""

    _size: int | None = None
    """Of the pieces of long files."""
    _put: Callable[[Any], Any] | None = None
    """Made of an item where it is made, in its turn."""
    _guess = 0
    """Of the part that is being read: up to where it is known which tables of peers there are."""
    _right = False
    """Whether that part is known to be one before all of it is read."""
    _step = _STEP

    def write(self, descriptor: int, format: str, filter: Filter | None, counted: bool) -> Iterator[int]:
        """Write the lines of :meth:`text` to a file, without a header; gives how many they are, some at a time, if
        they are to be ``counted``."""

        def put(text: bytes) -> int | None:
            rest = memoryview(text)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            return text.count(b"\n") if counted else None

        self._put = put
        numbers: Iterator[Any] = self.text(format, filter, header=False)
        return numbers

    def _parts(self, size: int | None) -> Iterator[Part]:
        # To step over all headers takes one process a tenth of the time that two need for what is between them. Lines
        # of a piece wait until its end is known, so it is small: what is made of it stays in the processor's cache.
        self._size = size
        return super()._parts(size) if size is None else guessed_parts(self.names, size // 2)

    def _of[T](
        self,
        part: Part,
        items_of: Callable[[MrtFile], Iterator[T]],
        tell: Callable[[Any], object],
        threads: int,
    ) -> Generator[T]:
        if part.guess is None:
            yield from super()._of(part, items_of, tell, threads)
            return
        known = part.guess
        begun: list[MrtFile] = []
        self._guess, self._right = known, False

        def keep(file: MrtFile) -> Iterator[T]:
            begun.append(file)
            yield from items_of(file)
            if self._right:
                cast("PieceFile", file).check(known)

        yield from super()._of(part, keep, tell, threads)
        if not self._right and not any(cast("PieceFile", file).is_as_guessed(known) for file in begun):
            raise WrongGuess

    def _is_right(self) -> bool:
        """Whether the piece that is being read, whose end is guessed, is one."""
        self._right = any(cast("PieceFile", file).will_be_as_guessed(self._guess) for file in self._reading)
        return self._right

    def _made(self, parts: Iterable[Part], read: Callable[[Part, Any], Iterable[Any]], most: int) -> Iterator[Any]:
        from bgpwire.cli.processes import in_processes

        told = 0
        made = self._put

        def make(several: Sequence[Part], lane: Any) -> Iterator[Any]:
            return chain.from_iterable(read(part, lane) for part in several)

        def again(several: Sequence[Part]) -> Iterator[Sequence[Part]]:
            assert self._size is not None
            return _together(known_parts(several[0], self._size))

        def put(piece: Any) -> tuple[Any, int] | None:
            nonlocal told
            item = piece.item if made is None else tuple(one for one in map(made, piece.item) if one is not None)
            if not piece.told and not item:
                return None
            consumed = self.consumed
            more, told = consumed - told, consumed
            return piece._replace(part=_light(piece.part), item=item), more

        for piece, more in in_processes(_together(parts), make, self._threads, put, _size, again, self._is_right):
            self._done += more
            yield piece


def _together(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Small files together: each time something is dealt out other processes have to wake up."""
    several: list[Part] = []
    octets = 0
    for part in parts:
        if several and part.piece is not None:
            yield several
            several = []
            octets = 0
        several.append(part)
        octets += _TOGETHER if part.piece is not None else size_of(part.name) or 0
        if octets >= _TOGETHER:
            yield several
            several = []
            octets = 0
    if several:
        yield several


def _light(part: Part) -> Part:
    """Without its table of peers, which need not come back."""
    return part if part.piece is None else part._replace(piece=replace(part.piece, peers=b""))


def _size(piece: Any) -> int:
    """About how many octets wait with it."""
    return sum(len(item) for item in piece.item if isinstance(item, bytes))
