"""A door in front of a broker: of TLS, of SASL, neither of which that has, or one that is shut for a while."""

from __future__ import annotations

import asyncio
import struct
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from broker import HOST

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

    from broker import Broker

SASL_HANDSHAKE, API_VERSIONS, SASL_AUTHENTICATE = 17, 18, 36
UNSUPPORTED_SASL_MECHANISM, SASL_AUTHENTICATION_FAILED = 33, 58


class Door:
    """``user``: the name and password that PLAIN (RFC 4616) has to say before anything else is heard."""

    def __init__(self, broker: Broker, user: tuple[str, str] | None = None) -> None:
        self._broker = broker
        self._user = user
        self.refused = 0
        """Connections whose name or password is another."""
        self.port = 0
        self._inside: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def open(self, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        """Its port, which the broker, begun anew, says to have."""
        self._context = context
        self._server = await asyncio.start_server(self._serve, HOST, 0, ssl=context)
        try:
            self.port = self._server.sockets[0].getsockname()[1]
            self._broker.stop()
            self._broker.start(advertised=self.port)
            yield self.port
        finally:
            self.shut()

    def shut(self) -> None:
        """Nobody comes in, and who is there is cut off: as if the broker was away, which keeps its topics."""
        self._server.close()
        for writer in self._inside:
            writer.transport.abort()
        self._inside.clear()

    async def reopen(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, self.port, ssl=self._context)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._inside.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            inner, outer = await asyncio.open_connection(HOST, self._broker.port)
            if self._user is None or await self._authenticated(reader, writer, inner, outer):
                await asyncio.gather(_pipe(reader, outer), _pipe(inner, writer))
            outer.close()
        writer.close()

    async def _authenticated(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        inner: asyncio.StreamReader,
        outer: asyncio.StreamWriter,
    ) -> bool:
        """Whether who is there has said the name and the password; what versions there are the broker says."""
        assert self._user is not None
        secret = [word.encode() for word in self._user]
        while True:
            request = await _message(reader)
            key, version, correlation, size = struct.unpack_from(">hhih", request)
            body = request[10 + max(size, 0) :]
            if key == API_VERSIONS:
                outer.write(struct.pack(">i", len(request)) + request)
                answer = await _message(inner)
            elif key == SASL_HANDSHAKE:
                code = 0 if body == _text("PLAIN") else UNSUPPORTED_SASL_MECHANISM
                answer = struct.pack(">ihi", correlation, code, 1) + _text("PLAIN")
            elif key == SASL_AUTHENTICATE:
                # Whom to act as, who that is, and the password.
                sound = body[4:].split(b"\0")[1:] == secret
                self.refused += not sound
                code = 0 if sound else SASL_AUTHENTICATION_FAILED
                answer = struct.pack(">ihhi", correlation, code, -1, 0) + (bytes(8) if version else b"")
            else:
                return False
            writer.write(struct.pack(">i", len(answer)) + answer)
            await writer.drain()
            if key == SASL_AUTHENTICATE:
                return sound


def _text(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()


async def _message(reader: asyncio.StreamReader) -> bytes:
    (size,) = struct.unpack(">i", await reader.readexactly(4))
    return await reader.readexactly(size)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()
