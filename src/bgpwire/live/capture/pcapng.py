"""pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each interface with its own link type and clock."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.errors import CaptureError
from bgpwire.live.capture.items import Packet
from bgpwire.live.capture.pcap import LARGEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.live.capture.octets import Octets
    from bgpwire.live.capture.report import Report

SECTION = b"\x0a\x0d\x0d\x0a"
"""The type of a section header block, the same in both octet orders."""
_INTERFACE, _OBSOLETE, _SIMPLE, _ENHANCED = 1, 2, 3, 6
_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_END_OF_OPTIONS, _RESOLUTION, _OFFSET = 0, 9, 14
_SECOND = 1_000_000_000


class _Interface(NamedTuple):
    link_type: int
    snap_length: int
    units: int
    """Of its clock, in a second."""
    begin: int
    """Seconds since 1970 at which it counts from 0."""


class PcapNg:
    """The packets of one capture; :meth:`packets` raises CaptureError where it cannot be read on."""

    def __init__(self, octets: Octets, report: Report) -> None:
        self._octets = octets
        self._report = report
        self._order = ""
        self._interfaces: list[_Interface] = []
        self._latest = 0

    def packets(self) -> Iterator[Packet]:
        octets = self._octets
        while octets.have(1):
            begin = octets.offset
            if not octets.have(12):
                raise octets.torn("the header of a block")
            kind_octets = octets.take(4, "")
            if kind_octets == SECTION:
                self._section(begin)
                continue
            if not self._order:
                raise CaptureError("a block in front of the first section", begin)
            kind, length = struct.unpack(self._order + "II", kind_octets + octets.take(4, ""))
            self._check_length(length, begin)
            if kind not in (_INTERFACE, _OBSOLETE, _SIMPLE, _ENHANCED):
                octets.skip(length - 12, "a block")
            elif length > LARGEST + 4096:
                raise CaptureError(f"a block of {length} octets", begin)
            else:
                offset = octets.offset
                body = octets.take(length - 12, "a block")
                if kind == _INTERFACE:
                    self._interface(body, begin)
                else:
                    packet = self._packet(kind, body, offset)
                    if packet is not None:
                        yield packet
            self._check_end(length, begin)

    @staticmethod
    def _check_length(length: int, begin: int) -> None:
        if length < 12 or length & 3:
            raise CaptureError(f"a block of {length} octets", begin)

    def _check_end(self, length: int, begin: int) -> None:
        """The length of a block stands behind it again."""
        if struct.unpack(self._order + "I", self._octets.take(4, "a block"))[0] != length:
            raise CaptureError(f"two lengths of a block of {length} octets", begin)

    def _section(self, begin: int) -> None:
        """A section header block, behind its type: octet order and version; interfaces are counted anew."""
        octets = self._octets
        length_octets, magic = octets.take(4, "a section header"), octets.take(4, "a section header")
        order = _ORDERS.get(magic)
        if order is None:
            raise CaptureError(f"{magic.hex()} for the octet order of a section", begin + 8)
        self._order = order
        length = int(struct.unpack(order + "I", length_octets)[0])
        self._check_length(length, begin)
        if length < 28:
            raise CaptureError(f"a section header of {length} octets", begin)
        major, minor = struct.unpack(order + "HH", octets.take(4, "a section header"))
        if major != 1:
            raise CaptureError(f"pcapng version {major}.{minor}", begin + 12)
        octets.skip(length - 20, "a section header")
        self._check_end(length, begin)
        self._interfaces = []

    def _interface(self, body: bytes, begin: int) -> None:
        """An interface description block: link type, and the options that say how its clock counts."""
        if len(body) < 8:
            raise CaptureError("an interface description of less than 20 octets", begin)
        link_type, _, snap_length = struct.unpack_from(self._order + "HHI", body)
        units, start, at = 1_000_000, 0, 8
        while at + 4 <= len(body):
            code, size = struct.unpack_from(self._order + "HH", body, at)
            value = body[at + 4 : at + 4 + size]
            if code == _END_OF_OPTIONS:
                break
            if code == _RESOLUTION and len(value) == 1:
                exponent = value[0] & 0x7F
                units = 1 << exponent if value[0] & 0x80 else 10**exponent
            elif code == _OFFSET and len(value) == 8:
                start = struct.unpack(self._order + "q", value)[0]
            at += 4 + (size + 3 & ~3)
        self._interfaces.append(_Interface(link_type, snap_length, units, start))

    def _packet(self, kind: int, body: bytes, offset: int) -> Packet | None:
        """Of an enhanced, simple or obsolete packet block; ``None`` where that does not fit together."""
        number, kept, size, at = 0, 0, 0, 0
        ticks: int | None = None
        if kind == _SIMPLE and len(body) >= 4:
            at = 4
            (size,) = struct.unpack_from(self._order + "I", body)
            kept = min(size, len(body) - 4)
            if self._interfaces and self._interfaces[0].snap_length:
                kept = min(kept, self._interfaces[0].snap_length)
        elif kind != _SIMPLE and len(body) >= 20:
            at = 20
            # The obsolete one has the number in two octets, and a count of drops in the two behind them.
            number, high, low, kept, size = struct.unpack_from(
                self._order + ("IIIII" if kind == _ENHANCED else "H2xIIII"), body
            )
            ticks = high << 32 | low
        if not at or kept > len(body) - at:
            self._report.skip("malformed block of a packet")
            return None
        if number >= len(self._interfaces):
            self._report.skip("interface that is not described")
            return None
        interface = self._interfaces[number]
        moment = -1 if ticks is None else ticks * _SECOND // interface.units + interface.begin * _SECOND
        if 0 <= moment < LATEST * _SECOND:
            self._latest = moment
        else:
            self._report.untimed += 1
        return Packet(self._latest, interface.link_type, body[at : at + kept], max(kept, size), offset + at)
