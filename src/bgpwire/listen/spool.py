"""The file that a period is written to while it runs: pieces, of which each is there whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Spool", "sync_folder"]


class Spool:
    """A new file at ``path``; OSError if it is there, or cannot be made.

    Pieces go to the operating system at once: a process that is killed has lost none that :meth:`append` took.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(path, flags, 0o666)

    def append(self, parts: Iterable[bytes]) -> int:
        """Write a piece, which is given in parts; how many octets it has.

        Where it cannot be written, or ``parts`` raises, what is written of it is cut off again.
        """
        size = self.size
        try:
            for part in parts:
                size += self._write(part)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
            os.lseek(self._descriptor, self.size, os.SEEK_SET)
            raise
        size, self.size = size - self.size, size
        return size

    def _write(self, octets: bytes) -> int:
        rest = memoryview(octets)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        return len(octets)

    def close(self) -> None:
        """Once."""
        os.close(self._descriptor)


def sync_folder(path: str) -> None:
    """Have the names in a folder written to the disk, where the system has a call for it."""
    with suppress(OSError):  # Windows opens no folders; some file systems have nothing to be synchronised
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
