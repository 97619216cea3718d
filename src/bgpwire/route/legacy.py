"""Messages of the MRT types before BGP4MP, which were written without their header (RFC 6396 appendix B.2)."""

from __future__ import annotations

from bgpwire.numbers import mrt
from bgpwire.numbers import mrt_subtype as subtypes
from bgpwire.numbers.message import KEEPALIVE, NOTIFICATION, OPEN, UPDATE
from bgpwire.value.octets import MARKER

LEGACY = frozenset((mrt.BGP, mrt.BGP4PLUS, mrt.BGP4PLUS_01))
"""BGP, BGP4PLUS and BGP4PLUS_01: BGP4MP's predecessors (RFC 6396 appendix B.2)."""
MESSAGES = {
    subtypes.BGP_UPDATE: UPDATE,
    subtypes.BGP_OPEN: OPEN,
    subtypes.BGP_NOTIFY: NOTIFICATION,
    subtypes.BGP_KEEPALIVE: KEEPALIVE,
}
"""Their subtypes that are messages, and the message type."""
MAX_BODY = 0xFFFF - 19
"""The octets of a message behind its header (RFC 8654)."""


def with_header(body: bytes, subtype: int) -> bytes:
    """The message that ``body`` is in a record of one of the types :data:`LEGACY`, with the header left out there."""
    return MARKER + (len(body) + 19).to_bytes(2) + bytes((MESSAGES[subtype],)) + body
