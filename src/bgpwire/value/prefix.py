"""What an address and a prefix offer beyond their octets."""

from __future__ import annotations

import ipaddress
from operator import index
from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.errors import EncodeError
from bgpwire.value.keyed import Shown
from bgpwire.value.text import is_place, parse_prefix

if TYPE_CHECKING:
    from bgpwire.value.keyed import Shown
from bgpwire.value.text import PrefixLike


def check_path_id(path_id: int | None) -> int | None:
    """``path_id`` as it is. ValueError if it has more than 32 bits, TypeError if it is no integer (RFC 7911)."""
    if path_id is None:
        return None
    number = index(path_id)
    if not 0 <= number <= 0xFFFFFFFF:
        raise ValueError("a path identifier has 32 bits")
    return number


def path_id_needed(nlri: object) -> EncodeError:
    """What is wrong with an NLRI without path identifier on a session that has them (RFC 7911 section 3)."""
    return EncodeError("path_id", None, None, f"{nlri!r} has none, and each route of its family has one in the session")


def no_path_id(nlri: Any) -> EncodeError:
    """What is wrong with a path identifier on a session that has none."""
    reason = f"{nlri!r} has one, and the session has no place for it: ADD-PATH was not negotiated"
    return EncodeError("path_id", nlri.path_id, None, reason)


def check_prefix(wire: bytes, afi: int, path_id: int | None) -> None:
    """ValueError or TypeError unless these are the parts of a prefix: length and octets, AFI, path identifier."""
    if not isinstance(wire, bytes):
        raise TypeError(f"octets are needed, not {type(wire).__name__}")
    bits = wire[0] if wire else 255
    longest = 32 if afi == AFI_IPV4 else 128
    if index(afi) not in (AFI_IPV4, AFI_IPV6) or bits > longest or len(wire) != 1 + ((bits + 7) >> 3):
        raise ValueError("octets that are no prefix")
    check_path_id(path_id)


def span(place: PrefixMixin | AddressMixin | PrefixLike) -> tuple[bytes, int]:
    """Address octets and length of a prefix, or of an address as a host. Text and ``ipaddress`` objects are read."""
    if isinstance(place, PrefixMixin):
        return place.packed, place.length
    if isinstance(place, AddressMixin):
        packed = bytes(place)
        return packed, len(packed) * 8
    return parse_prefix(place)


class AddressMixin(Shown):
    """Text, JSON and ``ipaddress`` form of an address."""

    __slots__ = ()
    _example: ClassVar[str] = 'Address("192.0.2.1")'

    if TYPE_CHECKING:

        def __bytes__(self) -> bytes: ...

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """The standard library's object; made anew at each call."""
        return ipaddress.ip_address(bytes(self))

    @property
    def version(self) -> int:
        """4 or 6."""
        return 4 if len(bytes(self)) == 4 else 6

    @property
    def is_link_local(self) -> bool:
        """fe80::/10 (RFC 4291 section 2.5.6); an IPv4 address never is."""
        packed = bytes(self)
        return len(packed) == 16 and packed[0] == 0xFE and packed[1] & 0xC0 == 0x80

    def json(self) -> str:
        return str(self)


class PrefixMixin:
    """Text, JSON, containment and ``ipaddress`` form of an IPv4 or IPv6 prefix."""

    __slots__ = ()
    _example: ClassVar[str] = 'Prefix("10.0.0.0/8")'

    if TYPE_CHECKING:

        @property
        def afi(self) -> int: ...
        @property
        def path_id(self) -> int | None: ...

        @property
        def length(self) -> int: ...
        @property
        def packed(self) -> bytes: ...

    @property
    def version(self) -> int:
        """4 or 6."""
        return 4 if self.afi == AFI_IPV4 else 6

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The standard library's object, host bits cleared; made anew at each call."""
        if self.afi == AFI_IPV4:
            return ipaddress.IPv4Network((self.packed, self.length))
        return ipaddress.IPv6Network((self.packed, self.length))

    def contains(self, other: PrefixMixin | AddressMixin | PrefixLike) -> bool:
        """Whether ``other`` is this prefix, a more specific one, or an address in it; never of another AFI.

        Text and ``ipaddress`` objects are read first: ValueError for text that is neither. Path identifiers are
        left aside.
        """
        own_length = self.length
        if isinstance(other, PrefixMixin) and (other.afi != self.afi or other.length < own_length):
            return False  # seen without a look at the octets
        packed, length = span(other)
        own = self.packed
        if len(packed) != len(own) or length < own_length:
            return False
        bits = len(own) * 8 - own_length
        return int.from_bytes(own) >> bits == int.from_bytes(packed) >> bits

    def __contains__(self, other: object, /) -> bool:
        """As :meth:`contains`; False for what is neither a place nor text, such as the NLRI of another family."""
        if isinstance(other, (PrefixMixin, AddressMixin)) or is_place(other):
            return self.contains(other)  # type: ignore[arg-type]
        return False

    def json(self) -> str | dict[str, Any]:
        """Text; with a path identifier an object of ``prefix`` and ``path_id``."""
        if self.path_id is None:
            return str(self)
        return {"prefix": str(self), "path_id": self.path_id}

    def __repr__(self) -> str:
        path = "" if self.path_id is None else f", path_id={self.path_id}"
        return f"{type(self).__name__}({str(self)!r}{path})"
