"""What an UPDATE changes, once RFC 7606 is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bgpwire.afi_safi import IPV4_UNICAST, Family
from bgpwire.errors import Action

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from bgpwire._impl import PathAttributes
    from bgpwire.errors import DecodeError
    from bgpwire.message import Update
    from bgpwire.nlri.collection import AnyNlri


class Change(NamedTuple):
    """A route that is announced with ``attributes``, or withdrawn: then they are ``None``."""

    family: Family
    nlri: AnyNlri
    attributes: PathAttributes | None


def changes(update: Update, ignored: AbstractSet[Family] = frozenset()) -> Iterator[Change]:
    """The routes that ``update`` withdraws, then those it announces, the NLRI field in front of MP_REACH_NLRI.

    What is to be treated as withdrawn (RFC 7606 section 2) is; routes of families in ``ignored``, and of one whose
    routes cannot be read, are left out. The first :class:`bgpwire.DecodeError` of an UPDATE that resets the session.
    """
    errors = update.errors
    for error in errors:
        if error.action is Action.SESSION_RESET:
            raise error.fresh()
    without = ignored | unreadable(update)
    attributes = update.attributes
    reach, unreach = attributes.mp_reach, attributes.mp_unreach
    yield from (Change(IPV4_UNICAST, nlri, None) for nlri in update.withdrawn if IPV4_UNICAST not in without)
    if unreach is not None and unreach.family not in without:
        yield from (Change(unreach.family, nlri, None) for nlri in unreach.nlri)
    treated = any(error.action is Action.TREAT_AS_WITHDRAW for error in errors)
    kept = None if treated else attributes
    yield from (Change(IPV4_UNICAST, nlri, kept) for nlri in update.nlri if IPV4_UNICAST not in without)
    if reach is not None and reach.family not in without:
        yield from (Change(reach.family, nlri, kept) for nlri in reach.nlri)


def families(update: Update) -> set[Family]:
    """The families that an UPDATE has routes, or an End-of-RIB, of."""
    attributes = update.attributes
    found = {part.family for part in (attributes.mp_reach, attributes.mp_unreach) if part is not None}
    if update.withdrawn or update.nlri or not found:
        found.add(IPV4_UNICAST)
    return found


def unreadable(update: Update) -> frozenset[Family]:
    """The families whose routes cannot be told apart in this UPDATE (RFC 7606 section 3 j)."""
    return frozenset(family for family, _ in faults(update))


def faults(update: Update) -> Iterator[tuple[Family, DecodeError]]:
    """The same, each with its error."""
    attributes = update.attributes
    for part in (attributes.mp_reach, attributes.mp_unreach):
        if part is not None and part.nlri.error is not None:
            error = part.nlri.error
            if error.action is Action.AFI_SAFI_DISABLE:
                yield part.family, error
