"""Messages out of a stream of octets: sans-io, over a socket, or as an asyncio protocol.

All three share one :class:`Framer`, whose buffer is filled in place (``recv_into``) and handed out as
``memoryview``s: a message that is only looked at is never copied, one that is kept is copied once, by
``bytes(view)`` or ``Message.decode(view)``. A view is read-only, and good until more octets are received.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple, cast

from bgpwire._impl import check_header, find_marker
from bgpwire.errors import MessageHeaderError, TruncatedError
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, MESSAGE_HEADER_ERROR

if TYPE_CHECKING:
    import socket
    from collections.abc import Buffer, Iterator

    from bgpwire.errors import DecodeError

_KEPT = 100
"""Gaps that are kept: enough to see what a stream suffers from."""

__all__ = ["Framer", "Gap", "MessageProtocol", "MessageReader"]

_HEADER = 19
_MARKER = 16
_LARGEST = 65535
_ROOM = 2 * _LARGEST + 2


class Gap(NamedTuple):
    """Octets of the stream that were stepped over: where, how many, and the error that began it."""

    offset: int
    length: int
    error: MessageHeaderError


class Framer:
    """Octets in, whole messages out, nothing about sockets.

    Hand octets in with :meth:`feed`, or have them written in place with :meth:`buffer` and :meth:`received`;
    then iterate. A header that is wrong raises :class:`bgpwire.MessageHeaderError` (RFC 4271 section 6.1: 1/1
    marker, 1/2 length, 1/3 type), its offset counted from the start of the stream, and goes on raising it: the
    stream is lost (:attr:`lost`), and what still arrives is dropped. With ``resynchronise`` the framer goes on at
    the next sound header instead and lists what it stepped over in :attr:`gaps`, which the caller may clear: the
    first hundred and the latest. :attr:`gap_count` and :attr:`gap_octets` count them all.

    ``max_message`` is 4096, or 65535 where extended messages are negotiated (RFC 8654); it may be raised at any time.
    ``strict_type`` refuses message types other than 1 to 5.
    """

    _room = _ROOM
    """Octets of the buffer, unless more are fed at once; who has thousands of framers takes less."""

    def __init__(self, max_message: int = 4096, *, resynchronise: bool = False, strict_type: bool = True) -> None:
        self.max_message = max_message
        self.resynchronise = resynchronise
        self.strict_type = strict_type
        self.gaps: list[Gap] = []
        self.gap_count = 0
        self.gap_octets = 0
        self.lost: MessageHeaderError | None = None
        self._start = 0
        self._end = 0
        self._base = 0
        self._hunting = False
        self._hold(bytearray(self._room))

    def _hold(self, octets: bytearray) -> None:
        self._octets = octets
        self._writable = memoryview(octets)
        self._view = self._writable.toreadonly()

    @property
    def offset(self) -> int:
        """How many octets of the stream were handed out or stepped over."""
        return self._base + self._start

    @property
    def pending(self) -> int:
        """How many octets wait for the rest of their message, or to be iterated."""
        return self._end - self._start

    def buffer(self, size: int = _LARGEST) -> memoryview:
        """Room for at least 1 and at most ``size`` octets, to be written from its start; then call :meth:`received`.

        Views handed out before are no longer good. BufferError if whole messages wait and there is no room:
        iterate first. ValueError for a ``size`` below 1.
        """
        if size < 1:
            raise ValueError(f"room for {size} octets")
        if self._start == self._end or len(self._octets) - self._end < size:
            self._move(self._room)
        if self._end == len(self._octets):
            raise BufferError("no room: take the messages that are there")
        return self._writable[self._end : self._end + size]

    def received(self, size: int) -> None:
        """``size`` octets were written into what :meth:`buffer` gave. ValueError if that cannot be."""
        if not 0 <= size <= len(self._octets) - self._end:
            raise ValueError(f"{size} octets do not fit")
        if self.lost is None:
            self._end += size

    def feed(self, data: Buffer) -> Iterator[memoryview]:
        """Take in octets, of any number, at once; the result iterates the messages that are whole by then.

        Messages that are not taken now come with the next ones. The views are good until the next ``feed``.
        """
        view = memoryview(data).cast("B")
        if self.lost is None:
            if self._start == self._end or len(self._octets) - self._end < len(view):
                self._move(max(self.pending + len(view), self._room))
            end = self._end + len(view)
            self._writable[self._end : end] = view
            self._end = end
        return iter(self)

    def _move(self, capacity: int) -> None:
        """What waits to the start of the buffer, which becomes as large as it must be and ``capacity`` says."""
        left = self._end - self._start
        if left and (self._start or capacity != len(self._octets)):
            waiting = bytes(self._view[self._start : self._end])
        else:
            waiting = b""
        capacity = max(capacity, left)
        if capacity != len(self._octets):
            self._hold(bytearray(capacity))
        if waiting:
            self._writable[:left] = waiting
        self._base += self._start
        self._start, self._end = 0, left

    def __iter__(self) -> Iterator[memoryview]:
        """The whole messages that are there, header included."""
        while length := self._whole():
            start = self._start
            self._start = end = start + length
            yield self._view[start:end]

    def __next__(self) -> memoryview:
        length = self._whole()
        if not length:
            raise StopIteration
        self._start += length
        return self._view[self._start - length : self._start]

    def _whole(self) -> int:
        """The length of the message that comes next, 0 while it is not all there."""
        if self.lost is not None:
            raise self.lost.fresh()
        while True:
            if self._hunting and not self._hunt():
                return 0
            start, end = self._start, self._end
            try:
                length = check_header(self._octets, start, end, self.max_message, self.strict_type)
            except MessageHeaderError as error:
                self._fault(error)
            else:
                return length if length <= end - start else 0

    def _fault(self, error: MessageHeaderError) -> None:
        """Raise, or begin a gap and look for the next header."""
        moved = error.moved(self._base)
        assert isinstance(moved, MessageHeaderError)
        if not self.resynchronise:
            self.lost = moved
            raise moved.fresh() from None
        if not self.gaps or sum(self.gaps[-1][:2]) != self.offset:
            if len(self.gaps) > _KEPT:
                del self.gaps[_KEPT:]
            self.gaps.append(Gap(self.offset, 0, moved))
            self.gap_count += 1
        self._step(self._start + 1)
        self._hunting = True

    def _step(self, to: int) -> None:
        """Over octets that are no message: the last gap grows, over however many reads it goes."""
        if to > self._start:
            self.gap_octets += to - self._start
            if self.gaps:
                last = self.gaps[-1]
                self.gaps[-1] = Gap(last.offset, last.length + to - self._start, last.error)
        self._start = to

    def _hunt(self) -> bool:
        """Step to the next sound header; False while it is not there.

        Of a run of more than 16 octets of ones the last 16 are tried first: junk that ends in ones, then a marker.
        The one and two octets before are tried too, for a length of 65,280 and more begins with ones.
        """
        octets, end, at = self._octets, self._end, self._start
        while True:
            at = find_marker(octets, at, end)
            run = min(at + _MARKER, end)
            while run < end and octets[run] == 0xFF:
                run += 1
            first = max(at, run - _MARKER - 2)
            if run == end or end - (run - _MARKER) < _HEADER:
                self._step(first)
                return False
            for start in range(run - _MARKER, first - 1, -1):
                try:
                    check_header(octets, start, end, self.max_message, self.strict_type)
                except MessageHeaderError:
                    continue
                self._step(start)
                self._hunting = False
                return True
            at = run

    def finish(self) -> None:
        """Say that the stream ended. :class:`bgpwire.TruncatedError` if it did so within a message.

        Whole messages that were not taken yet do not matter here; a stream that is lost already raises nothing.
        """
        at, end = self._start, self._end
        if self._hunting:
            self._step(end)
            return
        if self.lost is not None:
            return
        try:
            while length := check_header(self._octets, at, end, self.max_message, self.strict_type):
                if end - at < length:
                    break
                at += length
        except MessageHeaderError:
            return  # taking the messages raises
        if at < end:
            reason = f"stream ends {end - at} octets into a message"
            raise TruncatedError(reason, self._base + end, MESSAGE_HEADER_ERROR, BAD_MESSAGE_LENGTH)


class MessageReader:
    """Iterates the messages that arrive on a connected socket, as views, until the other end closes.

    Errors are the :class:`Framer`'s, and the socket's own. ``read()`` gives one message at a time.
    """

    def __init__(
        self,
        connection: socket.socket,
        max_message: int = 4096,
        *,
        resynchronise: bool = False,
        strict_type: bool = True,
    ) -> None:
        self.connection = connection
        self.framer = Framer(max_message, resynchronise=resynchronise, strict_type=strict_type)

    def read(self) -> memoryview | None:
        """The next message, good until the next call; ``None`` once the other end has closed.

        Blocks as the socket does. :class:`bgpwire.TruncatedError` if the stream ends within a message.
        """
        framer = self.framer
        while True:
            message = next(framer, None)
            if message is not None or not self._receive():
                return message

    def _receive(self) -> bool:
        """Whether the other end has not closed yet."""
        size = self.connection.recv_into(self.framer.buffer())
        self.framer.received(size)
        if not size:
            self.framer.finish()
        return size > 0

    def __iter__(self) -> Iterator[memoryview]:
        yield from self.framer
        while self._receive():
            yield from self.framer


class MessageProtocol(asyncio.BufferedProtocol):
    """The same for asyncio: derive, and write :meth:`message_received`."""

    def __init__(self, max_message: int = 4096, *, resynchronise: bool = False, strict_type: bool = True) -> None:
        self.framer = Framer(max_message, resynchronise=resynchronise, strict_type=strict_type)
        self.transport: asyncio.Transport | None = None

    def message_received(self, message: memoryview) -> None:
        """One whole message, header included; the view is good until this method returns."""

    def error_received(self, error: DecodeError) -> None:
        """Called once, when the stream is lost or ended within a message. Closes the transport unless overridden.

        What arrives on a lost stream that is not closed is dropped.
        """
        if self.transport is not None:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.framer.buffer()

    def buffer_updated(self, nbytes: int) -> None:
        framer = self.framer
        known = framer.lost
        framer.received(nbytes)
        while True:
            try:
                message = next(framer, None)
            except MessageHeaderError as error:
                if known is None:
                    self.error_received(error)
                return
            if message is None:
                return
            self.message_received(message)

    def eof_received(self) -> None:
        try:
            self.framer.finish()
        except TruncatedError as error:
            self.error_received(error)
