"""How many labels a route may have (RFC 8277 sections 2.1, 2.2 and 2.4): what is wrong with those that have more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.errors import INVALID_NETWORK, Action, DecodeError, UpdateMessageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire.nlri.base import NlriContext


def stack_faults(routes: Iterable[Any], context: NlriContext, offset: int) -> list[DecodeError]:
    """The faults of labelled ``routes`` that stand one behind the other from ``offset`` on.

    Without the Multiple Labels capability, and in a withdrawal, a stack of several labels is no valid NLRI. It was
    read as one because a single label would leave a prefix longer than an address; the route is kept. With the
    capability, a route of more labels than its receiver can process is to be withdrawn.
    """
    out: list[DecodeError] = []
    family = context.afi, context.safi
    several = family in context.session.multiple_labels and not context.withdraw
    most = 1
    if several:
        most = min((count for *limited, count in context.session.label_limits if (*limited,) == family), default=255)
    for route in routes:
        count = len(route.labels)
        if count > most:
            if several:
                reason, action = f"{count} labels, {most} at most", Action.TREAT_AS_WITHDRAW
            else:
                reason, action = f"{count} labels in place of one", Action.KEEP
            out.append(UpdateMessageError(reason, offset, None, INVALID_NETWORK, action))
        offset += len(bytes(route))
    return out
