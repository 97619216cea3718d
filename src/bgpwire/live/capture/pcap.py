"""pcap, the format of libpcap: a header of 24 octets, then records."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bgpwire.errors import CaptureError
from bgpwire.live.capture.items import Packet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.live.capture.octets import Octets
    from bgpwire.live.capture.report import Report

LARGEST = 1 << 24
"""Octets of a packet: more is a length that was damaged. libpcap writes 256 KiB at most on links that are read here."""
LATEST = 1 << 32
"""Seconds since 1970 that are too many."""

MAGICS = {
    b"\xa1\xb2\xc3\xd4": (">", 1000, 16),
    b"\xd4\xc3\xb2\xa1": ("<", 1000, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\xcd\x34": (">", 1000, 24),
    b"\x34\xcd\xb2\xa1": ("<", 1000, 24),
}
"""By the first octets: octet order, nanoseconds of the fraction's unit, size of a record's header. The last two are of
a patched libpcap, whose headers have eight octets more."""


def packets(octets: Octets, report: Report) -> Iterator[Packet]:
    """The packets of a capture that begins with one of the magic numbers. CaptureError where it cannot be read on."""
    order, unit, header_size = MAGICS[octets.take(4, "its header")]
    major, minor, _, _, _, link_type = struct.unpack(order + "HHIIII", octets.take(20, "its header"))
    if major != 2:
        raise CaptureError(f"pcap version {major}.{minor}", 4)
    link_type &= 0xFFFF  # the other bits say whether packets end in a frame check sequence
    header = struct.Struct(order + "IIII").unpack_from
    latest = 0
    while octets.have(1):
        begin = octets.offset
        if not octets.have(header_size):
            raise octets.torn("the header of a packet")
        seconds, fraction, kept, size = header(octets.data, octets.at)
        octets.at += header_size
        if kept > LARGEST:
            raise CaptureError(f"a packet of {kept} octets", begin)
        if fraction * unit < 1_000_000_000:
            latest = seconds * 1_000_000_000 + fraction * unit
        else:
            report.untimed += 1
        offset = octets.offset
        yield Packet(latest, link_type, octets.take(kept, "a packet"), max(kept, size), offset)
