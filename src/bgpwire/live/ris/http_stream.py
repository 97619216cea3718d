"""The HTTP stream of RIS Live, by the standard library: opened again where it breaks off or goes silent."""

from __future__ import annotations

import json
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.request import Request, urlopen

from bgpwire.live.ris.decoder import MOST, Decoder
from bgpwire.live.ris.retry import retry_of, url_of
from bgpwire.live.ris.subscription import filters

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Unpack

    from bgpwire.live.retry import Retry
    from bgpwire.live.ris.report import Report
    from bgpwire.live.ris.subscription import Filters
    from bgpwire.route.kernels import Event

__all__ = ["URL", "HttpStream", "stream"]

URL: Final = "https://ris-live.ripe.net/v1/stream/?format=json"


class HttpStream:
    """Iterates the events of the HTTP stream; :attr:`decoder` has the reports. Made by :func:`stream`.

    ``with`` closes the connection at its end, :meth:`close` closes it too.
    """

    def __init__(self, request: Request, decoder: Decoder, retry: Retry) -> None:
        self.decoder = decoder
        self._request = request
        self._retry = retry
        self._events = self._each()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._events.close()

    def _each(self) -> Generator[Event]:
        lines = self._lines()
        try:
            for line in lines:
                for event in self.decoder.feed(line):
                    self._retry.worked()
                    yield event
        finally:
            lines.close()

    def _lines(self) -> Generator[bytes]:
        """The lines of one connection after the other."""
        while True:
            began = time.monotonic()
            try:
                with urlopen(self._request, timeout=self._retry.silence) as response:
                    began = time.monotonic()
                    while line := response.readline(MOST + 1):
                        yield line
                        while len(line) > MOST and not line.endswith(b"\n"):
                            # The rest of a line that is too long, which the decoder has reported.
                            line = response.readline(MOST + 1)
                            self.decoder.offset += len(line)
                fault: Exception | str = "the server ended the stream"
            except (OSError, HTTPException) as error:
                fault = error
            time.sleep(self._retry.failed(fault, time.monotonic() - began))


def stream(
    *,
    url: str = URL,
    client: str = "bgpwire",
    silence: float = 60.0,
    tries: int | None = 10,
    pause: float = 1.0,
    strict: bool = False,
    on_report: Callable[[Report], object] | None = None,
    **wanted: Unpack[Filters],
) -> HttpStream:
    """The events of the HTTP stream, for ``for``; it takes what :func:`connect` takes, and nothing to be installed.

    The server cannot be asked whether it is still there: a stream without an octet for ``silence`` seconds is opened
    again, so that has to be long for filters that let little pass. ConnectionError after ``tries`` attempts in a row
    that came to nothing; ValueError or TypeError for what cannot be asked.
    """
    data: Any = filters(**wanted)
    decoder = Decoder(strict=strict, on_report=on_report)
    where = url_of(url, ("https", "http"), client)
    request = Request(where, headers={"X-RIS-Subscribe": json.dumps(data), "User-Agent": client})
    return HttpStream(request, decoder, retry_of(where, decoder, tries, pause, silence))
