"""What a caller says of a broker, checked, and aiokafka itself, which only doors import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Final

__all__ = ["aiokafka", "servers_of", "settings_of", "start_of", "topics_of"]

_TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")


def aiokafka() -> Any:
    """The module. ImportError with what is to be installed."""
    try:
        return import_module("aiokafka")
    except ImportError as error:
        raise ImportError("Kafka takes aiokafka: pip install 'bgpwire[kafka]'") from error


def servers_of(servers: str | Iterable[str]) -> list[str]:
    """``host``, ``host:port``, several in a list or with commas between. ValueError or TypeError for others."""
    found = servers.split(",") if isinstance(servers, str) else list(servers)
    if not all(isinstance(one, str) for one in found):
        raise TypeError("servers are text, such as 'kafka.example.net:9092'")
    found = [one.strip() for one in found]
    if not found or not all(found):
        raise ValueError(f"no servers in {servers!r}")
    return found


def topics_of(topics: str | Iterable[str] | re.Pattern[str]) -> frozenset[str] | re.Pattern[str]:
    """The names, or the pattern. ValueError or TypeError for what no topic is called."""
    if isinstance(topics, re.Pattern):
        return topics
    found = frozenset([topics] if isinstance(topics, str) else topics)
    if not found:
        raise ValueError("no topic")
    for one in found:
        if not isinstance(one, str):
            raise TypeError(f"a topic is text, not {one.__class__.__name__}")
        if not _TOPIC.fullmatch(one):
            raise ValueError(f"{one!r} is no topic; re.compile makes a pattern")
    return found


def start_of(start: str | float | datetime) -> str | int:
    """``latest``, ``earliest``, or milliseconds since 1970. ValueError or TypeError for others."""
    if isinstance(start, str):
        if start not in ("latest", "earliest"):
            raise ValueError(f"start {start!r} is neither 'latest', 'earliest' nor a time")
        return start
    if isinstance(start, datetime):
        if start.tzinfo is None:
            raise ValueError("a start without a time zone")
        start = start.timestamp()
    if isinstance(start, bool) or not isinstance(start, (int, float)):
        raise TypeError(f"start is text or a time, not {start.__class__.__name__}")
    if not 0 <= start < 1 << 40:
        raise ValueError(f"start is in seconds since 1970, not {start}")
    return round(start * 1000)


def settings_of(given: Mapping[str, Any] | None, own: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords for aiokafka: those ``given`` (TLS, SASL, sizes), and our ``own``, which cannot be given."""
    found = dict(given or {})
    if taken := found.keys() & own.keys():
        raise ValueError(f"{', '.join(sorted(taken))}: not to be given in kafka=")
    return found | dict(own)
