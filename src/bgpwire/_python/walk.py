"""Lazy walks over other people's buffers: path attributes, messages, MRT records."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Self, final

from bgpwire._python.attributes import torn_block
from bgpwire._python.door import indexed, view_of
from bgpwire._python.framing import HEADER_SIZE, check_header
from bgpwire.errors import MessageHeaderError

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.errors import DecodeError

__all__ = ["AttributeWalk", "MessageWalk", "RecordWalk", "walk_attributes", "walk_messages", "walk_records"]

_record = struct.Struct(">IHHI").unpack_from
_EMPTY = memoryview(b"")


class Walk:
    """What is common to the walks: iterators of tuples of numbers, the last two of which say where octets stand.

    The buffer is held until the end or :meth:`close` (a bytearray cannot be resized meanwhile), and read where it lies
    unless it is strided. ``with`` closes too.
    """

    __slots__ = ("_octets", "_pos", "_view", "fault")
    fault: DecodeError | None
    """The error that ended the walk, ``None`` if none did."""

    def __init__(self, data: Buffer) -> None:
        self._view = view_of(data)
        self._octets = indexed(self._view)
        self._pos = 0
        self.fault = None

    @property
    def offset(self) -> int:
        """Where the next item begins; behind the last one, what is left there is no whole item."""
        return self._pos

    def __iter__(self) -> Self:
        return self

    def close(self) -> None:
        """Let go of the buffer; what is left of it is not walked."""
        view, self._view, self._octets = self._view, _EMPTY, _EMPTY
        if view is not _EMPTY:
            view.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@final
class AttributeWalk(Walk):
    """See :func:`walk_attributes`."""

    __slots__ = ()

    def __next__(self) -> tuple[int, int, int, int]:
        octets, pos = self._octets, self._pos
        room = len(octets) - pos
        if room <= 0:
            self.close()
            raise StopIteration
        reason = "attribute header runs over the end"
        if room >= 3:
            flags, code = octets[pos], octets[pos + 1]
            start = pos + (4 if flags & 0x10 else 3)
            if start - pos <= room:
                end = start + (octets[pos + 2] << 8 | octets[pos + 3] if flags & 0x10 else octets[pos + 2])
                if end <= len(octets):
                    self._pos = end
                    return flags, code, start, end
                reason = f"attribute {code} runs over the end"
        self.fault = torn_block(reason, pos, bytes(octets[pos:]))
        self.close()
        raise StopIteration


@final
class MessageWalk(Walk):
    """See :func:`walk_messages`."""

    __slots__ = ("_max_message", "_strict_type")

    def __init__(self, data: Buffer, max_message: int = 4096, strict_type: bool = False) -> None:
        super().__init__(data)
        self._max_message = max_message
        self._strict_type = strict_type

    def __next__(self) -> tuple[int, int, int]:
        octets, start = self._octets, self._pos
        room = len(octets) - start
        if room >= HEADER_SIZE:
            try:
                length = check_header(octets, start, len(octets), self._max_message, self._strict_type)
            except MessageHeaderError as error:
                self.fault = error.fresh()
            else:
                if length <= room:
                    self._pos = start + length
                    return octets[start + 18], start + HEADER_SIZE, start + length
        self.close()
        raise StopIteration


@final
class RecordWalk(Walk):
    """See :func:`walk_records`."""

    __slots__ = ()

    def __next__(self) -> tuple[int, int, int, int, int]:
        octets, pos = self._octets, self._pos
        if len(octets) - pos >= 12:
            seconds, kind, subtype, length = _record(octets, pos)
            end = pos + 12 + length
            if end <= len(octets):
                self._pos = end
                return seconds, kind, subtype, pos + 12, end
        self.close()
        raise StopIteration


def walk_attributes(data: Buffer) -> AttributeWalk:
    """The path attributes of a block (RFC 4271 section 4.3), one by one: ``(flags, code, start, end)``, the octets of
    the value being ``data[start:end]``.

    ``fault`` of the iterator is, behind the last one, the :class:`bgpwire.UpdateMessageError` 3/1 of an attribute that
    runs over the end.
    """
    return AttributeWalk(data)


def walk_messages(data: Buffer, *, max_message: int = 4096, strict_type: bool = False) -> MessageWalk:
    """Messages one behind the other (RFC 4271 section 4.1), one by one: ``(type, start, end)``, the octets behind the
    header being ``data[start:end]``.

    It ends before a message that is not all there (``offset`` of the iterator says where), or at the first header that
    is wrong (``fault`` says how): a marker that is not all ones, a length over ``max_message`` or wrong for the type,
    with ``strict_type`` a type that RFC 4271 and RFC 2918 do not know.
    """
    return MessageWalk(data, max_message, strict_type)


def walk_records(data: Buffer) -> RecordWalk:
    """MRT records one behind the other (RFC 6396 section 2), one by one: ``(seconds, type, subtype, start, end)``, the
    octets behind the 12 of the header being ``data[start:end]``.

    It ends before a record that is not all there; ``offset`` of the iterator says where. Every header is a record's
    here, of whatever type: :func:`bgpwire.mrt.open` steps over tears.
    """
    return RecordWalk(data)
