"""BMP messages made by hand (RFC 7854 section 4)."""

from __future__ import annotations

import struct

from support.context import message

PEER = bytes((192, 0, 2, 1))
BGP_ID = bytes((198, 51, 100, 1))
SECONDS, MICROSECONDS = 1_700_000_000, 250_000


def bmp(kind: int, body: bytes, version: int = 3) -> bytes:
    """A message with its common header."""
    return struct.pack(">BIB", version, len(body) + 6, kind) + body


def header(
    kind: int = 0,
    flags: int = 0,
    distinguisher: bytes = bytes(8),
    address: bytes = PEER,
    asn: int = 64501,
    seconds: int = SECONDS,
) -> bytes:
    """The per-peer header."""
    place = address.rjust(16, b"\0")
    return bytes((kind, flags)) + distinguisher + place + struct.pack(">I4sII", asn, BGP_ID, seconds, MICROSECONDS)


def tlv(kind: int, value: bytes, index: int | None = None) -> bytes:
    head = struct.pack(">HH", kind, len(value))
    return head + (b"" if index is None else struct.pack(">H", index)) + value


def open_message(asn: int, *capabilities: bytes) -> bytes:
    """An OPEN with these capabilities in one parameter."""
    joined = b"".join(capabilities)
    parameters = bytes((2, len(joined))) + joined if joined else b""
    small = asn if asn < 65536 else 23456
    return message(1, struct.pack(">BHH4sB", 4, small, 90, BGP_ID, len(parameters)) + parameters)


def asn4(asn: int) -> bytes:
    return b"\x41\4" + asn.to_bytes(4)


def add_path(mode: int, afi: int = 1, safi: int = 1) -> bytes:
    return b"\x45\4" + struct.pack(">HBB", afi, safi, mode)


def peer_up(sent: bytes, received: bytes, information: bytes = b"", version: int = 3, **peer: int) -> bytes:
    local = bytes((192, 0, 2, 254)).rjust(16, b"\0")
    return bmp(3, header(**peer) + local + struct.pack(">HH", 179, 50000) + sent + received + information, version)  # type: ignore[arg-type]


def peer_down(reason: int = 4, data: bytes = b"", **peer: int) -> bytes:
    return bmp(2, header(**peer) + bytes((reason,)) + data)  # type: ignore[arg-type]


def update(prefix: str = "18 0a0000", attributes: str = "400101 00 400200 400304 c0000201", path_id: str = "") -> bytes:
    block = bytes.fromhex(attributes)
    return message(2, b"\0\0" + len(block).to_bytes(2) + block + bytes.fromhex(path_id + prefix))


def withdrawal(prefix: str = "18 0a0000") -> bytes:
    gone = bytes.fromhex(prefix)
    return message(2, len(gone).to_bytes(2) + gone + b"\0\0")


def monitoring(pdu: bytes, **peer: int) -> bytes:
    return bmp(0, header(**peer) + pdu)  # type: ignore[arg-type]
