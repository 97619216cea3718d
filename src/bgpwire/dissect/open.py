"""OPEN and its optional parameters, and the capabilities in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bgpwire.capability.whole import capabilities
from bgpwire.field import UNKNOWN, Field, ipv4, octets, u8, u16

if TYPE_CHECKING:
    from bgpwire.field import Walk

_CAPABILITIES: Final = 2
"""The type of the parameter that holds capabilities (RFC 5492 section 4)."""
_EXTENDED: Final = 255
"""A type that says: lengths of 2 octets follow (RFC 9072 section 2)."""


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
        walk.sub(size).whole(capabilities.walk)
    else:
        walk.bounded(UNKNOWN, size, octets.walk)
