"""Messages in a stream of octets (RFC 4271 section 4.1)."""

from __future__ import annotations

from bgpwire.errors import MessageHeaderError
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, BAD_MESSAGE_TYPE, CONNECTION_NOT_SYNCHRONIZED
from bgpwire.numbers.message import KEEPALIVE, NOTIFICATION, OPEN, ROUTE_REFRESH, UPDATE
from bgpwire.value.octets import MARKER

__all__ = ["check_header", "find_marker"]

HEADER_SIZE = 19


def check_header(
    data: bytes | bytearray | memoryview, start: int, end: int, max_message: int, strict_type: bool = False
) -> int:
    """The length of the message whose header stands at ``start``, 0 while its 19 octets are not all there.

    Raises :class:`bgpwire.MessageHeaderError`: 1/1 for a marker that is not all ones, 1/2 for a length
    outside 19 to ``max_message`` or wrong for the type, 1/3 (``strict_type``) for a type that RFC 4271
    and RFC 2918 do not know. ValueError for a start and an end that are not in ``data``.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    if end - start < HEADER_SIZE:
        return 0
    if data[start : start + 16] != MARKER:
        raise MessageHeaderError("marker is not all ones", start, None, CONNECTION_NOT_SYNCHRONIZED)
    length = data[start + 16] << 8 | data[start + 17]
    kind = data[start + 18]
    if length < HEADER_SIZE or length > max_message or not length_fits(kind, length):
        wrong = bytes(data[start + 16 : start + 18])
        reason = f"message of {length} octets, type {kind}"
        raise MessageHeaderError(reason, start + 16, None, BAD_MESSAGE_LENGTH, data=wrong)
    if strict_type and not OPEN <= kind <= ROUTE_REFRESH:
        raise MessageHeaderError(f"message type {kind}", start + 18, None, BAD_MESSAGE_TYPE, data=bytes((kind,)))
    return length


def length_fits(kind: int, length: int) -> bool:
    """The limits of RFC 4271 section 6.1 for each type; OPEN and KEEPALIVE never grow (RFC 8654 section 4)."""
    if kind == OPEN:
        return 29 <= length <= 4096
    if kind == UPDATE or kind == ROUTE_REFRESH:
        return length >= 23
    if kind == NOTIFICATION:
        return length >= 21
    if kind == KEEPALIVE:
        return length == HEADER_SIZE
    return True


def find_marker(data: bytes | bytearray, start: int, end: int) -> int:
    """Where the next 16 octets of ones begin, or where they may yet begin (at most 15 octets before the end)."""
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    at = data.find(MARKER, start, end)
    if at >= 0:
        return at
    at = end
    while at > start and end - at < 15 and data[at - 1] == 0xFF:
        at -= 1
    return at
