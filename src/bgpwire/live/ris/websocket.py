"""The websocket of RIS Live (RFC 6455), by ``websockets``: connected again where it breaks off or goes silent."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire.live.ris.decoder import MOST, Decoder
from bgpwire.live.ris.retry import retry_of, url_of
from bgpwire.live.ris.subscription import PING, subscribe

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from typing import Unpack

    from bgpwire.live.retry import Retry
    from bgpwire.live.ris.report import Report
    from bgpwire.live.ris.subscription import Filters
    from bgpwire.route.kernels import Event

__all__ = ["URL", "Connection", "connect"]

URL: Final = "wss://ris-live.ripe.net/v1/ws/"
_OPENING = 20.0
"""Seconds until a connection is there."""
_CLOSING = 2.0
"""Seconds for the other end to say that it closes too."""


class Connection:
    """Iterates the events of a websocket; :attr:`decoder` has the reports. Made by :func:`connect`.

    ``async with`` closes the connection at its end; without that it is closed when the loop over it is left and the
    iterator is let go of.
    """

    def __init__(self, url: str, message: str, decoder: Decoder, retry: Retry) -> None:
        self.decoder = decoder
        self._url = url
        self._message = message
        self._retry = retry
        self._events = self._each()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return await anext(self._events)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._events.aclose()

    async def _each(self) -> AsyncGenerator[Event]:
        # What the decoder raises must not pass for a fault of the connection.
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                for event in self.decoder.feed(line):
                    self._retry.worked()
                    yield event

    async def _lines(self) -> AsyncGenerator[str | bytes]:
        """What comes over one connection after the other."""
        from websockets.asyncio.client import connect as open_socket
        from websockets.exceptions import WebSocketException

        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                async with open_socket(
                    self._url, max_size=MOST, open_timeout=_OPENING, close_timeout=_CLOSING
                ) as socket:
                    await socket.send(self._message)
                    began = clock()
                    while True:
                        yield await self._line(socket)
            except (OSError, WebSocketException, EOFError) as error:
                wait = self._retry.failed(error, clock() - began)
            await asyncio.sleep(wait)

    async def _line(self, socket: Any) -> str | bytes:
        """The next message. Where none comes for a while the server is asked whether it is there: a filter may let
        nothing pass for hours. TimeoutError if it does not answer."""
        half = self._retry.silence / 2
        try:
            async with asyncio.timeout(half):
                return await socket.recv()  # type: ignore[no-any-return]
        except TimeoutError:
            pass
        try:
            async with asyncio.timeout(half):
                await socket.send(PING)
                return await socket.recv()  # type: ignore[no-any-return]
        except TimeoutError:
            raise TimeoutError(f"nothing came for {self._retry.silence} s") from None


def connect(
    *,
    url: str = URL,
    client: str = "bgpwire",
    silence: float = 60.0,
    tries: int | None = 10,
    pause: float = 1.0,
    strict: bool = False,
    on_report: Callable[[Report], object] | None = None,
    **wanted: Unpack[Filters],
) -> Connection:
    """The events of the websocket, for ``async for``; ``wanted`` are the filters of :func:`subscribe`.

    Events as :func:`bgpwire.live.ris.events` gives them. A connection that fails, ends, or says nothing for
    ``silence`` seconds, although it is asked to, is opened again, behind ``pause`` seconds, and longer each time; what
    was missed then is missing, and reported (:attr:`Kind.CONNECTION`). ConnectionError after ``tries`` attempts in a
    row that came to nothing, ``None`` for never. ``client`` is the name that the server is told.

    ImportError without ``websockets`` (``pip install 'bgpwire[live]'``); ValueError or TypeError for what cannot be
    asked.
    """
    try:
        import websockets.asyncio.client  # noqa: F401
    except ImportError as error:
        raise ImportError("RIS Live's websocket takes websockets: pip install 'bgpwire[live]'") from error
    decoder = Decoder(strict=strict, on_report=on_report)
    where = url_of(url, ("wss", "ws"), client)
    return Connection(where, subscribe(**wanted), decoder, retry_of(where, decoder, tries, pause, silence))
