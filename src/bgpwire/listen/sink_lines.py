"""What is heard as lines: of JSON, of bgpdump, or separated by bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from bgpwire.listen.sink import SinkBase, failing
from bgpwire.text.lines import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.errors import DecodeError
    from bgpwire.listen.records import Records
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["LinesSink"]

_ROOM: Final = 1 << 18
"""Octets of lines that wait to be written."""


class LinesSink(SinkBase):
    """Writes a line for each route that ``filter`` admits to ``out``, a binary file, which stays open: ``format`` is
    ``json``, ``psv`` (with a header above all) or ``bgpdump``.

    With ``buffer`` lines are written when there are 256 KiB of them, and at each tick; without it what is given is
    written and flushed before :meth:`write` returns. ``on_fault`` hears of messages whose routes cannot be read.
    ValueError for another format. BrokenPipeError, where who reads has left, comes as it is; after any error some of
    the lines may be written.
    """

    def __init__(
        self,
        out: BinaryIO,
        format: str = "json",
        filter: Filter | None = None,
        buffer: bool = True,
        on_fault: Callable[[Event, DecodeError], object] | None = None,
    ) -> None:
        if format not in FORMATS:
            raise ValueError(f"format {format!r} is none of {', '.join(FORMATS)}")
        super().__init__(format)
        self._out = out
        self._filter = filter
        self._on_fault = on_fault
        self._room = _ROOM if buffer else 0
        header = FORMATS[format][1].encode()
        self._waiting: list[bytes] = [header] if header else []
        self._size = len(header)

    def write(self, records: Records) -> None:
        text = records.text(self.name, self._filter, self._on_fault)
        self.routes += text.count(b"\n")
        self.messages += records.messages
        self._waiting.append(text)
        self._size += len(text)
        if self._size >= self._room:
            self.flush()

    def tick(self, now: float) -> None:
        self.flush()

    def close(self) -> None:
        self.flush()

    def flush(self) -> None:
        """Write what waits."""
        octets = b"".join(self._waiting)
        if not octets:
            return
        self._waiting.clear()
        self._size = 0
        try:
            with failing(self.name):
                rest = memoryview(octets)
                while rest:  # a file without a buffer may take less than it is given
                    rest = rest[self._out.write(rest) or 0 :]
                self._out.flush()
        except OSError as error:
            if isinstance(error.__cause__, BrokenPipeError):
                raise error.__cause__ from None
            raise
        self.octets += len(octets)
