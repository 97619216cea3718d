"""Everything that is wrong with an UPDATE, and what RFC 7606 asks for each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import (
    ATTRIBUTE_FLAGS,
    MALFORMED_ATTRIBUTE_LIST,
    MISSING_WELL_KNOWN,
    OPTIONAL_ATTRIBUTE,
    Action,
    DecodeError,
    UpdateMessageError,
)
from bgpwire.registry import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire._impl import PathAttributes
    from bgpwire.message.update import Update


def update_errors(update: Update) -> list[DecodeError]:
    """All faults in wire order of their sections: withdrawn routes, attributes, NLRI."""
    out = []
    attributes = update.attributes
    if update.withdrawn.error is not None:
        out.append(update.withdrawn.error)
    out += attribute_errors(attributes)
    if update.nlri.error is not None:
        out.append(update.nlri.error)
    reach = attributes.mp_reach
    if update.nlri or (reach is not None and reach.nlri):
        out += missing(attributes, bool(update.nlri), len(update.data))
    elif attributes.structure_error is not None and not update.withdrawn and 15 not in attributes:
        # RFC 7606 section 5.2: without a single route nothing can be treated as withdrawn.
        error = attributes.structure_error
        out = [e for e in out if e is not error]
        out.append(type(error)(error.reason, error.offset, error.code, error.subcode, Action.SESSION_RESET, error.data))
    return out


def attribute_errors(attributes: PathAttributes) -> list[DecodeError]:
    """The faults of a block of attributes: structure, duplicates, flags, values, NLRI inside."""
    out: list[DecodeError] = []
    for attribute in attributes.walk():
        code = attribute.code
        if attribute.duplicate:
            if code in (14, 15):
                action, reason = Action.SESSION_RESET, f"{attribute.name} twice"
            else:
                action, reason = Action.ATTRIBUTE_DISCARD, f"{attribute.name} again"
            out.append(UpdateMessageError(reason, attribute.offset, None, MALFORMED_ATTRIBUTE_LIST, action))
            continue
        out += _flags(attributes, code, attribute.flags, attribute.offset, bytes(attribute))
        try:
            value = attribute.value
        except DecodeError as error:
            out.append(error)
            continue
        if code == 17 and attributes.session.asn4:
            reason = "AS4_PATH on a session with 4-octet AS numbers"  # RFC 6793 section 6
            out.append(UpdateMessageError(reason, attribute.offset, None, OPTIONAL_ATTRIBUTE, Action.ATTRIBUTE_DISCARD))
        if code == 18 and attributes.session.asn4:
            reason = "AS4_AGGREGATOR on a session with 4-octet AS numbers"
            out.append(UpdateMessageError(reason, attribute.offset, None, OPTIONAL_ATTRIBUTE, Action.ATTRIBUTE_DISCARD))
        if code in (14, 15) and value.nlri.error is not None:
            out.append(value.nlri.error)
    if attributes.structure_error is not None:
        out.append(attributes.structure_error)
    return out


def _flags(attributes: PathAttributes, code: int, flags: int, offset: int, wire: bytes) -> Iterator[DecodeError]:
    """RFC 7606 section 3 c: Optional or Transitive other than specified; Partial on what cannot be partial."""
    entry = ATTRIBUTES.get(code)
    if entry is None:
        if not flags & 0x80:
            reason = f"unrecognised well-known attribute {code}"
            yield UpdateMessageError(reason, offset, None, 2, Action.SESSION_RESET, wire)
        return
    if entry.flags is None:
        return
    if flags & 0xC0 != entry.flags or (flags & 0x20 and entry.flags != 0xC0):
        reason = f"{entry.name}: flags 0x{flags:02x}"
        action = Action.ATTRIBUTE_DISCARD if entry.action is Action.ATTRIBUTE_DISCARD else Action.TREAT_AS_WITHDRAW
        yield UpdateMessageError(reason, offset, None, ATTRIBUTE_FLAGS, action, wire)


def missing(attributes: PathAttributes, body_nlri: bool, offset: int) -> Iterator[DecodeError]:
    """RFC 7606 section 3 d: ORIGIN, AS_PATH and, for the NLRI field, NEXT_HOP must be there."""
    wanted = (1, 2, 3) if body_nlri else (1, 2)
    if attributes.session.ibgp:
        wanted += (5,)
    for code in wanted:
        if code not in attributes:
            name = ATTRIBUTES[code].name
            reason = f"{name} is missing"
            yield UpdateMessageError(reason, offset, None, MISSING_WELL_KNOWN, Action.TREAT_AS_WITHDRAW, bytes((code,)))
