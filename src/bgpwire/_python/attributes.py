"""The block of path attributes of one UPDATE or RIB entry: indexed once, decoded on first touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final

from bgpwire._python.as_path import AsPath, check_as_path
from bgpwire._python.communities import Communities, ExtendedCommunities, LargeCommunities
from bgpwire._python.next_hop import next_hop_address
from bgpwire._python.prefix import Address
from bgpwire._python.reader import Reader, as_bytes
from bgpwire.errors import (
    ATTRIBUTE_LENGTH,
    INVALID_ORIGIN,
    MALFORMED_ATTRIBUTE_LIST,
    Action,
    DecodeError,
    UpdateMessageError,
)
from bgpwire.immutable import making
from bgpwire.numbers.attribute import (
    AS4_PATH,
    AS_PATH,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MULTI_EXIT_DISC,
    NEXT_HOP,
    ORIGIN,
)
from bgpwire.registry import ATTRIBUTES
from bgpwire.remembered import remember
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.attributes import Attribute, PathAttributesMixin, UnknownAttribute
from bgpwire.value.origin import Origin
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["PathAttributes"]

_ORIGINS = tuple(Origin)
# In the cache beside the attributes' codes: what is made of several, or of a part of one.
EFFECTIVE_PATH, MP_NEXT_HOP = -AS_PATH, -MP_REACH_NLRI
_merged_path = PathAttributesMixin.__dict__["as_path"].fget
_become = object.__dict__["__class__"].__set__
_LONGEST, _MOST = 1 << 8, 1 << 12
"""Octets of a value that is remembered, and how many are of each code: 1 MiB of octets, whatever is read."""
_COLLECTIONS: dict[int, Any] = {
    COMMUNITIES: Communities,
    EXTENDED_COMMUNITIES: ExtendedCommunities,
    LARGE_COMMUNITY: LargeCommunities,
}


def new_pool() -> dict[int, dict[bytes, Any]]:
    """By the code of an attribute: its values that will be met in the routes of a file, by their octets.

    For AS numbers of one width: the same octets are another path with the other.
    """
    return {code: {} for code in (AS_PATH, NEXT_HOP, COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITY)}


def torn_block(reason: str, offset: int, rest: bytes) -> DecodeError:
    """RFC 7606 section 4: attribute lengths that disagree with the block's."""
    return UpdateMessageError(reason, offset, None, MALFORMED_ATTRIBUTE_LIST, Action.TREAT_AS_WITHDRAW, rest)


