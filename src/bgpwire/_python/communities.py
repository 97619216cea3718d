"""Standard, extended and large communities (RFC 1997, RFC 4360, RFC 8092)."""

from __future__ import annotations

import struct
from functools import total_ordering
from operator import index
from typing import TYPE_CHECKING, Any, Self, final

from bgpwire._python.door import octets_of
from bgpwire.value.communities import (
    CollectionMixin,
    CommunitiesMixin,
    ExtendedCommunitiesMixin,
    LargeCommunitiesMixin,
)
from bgpwire.value.community import (
    CommunityMixin,
    ExtendedCommunityMixin,
    LargeCommunityMixin,
    parse_community,
    parse_extended,
    parse_large,
)
from bgpwire.value.compare import unequal
from bgpwire.value.octets import as_bytes
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterable, Iterator

    from bgpwire.errors import DecodeError

__all__ = [
    "Communities",
    "Community",
    "ExtendedCommunities",
    "ExtendedCommunity",
    "LargeCommunities",
    "LargeCommunity",
    "decode_communities",
    "decode_extended_communities",
    "decode_large_communities",
]

_new = object.__new__


@final
@total_ordering
class Community(CommunityMixin):
    """A community of 32 bits."""

    __slots__ = ("_value",)
    _value: int

    def __init__(self, text: str) -> None:
        """From text: ``65000:100``, or a well-known name such as ``no-export``."""
        self._value = parse_community(text)

    @classmethod
    def from_int(cls, value: int) -> Self:
        """From its 32 bits. ValueError if there are more."""
        number = index(value)
        if not 0 <= number <= 0xFFFFFFFF:
            raise ValueError("a community has 32 bits")
        return cls._of(number)

    @classmethod
    def _of(cls, value: int) -> Self:
        self = _new(cls)
        self._value = value
        return self

    _restore = from_int

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("Community", self._value)

    def __int__(self) -> int:
        return self._value

    def __bytes__(self) -> bytes:
        return self._value.to_bytes(4)

    def __hash__(self) -> int:
        return hash(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Community):
            return unequal(self, other)  # type: ignore[no-any-return]
        return self._value == other._value

    def __lt__(self, other: Community) -> bool:
        if not isinstance(other, Community):
            return NotImplemented
        return self._value < other._value


@final
class LargeCommunity(LargeCommunityMixin):
    """A large community of 12 octets."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, text: str) -> None:
        """From text: ``65000:1:2``."""
        self._wire = parse_large(text)

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """From 12 octets. ValueError for any other number."""
        data = as_bytes(data)
        if len(data) != 12:
            raise ValueError(f"a large community has 12 octets, not {len(data)}")
        self = _new(cls)
        self._wire = data
        return self

    _restore = from_bytes

    def __bytes__(self) -> bytes:
        return self._wire


@final
class ExtendedCommunity(ExtendedCommunityMixin):
    """An extended community of 8 octets."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, text: str) -> None:
        """From text that ``str()`` gives: ``rt:65000:100``, ``encap:vxlan``, ``0x`` and 16 hex digits; and in the
        forms of daemons, ``target:65000:100`` and ``(rt, 65000, 100)``. ValueError for text that is none, or may be
        several."""
        self._wire = parse_extended(text)

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """From 8 octets. ValueError for any other number."""
        data = as_bytes(data)
        if len(data) != 8:
            raise ValueError(f"an extended community has 8 octets, not {len(data)}")
        self = _new(cls)
        self._wire = data
        return self

    _restore = from_bytes

    def __bytes__(self) -> bytes:
        return self._wire


class _Octets[T](CollectionMixin[T]):
    """The octets that the three collections below hold; what they are made of is theirs to say."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, values: Iterable[T | str] = ()) -> None:
        self._wire = self._pack(values)

    @classmethod
    def _restore(cls, data: bytes) -> Self:
        self = _new(cls)
        self._wire = cls._check(data)
        return self

    def __bytes__(self) -> bytes:
        return self._wire


@final
class Communities(_Octets[Community], CommunitiesMixin[Community]):
    """The value of the COMMUNITIES attribute: a sequence of :class:`Community`."""

    __slots__ = ()
    _item = Community

    def __iter__(self) -> Iterator[Community]:
        return map(Community._of, struct.unpack(f">{len(self._wire) // 4}I", self._wire))


@final
class LargeCommunities(_Octets[LargeCommunity], LargeCommunitiesMixin[LargeCommunity]):
    """The value of the LARGE_COMMUNITY attribute: a sequence of :class:`LargeCommunity`."""

    __slots__ = ()
    _item = LargeCommunity


@final
class ExtendedCommunities(_Octets[ExtendedCommunity], ExtendedCommunitiesMixin[ExtendedCommunity]):
    """The value of the EXTENDED COMMUNITIES attribute: a sequence of :class:`ExtendedCommunity`."""

    __slots__ = ()
    _item = ExtendedCommunity


def decode_communities(data: Buffer) -> tuple[Communities, DecodeError | None]:
    """The value of COMMUNITIES (RFC 1997): 4 octets a community.

    Returns the :class:`bgpwire.Communities` that are whole, and the fault or ``None``: no octets, or not a
    multiple of 4 (RFC 7606 section 7.8).
    """
    return Communities._whole(octets_of(data))


def decode_extended_communities(data: Buffer) -> tuple[ExtendedCommunities, DecodeError | None]:
    """The value of EXTENDED COMMUNITIES (RFC 4360): 8 octets a community.

    Returns the :class:`bgpwire.ExtendedCommunities` that are whole, and the fault or ``None``: no octets, or not a
    multiple of 8 (RFC 7606 section 7.14).
    """
    return ExtendedCommunities._whole(octets_of(data))


def decode_large_communities(data: Buffer) -> tuple[LargeCommunities, DecodeError | None]:
    """The value of LARGE_COMMUNITY (RFC 8092): 12 octets a community.

    Returns the :class:`bgpwire.LargeCommunities` that are whole, and the fault or ``None``: no octets, or not a
    multiple of 12 (RFC 8092 section 6).
    """
    return LargeCommunities._whole(octets_of(data))
