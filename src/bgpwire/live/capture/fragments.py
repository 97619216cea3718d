"""IP fragments (RFC 791 section 3.2, RFC 8200 section 4.5), held until their datagram is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.live.capture.link import SkippedPacket

if TYPE_CHECKING:
    from bgpwire.live.capture.report import Report

_DATAGRAMS = 1024
"""That are held; of more the oldest is given up."""
_LARGEST = 65535


class _Datagram:
    """What is there of one."""

    __slots__ = ("octets", "pieces", "size")

    def __init__(self) -> None:
        self.pieces: dict[int, bytes] = {}
        self.octets = 0
        self.size: int | None = None
        """Known from the last fragment."""


class Fragments:
    """Datagrams that are not whole yet. One whose fragments overlap is dropped (RFC 5722), of IPv4 too."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._datagrams: dict[bytes, _Datagram] = {}

    def add(self, key: bytes, offset: int, more: bool, octets: bytes, size: int) -> bytes | None:
        """Take in a fragment of ``size`` octets; the payload of its datagram if that is whole now.

        SkippedPacket for one that cannot be used.
        """
        if len(octets) < size:
            raise SkippedPacket("cut fragment")
        end = offset + size
        if not size or end > _LARGEST or (more and size & 7):
            raise SkippedPacket("malformed fragment")
        datagram = self._datagrams.get(key)
        if datagram is None:
            datagram = self._datagrams[key] = _Datagram()
            if len(self._datagrams) > _DATAGRAMS:
                self._give_up(next(iter(self._datagrams)))
        if datagram.pieces.get(offset) == octets:
            raise SkippedPacket("fragment that came again")
        if offset in datagram.pieces or (not more and datagram.size is not None):
            self._give_up(key, "overlapping fragments")
            raise SkippedPacket("overlapping fragments")
        datagram.pieces[offset] = octets
        datagram.octets += size
        if not more:
            datagram.size = end
        if datagram.size is None or datagram.octets < datagram.size:
            return None
        return self._whole(key, datagram)

    def _whole(self, key: bytes, datagram: _Datagram) -> bytes:
        """As many octets are there as it has: they are all of it, or some of them overlap."""
        parts = []
        at = 0
        for offset, octets in sorted(datagram.pieces.items()):
            if offset != at:
                break
            parts.append(octets)
            at += len(octets)
        if at != datagram.size or len(parts) != len(datagram.pieces):
            del datagram.pieces[next(reversed(datagram.pieces))]  # the packet at hand, which is counted elsewhere
            self._give_up(key, "overlapping fragments")
            raise SkippedPacket("overlapping fragments")
        del self._datagrams[key]
        return b"".join(parts)

    def _give_up(self, key: bytes, reason: str = "fragment of a datagram that is not whole") -> None:
        self._report.skipped[reason] += len(self._datagrams.pop(key).pieces)

    def finish(self) -> None:
        """The capture has ended."""
        for key in list(self._datagrams):
            self._give_up(key)
