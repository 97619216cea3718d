"""Octets of a capture, in order, a few at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP = 1 << 17


class Octets:
    """What ``read`` gives: :meth:`have` so many, then :meth:`take` them, or unpack them at ``data[at:]``."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._base = 0
        self.data = b""
        self.at = 0

    @property
    def offset(self) -> int:
        """Of the octet at ``at`` in the capture."""
        return self._base + self.at

    def have(self, size: int) -> bool:
        """Whether ``size`` octets are there; reads what it takes."""
        left = len(self.data) - self.at
        if left >= size:
            return True
        parts = [self.data[self.at :]]
        while left < size:
            more = self._read(_STEP)
            if not more:
                break
            parts.append(more)
            left += len(more)
        self._base += self.at
        self.data, self.at = b"".join(parts), 0
        return left >= size

    def take(self, size: int, what: str) -> bytes:
        """The next ``size`` octets. CaptureError if the capture ends before the end of ``what``."""
        if not self.have(size):
            raise self.torn(what)
        at = self.at
        self.at = at + size
        return self.data[at : self.at]

    def skip(self, size: int, what: str) -> None:
        """Step over ``size`` octets, which are not kept. CaptureError as of :meth:`take`."""
        while size:
            if not self.have(1):
                raise self.torn(what)
            step = min(size, len(self.data) - self.at)
            self.at += step
            size -= step

    def torn(self, what: str) -> CaptureError:
        """The error of a capture that ends within ``what``."""
        return CaptureError(f"the capture ends within {what}", self._base + len(self.data))
