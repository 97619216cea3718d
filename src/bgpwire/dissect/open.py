"""OPEN and its optional parameters, and the capabilities in them and in CAPABILITY messages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bgpwire.field import UNKNOWN, Bits, Field, flag, ipv4, octets, packed, u8, u16, u32
from bgpwire.numbers import capability_name
from bgpwire.registry import CAPABILITIES

if TYPE_CHECKING:
    from bgpwire.field import Walk

_CAPABILITIES: Final = 2
"""The type of the parameter that holds capabilities (RFC 5492 section 4)."""
_EXTENDED: Final = 255
"""A type that says: lengths of 2 octets follow (RFC 9072 section 2)."""
_REVISION_FLAGS: Final = packed(
    1, acknowledgement=flag(), acknowledgement_requested=flag(), reserved=Bits(5, spare=True), remove=flag()
)


def walk_open(walk: Walk) -> None:
    """RFC 4271 section 4.2; RFC 9072 section 2."""
    walk("version", u8)
    walk("asn", u16)
    walk("hold_time", u16)
    walk("bgp_id", ipv4)
    size, width = walk("optional_parameters_length", u8), u8
    if size and len(walk) >= 3 and walk.reader.peek() == _EXTENDED:
        walk("non_extended_type", u8)
        walk("extended_parameters_length", u16)
        width = u16
    while len(walk):
        walk.part("parameter", partial(_parameter, width=width))


def _parameter(walk: Walk, width: Field) -> None:
    kind = walk("type", u8)
    size = walk("length", width)
    if kind == _CAPABILITIES:
        walk.sub(size).whole(partial(_capabilities, width=u8))
    else:
        walk.bounded(UNKNOWN, size, octets.walk)


def _capabilities(walk: Walk, width: Field) -> None:
    while len(walk):
        walk.part(capability_name(walk.reader.peek()), partial(_capability, width=width))


def _capability(walk: Walk, width: Field) -> None:
    code = walk("code", u8)
    size = walk("length", width)
    known = CAPABILITIES[code]
    if known is None:
        walk.bounded(UNKNOWN, size, octets.walk)
        return
    # A class of another package may have no more than decode().
    field = getattr(known, "field", octets)
    walk.bounded("value", size, field.walk, field.to_json)


def walk_revisions(walk: Walk) -> None:
    """The body of a CAPABILITY message (draft-ietf-idr-dynamic-cap section 4)."""
    while len(walk):
        walk.part("revision", _revision)


def _revision(walk: Walk) -> None:
    walk("flags", _REVISION_FLAGS)
    walk("sequence", u32)
    walk.part(capability_name(walk.reader.peek()), partial(_capability, width=u16))
