"""IANA "MRT Types" and their subtypes (RFC 6396 sections 4 and 5, RFC 6397, RFC 8050; the historic ones: RFC 6396
appendix B)."""

from __future__ import annotations

from typing import Final

NULL: Final = 0
START: Final = 1
DIE: Final = 2
I_AM_DEAD: Final = 3
PEER_DOWN: Final = 4
BGP: Final = 5
RIP: Final = 6
IDRP: Final = 7
RIPNG: Final = 8
BGP4PLUS: Final = 9
BGP4PLUS_01: Final = 10
OSPFV2: Final = 11
TABLE_DUMP: Final = 12
TABLE_DUMP_V2: Final = 13
BGP4MP: Final = 16
BGP4MP_ET: Final = 17
ISIS: Final = 32
ISIS_ET: Final = 33
OSPFV3: Final = 48
OSPFV3_ET: Final = 49
# Not registered: early RIS collectors wrote them for BGP4MP and BGP4MP_ET.
EARLY_BGP4MP: Final = 64
EARLY_BGP4MP_ET: Final = 65

EXTENDED: Final = frozenset((BGP4MP_ET, ISIS_ET, OSPFV3_ET, EARLY_BGP4MP_ET))
"""Types whose records begin with 4 octets of microseconds (RFC 6396 section 3)."""

TYPES: Final[dict[int, str]] = {
    code: name.lower().removeprefix("early_") for name, code in globals().copy().items() if isinstance(code, int)
}
"""The names, in lower case with underscores."""
