"""What goes to standard error, and how files are opened: the same for every command that reads files."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from bgpwire.errors import MrtError
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire import mrt

    type Families = Iterable[tuple[int, int]]

_SHOWN = 10


def complain(text: str) -> None:
    """One line on standard error, whatever is in the text."""
    print(f"bgpwire: {visible(text)}", file=sys.stderr)


def prepare(out: TextIO) -> None:
    """Make files and pipes UTF-8 with plain newlines on every system; a terminal shows what it can."""
    if not isinstance(out, io.TextIOWrapper):
        return
    if out.isatty():
        out.reconfigure(errors="replace")
    else:
        out.reconfigure(encoding="utf-8", newline="\n")


def _told_at_the_end(skip: mrt.Skip) -> None:
    """Raises no warning: :class:`Outcome` reports what was skipped."""


def _open(path: str, add_path: Families, multiple_labels: Families, threads: int = 1) -> mrt.MrtFile | None:
    """An MRT file, ``-`` for standard input; ``None``, having said why, if it cannot be opened."""
    from bgpwire import mrt

    try:
        return mrt.open(
            path, add_path=add_path, multiple_labels=multiple_labels, on_skip=_told_at_the_end, threads=threads
        )
    except MrtError as error:
        complain(error.reason)
    except (OSError, ModuleNotFoundError) as error:
        complain(f"{path}: {getattr(error, 'strerror', None) or error}")
    return None


class Outcome:
    """Gathers over all files what the exit status will be."""

    def __init__(self) -> None:
        self.unreadable = False
        self.foreign = False
        """Whether a file has octets and not one record."""
        self.skipped = False

    @property
    def status(self) -> int:
        return 2 if self.unreadable else 1 if self.skipped else 0

    def check(self, paths: Iterable[str]) -> None:
        """Say of each file that cannot be opened why, before any of them is read. What can be read once is not."""
        for path in paths:
            if path == "-" or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)):
                continue
            file = _open(path, (), ())
            if file is None:
                self.unreadable = True
            else:
                file.close()

    @contextmanager
    def reading(
        self, path: str, add_path: Families = (), multiple_labels: Families = (), threads: int = 1
    ) -> Iterator[mrt.MrtFile | None]:
        """An open file, ``None`` if it cannot be opened; on exit what was skipped is reported, even after an interrupt.

        Arguments as :func:`bgpwire.mrt.open` takes them.
        """
        file = _open(path, add_path, multiple_labels, threads)
        if file is None:
            self.unreadable = True
            yield None
            return
        try:
            with file:
                yield file
        except MrtError as error:
            self.skipped = self.foreign = True
            self._tell(path, file)
            complain(f"{path}: {error.reason}")
        except BaseException:
            self._tell(path, file)
            raise
        else:
            self._tell(path, file)

    def _tell(self, path: str, file: mrt.MrtFile) -> None:
        path = "standard input" if path == "-" else path
        for skip in file.skips[:_SHOWN]:
            # What broke off has no octets that were skipped.
            complain(f"{path}: {skip}" if skip.length else f"{path}: {skip.reason} at offset {skip.offset}")
        if file.skipped > _SHOWN:
            complain(f"{path}: and {file.skipped - _SHOWN} more")
        self.skipped = self.skipped or file.skipped > 0
