"""When to connect again to a server that could not be reached, or that went away."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bgpwire.live.ris.report import Kind

if TYPE_CHECKING:
    from bgpwire.live.ris.decoder import Decoder

__all__ = ["Retry", "url_of"]

_LONGEST = 60.0
"""Seconds between two attempts, at most."""


class Retry:
    """Counts attempts in a row that came to nothing, and says how long to wait before the next.

    ``pause`` seconds before the second, twice as long before each that follows, a minute at most, less up to a half at
    random: many clients do not come back at the same moment.
    """

    def __init__(self, url: str, decoder: Decoder, tries: int | None, pause: float, silence: float) -> None:
        if tries is not None and tries < 1:
            raise ValueError(f"{tries} tries")
        for name, value in (("pause", pause), ("silence", silence)):
            if not 0 < value < 1e6:
                raise ValueError(f"{name} of {value} seconds")
        self.url = url
        self.silence = silence
        self._decoder = decoder
        self._tries = tries
        self._pause = pause
        self._failures = 0

    def worked(self) -> None:
        """The connection gave something."""
        self._failures = 0

    def failed(self, error: Exception | str, lasted: float = 0.0) -> float:
        """The seconds to wait, behind a connection that ``lasted`` so many. ConnectionError behind the last attempt."""
        if lasted >= self.silence:
            self._failures = 0
        self._failures += 1
        reason = error if isinstance(error, str) else f"{error.__class__.__name__}: {error}".removesuffix(": ")
        reports = self._decoder.reports
        if self._tries is not None and self._failures >= self._tries:
            reports.add(Kind.CONNECTION, self._decoder.offset, reason)
            cause = error if isinstance(error, Exception) else None
            raise ConnectionError(f"{self.url}: {self._failures} attempts in a row, the last: {reason}") from cause
        wait: float = min(self._pause * 2.0 ** min(self._failures - 1, 30), _LONGEST) * random.uniform(0.5, 1.0)
        reports.add(Kind.CONNECTION, self._decoder.offset, f"{reason}; connecting again in {wait:.1f} s")
        return wait


def url_of(url: str, schemes: tuple[str, str], client: str) -> str:
    """The URL with the name of the ``client`` in its query. ValueError for one of another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"{url!r} is no URL of {' or '.join(schemes)}")
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "client"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("client", client)])))
