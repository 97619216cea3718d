"""Where to listen, as people write it: ``bmp://192.0.2.1:11019``, ``ris-live?host=rrc00``, ``capture:session.pcap``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from bgpwire.listen.reading import KINDS
from bgpwire.live.capture.pcap import MAGICS
from bgpwire.live.capture.pcapng import SECTION

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BGP_PORT", "BMP_PORT", "KAFKA_PORT", "LOOPBACK", "Place", "place_of"]

LOOPBACK: Final = "127.0.0.1"
"""Where it listens unless a host is named: BMP authenticates nobody."""
BMP_PORT: Final = 11019
BGP_PORT: Final = 179
KAFKA_PORT: Final = 9092
_PORTS: Final = {"bmp": BMP_PORT, "bgp": BGP_PORT, "kafka": KAFKA_PORT}


class Place(NamedTuple):
    """One source."""

    kind: str
    """``bmp``, ``bgp``, ``kafka``, ``ris-live``, or ``file``."""
    host: str = ""
    port: int = 0
    path: str = ""
    """Of a file; of Kafka the topics, with commas between."""
    form: str = ""
    """What a file holds: one of :data:`bgpwire.listen.reading.KINDS`."""
    options: Mapping[str, str] = {}
    """What stands behind ``?``."""


def place_of(word: str) -> Place:
    """The source that a word names. ValueError for what is none; OSError where a file cannot be looked into."""
    scheme, colon, rest = word.partition(":")
    if word == "ris-live" or word.startswith("ris-live?"):
        return Place("ris-live", options=_options(word.partition("?")[2]))
    if scheme in _PORTS and rest.startswith("//"):
        parts = urlsplit(word)
        try:
            port = parts.port
        except ValueError:
            raise ValueError(f"{word}: no port") from None
        path = parts.path.strip("/")
        if (scheme == "kafka") != bool(path):
            raise ValueError(f"{word}: {'a topic is needed' if scheme == 'kafka' else f'{path} means nothing here'}")
        host = parts.hostname or LOOPBACK
        return Place(scheme, host, _PORTS[scheme] if port is None else port, path, "", _options(parts.query))
    if colon and scheme in KINDS:
        return Place("file", path=rest, form=scheme)
    return Place("file", path=word, form="mrt" if word == "-" else _form_of(word))


def _options(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True)) if query else {}


def _form_of(path: str) -> str:
    """What a file holds, by its first octets: a capture by its magic number, BMP by its version; else MRT, as of a
    pipe, which is not to be looked into."""
    if not os.path.isfile(path):
        os.stat(path)
        return "mrt"
    from bgpwire.mrt.input import Origin
    from bgpwire.mrt.source import Source

    octets = Origin(path).open()
    try:
        head = Source(octets).read(1 << 16)
    finally:
        octets.close()
    if head[:4] in MAGICS or head[:4] == SECTION:
        return "capture"
    return "bmp" if head[:1] in (b"\3", b"\4") and int.from_bytes(head[1:5]) < 1 << 20 else "mrt"


def criteria(options: Mapping[str, str]) -> dict[str, Any]:
    """The filters of RIS Live that stand behind ``?``."""
    out: dict[str, Any] = {}
    for name, value in options.items():
        key = name.replace("-", "_")
        out[key] = value not in ("", "0", "false", "no") if key in ("more_specific", "less_specific") else value
    return out
