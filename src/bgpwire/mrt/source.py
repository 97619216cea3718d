"""Octets out of a file, a pipe or memory, decompressed by what they are and not by what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.mrt.compression import MAGIC_SIZE, Decompressor, Format, format_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.mrt.input import Input

_ROOM = 1 << 17
"""Octets that one step of decompression may give."""
_WHOLE = 1 << 17
_FIRST = 1 << 10


class Source:
    """``read(n)`` gives decompressed octets, at least one until the end; ``error`` says why the end came early.

    Streams of several members (``cat a.gz b.gz``) are read through. A step of decompression takes 16 KiB and
    gives about 128 KiB at most, so that memory stays bounded whatever the octets expand to: what the C library keeps
    for the next, where larger pieces come from the system each time.
    """

    def __init__(self, raw: Input) -> None:
        self._raw = raw
        self.error: str | None = None
        self.copy: Callable[[bytes], object] | None = None
        """Given all that :meth:`read` gives, before it does."""
        self._waiting = b""
        """Decompressed octets that :meth:`ready` came by."""
        self._input = raw.pull()
        self._at = 0
        self._feed = _WHOLE
        self._more(MAGIC_SIZE)
        self._format = format_of(self._input)
        self._decompressor: Decompressor | None = None if self._format is None else self._format.make()

    @property
    def compression(self) -> str | None:
        """``gzip``, ``bzip2``, ``xz`` or ``zstd``."""
        return None if self._format is None else self._format.name

    def ready(self) -> bool:
        """Whether :meth:`read` would return without waiting for more input; of a file always."""
        if self._format is None:
            return bool(self._input) or self._raw.ready()
        while not self._waiting and self._decompressor is not None:
            if self._decompressor.hungry and self._at == len(self._input) and not self._raw.ready():
                return False
            self._waiting = self._step()
        return True

    def read(self, size: int) -> bytes:
        """About ``size`` octets at most, or what there is; ``b""`` at the end."""
        if self._format is None:
            data, self._input = self._input, b""
            data = data or self._raw.pull()
        else:
            data, self._waiting = self._waiting, b""
            while not data and self._decompressor is not None:
                data = self._step()
        if self.copy is not None:
            self.copy(data)
        return data

    def _more(self, size: int) -> bool:
        """Have ``size`` octets of input; whether there are."""
        while len(self._input) - self._at < size:
            more = self._raw.pull()
            if not more:
                return False
            self._input = self._input[self._at :] + more
            self._at = 0
        return True

    def _step(self) -> bytes:
        """What the next octets of input give, be it nothing yet."""
        form, decompressor = self._format, self._decompressor
        assert form is not None
        assert decompressor is not None
        data = b""
        if decompressor.hungry:
            if not self._more(1):
                if not decompressor.eof:
                    self.error = f"{form.name} stream is truncated"
                self._decompressor = None
                return b""
            end = self._at + min(self._feed, form.most)
            # A slice of a large input for each of many short members would be quadratic work.
            data = self._input if self._at == 0 and end >= len(self._input) else self._input[self._at : end]
            self._at += len(data)
            self._feed = min(2 * self._feed, _WHOLE)
        try:
            out = decompressor.push(data, _ROOM)
        except Exception as error:  # each library has its own: zlib.error, OSError, LZMAError, ZstdError
            self.error = f"{form.name} stream is damaged: {error}"
            self._decompressor = None
            return b""
        if decompressor.eof:
            self._at -= len(decompressor.unused)
            self._next_member(form)
        return out

    def _next_member(self, form: Format) -> None:
        """Behind the end of a stream: another, padding, nothing, or what is no stream."""
        self._decompressor = None
        while self._more(1):
            if form.padding and not self._input[self._at]:
                rest = self._input[self._at : self._at + self._feed].lstrip(b"\0")
                self._at += min(self._feed, len(self._input) - self._at) - len(rest)
                self._feed = min(2 * self._feed, _WHOLE)
                continue
            self._more(MAGIC_SIZE)
            if not form.magic.match(self._input, self._at):
                self.error = f"octets behind the {form.name} stream"
                return
            self._decompressor = form.make()
            self._feed = _FIRST
            return
