"""Where the octets of an archive come from: a path, an open file, a pipe, memory; each pass reads it for itself."""

from __future__ import annotations

import io
import os
import select
import stat
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from bgpwire.errors import MrtError
from bgpwire.mrt.places import is_url
from bgpwire.mrt.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable

_CHUNK = 1 << 17
_LIVE = (stat.S_ISFIFO, stat.S_ISSOCK, stat.S_ISCHR)


def _descriptor(raw: Any) -> int | None:
    """The file descriptor of what may have to be waited for: a pipe, a FIFO, a socket, a terminal."""
    inner = raw.raw if isinstance(raw, io.BufferedReader) else raw
    # Of a file that decompresses, say, the descriptor does not show what it has to give.
    if not isinstance(inner, io.FileIO) and type(inner).__name__ != "SocketIO":
        return None
    try:
        descriptor: int = inner.fileno()
        mode = os.fstat(descriptor).st_mode
    except (OSError, ValueError):
        return None
    return descriptor if any(test(mode) for test in _LIVE) else None


def _readable(descriptor: int, wait: bool) -> bool:
    """Whether a read would give octets or the end, at once, or after a ``wait`` for either."""
    timeout = None if wait else 0
    try:
        if not hasattr(select, "poll"):
            return bool(select.select([descriptor], [], [], timeout)[0])
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(timeout))
    except (OSError, ValueError):
        return True  # not known on this system


class ReadError(OSError):
    """A file that was opened here could not be read on: other than a file that is torn, it may be whole."""


class Input:
    """``pull()`` gives some octets, what there is, ``step`` at most; ``b""`` at the end."""

    def __init__(self, raw: Any, owned: bool = False, files: SharedFile | None = None, step: int = _CHUNK) -> None:
        self._raw = raw
        self._step = step
        self._owned = owned
        self._file = files
        self.path: str | None = None
        """Of a file that was opened here."""
        self.consumed = 0
        """Octets pulled."""
        self.closed = False
        self.descriptor = _descriptor(raw)
        """Not ``None``: there may be nothing to read now, but later."""
        self.on_wait: Callable[[], object] | None = None
        """Called before a pull that has to wait."""
        # What a buffered file gives at once, be it little.
        buffered = isinstance(raw, io.BufferedIOBase) and hasattr(raw, "read1")
        self._read: Callable[[int], bytes | None] = raw.read1 if buffered else raw.read

    @property
    def alone(self) -> bool:
        """Whether nobody else reads from the same place."""
        return self._owned

    def size(self) -> int:
        """Octets of the file that was opened here, as it stands."""
        return os.fstat(self._raw.fileno()).st_size

    def is_at(self, path: str) -> bool:
        """Whether the file that was opened here is the one of that name."""
        return os.path.samestat(os.fstat(self._raw.fileno()), os.stat(path))

    def ready(self) -> bool:
        """Whether :meth:`pull` would return without waiting."""
        if self.descriptor is None:
            return True
        return _readable(self.descriptor, wait=False)

    def pull(self) -> bytes:
        if self.closed:
            raise ValueError("the file is closed")
        if self._file is not None:
            self._file.turn(self)
        if self.on_wait is not None and not self.ready():
            self.on_wait()
        try:
            data = self._read(self._step)
            while data is None:  # a descriptor that does not block
                if self.descriptor is None:
                    raise BlockingIOError("the source has no octets yet")
                _readable(self.descriptor, wait=True)
                data = self._read(self._step)
        except OSError as error:
            if self._owned:
                known = (error.errno, error.strerror) if error.strerror else (str(error),)
                raise ReadError(*known) from error
            raise
        self.consumed += len(data)
        return data

    def close(self) -> None:
        """Close the file, if it was opened here."""
        self.closed = True
        if self._owned:
            self._raw.close()


class SharedFile:
    """An open file that several passes read, each at its own place."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._start: int = raw.tell()
        self._last: Input | None = None

    def turn(self, reader: Input) -> None:
        """Put the file where ``reader`` left it, if another has read since."""
        if self._last is not reader:
            self._raw.seek(self._start + reader.consumed)
            self._last = reader


class Origin:
    """What :func:`bgpwire.mrt.open` was given; :meth:`open` begins a pass over it."""

    def __init__(self, source: str | os.PathLike[str] | BinaryIO | Buffer) -> None:
        self._source: Any = source
        self._shared: SharedFile | None = None
        self._once = False
        self._opened = False
        if isinstance(source, (bytes, bytearray, memoryview)):
            self.name = f"{memoryview(source).nbytes} octets"
        elif source == "-":
            self.name = "standard input"
            self._source = sys.stdin.buffer
        elif hasattr(source, "read"):
            self.name = str(getattr(source, "name", None) or type(source).__name__)
        else:
            self.name = str(os.fspath(source)) if isinstance(source, (str, os.PathLike)) else str(source)
        if hasattr(self._source, "read"):
            try:
                seekable = self._source.seekable()
            except AttributeError:
                seekable = False
            if seekable:
                self._shared = SharedFile(self._source)
            self._once = not seekable

    def open(self) -> Input:
        """Read from the beginning. OSError as of :func:`open`; ``io.UnsupportedOperation`` the second time of what
        can be read only once."""
        if self._once and self._opened:
            raise io.UnsupportedOperation(f"{self.name} cannot be read a second time: it is no file that can seek")
        self._opened = True
        source = self._source
        if isinstance(source, (bytes, bytearray, memoryview)):
            return Input(io.BytesIO(source), owned=True)
        if hasattr(source, "read"):
            return Input(source, files=self._shared)
        if is_url(source):
            return Input(Remote(source), owned=True)
        try:
            raw = open(source, "rb", buffering=0)  # noqa: SIM115  Input closes it
        except IsADirectoryError:
            raise MrtError(f"{source!s} is a directory", 0) from None
        # A FIFO that is opened again waits for another writer.
        self._once = not raw.seekable()
        opened = Input(raw, owned=True)
        opened.path = os.fspath(source) if isinstance(source, (str, os.PathLike)) else None
        return opened
