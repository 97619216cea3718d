"""The faults of a route's attributes are those of its UPDATE, at the same offsets, whatever record it came in."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, update

NLRI = b"\x18\xcb\0\x71"
# What is wrong, and where in the attributes it begins: behind ORIGIN (4 octets), AS_PATH (3) and NEXT_HOP (7).
FAULTS = {
    "MULTI_EXIT_DISC of 3 octets": (attribute(0x80, 4, bytes(3)), 14),  # RFC 7606 section 7.4
    "COMMUNITIES of 3 octets": (attribute(0xC0, 8, bytes(3)), 14),  # section 7.8
    "AGGREGATOR of 1 octet": (attribute(0xC0, 7, b"\0"), 14),  # section 7.7
    "behind another": (attribute(0x80, 4, bytes(4)) + attribute(0xC0, 8, bytes(3)), 21),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("withdrawn", [b"", b"\x18\xc6\x33\x64"])
@pytest.mark.parametrize("asn4", [True, False])
def test_offsets_count_in_the_message(impl: Any, name: str, withdrawn: bytes, asn4: bool) -> None:
    wrong, at = FAULTS[name]
    message = update(withdrawn, ATTRIBUTES + wrong, NLRI)
    # 19 octets of header, two of Withdrawn Routes Length, two of Total Path Attribute Length (RFC 4271 section 4.3).
    begin = 19 + 2 + len(withdrawn) + 2
    (route,) = [route for route in impl.mrt.open(bgp4mp(message, asn4)).routes() if route.type == "A"]
    (error,) = route.errors
    assert error.offset == begin + at + 3  # its value, behind flags, type and length
    (same,) = impl.Message.decode(message, impl.Session(asn4=asn4)).errors
    assert (type(error), error.args) == (type(same), same.args)
    assert (error.offset, error.action) == (same.offset, same.action)
