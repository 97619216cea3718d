"""Events out of one line of RIS Live, and what they say of where they come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bgpwire.live.ris.report import Kind
from bgpwire.live.ris.state import state_octets
from bgpwire.numbers.mrt import BGP4MP_ET
from bgpwire.numbers.mrt_subtype import BGP4MP_MESSAGE_AS4_LOCAL, BGP4MP_STATE_CHANGE_AS4
from bgpwire.route.kernels import Event
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.route.kernels import Peer

__all__ = ["SESSIONS", "EventMaker", "FaultError", "is_built", "shown"]

_LAST = (1 << 32) - 1
"""Seconds since 1970 that have no room in 32 bits, or round up to them."""
_HOST = re.compile(r"[\w.-]{1,100}", re.ASCII)
_DOMAIN = ".ripe.net"
"""Stands behind the name of a collector since 2023; archives are of ``rrc00``."""
_GUESSED = Provenance.GUESSED
_UNICAST = frozenset(((1, 1), (2, 1)))
SESSIONS = tuple(
    Session(asn4=asn4, add_path=families, asn4_from=_GUESSED, add_path_from=_GUESSED)
    for families in (frozenset[tuple[int, int]](), _UNICAST)
    for asn4 in (True, False)
)
"""In which ``raw`` may have been sent: RIS Live does not say. The most likely first."""


class FaultError(Exception):
    """Why a line gives no event."""

    def __init__(self, kind: Kind, reason: str, field: str = "") -> None:
        super().__init__(kind, reason, field)
        self.kind = kind
        self.reason = reason
        self.field = field


def shown(value: Any) -> str:
    """A value that is not what it should be; what is nested is not looked into."""
    return repr(value) if isinstance(value, (str, int, float)) or value is None else f"{value.__class__.__name__}"


class EventMaker:
    """Makes the events of one line: time, peer, collector. :class:`FaultError` for a time that is none."""

    def __init__(self, data: Mapping[str, Any], peer: Peer, offset: int) -> None:
        self.data = data
        self.peer = peer
        self.offset = offset
        host = data.get("host")
        self.host = host.removesuffix(_DOMAIN) if isinstance(host, str) and _HOST.fullmatch(host) else None
        # An OPEN may be the collector's own: archives have a subtype for what was sent to the peer (RFC 6396, 4.4.5).
        self._sent = (BGP4MP_ET, BGP4MP_MESSAGE_AS4_LOCAL) if data.get("direction") == "sent" else (None, None)
        when = data.get("timestamp")
        if not isinstance(when, (int, float)) or isinstance(when, bool) or not 0 <= when < _LAST:
            raise FaultError(Kind.FIELD, f"no time in seconds since 1970: {shown(when)}", "timestamp")
        self.seconds, self.microseconds = divmod(round(when * 1_000_000), 1_000_000)

    def __call__(self, octets: bytes, session: Session, message: bool = True) -> Event:
        kind, subtype = (BGP4MP_ET, BGP4MP_STATE_CHANGE_AS4) if not message else self._sent
        when = self.seconds, self.microseconds
        return Event(octets, *when, self.peer, session, self.offset, kind, subtype, message, self.host)

    def state(self) -> Event:
        """The change of state as an event of an archive has it."""
        try:
            octets = state_octets(self.data.get("state"), self.peer, self.microseconds)
        except ValueError as error:
            raise FaultError(Kind.FIELD, str(error), "state") from None
        return self(octets, SESSIONS[0], message=False)


def is_built(event: Event) -> bool:
    """Whether the message of an event of RIS Live was made of fields, for want of ``raw``: attributes that RIS Live
    does not show are missing.

    It stands in the event itself: nothing had to be guessed of its session, ``event.session.asn4_from``.
    """
    return event.session.asn4_from is not _GUESSED
