"""BMP out of a file or a pipe: a stream as a collector stored it, or a capture of packets, compressed or not."""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bgpwire.bmp.router import Monitor
from bgpwire.errors import BmpError, BmpWarning, DecodeError
from bgpwire.mrt.input import Origin
from bgpwire.mrt.source import Source
from bgpwire.route.kernels import routes_of

if TYPE_CHECKING:
    import os
    from collections.abc import Buffer, Callable, Iterator
    from typing import BinaryIO

    from bgpwire.bmp.message import BmpMessage
    from bgpwire.bmp.router import Router
    from bgpwire.live.capture import Flow
    from bgpwire.route.kernels import Event, Route

_STEP = 1 << 17
_VERSIONS: Final = (b"\1", b"\2", b"\3", b"\4")
_PACKAGE: Final = (str(Path(__file__).parents[1]),)
"""A warning names the line of the caller."""


class _Begun:
    """A source of which the first octets were read, as a file to read from."""

    def __init__(self, name: str, first: bytes, source: Source) -> None:
        self.name = name
        self._first = first
        self._source = source

    def read(self, size: int) -> bytes:
        data, self._first = self._first, b""
        return data or self._source.read(size)


class BmpFile:
    """What :func:`bgpwire.bmp.open` gives; each of its methods is a reading of its own.

    After one :attr:`monitor` says what it met: ``monitor.router`` the peers and the faults, ``monitor.framer`` the
    gaps. A capture has several: :attr:`monitors`.
    """

    def __init__(self, origin: Origin, withdraw: bool) -> None:
        self._origin = origin
        self._withdraw = withdraw
        self.monitor = Monitor(withdraw=withdraw)
        """Of the latest reading; of a capture, that of the latest message."""
        self.monitors: dict[Flow | None, Monitor] = {}
        """All of the latest reading, by what each was sent in: a :class:`bgpwire.live.capture.Flow`, or ``None``."""
        self.error: DecodeError | None = None
        """How the stream ended, if it did so within a message."""

    @property
    def name(self) -> str:
        """The path, or what else was opened."""
        return self._origin.name

    @property
    def router(self) -> Router:
        """The router of the latest reading; of a capture, that of the latest message."""
        return self.monitor.router

    def records(self) -> Iterator[BmpMessage]:
        """All messages of BMP, in order; of a capture, in the order in which they were whole."""
        for _, message in self._received():
            yield message

    def _received(self) -> Iterator[tuple[int, BmpMessage]]:
        self.error = None
        self.monitors = {}
        raw = self._origin.open()
        try:
            source = Source(raw)
            first = source.read(_STEP)
            # What reads captures stands above: here is its door by name.
            capture: Any = import_module("bgpwire.live.capture.reading")
            if capture.is_capture(first):
                yield from self._captured(capture, first, source)
            else:
                yield from self._streamed(first, source)
            if source.error is not None:
                self.error = BmpError(source.error, 0)
        finally:
            raw.close()
        if said := self._faults():
            warnings.warn(f"{self.name}: {said}", BmpWarning, skip_file_prefixes=_PACKAGE)

    def _faults(self) -> str:
        """What a reading met that it should not have, in a line; empty where all was well."""
        monitors = self.monitors.values()
        octets = sum(one.framer.gap_octets for one in monitors)
        count = sum(one.framer.gap_count for one in monitors)
        faults = sum(one.router.fault_count for one in monitors)
        said = [f"{octets} octets in {count} places are no BMP"] if count else []
        said += [f"{faults} faults"] if faults else []
        return ", ".join(said if self.error is None else [*said, self.error.reason])

    def _streamed(self, data: bytes, source: Source) -> Iterator[tuple[int, BmpMessage]]:
        monitor = self.monitor = self.monitors[None] = Monitor(withdraw=self._withdraw)
        while data:
            yield from monitor.messages(data)
            data = source.read(_STEP)
        self._finish(monitor)

    def _captured(self, capture: Any, first: bytes, source: Source) -> Iterator[tuple[int, BmpMessage]]:
        """Each direction of each connection is a stream of its own, from the first header in it that can be one: it may
        have begun before the capture. A stream without such a header is none of BMP."""
        streams: dict[Flow, Monitor] = {}
        with capture.chunks(_Begun(self.name, first, source)) as items:
            for item in items:
                flow = item.flow
                monitor = streams.get(flow)
                if monitor is None:
                    monitor = streams[flow] = Monitor(withdraw=self._withdraw)
                    if isinstance(item, capture.Chunk) and item.octets[:1] not in _VERSIONS:
                        monitor.framer.missing()
                if isinstance(item, capture.Chunk):
                    for found in monitor.messages(item.octets):
                        self.monitor = self.monitors[flow] = monitor
                        yield found
                elif isinstance(item, capture.Gap):
                    monitor.framer.missing(item.size or 0)
                else:
                    if flow in self.monitors:
                        self._finish(monitor)
                    del streams[flow]

    def _finish(self, monitor: Monitor) -> None:
        try:
            monitor.framer.finish()
        except DecodeError as error:
            self.error = error.fresh()

    def messages(self) -> Iterator[Event]:
        """An event for each BGP message, see :meth:`bgpwire.bmp.Router.events`; with ``withdraw`` also those that
        withdraw what is announced when the stream ends."""
        for offset, message in self._received():
            yield from self.monitor.router.events(message, offset)
        if self._withdraw:
            for monitor in self.monitors.values():
                yield from monitor.router.close()

    def routes(self, keep: Callable[[Route], Any] | None = None) -> Iterator[Route]:
        """The routes of all UPDATEs, those for which ``keep`` is true: a :class:`bgpwire.Filter`, or any function. NLRI
        that cannot be read are among the faults of :attr:`router`."""
        for event in self.messages():
            try:
                found = routes_of(event)
            except DecodeError as error:
                self.monitor.router.fault(error.moved(event.offset))
                found = getattr(error, "routes", [])
            for route in found:
                if keep is None or keep(route):
                    yield route

    __iter__ = routes

    def __repr__(self) -> str:
        return f"<BmpFile {self.name}>"


def open(source: str | os.PathLike[str] | BinaryIO | Buffer, *, withdraw: bool = False) -> BmpFile:
    """Read BMP: a path, ``-`` for standard input, a binary file, octets in memory; gzip, bzip2, xz and zstd are
    decompressed. In a capture, pcap or pcapng, every connection is looked through for it.

    ``withdraw`` keeps what each peer announced, and gives withdrawals when its session ends. OSError for what cannot be
    opened; octets that are no BMP are stepped over, listed in ``monitor.framer.gaps``, and a
    :class:`bgpwire.BmpWarning` says so at the end.
    """
    return BmpFile(Origin(source), withdraw)
