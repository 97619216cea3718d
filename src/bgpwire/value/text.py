"""Reading addresses as people write them; writing them is a kernel (``text``)."""

from __future__ import annotations

import ipaddress


def parse_address(text: str) -> bytes:
    """``192.0.2.1`` or ``2001:db8::1`` as 4 or 16 octets in network order. Raises ValueError."""
    if "%" in text:
        raise ValueError(f"{text!r}: a zone has no place in BGP")
    return ipaddress.ip_address(text).packed


def parse_prefix(text: str) -> tuple[bytes, int]:
    """``10.0.0.0/8`` as (octets, length); stray host bits are kept. Raises ValueError."""
    address, slash, length = text.strip().partition("/")
    packed = parse_address(address)
    bits = len(packed) * 8
    if not slash:
        return packed, bits
    if not (length.isascii() and length.isdecimal()) or int(length) > bits:
        raise ValueError(f"{text!r}: a prefix length is a number from 0 to {bits}")
    return packed, int(length)
