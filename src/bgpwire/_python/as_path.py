"""AS_PATH and AS4_PATH (RFC 4271 section 5.1.2, RFC 5065, RFC 6793)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Self, final

from bgpwire._python.door import octets_of
from bgpwire.errors import MALFORMED_AS_PATH, Action, UpdateMessageError
from bgpwire.value.as_path import AsPathMixin, Segment, SegmentType, parse_as_path
from bgpwire.value.octets import as_bytes

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.errors import DecodeError

__all__ = ["AsPath", "check_as_path", "decode_as_path"]

_new = object.__new__
_TYPES = (None, *SegmentType)


def check_as_path(data: bytes, start: int, end: int, asn4: bool, base: int = 0, empty: bool = False) -> None:
    """Raise unless ``data[start:end]`` is whole segments of known types, none empty (RFC 7606 section 7.2).

    With ``empty`` segments without an AS number are taken too.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    width = 4 if asn4 else 2
    pos = start
    if end - pos > 2 and data[pos] == 2 and end - pos == 2 + data[pos + 1] * width:
        return  # one AS_SEQUENCE: nearly all paths
    while pos < end:
        if end - pos < 2:
            raise _malformed("1 octet behind the last segment", pos + base)
        if not 1 <= data[pos] <= 4:
            raise _malformed(f"segment type {data[pos]}", pos + base)
        count = data[pos + 1]
        if not count and not empty:
            raise _malformed("segment without an AS number", pos + base)
        size = 2 + count * width
        if end - pos < size:
            raise _malformed(f"segment of {count} AS numbers runs over the end", pos + base)
        pos += size


def _malformed(reason: str, offset: int) -> UpdateMessageError:
    return UpdateMessageError(reason, offset, None, MALFORMED_AS_PATH, Action.TREAT_AS_WITHDRAW)


@final
class AsPath(AsPathMixin):
    """An AS path: its octets, and the width of the AS numbers in them (``asn4``: 4 octets, else 2)."""

    __slots__ = ("_asn4", "_wire")
    _wire: bytes
    _asn4: bool

    def __init__(self, text: str) -> None:
        """From text, such as ``64500 64501 {64502,64503}``. ValueError if it is no path."""
        self._wire = parse_as_path(text)
        self._asn4 = True

    @classmethod
    def from_bytes(cls, data: Buffer, asn4: bool = True) -> Self:
        """From the value of the attribute. :class:`bgpwire.UpdateMessageError` if it is malformed."""
        wire = as_bytes(data)
        check_as_path(wire, 0, len(wire), asn4)
        return cls._of(wire, bool(asn4))

    _restore = from_bytes

    @classmethod
    def _of(cls, wire: bytes, asn4: bool) -> Self:
        self = _new(cls)
        self._wire = wire
        self._asn4 = asn4
        return self

    @property
    def asn4(self) -> bool:
        """Whether AS numbers have 4 octets."""
        return self._asn4

    def __bytes__(self) -> bytes:
        return self._wire

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments in order, made anew at each call."""
        wire = self._wire
        out = []
        pos = 0
        while pos < len(wire):
            count = wire[pos + 1]
            size = count * (4 if self._asn4 else 2)
            numbers = struct.unpack_from(f">{count}{'I' if self._asn4 else 'H'}", wire, pos + 2)
            kind = _TYPES[wire[pos]]
            assert kind is not None
            out.append(Segment(kind, numbers))
            pos += 2 + size
        return tuple(out)


def decode_as_path(data: Buffer, *, asn4: bool = True) -> tuple[AsPath, DecodeError | None]:
    """The value of AS_PATH or AS4_PATH (RFC 4271 section 4.3, RFC 6793): segments of AS numbers of 4 octets, or of 2
    without ``asn4``.

    Returns the :class:`bgpwire.AsPath` of the segments before the first fault, and the fault or ``None``: an
    unregistered segment type, one without an AS number, or octets that are no whole segment (RFC 7606 section 7.2).
    """
    wire = octets_of(data)
    try:
        check_as_path(wire, 0, len(wire), asn4)
    except UpdateMessageError as error:
        return AsPath._of(wire[: error.offset], bool(asn4)), error.fresh()
    return AsPath._of(wire, bool(asn4)), None
