"""Where written records go: a path, compressed by the ending of its name, or a binary file."""

from __future__ import annotations

import io
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from bgpwire.mrt.packing import SUFFIXES, packed

if TYPE_CHECKING:
    from typing import BinaryIO

_ROOM = 1 << 17
"""Octets of records that wait to be written."""


class Output:
    """Takes records and hands them to the file many at a time, and never a part of one.

    The name of a path says how it is compressed; what is there is replaced. A file object takes the octets as they are
    and stays open. OSError if the path cannot be opened, ImportError for zstd without a library that compresses,
    TypeError for a text file.
    """

    def __init__(self, target: str | os.PathLike[str] | BinaryIO) -> None:
        self._waiting: list[bytes] = []
        self._size = 0
        self._closing = ExitStack()
        self.closed = False
        self._through = False
        """Whether the file, as Python keeps it, would hold a part of a record back."""
        with ExitStack() as opened:
            self._file, self._out = self._open(target, opened)
            self._closing = opened.pop_all()

    def _open(self, target: Any, opened: ExitStack) -> tuple[Any, Any]:
        """The file, and what compresses into it: itself if nothing does."""
        if not hasattr(target, "write"):
            self.name = os.fsdecode(os.fspath(target))
            suffix = os.path.splitext(self.name)[1]
            if suffix in SUFFIXES:
                packed(io.BytesIO(), suffix)  # raises what it may before a file that is there is emptied
            file: Any = opened.enter_context(open(self.name, "wb"))  # noqa: SIM115  the stack closes it
            if suffix in SUFFIXES:
                return file, opened.enter_context(packed(file, suffix))
            self._through = True
            return file, file
        if isinstance(target, io.TextIOBase):
            raise TypeError("a binary file is needed, not a text file")
        self.name = repr(target)
        if isinstance(target, io.RawIOBase):  # which may take less than it is given
            target = io.BufferedWriter(target)
            opened.callback(target.detach)
            self._through = True
        return target, target

    def put(self, record: bytes) -> None:
        """Add the octets of a whole record. ValueError if the file is closed."""
        if self.closed:
            raise ValueError(f"{self.name}: the file is closed")
        self._waiting.append(record)
        self._size += len(record)
        if self._size >= _ROOM:
            self._push()

    def _push(self) -> None:
        octets = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        if octets:
            self._out.write(octets)
            if self._through:
                self._out.flush()

    def flush(self) -> None:
        """Hand on all records, so that what reads the file finds them; what compresses ends a stream."""
        if self.closed:
            raise ValueError(f"{self.name}: the file is closed")
        self._push()
        for file in dict.fromkeys((self._out, self._file)):
            if hasattr(file, "flush"):
                file.flush()

    def close(self) -> None:
        """Hand on all records, end what compresses, and close the file if it was opened here."""
        if self.closed:
            return
        self.closed = True
        with self._closing:
            self._push()
