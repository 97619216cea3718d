"""Archives behind a URL: fsspec opens them, and what broke off is taken up where it broke off.

A server may close a connection in the middle, answer slowly or not at all, and redirect. What is read is the whole
file, in order, or an error: never less, and never octets of another file.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Remote", "filesystem"]

_TRIES = 5
"""In a row without an octet, before it is an error."""
_PAUSE = 0.2
"""Seconds before the second try; twice as long before each that follows."""
_BLOCK = 4 << 20
"""Octets of a request, where the server gives ranges."""


def filesystem(url: str) -> tuple[Any, str]:
    """The file system of fsspec and the path in it.

    ImportError without fsspec, or what the scheme takes; OSError for a scheme that fsspec does not know.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ImportError("URLs take fsspec: pip install 'bgpwire[remote]'") from error
    try:
        found: tuple[Any, str] = url_to_fs(url)
    except ValueError as error:
        raise OSError(f"{url}: {error}") from error
    return found


class Remote:
    """A file behind a URL, from its first octet to its last: ``read(n)``, ``close()``.

    OSError where it cannot be opened, where it breaks off and does not come back, or where it is another file when it
    does.
    """

    def __init__(self, url: str) -> None:
        self.name = url
        self._system, self._path = filesystem(url)
        self._at = 0
        self._file: Any = None
        self._closed = False
        self._streams = False
        """Whether the server gives no ranges: then it is asked for the whole file."""
        about = self._patiently(self._about)
        self.size: int | None = about[0]
        """Octets there are; ``None`` where the server does not say."""
        self._mark: Any = about[1]
        """What tells this version of the file from another."""

    def _check(self) -> None:
        """OSError if the file is not the one any more that it was at the beginning."""
        if self._mark is not None and (about := self._patiently(self._about)) != (self.size, self._mark):
            self._mark = None
            raise _Another(f"{self.name}: was replaced while it was read: {about[0]} octets, {about[1]}")

    def _about(self) -> tuple[int | None, Any]:
        """Size and mark of the file as it is now."""
        found = self._system.info(self._path)
        size = found.get("size")
        mark = found.get("ETag") or found.get("etag") or found.get("LastModified") or found.get("mtime")
        return (None if size is None else int(size)), mark

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` octets, one at least until the end; ``b""`` there."""
        if self._closed:
            raise ValueError("the file is closed")
        if self.size is not None and self._at >= self.size:
            self._check()
            return b""
        data: bytes = self._patiently(lambda: self._read(size if size >= 0 else _BLOCK))
        self._at += len(data)
        return data

    def _read(self, size: int) -> bytes:
        if self._file is None:
            self._file = self._open()
        if self.size is not None:
            size = min(size, self.size - self._at)
        try:
            data: bytes = self._file.read(size)
        except ValueError:  # of fsspec, at the second request to a server that answers it with the whole file
            if self._streams:
                raise
            self._streams = True
            self._drop()
            self._file = self._open()
            data = self._file.read(size)
        if not data and self.size is not None and self._at < self.size:
            raise OSError(f"{self.name}: ends after {self._at} of {self.size} octets")
        return data

    def _open(self) -> Any:
        """The file at the octet that comes next."""
        if self._at:
            self._check()
        how: dict[str, Any] = {"block_size": 0} if self._streams else {"block_size": _BLOCK, "cache_type": "readahead"}
        file = self._system.open(self._path, "rb", **how)
        try:
            if not self._at:
                return file
            try:
                file.seek(self._at)
            except (ValueError, OSError, NotImplementedError):
                # Without ranges it comes from its beginning.
                left = self._at
                while left:
                    passed = file.read(min(left, _BLOCK))
                    if not passed:
                        raise OSError(f"{self.name}: ends before the {self._at} octets that were read of it") from None
                    left -= len(passed)
        except BaseException:
            file.close()
            raise
        return file

    def _patiently[T](self, step: Callable[[], T]) -> T:
        """What ``step`` returns, tried again where the fault may pass."""
        turn = 1
        while True:
            try:
                return step()
            except Exception as error:  # each library behind fsspec has its own
                self._drop()
                if turn == _TRIES or _is_final(error):
                    raise self._said(error) from error
            time.sleep(_PAUSE * 2 ** (turn - 1))
            turn += 1

    def _said(self, error: Exception) -> OSError:
        """The error for the caller, who hears what the server said."""
        if isinstance(error, _Another):
            return error
        kind = next((kind for kind in (FileNotFoundError, PermissionError) if isinstance(error, kind)), OSError)
        fault = _behind(error)
        status, words = getattr(fault, "status", None), getattr(fault, "message", None)
        text = f"{status} {words}" if isinstance(status, int) and words else str(fault) or type(fault).__name__
        return kind(text if self.name in text else f"{self.name}: {text}")

    def _drop(self) -> None:
        """Let go of a connection that failed."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except Exception:
                return

    def close(self) -> None:
        self._closed = True
        self._drop()


class _Another(OSError):
    """The file was replaced while it was read."""


def _behind(error: BaseException) -> BaseException:
    """What happened: of every fault of an HTTP server fsspec says that the file is not found."""
    return error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ is not None else error


def _is_final(error: Exception) -> bool:
    """Whether the server refused, and will again (4xx, but for those that ask for patience)."""
    fault = _behind(error)
    status = getattr(fault, "status", None)
    if isinstance(status, int):
        return 400 <= status < 500 and status not in (408, 425, 429)
    return isinstance(fault, (FileNotFoundError, PermissionError, _Another))
