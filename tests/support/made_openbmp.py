"""Messages of OpenBMP's bus, made by hand."""

from __future__ import annotations

import struct

COLLECTOR = bytes(range(16))
ROUTER = bytes(range(16, 32))
SECONDS, MICROSECONDS = 1_700_000_001, 500_000


def openbmp(
    bmp: bytes,
    *,
    flags: int = 0x80,
    kind: int = 12,
    collector: bytes = COLLECTOR,
    admin_id: bytes = b"rv2",
    router: bytes = ROUTER,
    address: bytes = bytes((192, 0, 2, 9)),
    group: bytes = b"amsix",
    extra: bytes = b"",
    version: tuple[int, int] = (1, 7),
) -> bytes:
    """The binary header in front of ``bmp``."""
    fields = struct.pack(">BBII16sH", flags, kind, SECONDS, MICROSECONDS, collector, len(admin_id)) + admin_id
    if flags & 0x80:
        fields += struct.pack(">16s16sH", router, address, len(group)) + group
    fields += struct.pack(">I", 1) + extra
    return b"OBMP" + struct.pack(">BBHI", *version, len(fields) + 12, len(bmp)) + fields + bmp


def in_text(bmp: bytes, *lines: str) -> bytes:
    """The header in text."""
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + bmp
