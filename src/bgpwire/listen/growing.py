"""A file that another program goes on writing, as a pipe: what reads it waits for more."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Final

__all__ = ["Growing"]

_STEP: Final = 1 << 17
_PAUSE: Final = 0.2
"""Seconds between two looks at a file that has not grown."""


class Growing:
    """:attr:`file` gives the octets of the file at ``path``, and those that are written behind them, until
    :meth:`close`. Where another file takes its name, or it is cut off, the new one is read from its beginning, once the
    old one was read to its end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._from = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        behind, self._to = os.pipe()
        self.file = os.fdopen(behind, "rb", buffering=0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._copy, name="bgpwire-follow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it; what is in the pipe can still be read."""
        self._over.set()

    def _copy(self) -> None:
        try:
            with suppress(OSError):  # who read it has closed it
                while not self._over.is_set():
                    if data := os.read(self._from, _STEP):
                        self._write(data)
                    elif not self._anew():
                        self._over.wait(_PAUSE)
        finally:
            os.close(self._to)
            os.close(self._from)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._to, view) :]

    def _anew(self) -> bool:
        """Whether there is more to read in another file, or in what became of this one."""
        with suppress(FileNotFoundError):
            here = os.fstat(self._from)
            if not os.path.samestat(os.stat(self._path), here):
                opened = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
                os.close(self._from)
                self._from = opened
                return True
            if here.st_size < os.lseek(self._from, 0, os.SEEK_CUR):
                os.lseek(self._from, 0, os.SEEK_SET)
                return True
        return False
