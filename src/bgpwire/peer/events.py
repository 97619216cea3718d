"""What a :class:`bgpwire.peer.Machine` has to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bgpwire.afi_safi import Family
    from bgpwire.errors import Action, DecodeError
    from bgpwire.message import Open, RouteRefresh, Update
    from bgpwire.peer.closed import SessionClosed
    from bgpwire.peer.state import State
    from bgpwire.session import Session


class ConnectionWanted(NamedTuple):
    """Connect to the peer, then call ``connected`` or ``refused``."""


class StateChanged(NamedTuple):
    """As a BGP4MP_STATE_CHANGE has it (RFC 6396 section 4.4.1)."""

    old: State
    new: State


class Opened(NamedTuple):
    """The session is established: what both OPENs agreed on, and the peer's."""

    session: Session
    open: Open


class Received(NamedTuple):
    """An UPDATE, and what RFC 7606 asks to do with it; ``None`` where nothing is wrong.

    Routes of the families in ``ignored`` do not count (RFC 4760 section 7).
    """

    update: Update
    action: Action | None = None
    ignored: frozenset[Family] = frozenset()


class Refresh(NamedTuple):
    """The peer asks for the routes of a family, or frames those that it sends once more (RFC 2918, RFC 7313)."""

    message: RouteRefresh


class FamilyDisabled(NamedTuple):
    """Routes of this family could not be read: those that came before are to be deleted, those that follow are not told
    (RFC 4760 section 7)."""

    family: Family
    error: DecodeError


class Closed(NamedTuple):
    """The session, or the attempt at one, has ended."""

    reason: SessionClosed


type Event = ConnectionWanted | StateChanged | Opened | Received | Refresh | FamilyDisabled | Closed