@final
class PathAttributes(PathAttributesMixin):
    """The path attributes of one UPDATE, shared by all its routes.

    ``data[start:end]`` is the block, ``base`` what is added to the offsets in errors, ``session`` the
    context. ``rib_family`` is the (AFI, SAFI) of a TABLE_DUMP_V2 entry, whose MP_REACH_NLRI may be
    abbreviated to the next hop (RFC 6396 section 4.3.4), else ``None``.
    """

    __slots__ = (
        *("_cache", "_data", "_end", "_index", "_pool", "_start"),
        *("base", "rib_family", "session", "structure_error"),
    )
    _data: bytes
    _start: int
    _end: int
    _index: dict[int, tuple[int, int, int]]
    _cache: dict[int, Any]
    _pool: dict[int, dict[bytes, Any]] | None
    """Of a file's routes, what they share."""
    base: int
    session: Session
    rib_family: tuple[int, int] | None
    structure_error: DecodeError | None

    def __init__(
        self,
        data: Buffer,
        start: int = 0,
        end: int | None = None,
        session: Session = DEFAULT_SESSION,
        base: int = 0,
        rib_family: tuple[int, int] | None = None,
    ) -> None:
        octets = data if type(data) is bytes else as_bytes(data)
        if end is None:
            end = len(octets)
        if not 0 <= start <= end <= len(octets):
            raise ValueError(f"no octets {start} to {end} in a buffer of {len(octets)}")
        _become(self, making_attributes)
        self._pool = None
        self._set(octets, start, end, session, base, rib_family)

    def _set(
        self,
        data: bytes,
        start: int,
        end: int,
        session: Session,
        base: int,
        rib_family: tuple[int, int] | None,
    ) -> None:
        """What :data:`making_attributes` made gets its octets and its index, and is made then."""
        self._data = data
        self._start = start
        self._end = end
        self.session = session
        self.base = base
        self.rib_family = rib_family
        self._cache = {}
        # Code to (flags, start, end) of the first attribute of that code (RFC 7606 section 3 g).
        self._index = index = {}
        pos = start
        last = end - 3
        error = None
        while pos <= last:
            flags = data[pos]
            value = pos + 3
            if flags & 0x10:
                if value == end:
                    break
                after = value + 1 + (data[pos + 2] << 8 | data[value])
                value += 1
            else:
                after = value + data[pos + 2]
            code = data[pos + 1]
            if after > end:
                reason = f"attribute {code} runs over the end"
                error = torn_block(reason, pos + base, data[pos:end])
                break
            if code not in index:
                index[code] = flags, value, after
            pos = after
        if pos < end and error is None:
            error = torn_block("attribute header runs over the end", pos + base, data[pos:end])
        self.structure_error = error
        self.__class__ = PathAttributes

    @classmethod
    def _restore(cls, *args: Any) -> Self:
        return cls(*args)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("PathAttributes", bytes(self), 0, None, self.session, self.base + self._start, self.rib_family)

    def __bytes__(self) -> bytes:
        return self._data[self._start : self._end]

    def __contains__(self, code: object) -> bool:
        return code in self._index

    def walk(self) -> list[Attribute]:
        """Every attribute in wire order, duplicates too, up to the first that runs over the end."""
        out = []
        data, pos, end = self._data, self._start, self._end
        while end - pos >= 3:
            value = pos + 3
            length = data[pos + 2]
            if data[pos] & 0x10:
                if end - pos < 4:
                    break
                value += 1
                length = length << 8 | data[pos + 3]
            if end - value < length:
                break
            first = self._index[data[pos + 1]][1] == value
            out.append(
                Attribute(
                    self, data[pos + 1], data[pos], pos + self.base, data[pos : value + length], value - pos, first
                )
            )
            pos = value + length
        return out

    def raw(self, code: int) -> bytes | None:
        """The octets of the first attribute ``code``'s value; ``None`` if it is absent."""
        found = self._index.get(code)
        return None if found is None else self._data[found[1] : found[2]]

    def flags(self, code: int) -> int | None:
        """The flags octet of the first attribute ``code``; ``None`` if it is absent."""
        found = self._index.get(code)
        return None if found is None else found[0]

    def value_offset(self, code: int) -> int | None:
        """Where the value of attribute ``code`` begins; ``None`` if it is absent."""
        found = self._index.get(code)
        return None if found is None else found[1] + self.base

    def __getitem__(self, code: int) -> Any:
        """The decoded value of attribute ``code``.

        KeyError if it is absent, :class:`bgpwire.DecodeError` if it is malformed; an attribute without a
        decoder comes as :class:`bgpwire.UnknownAttribute`.
        """
        value = self.get(code)
        if value is None:
            value = self._cache.get(code)
            if value is None:
                raise KeyError(code)
            raise value.fresh()
        return value

    def get(self, code: int) -> Any:
        """The decoded value of attribute ``code``; ``None`` if it is absent or malformed."""
        cache = self._cache
        if code in cache:
            value = cache[code]
        else:
            found = self._index.get(code)
            if found is None:
                return None
            flags, start, end = found
            try:
                if self._pool is None or code not in self._pool:
                    value = self._decode(code, flags, start, end)
                else:
                    octets = self._data[start:end]
                    known = self._pool[code]
                    value = known.get(octets)
                    if value is None:
                        value = self._decode(code, flags, start, end)
                        if len(octets) <= _LONGEST:
                            remember(known, octets, value, _MOST)
            except DecodeError as error:
                cache[code] = error.fresh()
                return None
            cache[code] = value
            return value
        return None if isinstance(value, DecodeError) else value

    @property
    def as_path(self) -> AsPath | None:
        """The effective path: AS_PATH, merged with AS4_PATH where RFC 6793 section 4.2.3 asks for it.

        ``attributes[2]`` and ``attributes[17]`` are the two as they came.
        """
        merged = AS4_PATH in self._index and not self.session.asn4
        path: AsPath | None = _merged_path(self) if merged else self.get(AS_PATH)
        self._cache[EFFECTIVE_PATH] = path
        return path

    def next_hop_of(self, mp: bool) -> Address | None:
        """The next hop of the NLRI field, or with ``mp`` the first address of MP_REACH_NLRI's.

        A RIB entry of IPv6 may have either form of MP_REACH_NLRI (RFC 6396 section 4.3.4), or NEXT_HOP alone.
        ``None`` where MP_REACH_NLRI's has a length that is not the family's (RFC 7606 section 7.11).
        """
        if not mp or MP_REACH_NLRI not in self._index:
            return self.get(NEXT_HOP)  # type: ignore[no-any-return]
        cache = self._cache
        if MP_NEXT_HOP in cache:
            return cache[MP_NEXT_HOP]  # type: ignore[no-any-return]
        _, start, end = self._index[MP_REACH_NLRI]
        address = next_hop_address(self._data, start, end, self.rib_family)
        if address is not None and self._pool is not None:
            known = self._pool[NEXT_HOP]
            octets = bytes(address)
            address = known[octets] if octets in known else remember(known, octets, address, _MOST)
        cache[MP_NEXT_HOP] = address
        return address

    def _decode(self, code: int, flags: int, start: int, end: int) -> Any:
        data = self._data
        if code == AS_PATH or code == AS4_PATH:
            asn4 = code == AS4_PATH or self.session.asn4
            try:
                check_as_path(data, start, end, asn4, self.base)
            except DecodeError as error:
                # A malformed AS4_PATH is discarded, and the UPDATE lives on (RFC 6793 section 6).
                raise error if code == AS_PATH else error.acted(Action.ATTRIBUTE_DISCARD) from None
            return AsPath._of(data[start:end], asn4)
        if code == NEXT_HOP:
            if end - start != 4:
                raise self._wrong("NEXT_HOP", code, start, end)
            return Address._of(data[start:end])
        if code == ORIGIN:
            if end - start != 1:
                raise self._wrong("ORIGIN", code, start, end)
            if data[start] > 2:
                raise UpdateMessageError(
                    f"ORIGIN {data[start]}",
                    start + self.base,
                    None,
                    INVALID_ORIGIN,
                    Action.TREAT_AS_WITHDRAW,
                    data[start:end],
                )
            return _ORIGINS[data[start]]
        if code == MULTI_EXIT_DISC or code == LOCAL_PREF:
            if end - start != 4:
                raise self._wrong("MULTI_EXIT_DISC" if code == MULTI_EXIT_DISC else "LOCAL_PREF", code, start, end)
            return int.from_bytes(data[start:end])
        if code == COMMUNITIES or code == EXTENDED_COMMUNITIES or code == LARGE_COMMUNITY:
            try:
                return _COLLECTIONS[code].from_bytes(data[start:end])
            except DecodeError as error:
                raise error.moved(start + self.base) from None
        entry = ATTRIBUTES[code] if code in ATTRIBUTES.listed else None
        if entry is None or entry.decode is None:
            return UnknownAttribute(code, flags, data[start:end])
        reader = Reader(data, start, end, self.base)
        try:
            value = entry.decode(reader, self)
        except DecodeError as error:
            if error.code:
                raise
            raise UpdateMessageError(
                f"{entry.name}: {error.reason}", error.offset, None, ATTRIBUTE_LENGTH, entry.action, data[start:end]
            ) from None
        if len(reader):
            raise UpdateMessageError(
                f"{entry.name}: {len(reader)} octets too many", reader.offset, None, ATTRIBUTE_LENGTH, entry.action
            )
        return value

    def _wrong(self, name: str, code: int, start: int, end: int) -> DecodeError:
        return UpdateMessageError(
            f"{name} of {end - start} octets",
            start + self.base,
            None,
            ATTRIBUTE_LENGTH,
            Action.TREAT_AS_WITHDRAW,
            self._data[start:end],
        )


making_attributes = making(PathAttributes)
