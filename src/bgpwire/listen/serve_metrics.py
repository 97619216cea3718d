"""A server of HTTP/1.1 that has one page, ``/metrics``."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from bgpwire.listen.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MetricsServer", "serve_metrics"]

_HEAD: Final = 8192
"""Octets of a request."""
_PATIENCE: Final = 5.0
"""Seconds in which a request is there, and an answer taken."""
_MOST: Final = 32
"""Connections at a time; others are closed at once."""
_ENDS: Final = (b"\r\n\r\n", b"\n\n")


async def serve_metrics(
    host: str = "127.0.0.1", port: int = 0, render: Callable[[], bytes] = bytes, *, patience: float = _PATIENCE
) -> MetricsServer:
    """Answer ``GET /metrics`` with what ``render()`` gives, until :meth:`MetricsServer.close`.

    There is neither TLS nor a password: the default is the loopback. Each connection is for one request, which is there
    within ``patience`` seconds and has 8 KiB at most; there are 32 at a time. OSError where the port cannot be had.
    """
    server = MetricsServer(render, patience)
    await server._start(host, port)
    return server


class MetricsServer:
    """What :func:`serve_metrics` gives; ``async with`` closes it."""

    def __init__(self, render: Callable[[], bytes], patience: float) -> None:
        self._render = render
        self._patience = patience
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def _start(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, host, port, limit=_HEAD)

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Address and port of each socket."""
        return [] if self._server is None else [sock.getsockname()[:2] for sock in self._server.sockets]

    async def close(self) -> None:
        """Close the port and all connections."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        await server.wait_closed()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= _MOST or self._server is None:
            writer.transport.abort()
            return
        self._open.add(writer)
        try:
            # What a client does is never an error of ours: it is slow, sends no HTTP, or leaves.
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(self._patience):
                    answer = self._answer(await _request(reader))
                async with asyncio.timeout(self._patience):
                    writer.write(answer)
                    await writer.drain()
                    writer.close()
                    await writer.wait_closed()
        finally:
            writer.transport.abort()
            self._open.discard(writer)

    def _answer(self, request: bytes) -> bytes:
        """The answer to a head; of one that is none, 400."""
        line = request.partition(b"\n")[0].rstrip(b"\r").decode("latin-1")
        words = line.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1.") or not words[1].startswith("/"):
            return _response("400 Bad Request")
        if words[1].partition("?")[0] != "/metrics":
            return _response("404 Not Found")
        if words[0] not in ("GET", "HEAD"):
            return _response("405 Method Not Allowed", extra="Allow: GET, HEAD\r\n")
        try:
            body = self._render()
        except Exception:
            # Of whatever kind: one number that cannot be told does not end the program.
            return _response("500 Internal Server Error")
        return _response("200 OK", body, CONTENT_TYPE, head=words[0] == "HEAD")


async def _request(reader: asyncio.StreamReader) -> bytes:
    """The head of a request; what there is of it, if it is too long or ends early."""
    found = b""
    while len(found) <= _HEAD:
        octets = await reader.read(_HEAD)
        if not octets:
            return b""
        found += octets
        if any(end in found for end in _ENDS):
            return found
    return b""


def _response(
    status: str, body: bytes | None = None, kind: str = "text/plain; charset=utf-8", extra: str = "", head: bool = False
) -> bytes:
    content = f"{status}\n".encode() if body is None else body
    said = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n{extra}Connection: close\r\n"
    )
    return said.encode() + b"\r\n" + (b"" if head else content)
