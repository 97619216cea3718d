"""Routers that leave out the path identifiers which their peer's OPENs negotiated.

Route Monitoring has the UPDATE as it was received, or would be (RFC 7854 sections 4.6 and 5), so the OPENs of the Peer
Up say whether its NLRI have path identifiers (RFC 7911 section 3). FRR writes all of them without, GoBGP those behind
the policy. What the OPENs say holds as long as the octets can be read so.
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.message.update import Update


class PathIdentifiers:
    """Of one table of one peer: which families have them. Those of which nothing was heard are in neither set."""

    __slots__ = ("there", "without")

    def __init__(self) -> None:
        self.there: set[tuple[int, int]] = set()
        """Read with them, when they could not have been read without."""
        self.without: set[tuple[int, int]] = set()
        """Read without, when they could not have been read with them."""

    def families(self, update: Update) -> tuple[frozenset[Any], frozenset[Family]]:
        """The families in which this UPDATE has path identifiers, of those that its session says; and those that it
        shows to be without from now on.

        One that can be read both ways decides nothing. It is read without them where there is something odd about each
        identifier, and nothing about what it is then: 10.1.1.0/25 reads as a default route with identifier
        0x190a0101.
        """
        session = update.session
        found, shown = set(session.add_path), set()
        with suppress(DecodeError):  # of a malformed one what was seen counts
            for family, data, withdraw in _fields(update):
                if not data or family not in found or family in self.there:
                    continue
                context = NlriContext(*family, withdraw, session)
                plain = replace(session, add_path=session.add_path - {family})
                there = decode_nlri(data, 0, len(data), context)[1] is None
                without = decode_nlri(data, 0, len(data), NlriContext(*family, withdraw, plain))[1] is None
                if there and not without:
                    self.there.add(family)
                elif without and not there:
                    self.without.add(family)
                    shown.add(Family(*family))
                    found.discard(family)
                elif without:
                    guess = guess_add_path(data, *family, session, withdraw=withdraw)
                    if (guess.without, guess.with_identifiers) == (1.0, 0.0):
                        found.discard(family)
        return frozenset(found), frozenset(shown)


def _fields(update: Any) -> Iterator[tuple[tuple[int, int], bytes, bool]]:
    """The NLRI of an UPDATE: family, octets, whether they are withdrawn."""
    yield IPV4_UNICAST, bytes(update.withdrawn), True
    yield IPV4_UNICAST, bytes(update.nlri), False
    for value, withdraw in ((update.attributes.mp_reach, False), (update.attributes.mp_unreach, True)):
        if value is not None:
            yield (int(value.afi), int(value.safi)), bytes(value.nlri), withdraw
