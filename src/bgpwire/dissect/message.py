"""The header of a message, and where the body of each type is walked (RFC 4271 section 4)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bgpwire.afi_safi import IPV4_UNICAST
from bgpwire.attribute.block import Block
from bgpwire.dissect.open import walk_open
from bgpwire.errors import DecodeError, TruncatedError
from bgpwire.field import UNKNOWN, named, octets, raw, u8, u16
from bgpwire.message.base import MessageType
from bgpwire.message.capability import revisions
from bgpwire.message.notification_data import data_field
from bgpwire.message.route_refresh import refresh_body
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.field import Walk
    from bgpwire.session import Session

_HEADER: Final = 19
_MARKER: Final = raw(16)
_TYPE: Final = named({kind: kind.name.lower() for kind in MessageType})


def walk_message(walk: Walk, session: Session) -> None:
    """All octets of ``walk``, which stands at the beginning of a message."""
    walk("marker", _MARKER)
    length = walk("length", u16)
    body = _BODIES.get(walk.reader.peek(), _unknown)
    walk("type", _TYPE)
    if length < _HEADER:
        raise DecodeError("message shorter than its header", 16)
    there = len(walk)
    walk.sub(min(length - _HEADER, there)).whole(partial(body, session=session))
    if there < length - _HEADER:
        raise TruncatedError(f"message of {length} octets, {_HEADER + there} there", walk.reader.offset)


def _unknown(walk: Walk, session: Session) -> None:
    walk(UNKNOWN, octets)


def _keepalive(walk: Walk, session: Session) -> None:
    """No octets."""


def _open(walk: Walk, session: Session) -> None:
    walk_open(walk)


def _capability(walk: Walk, session: Session) -> None:
    revisions.walk(walk)


def _update(walk: Walk, session: Session) -> None:
    """RFC 4271 section 4.3."""
    size = walk("withdrawn_routes_length", u16)
    walk.bounded("withdrawn", size, Routes(NlriContext(*IPV4_UNICAST, True, session)).walk)
    size = walk("attributes_length", u16)
    walk.bounded("attributes", size, Block(session).walk)
    walk.part("nlri", Routes(NlriContext(*IPV4_UNICAST, False, session)).walk)


def _notification(walk: Walk, session: Session) -> None:
    """RFC 4271 section 4.5."""
    code, subcode = walk("code", u8), walk("subcode", u8)
    walk("data", data_field(code, subcode))


def _route_refresh(walk: Walk, session: Session) -> None:
    refresh_body.walk(walk)


_BODIES: Final[dict[int, Callable[..., Any]]] = {
    MessageType.OPEN: _open,
    MessageType.UPDATE: _update,
    MessageType.NOTIFICATION: _notification,
    MessageType.KEEPALIVE: _keepalive,
    MessageType.ROUTE_REFRESH: _route_refresh,
    MessageType.CAPABILITY: _capability,
    MessageType.ROUTE_REFRESH_CISCO: _route_refresh,
}
