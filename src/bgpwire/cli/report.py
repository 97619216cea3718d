"""What goes to standard error, and how files are opened: the same for every command that reads files."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any, TextIO

from bgpwire.cli.memory import keep_memory
from bgpwire.errors import MrtError
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


def _told_at_the_end(name: str, skip: mrt.Skip) -> None:
    """Raises no warning: :class:`Outcome` reports what was skipped."""


def fault_of_opening(name: str) -> Exception | None:
    """Why a file cannot be opened; ``None`` where it can."""
    from bgpwire import mrt

    try:
        mrt.open(name).close()
    except (OSError, MrtError, ImportError) as error:
        return error
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

    def archive(
        self,
        names: Iterable[str],
        add_path: Families = (),
        multiple_labels: Families = (),
        threads: int = 1,
        merge: bool = False,
        on_report: Callable[[mrt.Report], object] | None = None,
        forks: bool = False,
    ) -> mrt.Archive:
        """The files of these names; what of each could not be read is said behind it, also after an interrupt.

        With ``forks`` much is read in processes, a :class:`bgpwire.cli.forked.ForkedArchive`: for what takes only its
        statistics, or has it write lines.
        """
        from bgpwire import mrt

        how: dict[str, Any] = {
            "merge": merge,
            "add_path": add_path,
            "multiple_labels": multiple_labels,
            "on_skip": _told_at_the_end,
            "on_report": on_report or self.tell,
            "threads": threads,
        }
        found = mrt.Archive(names, **how)
        if not found._beside:
            return found
        keep_memory()
        if forks:
            from bgpwire.cli.forked import ForkedArchive, is_worth_it

            if is_worth_it(found):
                return ForkedArchive(found.names, **how)
        return found

    def check(self, names: Iterable[str]) -> None:
        """Say of each file that cannot be opened why, before any of them is read. What can be read once, or is far
        away, is not looked at."""
        from bgpwire import mrt
        from bgpwire.mrt.places import is_stream, is_url

        for name in names:
            if is_stream(name) or is_url(name):
                continue
            if (error := fault_of_opening(name)) is not None:
                self.tell(mrt.Report(name, 0, 0, (), error, opened=False))

    def tell(self, report: mrt.Report) -> None:
        """Say what of a file could not be read."""
        name = "standard input" if report.file == "-" else report.file
        for skip in report.skips[:_SHOWN]:
            # What broke off has no octets that were skipped.
            complain(f"{name}: {skip}" if skip.length else f"{name}: {skip.reason} at offset {skip.offset}")
        if report.places > _SHOWN:
            complain(f"{name}: and {report.places - _SHOWN} more")
        self.skipped = self.skipped or report.places > 0
        if report.error is None:
            return
        of_file = isinstance(report.error, MrtError)
        if of_file and not report.opened:
            complain(report.reason)  # which names the file
        else:
            complain(f"{name}: {report.reason}")
        if of_file and report.opened:
            self.skipped = self.foreign = True
        else:
            self.unreadable = True
