"""Everything that is wrong with an UPDATE, and what RFC 7606 asks for each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.afi_safi import IPV4_UNICAST
from bgpwire.errors import (
    ATTRIBUTE_FLAGS,
    INVALID_NEXT_HOP,
    MALFORMED_AS_PATH,
    MALFORMED_ATTRIBUTE_LIST,
    MISSING_WELL_KNOWN,
    OPTIONAL_ATTRIBUTE,
    UNRECOGNIZED_WELL_KNOWN,
    Action,
    DecodeError,
    UpdateMessageError,
)
from bgpwire.numbers import attribute as codes
from bgpwire.registry import ATTRIBUTES
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire._impl import PathAttributes
    from bgpwire.message.update import Update
    from bgpwire.value.attributes import Attribute

# Attributes for internal sessions: discarded on external ones, well-formed or not (RFC 7606 sections 7.5, 7.9, 7.10).
_INTERNAL = (codes.LOCAL_PREF, codes.ORIGINATOR_ID, codes.CLUSTER_LIST)


def update_errors(update: Update) -> list[DecodeError]:
    """All faults in wire order of their sections: withdrawn routes, attributes, NLRI."""
    out: list[DecodeError] = []
    attributes = update.attributes
    if update.withdrawn.error is not None:
        out.append(update.withdrawn.error)
    out += attribute_errors(attributes)
    if update.nlri:
        out += _next_hop(attributes)
    if update.nlri.error is not None:
        out.append(update.nlri.error)
    reach = attributes.mp_reach
    if update.nlri or (reach is not None and reach.nlri):
        out += missing(attributes, bool(update.nlri), len(update.data))
        if codes.TUNNEL_ENCAPSULATION in attributes:
            out += _tunnels(attributes, bool(update.nlri))
    elif attributes.structure_error is not None or any(a.code != codes.MP_UNREACH_NLRI for a in attributes.walk()):
        # RFC 7606 section 5.2: attributes, and no reachable NLRI that could be treated as withdrawn.
        out = [e.acted(Action.SESSION_RESET) if e.action is Action.TREAT_AS_WITHDRAW else e for e in out]
    return out


def attribute_errors(attributes: PathAttributes) -> list[DecodeError]:
    """The faults of a block of attributes: structure, duplicates, flags, values, NLRI inside."""
    out: list[DecodeError] = []
    for attribute in attributes.walk():
        if attribute.duplicate:
            out.append(_duplicate(attribute))
        else:
            out += _flags(attribute)
            out += _value(attributes, attribute)
    if attributes.structure_error is not None:
        out.append(attributes.structure_error)
    return out


def _duplicate(attribute: Attribute) -> DecodeError:
    """RFC 7606 section 3 g."""
    if attribute.code in (codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI):
        action, reason = Action.SESSION_RESET, f"{attribute.name} twice"
    else:
        action, reason = Action.ATTRIBUTE_DISCARD, f"{attribute.name} again"
    return UpdateMessageError(reason, attribute.offset, None, MALFORMED_ATTRIBUTE_LIST, action)


def _flags(attribute: Attribute) -> Iterator[DecodeError]:
    """RFC 7606 section 3 c: Optional or Transitive other than specified; Partial on what cannot be partial.

    An attribute that is not recognised must be optional (RFC 4271 section 6.3). Flags of MP_REACH_NLRI and
    MP_UNREACH_NLRI reset the session (RFC 7606 section 5.3).
    """
    entry = ATTRIBUTES[attribute.code]
    flags, offset = attribute.flags, attribute.offset
    if entry is None or entry.flags is None:
        if not flags & 0x80:
            reason = f"unrecognised well-known attribute {attribute.code}"
            yield UpdateMessageError(
                reason, offset, None, UNRECOGNIZED_WELL_KNOWN, Action.SESSION_RESET, bytes(attribute)
            )
        return
    if flags & 0xC0 != entry.flags or (flags & 0x20 and entry.flags != 0xC0):
        reason = f"{entry.name}: flags 0x{flags:02x}"
        yield UpdateMessageError(reason, offset, None, ATTRIBUTE_FLAGS, entry.action, bytes(attribute))


def _value(attributes: PathAttributes, attribute: Attribute) -> Iterator[DecodeError]:
    """What is wrong with the value, and with its being there at all."""
    code, external = attribute.code, attributes.session.ibgp is False
    try:
        value = attribute.value
    except DecodeError as error:
        yield error.acted(Action.ATTRIBUTE_DISCARD) if code in _INTERNAL and external else error.fresh()
        return
    if code in _INTERNAL and external:
        yield _mild(attribute, "from an external peer")
    elif code in (codes.AS4_PATH, codes.AS4_AGGREGATOR) and attributes.session.asn4:
        yield _mild(attribute, "on a session with 4-octet AS numbers")  # RFC 6793 section 6
    elif code in (codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI):
        yield from value.nlri.route_errors
        if value.nlri.error is not None:
            yield value.nlri.error
    elif code == codes.ATTR_SET:
        yield from _inside(attribute)
    # Blocks of TLVs keep those before a fault, and the fault with the action their specification asks for.
    if isinstance(fault := getattr(value, "error", None), DecodeError):
        yield fault
    yield from _as_zero(attribute)


def _mild(attribute: Attribute, why: str, action: Action = Action.ATTRIBUTE_DISCARD) -> DecodeError:
    return UpdateMessageError(f"{attribute.name} {why}", attribute.offset, None, OPTIONAL_ATTRIBUTE, action)


def _inside(attribute: Attribute) -> Iterator[DecodeError]:
    """RFC 6368 section 5, RFC 7606 section 7.16: an ATTR_SET is malformed where what it holds is.

    One whose AS numbers have 2 octets is used all the same: what it says is not in doubt.
    """
    if not attribute.value.asn4:
        yield _mild(attribute, "with AS numbers of 2 octets inside", Action.KEEP)
    for error in attribute_errors(attribute.value.attributes):
        mild = error.action in (Action.ATTRIBUTE_DISCARD, Action.KEEP)
        yield error if mild else error.acted(Action.TREAT_AS_WITHDRAW)


def _as_zero(attribute: Attribute) -> Iterator[DecodeError]:
    """RFC 7607 section 2: AS 0 makes AS_PATH, AGGREGATOR and their 4-octet twins malformed."""
    code = attribute.code
    path = code in (codes.AS_PATH, codes.AS4_PATH) and 0 in attribute.value
    if path or (code in (codes.AGGREGATOR, codes.AS4_AGGREGATOR) and attribute.value.asn == 0):
        entry = ATTRIBUTES[code]
        assert entry is not None
        reason = f"{entry.name}: AS 0"
        subcode = MALFORMED_AS_PATH if code == codes.AS_PATH else OPTIONAL_ATTRIBUTE
        yield UpdateMessageError(reason, attribute.offset, None, subcode, entry.action, bytes(attribute))


def _next_hop(attributes: PathAttributes) -> Iterator[DecodeError]:
    """RFC 4271 section 6.3, RFC 7606 section 3 e: NEXT_HOP must be the address of a host."""
    hop = attributes.next_hop
    if hop is not None:
        first = bytes(hop)[0]
        if first == 0 or first == 127 or first >= 224:
            reason, offset = f"NEXT_HOP {hop}", attributes.value_offset(codes.NEXT_HOP) or 0
            yield UpdateMessageError(reason, offset, None, INVALID_NEXT_HOP, Action.TREAT_AS_WITHDRAW, bytes(hop))


def _tunnels(attributes: PathAttributes, body_nlri: bool) -> Iterator[DecodeError]:
    """RFC 9012 section 13: in most families a tunnel has one egress endpoint; said once, whatever the families."""
    tunnels, reach = attributes.get(codes.TUNNEL_ENCAPSULATION), attributes.mp_reach
    offset = attributes.value_offset(codes.TUNNEL_ENCAPSULATION) or 0
    families: list[tuple[int, int]] = [IPV4_UNICAST] if body_nlri else []
    if reach is not None and reach.nlri:
        families.append((reach.afi, reach.safi))
    for family in families:
        if tunnels is not None and (fault := tunnels.endpoint_error(family, offset)):
            yield fault
            return


def missing(attributes: PathAttributes, body_nlri: bool, offset: int) -> Iterator[DecodeError]:
    """RFC 7606 section 3 d: ORIGIN, AS_PATH and, for the NLRI field, NEXT_HOP must be there.

    LOCAL_PREF must on an internal session (RFC 4271 section 5.1.5); BGPsec_PATH stands for AS_PATH (RFC 8205).
    """
    wanted: tuple[int, ...] = (codes.ORIGIN,) if codes.BGPSEC_PATH in attributes else (codes.ORIGIN, codes.AS_PATH)
    if body_nlri:
        wanted += (codes.NEXT_HOP,)
    if attributes.session.ibgp:
        wanted += (codes.LOCAL_PREF,)
    for code in wanted:
        if code not in attributes:
            reason = f"{attribute_name(code)} is missing"
            yield UpdateMessageError(reason, offset, None, MISSING_WELL_KNOWN, Action.TREAT_AS_WITHDRAW, bytes((code,)))
