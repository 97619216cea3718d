"""Routers that leave out the path identifiers which their peer's OPENs negotiated.

Route Monitoring has the UPDATE as it was received, or would be (RFC 7854 sections 4.6 and 5), so the OPENs of the Peer
Up say whether its NLRI have path identifiers (RFC 7911 section 3). FRR 8 writes all of them without; GoBGP 3 those
behind the policy, and those before it when it tells of a table that is there already, but not of what comes later. So
each message is looked at; what the OPENs say holds as long as its octets can be read so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import IPV4_UNICAST, Family
from bgpwire.errors import DecodeError
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.collection import decode_nlri
from bgpwire.nlri.guess import guess_add_path
from bgpwire.session import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire.message.update import Update
    from bgpwire.session import Session


class PathIdentifiers:
    """Of one table of one peer: which families have them, by what was read."""

    __slots__ = ("_sessions", "there", "without")

    def __init__(self) -> None:
        self.there: set[tuple[int, int]] = set()
        """Read with them, when they could not have been read without, or not as well."""
        self.without: set[tuple[int, int]] = set()
        """Read without, once at least, when they could not have been read with them."""
        self._sessions: dict[frozenset[Any], tuple[Session, Session]] = {}

    def session(self, update: Update) -> tuple[Session, list[Family]]:
        """The session in which an UPDATE is to be read, its own where that is right; and the families that it is the
        first to show to be without."""
        session = update.session
        missing: set[tuple[int, int]] = set()
        shown: list[Family] = []
        with suppress(DecodeError):  # of a malformed one what was seen counts
            for family, data, withdraw in _fields(update):
                if data and family in session.add_path and not self._has(family, data, withdraw, session, shown):
                    missing.add(family)
        return self._less(session, missing) if missing else session, shown

    def _less(self, session: Session, families: Iterable[tuple[int, int]]) -> Session:
        """The session without path identifiers in these families."""
        key = frozenset(families)
        base, found = self._sessions.get(key, (None, session))
        if base is not session:
            found = replace(session, add_path=session.add_path - key, add_path_from=Provenance.GUESSED)
            self._sessions[key] = session, found
        return found

    def _has(self, family: tuple[int, int], data: bytes, withdraw: bool, session: Session, shown: list[Family]) -> bool:
        """Whether NLRI have path identifiers.

        What can be read both ways is read as it is usual for the table, and as the OPENs say before anything is usual;
        but without identifiers where there is something odd about each of them, and nothing about what it is then:
        10.1.1.0/25 reads as a default route with identifier 0x190a0101.
        """
        there = decode_nlri(data, 0, len(data), NlriContext(*family, withdraw, session))[1] is None
        if there and family in self.there and family not in self.without:
            return True
        plain = self._less(session, (family,))
        without = decode_nlri(data, 0, len(data), NlriContext(*family, withdraw, plain))[1] is None
        if there != without:
            if without and family not in self.without:
                shown.append(Family(*family))
            (self.there if there else self.without).add(family)
            return there
        if not there:
            return True
        guess = guess_add_path(data, *family, session, withdraw=withdraw)
        if family in self.without:
            return guess.with_identifiers > guess.without
        if guess.with_identifiers > guess.without:
            self.there.add(family)
        return (guess.without, guess.with_identifiers) != (1.0, 0.0)


def _fields(update: Any) -> Iterator[tuple[tuple[int, int], bytes, bool]]:
    """The NLRI of an UPDATE: family, octets, whether they are withdrawn."""
    yield IPV4_UNICAST, bytes(update.withdrawn), True
    yield IPV4_UNICAST, bytes(update.nlri), False
    for value, withdraw in ((update.attributes.mp_reach, False), (update.attributes.mp_unreach, True)):
        if value is not None:
            yield (int(value.afi), int(value.safi)), bytes(value.nlri), withdraw
