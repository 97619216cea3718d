"""Where RIS Live is connected to, and when again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bgpwire.live.retry import Retry
from bgpwire.live.ris.report import Kind

if TYPE_CHECKING:
    from bgpwire.live.ris.decoder import Decoder

__all__ = ["retry_of", "url_of"]


def retry_of(url: str, decoder: Decoder, tries: int | None, pause: float, silence: float) -> Retry:
    """What counts the attempts, and reports them. ValueError for numbers that cannot be."""

    def report(reason: str) -> None:
        decoder.reports.add(Kind.CONNECTION, decoder.offset, reason)

    return Retry(url, report, tries, pause, silence)


def url_of(url: str, schemes: tuple[str, str], client: str) -> str:
    """The URL with the name of the ``client`` in its query. ValueError for one of another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"{url!r} is no URL of {' or '.join(schemes)}")
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "client"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("client", client)])))
