"""What an established session does with UPDATEs and ROUTE-REFRESHes (RFC 7606, RFC 4760 section 7, RFC 7313)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import Action
from bgpwire.message.route_refresh import REQUEST, SUBTYPES
from bgpwire.numbers import capability as codes
from bgpwire.peer.events import FamilyDisabled, Received, Refresh
from bgpwire.peer.treatment import families, faults

if TYPE_CHECKING:
    from bgpwire.afi_safi import Family
    from bgpwire.errors import DecodeError
    from bgpwire.message import Open, RouteRefresh, Update
    from bgpwire.peer.config import Config
    from bgpwire.peer.events import Event
    from bgpwire.session import Session

_STRENGTH = {action: number for number, action in enumerate(Action)}


class Established:
    """Appends to ``events``; raises the :class:`bgpwire.DecodeError` that resets the session."""

    def __init__(self, config: Config, session: Session, events: list[Event], received: Open | None = None) -> None:
        self.session = session
        self.ignored = 0
        self._events = events
        self._disable = config.disable_families
        self._disabled: frozenset[Family] = frozenset()
        self._refresh = config.route_refresh
        theirs = () if received is None else received.capabilities
        self._enhanced = config.enhanced_route_refresh and any(c.code == codes.ENHANCED_ROUTE_REFRESH for c in theirs)

    def update(self, update: Update) -> None:
        errors = update.errors
        if not errors and not self._disabled:
            self._events.append(Received(update))
            return
        self._give_up(update, errors)
        kept = [error.action for error in errors if error.action is not Action.AFI_SAFI_DISABLE]
        action = min(kept, key=_STRENGTH.__getitem__, default=None)
        found = families(update)
        ignored = self._disabled & found
        if ignored and ignored == found:
            self.ignored += 1
        else:
            self._events.append(Received(update, action, ignored))

    def _give_up(self, update: Update, errors: list[DecodeError]) -> None:
        """Raise what resets the session; give up the families of which the rest cannot be read."""
        lost = dict(faults(update)) if self._disable else {}
        for error in errors:
            if error.action is Action.SESSION_RESET or (error.action is Action.AFI_SAFI_DISABLE and not lost):
                raise error.fresh()
        new = {family: error for family, error in lost.items() if family not in self._disabled}
        self._disabled |= new.keys()
        self._events += [FamilyDisabled(family, error.fresh()) for family, error in new.items()]

    def refresh(self, message: RouteRefresh) -> None:
        """Requests nobody offered to answer, of families that are not exchanged, and unknown sub-types are ignored (RFC
        2918 section 4, RFC 7313 section 5)."""
        request = message.subtype == REQUEST
        wanted = self._refresh if request else self._enhanced and message.subtype in SUBTYPES
        if not wanted or message.family not in (self.session.families or ()):
            self.ignored += 1
            return
        for error in message.errors:
            if error.code and error.action is Action.SESSION_RESET:
                raise error.fresh()
        self._events.append(Refresh(message))
