"""Route distinguishers and what carries one, as text."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

from bgpwire.value.keyed import Keyed
from bgpwire.value.label import LabelledPrefixMixin
from bgpwire.value.text import as_text

if TYPE_CHECKING:
    from bgpwire._python.rd import RouteDistinguisher


def parse_rd(text: str) -> bytes:
    """``65000:100``, ``192.0.2.1:100`` or ``4200000000:100`` as 8 octets (RFC 4364 section 4.2).

    ``65000L:100`` is type 2 with a small AS number, ``0x0080:…`` any type and 6 octets in hex. ValueError for any other
    text.
    """
    admin, colon, assigned = as_text(text).strip().rpartition(":")
    if admin.startswith("0x"):
        octets = bytes.fromhex(admin[2:] + assigned)
        if (len(admin), len(octets)) != (6, 8):
            raise ValueError(f"{text!r} is no type and 6 octets of a route distinguisher")
        return octets
    if not colon or not assigned.isdecimal():
        raise ValueError(f"{text!r} is no route distinguisher")
    number = int(assigned)
    if "." in admin:
        if number > 0xFFFF:
            raise ValueError(f"{text!r}: the number behind an address has 16 bits")
        return b"\0\1" + IPv4Address(admin).packed + number.to_bytes(2)
    long = admin.endswith("L")
    admin = admin.removesuffix("L")
    if not admin.isdecimal() or int(admin) > 0xFFFFFFFF or number > 0xFFFFFFFF:
        raise ValueError(f"{text!r} is no route distinguisher")
    if int(admin) <= 0xFFFF and not long:
        return b"\0\0" + int(admin).to_bytes(2) + number.to_bytes(4)
    if number > 0xFFFF:
        raise ValueError(f"{text!r}: the number behind a 4-octet AS has 16 bits")
    return b"\0\2" + int(admin).to_bytes(4) + number.to_bytes(2)


class RouteDistinguisherMixin(Keyed):
    """The fields of 8 octets: ``type`` (2), administrator and assigned number (6)."""

    __slots__ = ()
    _example = 'RouteDistinguisher("65000:100")'

    @property
    def type(self) -> int:
        """0 (2-octet AS), 1 (IPv4 address) or 2 (4-octet AS); others are kept whole."""
        return int.from_bytes(bytes(self)[:2])

    @property
    def administrator(self) -> int | IPv4Address | None:
        """AS number, IPv4 address, or ``None`` for an unknown type."""
        wire = bytes(self)
        match self.type:
            case 0:
                return int.from_bytes(wire[2:4])
            case 1:
                return IPv4Address(wire[2:6])
            case 2:
                return int.from_bytes(wire[2:6])
        return None

    @property
    def assigned(self) -> int | None:
        """The assigned number, ``None`` for an unknown type."""
        wire = bytes(self)
        match self.type:
            case 0:
                return int.from_bytes(wire[4:8])
            case 1 | 2:
                return int.from_bytes(wire[6:8])
        return None

    def __str__(self) -> str:
        admin = self.administrator
        if admin is None:
            return f"0x{self.type:04x}:{bytes(self)[2:].hex()}"
        short = "L" if self.type == 2 and isinstance(admin, int) and admin <= 0xFFFF else ""
        return f"{admin}{short}:{self.assigned}"

    def json(self) -> str:
        return str(self)


class VpnPrefixMixin(LabelledPrefixMixin):
    """Text, octets and JSON of a VPN-IPv4 or VPN-IPv6 route."""

    __slots__ = ()
    _example = 'VpnPrefix("100", "65000:100", "10.0.0.0/8")'

    if TYPE_CHECKING:
        rd: RouteDistinguisher

    def _key(self) -> Any:
        return self.rd, *super()._key()

    def _state(self) -> tuple[Any, ...]:
        return self.labels, self.rd, self.prefix, self.path_id

    def _front(self) -> bytes:
        return bytes(self.labels) + bytes(self.rd)

    def __str__(self) -> str:
        return f"{self.rd}:{self.prefix}"

    def json(self) -> dict[str, Any]:
        return {"rd": str(self.rd)} | super().json()
