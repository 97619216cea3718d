"""Captures in files, pipes and memory: what a user calls."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bgpwire.errors import CaptureError, CaptureWarning, MrtError
from bgpwire.live.capture import pcap
from bgpwire.live.capture.bgp import BgpStreams
from bgpwire.live.capture.connections import Reassembly
from bgpwire.live.capture.items import Chunk, Gap, Stream
from bgpwire.live.capture.octets import Octets
from bgpwire.live.capture.pcapng import SECTION, PcapNg
from bgpwire.live.capture.report import Report
from bgpwire.mrt.input import Origin
from bgpwire.mrt.source import Source

if TYPE_CHECKING:
    import os
    from collections.abc import Buffer, Callable, Collection, Iterator
    from typing import BinaryIO

    from bgpwire.live.capture.items import Flow, Item, Packet
    from bgpwire.route.kernels import Event
    from bgpwire.session import Session

    type Place = str | os.PathLike[str] | BinaryIO | Buffer

__all__ = ["Reading", "chunks", "events", "packets", "streams"]

BGP_PORTS = frozenset((179,))
_PACKAGE = (str(Path(__file__).parents[2]),)
"""A warning names the line of the caller."""


class Reading[T]:
    """An iterator over a capture, which it closes at its end; :meth:`close` and leaving ``with`` close it before.

    :attr:`report` says how it went so far. At the end a :class:`bgpwire.errors.CaptureWarning` says what could not be
    read. :class:`bgpwire.errors.CaptureError` for what is no capture, or has not one packet that can be read.
    """

    def __init__(
        self, source: Place, read: Callable[[Iterator[Packet], Report], Iterator[T]], report: Report, warn: bool
    ) -> None:
        self.report = report
        self._warn = warn
        """Of gaps too, not only of a capture that cannot be read to its end."""
        origin = Origin(source)
        report.file = origin.name
        try:
            self._input = origin.open()
        except MrtError as error:
            raise CaptureError(error.reason) from None
        try:
            self._source = Source(self._input)
        except BaseException:
            self._input.close()
            raise
        self._items = self._all(read)

    def _all(self, read: Callable[[Iterator[Packet], Report], Iterator[T]]) -> Iterator[T]:
        try:
            yield from read(self._packets(), self.report)
        finally:
            self._input.close()
        report = self.report
        if report.error is not None or (self._warn and report.gap_count):
            warnings.warn(str(report), CaptureWarning, skip_file_prefixes=_PACKAGE)

    def _packets(self) -> Iterator[Packet]:
        octets = Octets(self._source.read)
        begun = False
        try:
            for packet in _packets(octets, self.report):
                begun = True
                yield packet
            if self._source.error is not None:
                raise CaptureError("the capture ends", octets.offset)
        except CaptureError as error:
            if self._source.error is not None:
                error = CaptureError(f"{self._source.error}: {error.reason}", error.offset)
            if not begun:
                raise error from None
            self.report.error = error.fresh()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        return next(self._items)

    def close(self) -> None:
        """Read no more, and close what was opened."""
        self._items.close()  # type: ignore[attr-defined]
        self._input.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _packets(octets: Octets, report: Report) -> Iterator[Packet]:
    """The packets, whatever the format."""
    octets.have(4)
    magic = octets.data[:4]
    if magic == SECTION:
        return PcapNg(octets, report).packets()
    if magic in pcap.MAGICS:
        return pcap.packets(octets, report)
    raise CaptureError(f"no capture: it begins with {magic.hex() or 'nothing'}")


def is_capture(begin: bytes) -> bool:
    """Whether octets that begin so are a capture."""
    return begin[:4] == SECTION or begin[:4] in pcap.MAGICS


def packets(source: Place) -> Reading[Packet]:
    """The packets of a capture, whatever they carry: pcap in either octet order, of micro- or nanoseconds, or pcapng.

    ``source`` is a path, an open binary file or pipe, octets, or ``"-"`` for standard input; gzip, bzip2, xz and zstd
    are recognised by content. OSError if a path cannot be opened.
    """

    def read(packets: Iterator[Packet], report: Report) -> Iterator[Packet]:
        for packet in packets:
            report.packets += 1
            report.octets += len(packet.octets)
            yield packet

    return Reading(source, read, Report(), False)


def _items(packets: Iterator[Packet], reassembly: Reassembly) -> Iterator[Item]:
    for packet in packets:
        yield from reassembly.packet(packet)
    yield from reassembly.finish()


def chunks(source: Place, *, ports: Collection[int] | None = None) -> Reading[Item]:
    """The streams of all TCP connections, or of those with one of ``ports``, side by side, as they come: a
    :class:`Chunk` of the next octets of one, a :class:`Gap` where some are missing, an :class:`End`.

    ``source`` is as of :func:`packets`. Octets that come twice are given once, as they came first. A gap is given when
    what is missing was cut out of its packet or acknowledged a second ago, when it is missing for two minutes, when a
    MiB waits for it, or when the stream ends.
    """
    return Reading(source, lambda packets, report: _items(packets, Reassembly(ports, report)), Report(), False)


def streams(
    source: Place, *, ports: Collection[int] | None = None, on_gap: Callable[[Gap], object] | None = None
) -> Reading[Stream]:
    """The same streams, each whole, in the order in which they end; a stream is kept in memory until then.

    Each has its gaps; ``on_gap`` is told of them as they come, and without it a warning says that there are some.
    """
    report = Report(on_gap=on_gap)
    return Reading(source, lambda packets, report: _streams(packets, Reassembly(ports, report)), report, on_gap is None)


def _streams(packets: Iterator[Packet], reassembly: Reassembly) -> Iterator[Stream]:
    held: dict[Flow, tuple[int, list[bytes], list[Gap]]] = {}
    for item in _items(packets, reassembly):
        begin, octets, gaps = held.setdefault(item.flow, (item.nanoseconds, [], []))
        if isinstance(item, Chunk):
            octets.append(item.octets)
        elif isinstance(item, Gap):
            gaps.append(item)
        else:
            del held[item.flow]
            yield Stream(item.flow, begin, b"".join(octets), gaps, item.reason)


def events(
    source: Place,
    *,
    ports: Collection[int] | None = BGP_PORTS,
    session: Session | None = None,
    on_gap: Callable[[Gap], object] | None = None,
) -> Reading[Event]:
    """Each BGP message of the connections with one of ``ports``, ``None`` for all, as a :class:`bgpwire.Event`, in the
    order in which they were whole; ``bgpwire.routes_of(event)`` gives the routes of one.

    ``source`` is as of :func:`packets`. The peer of an event is who sent the message: its AS number is 0 until its OPEN
    was seen. The session is that of the two OPENs; where they were not both captured it is ``session`` for either
    direction or, without that, a guess, marked as one (:class:`BgpStreams`). What is missing and what is no message is
    stepped over: ``on_gap`` is told, and without it a warning at the end says so.
    """
    report = Report(on_gap=on_gap)

    def read(packets: Iterator[Packet], report: Report) -> Iterator[Event]:
        messages = BgpStreams(session, report, report.file)
        for item in _items(packets, Reassembly(ports, report)):
            yield from messages.item(item)

    return Reading(source, read, report, on_gap is None)
