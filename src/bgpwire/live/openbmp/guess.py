"""The sessions of peers whose Peer Up was not heard: who begins to listen in mid-stream has none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bgpwire.live.capture.session import Evidence
from bgpwire.message.update import Update
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from bgpwire.bmp import MonitoredPeer, RouteMonitoring

__all__ = ["Guesses"]


class _Guess:
    """What is guessed of one direction of one peer."""

    def __init__(self, base: Session) -> None:
        self._base = base
        self._evidence = Evidence(asn4=base.asn4)
        self.session = base

    def update(self, octets: bytes) -> None:
        if self._evidence.update(octets, self.session):
            self.session = replace(
                self._base,
                asn4=self._evidence.asn4,
                add_path=self._evidence.add_path,
                asn4_from=Provenance.GUESSED,
                add_path_from=Provenance.GUESSED,
            )


class Guesses:
    """Of one router. AS numbers are as wide as the A flag says, until paths can be read with the other width alone;
    path identifiers (RFC 7911) where the NLRI read better with them, family by family."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, bool, bool], _Guess] = {}

    def read(self, message: RouteMonitoring, peer: MonitoredPeer) -> RouteMonitoring:
        """``message``, its UPDATE read in the session that is guessed for ``peer``, where anything is to be guessed."""
        header, update = message.peer, message.message
        assert header is not None
        if not isinstance(update, Update):
            return message
        base = peer.session(header)
        if update.session is not base:  # version 4 says it in the message
            return message
        key = peer.key, header.out, header.asn4
        guess = self._known.get(key)
        if guess is None:
            guess = self._known[key] = _Guess(base)
        guess.update(update.data)
        if guess.session is base:
            return message
        return replace(message, message=Update.of(update.data, guess.session))

    def forget(self, peer: Any) -> None:
        """A Peer Up said what the peer with this key negotiated."""
        for out in (False, True):
            for asn4 in (False, True):
                self._known.pop((peer, out, asn4), None)
