"""Reading addresses as people write them; writing them is a kernel (``text``)."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

type AddressLike = str | IPv4Address | IPv6Address
type PrefixLike = AddressLike | IPv4Network | IPv6Network


def as_text(value: object) -> str:
    """``value`` itself. TypeError unless it is text."""
    if not isinstance(value, str):
        raise TypeError(f"text is needed, not {type(value).__name__}")
    return value


def is_place(value: object) -> bool:
    """Whether it is text or an ``ipaddress`` object, which :func:`parse_prefix` reads or refuses."""
    return isinstance(value, (str, IPv4Address, IPv6Address, IPv4Network, IPv6Network))


def parse_address(text: AddressLike) -> bytes:
    """``192.0.2.1``, ``2001:db8::1`` or an ``ipaddress`` object as 4 or 16 octets in network order.

    ValueError if the text is no address or has a zone, TypeError for an object of another sort; an interface
    of ``ipaddress`` is an address and a prefix at once, and so is refused too.
    """
    if not isinstance(text, str):
        if not isinstance(text, (IPv4Address, IPv6Address)) or isinstance(text, (IPv4Interface, IPv6Interface)):
            raise TypeError(f"an address is text or an ipaddress address, not {type(text).__name__}")
        if getattr(text, "scope_id", None) is None:
            return text.packed
        text = str(text)
    if "%" in text:
        raise ValueError(f"{text!r}: a zone has no place in BGP")
    return ipaddress.ip_address(text).packed


def parse_prefix(text: PrefixLike) -> tuple[bytes, int]:
    """``10.0.0.0/8`` as (octets, length); stray host bits are kept, an address alone is a host.

    Networks and addresses of ``ipaddress`` are taken too. ValueError if the text is no prefix, TypeError for an
    object of another sort.
    """
    if isinstance(text, (IPv4Network, IPv6Network)):
        return parse_address(text.network_address), text.prefixlen
    if not isinstance(text, str):
        packed = parse_address(text)
        return packed, len(packed) * 8
    address, slash, length = text.strip().partition("/")
    packed = parse_address(address)
    bits = len(packed) * 8
    if not slash:
        return packed, bits
    if not (length.isascii() and length.isdecimal()) or int(length) > bits:
        raise ValueError(f"{text!r}: a prefix length is a number from 0 to {bits}")
    return packed, int(length)
