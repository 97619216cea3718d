"""What an address and a prefix offer beyond their octets."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any


class AddressMixin:
    """Text, JSON and ``ipaddress`` form of an address."""

    __slots__ = ()

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

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class PrefixMixin:
    """Text, JSON, containment and ``ipaddress`` form of an IPv4 or IPv6 prefix."""

    __slots__ = ()

    if TYPE_CHECKING:
        afi: int
        path_id: int | None

        @property
        def length(self) -> int: ...
        @property
        def packed(self) -> bytes: ...

    @property
    def version(self) -> int:
        """4 or 6."""
        return 4 if self.afi == 1 else 6

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The standard library's object, host bits cleared; made anew at each call."""
        if self.afi == 1:
            return ipaddress.IPv4Network((self.packed, self.length))
        return ipaddress.IPv6Network((self.packed, self.length))

    def contains(self, other: PrefixMixin) -> bool:
        """Whether ``other`` is this prefix or a more specific one."""
        if self.afi != other.afi or other.length < self.length:
            return False
        bits = len(self.packed) * 8 - self.length
        return int.from_bytes(self.packed) >> bits == int.from_bytes(other.packed) >> bits

    def json(self) -> Any:
        """Text; with a path identifier an object of ``prefix`` and ``path_id``."""
        if self.path_id is None:
            return str(self)
        return {"prefix": str(self), "path_id": self.path_id}

    def __repr__(self) -> str:
        path = "" if self.path_id is None else f", path_id={self.path_id}"
        return f"{type(self).__name__}({str(self)!r}{path})"
