"""What is heard as an archive: MRT files of some minutes each, as RIPE RIS and RouteViews have them."""

from __future__ import annotations

import io
import os
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bgpwire.listen.periods import Periods
from bgpwire.listen.records import HEADER
from bgpwire.listen.rotation import Rotation
from bgpwire.listen.sink import SinkBase
from bgpwire.mrt.packing import SUFFIXES, packed
from bgpwire.mrt.resync import MAX_RECORD
from bgpwire.numbers.mrt import BGP4MP, BGP4MP_ET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bgpwire.listen.records import Records

__all__ = ["MrtSink"]

_NO_PLACE: Final = "path identifiers of some families only"
_PIECE: Final = 1 << 20
_KINDS: Final = (BGP4MP, BGP4MP_ET)


class MrtSink(SinkBase):
    """Writes files of ``rotate`` seconds each into ``folder``, named and compressed as ``name`` says (``.gz``,
    ``.bz2``, ``.xz``, ``.zst``, or not at all).

    A message stands in the file of the time at which it was received here, as collectors have it; its record has the
    time that its source says. Records are in the spool of the period (:mod:`bgpwire.listen.rotation`) when
    :meth:`write` returns, as they are, and are compressed when the period is over: as one stream, for bgpdump reads no
    bzip2 behind the first. ImportError for ``.zst`` without a library that compresses; SinkError.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        rotate: int = 300,
        name: str = "updates.{time}.gz",
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__("mrt")
        suffix = os.path.splitext(name)[1]
        self._suffix = suffix if suffix in SUFFIXES else ""
        if self._suffix:
            packed(io.BytesIO(), self._suffix)  # raises what it may now and not when a period is over
        self._clock = clock
        self._rotation = Rotation(os.fspath(folder), Periods(name, rotate), self._make, self.name)

    @property
    def files(self) -> int:
        """How many there are by now."""
        return self._rotation.files

    @property
    def recovered(self) -> tuple[str, ...]:
        """Names of files that an earlier process left, and that this one completes."""
        return self._rotation.recovered

    def write(self, records: Records) -> None:
        octets, lost = records.archive()
        if octets:
            self.octets += self._rotation.append((octets,), self._clock())
        self.messages += records.messages - lost
        if lost:
            self.lost[_NO_PLACE] += lost

    def tick(self, now: float) -> None:
        self._rotation.tick(now)

    def close(self) -> None:
        self._rotation.close()

    def _make(self, spool: BinaryIO, out: BinaryIO) -> bool:
        found = False
        packing: Any = packed(out, self._suffix) if self._suffix else nullcontext(out)
        with packing as file:
            for octets in _whole(spool):
                file.write(octets)
                found = True
        return found


def _whole(spool: BinaryIO) -> Iterator[bytes]:
    """The records of a spool, many at a time, as far as they are whole: a process that is killed may tear the last."""
    rest = b""
    while octets := spool.read(_PIECE):
        rest += octets
        at = 0
        while at + HEADER.size <= len(rest):
            _, kind, _, size = HEADER.unpack_from(rest, at)
            if kind not in _KINDS or size > MAX_RECORD:  # what a file system has where nothing was written
                if at:
                    yield rest[:at]
                return
            if at + HEADER.size + size > len(rest):
                break
            at += HEADER.size + size
        if at:
            yield rest[:at]
            rest = rest[at:]
