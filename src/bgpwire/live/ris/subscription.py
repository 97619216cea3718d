"""What a client of RIS Live sends: which messages it wants (https://ris-live.ripe.net/manual/)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from bgpwire._impl import Address, Prefix

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PING", "TYPES", "Filters", "filters", "subscribe"]

TYPES: Final = ("UPDATE", "OPEN", "NOTIFICATION", "KEEPALIVE", "RIS_PEER_STATE")
"""What ``type`` may be."""
PING: Final = '{"type": "ping"}'
"""Answered with a ``pong``."""
_ITEM = r"(?:\d{1,10}|\[\d{1,10}(?:,\d{1,10})*\])"
_PATH = re.compile(rf"!?\^?{_ITEM}(?:,{_ITEM})*\$?", re.ASCII)


class Filters(TypedDict, total=False):
    """The keywords of :func:`subscribe`."""

    host: str | None
    type: str | None
    require: str | None
    peer: Any
    path: str | int | None
    prefix: Any
    more_specific: bool
    less_specific: bool
    include_raw: bool
    acknowledge: bool


def subscribe(**wanted: Unpack[Filters]) -> str:
    """The ``ris_subscribe`` message to send, as JSON text. Without filters it asks for all that RIS hears.

    ``host`` is a route collector (``rrc00``); ``type`` one of :data:`TYPES`; ``require`` a field that the messages
    must have, such as ``announcements``; ``peer`` the address of a peer. ``path`` is an AS number, or a pattern of the
    AS path: ``64500,64501$``, with ``^`` for its beginning, ``$`` for its end, ``!`` in front of what must not match,
    and sets as ``[64500,64501]``. ``prefix`` is one prefix or several, with those inside (``more_specific``) and those
    around it (``less_specific``). ``include_raw`` asks for the octets of the messages, ``acknowledge`` for a
    ``ris_subscribe_ok``.

    ValueError or TypeError for what cannot be asked.
    """
    return json.dumps({"type": "ris_subscribe", "data": filters(**wanted)})


def filters(
    host: str | None = None,
    type: str | None = None,
    require: str | None = None,
    peer: Any = None,
    path: str | int | None = None,
    prefix: Any = None,
    more_specific: bool = True,
    less_specific: bool = False,
    include_raw: bool = True,
    acknowledge: bool = False,
) -> dict[str, Any]:
    """The ``data`` of the message that :func:`subscribe` gives, which the HTTP stream takes in a header."""
    out: dict[str, Any] = {}
    for name, value in (("host", host), ("require", require)):
        if value is not None:
            out[name] = _text(name, value)
    if type is not None:
        if type not in TYPES:
            raise ValueError(f"type {type!r} is none of {', '.join(TYPES)}")
        out["type"] = type
    if peer is not None:
        out["peer"] = str(Address(str(peer)))
    if path is not None:
        out["path"] = _path(path)
    if prefix is not None:
        out["prefix"] = _prefixes(prefix)
        out["moreSpecific"] = bool(more_specific)
        out["lessSpecific"] = bool(less_specific)
    out["socketOptions"] = {"includeRaw": bool(include_raw), "acknowledge": bool(acknowledge)}
    return out


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is text, not {value.__class__.__name__}")
    if not re.fullmatch(r"[\w.-]{1,100}", value, re.ASCII):
        raise ValueError(f"{value!r} is no {name}")
    return value


def _path(path: str | int) -> str | int:
    if isinstance(path, int) and not isinstance(path, bool):
        if not 0 <= path < 1 << 32:
            raise ValueError(f"{path} is no AS number")
        return path
    if not isinstance(path, str):
        raise TypeError(f"path is an AS number or text, not {path.__class__.__name__}")
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no pattern of an AS path, such as '^64500,64501$'")
    return path


def _prefixes(prefix: Any) -> str | list[str]:
    """One prefix, or a list of several."""
    if isinstance(prefix, (list, tuple, set, frozenset)):
        several: Iterable[Any] = prefix
        found = [str(Prefix(str(one))) for one in several]
        if not found:
            raise ValueError("no prefix in the list")
        return found
    return str(Prefix(str(prefix)))
