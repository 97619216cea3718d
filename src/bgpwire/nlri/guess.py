"""Whether NLRI carry path identifiers, for octets that come without their session. Only ever on request.

The octets do not say (``00 00 00 01 18 0a 00 00`` is one route with a path identifier or several default routes),
so both readings are tried and scored; the session that comes of it says that it is a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bgpwire._impl import LabelStack, Prefix
from bgpwire.immutable import Immutable
from bgpwire.nlri.base import NlriContext, UnknownNlri
from bgpwire.nlri.collection import decode_nlri
from bgpwire.session import DEFAULT_SESSION, Provenance, Session

if TYPE_CHECKING:
    from bgpwire.message.update import Update


@dataclass(frozen=True, slots=True)
class AddPathGuess(Immutable):
    """The two readings' scores, from 0.0 (cannot be read so) to 1.0 (nothing odd about it)."""

    without: float
    with_identifiers: float

    @property
    def add_path(self) -> bool | None:
        """Whether the octets carry path identifiers; ``None`` where neither reading is the better one."""
        if self.without == self.with_identifiers:
            return None
        return self.with_identifiers > self.without


def guess_add_path(
    data: bytes, afi: int, safi: int, session: Session = DEFAULT_SESSION, *, withdraw: bool = False
) -> AddPathGuess:
    """Score both readings of the NLRI of one field of one family."""
    family = frozenset({(afi, safi)})
    readings = (session.add_path - family, session.add_path | family)
    without, with_identifiers = (
        _score(data, NlriContext(afi, safi, withdraw, replace(session, add_path=families))) for families in readings
    )
    return AddPathGuess(without, with_identifiers)


def _score(data: bytes, context: NlriContext) -> float:
    """The share of routes that a router would send.

    Odd are bits behind a prefix's length, a route sent twice, a malformed one, a label that is not marked as the
    bottom of its stack (RFC 8277 section 2.2: MUST on transmission) and does not withdraw, and a path identifier of
    2^24 or more: routers count from 1.
    """
    routes, error = decode_nlri(data, 0, len(data), context)
    if error is not None or not routes:
        return 0.0
    seen: set[bytes] = set()
    odd = 0
    for route in routes:
        octets = bytes(route)
        odd += octets in seen or _odd(route)
        seen.add(octets)
    return 1.0 - odd / len(routes)


def _odd(route: Any) -> bool:
    if isinstance(route, UnknownNlri) or getattr(route, "error", None) is not None or (route.path_id or 0) >> 24:
        return True
    labels = getattr(route, "labels", None)
    if isinstance(labels, LabelStack) and not (labels.bottom_of_stack or labels.is_withdraw):
        return True
    prefix = getattr(route, "prefix", None)
    if not isinstance(prefix, Prefix):
        return False
    return bytes(prefix)[1:] != prefix.packed[: (prefix.length + 7) >> 3]


def guessed_session(update: Update) -> Session:
    """The UPDATE's session with ADD-PATH set or cleared, family by family, as its octets make likely.

    ``add_path_from`` of the result is ``guessed``; where nothing can be decided a family stays as it was.
    """
    session = update.session
    fields: list[tuple[int, int, bytes, bool]] = [
        (1, 1, bytes(update.withdrawn), True),
        (1, 1, bytes(update.nlri), False),
    ]
    for value, withdraw in ((update.attributes.mp_reach, False), (update.attributes.mp_unreach, True)):
        if value is not None:
            fields.append((value.afi, value.safi, bytes(value.nlri), withdraw))
    add_path = session.add_path
    for afi, safi, data, withdraw in fields:
        guess = guess_add_path(data, afi, safi, session, withdraw=withdraw).add_path if data else None
        if guess is not None:
            add_path = add_path | {(afi, safi)} if guess else add_path - {(afi, safi)}
    return replace(session, add_path=add_path, add_path_from=Provenance.GUESSED)
