"""Files of one period each, which appear under their names when they are whole.

While a period runs, what is written stands in a hidden file beside, the *spool* (``.updates.20260811.1600.gz.spool``).
When it is over, a thread makes the file of it (``.….part``), has it written to the disk, removes the spool and gives
the file its name. So a spool is what is still to be made into a file, and a part without a spool is whole: the next
start completes either, and neither loses nor repeats what was written.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bgpwire.listen.periods import Periods
from bgpwire.listen.sink import SinkError, failing
from bgpwire.listen.spool import Spool, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

__all__ = ["Rotation"]

_fcntl: Any = None
with suppress(ImportError):  # Windows
    _fcntl = import_module("fcntl")

_SPOOL: Final = ".spool"
_PART: Final = ".part"
_BROKEN: Final = ".broken"
_BEHIND: Final = 4
"""Periods that may wait to be made into files; who writes then waits for the first of them."""


class Rotation:
    """Writes to the file of the current period in ``folder``, which is made if it is not there.

    ``make(spool, out)`` makes the file of a period of what was written to it, in a thread of its own; ``spool`` is at
    its beginning, and may end in a piece that is torn, if a process was killed. It gives whether there is anything in
    it: there is no file of a period in which nothing was heard. ``sink`` is the name in errors.

    One process at a time writes files of one name into a folder; SinkError for a second one (not on Windows, and not
    where the file system has no locks). A spool that another one left is made into a file from the beginning on.
    """

    def __init__(self, folder: str, periods: Periods, make: Callable[[BinaryIO, BinaryIO], bool], sink: str) -> None:
        self.periods = periods
        self.files = 0
        """How many have got their names."""
        self.recovered: tuple[str, ...] = ()
        """Names of files that another process left, and that are completed."""
        self._folder = folder
        self._make = make
        self._sink = sink
        self._begin = 0
        self._spool: Spool | None = None
        self._over: deque[str] = deque()
        """Names of files whose spools wait to be made into them, or are being made."""
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=f"bgpwire-{sink}")
        self._making: Future[None] | None = None
        self._closed = False
        with failing(sink):
            os.makedirs(folder, exist_ok=True)
            self._lock = self._locked()
            self._recover()
        self._start()

    def append(self, parts: Iterable[bytes], time: float) -> int:
        """Write a piece into the file of the period of ``time``; how many octets it has. SinkError, and then nothing
        of it is written."""
        with failing(self._sink):
            self._turn(time)
            if self._spool is None:
                self._begin = self.periods.begin(time)
                self._spool = Spool(self._beside(self._free(self._begin), _SPOOL))
            return self._spool.append(parts)

    def tick(self, now: float) -> None:
        """End the file of a period that is over. SinkError where one could not be made: it is tried again at the end of
        the next one, and by the next start."""
        with failing(self._sink):
            self._turn(now)
            if self._making is not None and self._making.done():
                making, self._making = self._making, None
                making.result()

    def close(self) -> None:
        """End the file, and wait for all to be made."""
        if self._closed:
            return
        self._closed = True
        try:
            with failing(self._sink):
                self._end()
                making, self._making = self._making, None
                if making is not None:
                    making.result()
        finally:
            self._threads.shutdown()
            if self._lock >= 0:
                os.close(self._lock)

    def _turn(self, time: float) -> None:
        # A clock that was set back begins another file of an earlier period.
        if self._spool is not None and self.periods.begin(time) != self._begin:
            self._end()

    def _end(self) -> None:
        """The file of the period is over."""
        spool, self._spool = self._spool, None
        if spool is not None:
            spool.close()
            self._over.append(os.path.basename(spool.path)[1 : -len(_SPOOL)])
        self._start()
        if len(self._over) > _BEHIND and self._making is not None:
            self._making.exception()

    def _start(self) -> None:
        """Make what waits into files, unless that is being done."""
        if not self._over or (self._making is not None and not self._making.done()):
            return
        before, self._making = self._making, self._threads.submit(self._make_all)
        if before is not None:
            before.result()

    def _make_all(self) -> None:
        wrong: SinkError | None = None
        while self._over:
            file = self._over[0]
            try:
                self._complete(file)
            except OSError:  # it is the disk: the same can be done later
                raise
            except Exception as error:
                # It is what stands in the spool: put aside, for those behind it are to be made.
                aside = self._beside(file, _BROKEN)
                os.replace(self._beside(file, _SPOOL), aside)
                wrong = SinkError(self._sink, f"no file can be made of it: {error}", filename=aside)
            self._over.popleft()
        if wrong is not None:
            raise wrong

    def _complete(self, file: str) -> None:
        spool, part = self._beside(file, _SPOOL), self._beside(file, _PART)
        try:
            with open(spool, "rb") as read, open(part, "wb") as out:
                found = self._make(read, out)
                out.flush()
                os.fsync(out.fileno())
        except BaseException:
            with suppress(OSError):
                os.unlink(part)
            raise
        if not found:
            os.unlink(part)
            os.unlink(spool)
            return
        os.unlink(spool)
        self._name(file)

    def _name(self, file: str) -> None:
        """Give a part its name, or another of the same period if somebody else has taken that."""
        name = file
        numbers = count(2)
        while os.path.lexists(os.path.join(self._folder, name)):
            name = self.periods.renumbered(file, next(numbers))
        os.rename(self._beside(file, _PART), os.path.join(self._folder, name))
        sync_folder(self._folder)
        self.files += 1

    def _free(self, begin: int) -> str:
        """The first name of a period that nothing has."""
        for number in count(1):
            name = self.periods.file(begin, number)
            places = [
                *(self._beside(name, kind) for kind in (_SPOOL, _PART, _BROKEN)),
                os.path.join(self._folder, name),
            ]
            if not any(map(os.path.lexists, places)):
                return name
        raise AssertionError

    def _beside(self, file: str, kind: str) -> str:
        return os.path.join(self._folder, f".{file}{kind}")

    def _recover(self) -> None:
        """Find what another process left."""
        spools, parts = (
            sorted(
                name[1 : -len(kind)]
                for name in os.listdir(self._folder)
                if name.startswith(".") and name.endswith(kind) and self.periods.owns(name[1 : -len(kind)])
            )
            for kind in (_SPOOL, _PART)
        )
        for file in parts:
            if file in spools:
                os.unlink(self._beside(file, _PART))
            else:
                self._name(file)
        self._over.extend(spools)
        self.recovered = tuple(sorted({*spools, *parts}))

    def _locked(self) -> int:
        """The descriptor of a file that is locked until it is closed; -1 where there are no locks."""
        if _fcntl is None:
            return -1
        path = os.path.join(self._folder, f".{self.periods.name.replace('{time}', 'time')}.lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            _fcntl.flock(descriptor, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            reason = f"another process writes {self.periods.name} there"
            raise SinkError(self._sink, reason, filename=self._folder) from None
        except OSError:  # a file system that has none
            os.close(descriptor)
            return -1
        return descriptor
