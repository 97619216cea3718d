"""Part of a file, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["Section"]


class Section:
    """Reads an open file from ``begin`` on, to ``end`` or to its own end; leaving it closes the file."""

    def __init__(self, file: BinaryIO, begin: int, end: int | None = None) -> None:
        self._file = file
        self._left = None if end is None else end - begin
        file.seek(begin)

    def read(self, size: int) -> bytes:
        """At most ``size`` octets, none at the end."""
        if self._left is not None:
            size = min(size, self._left)
        data = self._file.read(size)
        if self._left is not None:
            self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()
