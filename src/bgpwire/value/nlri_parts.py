"""What of a prefix on the wire an attribute of somebody else's object is to hold."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Part"]


class Part(IntEnum):
    """A part of one NLRI as :class:`bgpwire.compat.kernels.PrefixBuilder` reads it; see RFC 4271 section 4.3.

    With it a :class:`bgpwire.compat.kernels.Blueprint` says where the value of an attribute comes from.
    """

    EXTRA = 1
    """The object that the caller hands in with the octets: a next hop, mostly."""
    WIRE = 2
    """``bytes``: the whole NLRI, path identifier included, as received."""
    WIRE_PLAIN = 3
    """``bytes``: the same with the labels' traffic class zeroed and the bottom of the stack marked."""
    PATH_ID = 4
    """``bytes``: the four octets of the path identifier (RFC 7911 section 3), empty without one."""
    STACK_SIZE = 5
    """``int``: octets of the label stack (RFC 8277 section 2)."""
    LABELS = 6
    """``list[int]``: the 20-bit labels."""
    NO_RAW_LABELS = 7
    """``list[None]``: as many ``None`` as labels."""
    STACK_PLAIN = 8
    """``bytes``: the label stack, traffic class zeroed and the bottom marked."""
    DISTINGUISHER = 9
    """``bytes``: the eight octets of the route distinguisher (RFC 4364 section 4.1)."""
    BITS = 10
    """``int``: length of the prefix in bits, labels and distinguisher not counted."""
    ADDRESS = 11
    """``bytes``: the prefix, filled up with zeros to the family's 4 or 16 octets."""
