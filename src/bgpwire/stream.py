"""Messages out of a stream of octets: sans-io, over a socket, or as an asyncio protocol.

All three share one :class:`Framer`, whose buffer is filled in place (``recv_into``) and handed out as
``memoryview``s: a message that is only looked at is never copied, one that is kept is copied once, by
``bytes(view)`` or ``Message.decode(view)``. A view is good until more octets are received.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bgpwire._impl import check_header, find_marker
from bgpwire.errors import MessageHeaderError, TruncatedError

if TYPE_CHECKING:
    import socket
    from collections.abc import Buffer, Iterator

    from bgpwire.errors import DecodeError

__all__ = ["Framer", "Gap", "MessageProtocol", "MessageReader"]

_HEADER = 19
_LARGEST = 65535


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
    stream is lost. With ``resynchronise`` the framer goes on at the next marker instead and lists what it stepped
    over in :attr:`gaps`.

    ``max_message`` is 4096, or 65535 where extended messages are negotiated (RFC 8654); it may be raised at any time.
    ``strict_type`` refuses message types other than 1 to 5.
    """

    def __init__(self, max_message: int = 4096, *, resynchronise: bool = False, strict_type: bool = True) -> None:
        self.max_message = max_message
        self.resynchronise = resynchronise
        self.strict_type = strict_type
        self.gaps: list[Gap] = []
        self._octets = bytearray(2 * _LARGEST + 2)
        self._view = memoryview(self._octets)
        self._start = 0
        self._end = 0
        self._base = 0
        self._lost: MessageHeaderError | None = None

    @property
    def offset(self) -> int:
        """How many octets of the stream were handed out or stepped over."""
        return self._base + self._start

    @property
    def pending(self) -> int:
        """How many octets wait for the rest of their message."""
        return self._end - self._start

    def buffer(self, size: int = _LARGEST) -> memoryview:
        """Room for at least 1 and at most ``size`` octets, to be written from its start; then call :meth:`received`.

        Views handed out before are no longer good. BufferError if whole messages wait and there is no room:
        iterate first.
        """
        if len(self._octets) - self._end < size and self._start:
            left = self._end - self._start
            self._view[:left] = bytes(self._view[self._start : self._end])
            self._base += self._start
            self._start, self._end = 0, left
        if self._end == len(self._octets):
            raise BufferError("no room: take the messages that are there")
        return self._view[self._end : self._end + size]

    def received(self, size: int) -> None:
        """``size`` octets were written into what :meth:`buffer` gave. ValueError if that cannot be."""
        if not 0 <= size <= len(self._octets) - self._end:
            raise ValueError(f"{size} octets do not fit")
        self._end += size

    def feed(self, data: Buffer) -> Iterator[memoryview]:
        """Take in octets, of any number, and iterate the messages that are whole by then.

        The views are good until the next one is asked for.
        """
        view = memoryview(data).cast("B")
        at = 0
        while True:
            room = self.buffer(max(len(view) - at, 1))
            part = view[at : at + len(room)]
            room[: len(part)] = part
            self.received(len(part))
            at += len(part)
            yield from self
            if at >= len(view):
                return

    def __iter__(self) -> Iterator[memoryview]:
        """The whole messages that are there, header included."""
        return self

    def __next__(self) -> memoryview:
        if self._lost is not None:
            raise self._lost
        while True:
            try:
                length = check_header(self._octets, self._start, self._end, self.max_message, self.strict_type)
            except MessageHeaderError as error:
                self._fault(error)
                continue
            if not length or self._end - self._start < length:
                raise StopIteration
            start = self._start
            self._start += length
            return self._view[start : start + length]

    def _fault(self, error: MessageHeaderError) -> None:
        """Raise, or step to the next marker; one gap for one hole, over however many reads it goes."""
        moved = error.moved(self._base)
        assert isinstance(moved, MessageHeaderError)
        if not self.resynchronise:
            self._lost = moved
            raise moved
        found = find_marker(self._octets, self._start + 1, self._end)
        skipped = found - self._start
        if self.gaps and self.gaps[-1].offset + self.gaps[-1].length == self.offset:
            last = self.gaps[-1]
            self.gaps[-1] = Gap(last.offset, last.length + skipped, last.error)
        else:
            self.gaps.append(Gap(self.offset, skipped, moved))
        self._start = found

    def finish(self) -> None:
        """Say that the stream ended. :class:`bgpwire.TruncatedError` if it did so within a message."""
        if self.pending:
            reason = f"stream ends {self.pending} octets into a message"
            raise TruncatedError(reason, self._base + self._end, 1, 2)


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
            for message in framer:
                return message
            size = self.connection.recv_into(framer.buffer())
            if not size:
                framer.finish()
                return None
            framer.received(size)

    def __iter__(self) -> Iterator[memoryview]:
        return iter(self.read, None)


class MessageProtocol(asyncio.BufferedProtocol):
    """The same for asyncio: derive, and write :meth:`message_received`."""

    def __init__(self, max_message: int = 4096, *, resynchronise: bool = False, strict_type: bool = True) -> None:
        self.framer = Framer(max_message, resynchronise=resynchronise, strict_type=strict_type)
        self.transport: asyncio.Transport | None = None

    def message_received(self, message: memoryview) -> None:
        """One whole message, header included; the view is good until this method returns."""

    def error_received(self, error: DecodeError) -> None:
        """The stream is lost, or ended within a message. Closes the transport unless overridden."""
        if self.transport is not None:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.framer.buffer()

    def buffer_updated(self, nbytes: int) -> None:
        self.framer.received(nbytes)
        try:
            for message in self.framer:
                self.message_received(message)
        except MessageHeaderError as error:
            self.error_received(error)

    def eof_received(self) -> None:
        try:
            self.framer.finish()
        except TruncatedError as error:
            self.error_received(error)
