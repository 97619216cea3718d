"""Path attributes: the header of each, and its value by the field that its class declares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from bgpwire.dissect.mp import walk_mp_reach, walk_mp_unreach
from bgpwire.dissect.path import KERNEL_FIELDS, as_path
from bgpwire.errors import DecodeError
from bgpwire.field import UNKNOWN, Field, flags, octets, u8, u16, u32
from bgpwire.numbers import attribute as codes
from bgpwire.registry import ATTRIBUTES
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes
    from bgpwire.field import Walk

_FLAGS: Final = flags("optional", "transitive", "partial", "extended_length")
"""RFC 4271 section 4.3."""
_EXTENDED_LENGTH: Final = 0x10


def walk_attributes(walk: Walk, block: PathAttributes) -> None:
    """The attributes of ``block``, which are the octets of ``walk``.

    Of several with one code the first is decoded (RFC 7606 section 3 g).
    """
    seen: set[int] = set()
    while len(walk) > 2:
        code = walk.reader.ahead(2)[1]
        value = _Value.of(octets, "duplicate") if code in seen else _value(code, block)
        walk.part(attribute_name(code), partial(_attribute, value=value))
        seen.add(code)


class _Value(NamedTuple):
    """What reads a value, what its JSON is (``None``: the octets in hex), and what it is called."""

    read: Callable[[Walk], Any]
    to_json: Callable[[Any], Any] | None = None
    name: str = "value"

    @classmethod
    def of(cls, field: Field, name: str = "value") -> Self:
        return cls(field.walk, field.to_json, name)


def _attribute(walk: Walk, value: _Value) -> None:
    extended = walk.reader.peek() & _EXTENDED_LENGTH
    walk("flags", _FLAGS)
    walk("type", u8)
    walk.bounded(value.name, walk("length", u16 if extended else u8), value.read, value.to_json)


def _value(code: int, block: PathAttributes) -> _Value:
    """How the value of attribute ``code`` is read."""
    if code in (codes.AS_PATH, codes.AS4_PATH):
        return _Value.of(as_path(block.session.asn4 or code == codes.AS4_PATH))
    if code in KERNEL_FIELDS:
        return _Value.of(KERNEL_FIELDS[code])
    if code in _WALKS:
        return _Value(partial(_WALKS[code], block=block))
    entry = ATTRIBUTES[code]
    if entry is None or entry.owner is None:
        return _Value.of(octets, UNKNOWN)
    walk = getattr(entry.owner, "walk", None)
    if walk is not None:
        return _Value(partial(walk, attributes=block))
    field_of = getattr(entry.owner, "field_of", None)
    field = getattr(entry.owner, "field", None) if field_of is None else field_of(block)
    # A class of another package may have no more than decode().
    return _Value.of(octets if field is None else field)


def _attr_set(walk: Walk, block: PathAttributes) -> None:
    """RFC 6368 section 5; the decoder bounds how many stand inside each other."""
    walk("origin_asn", u32)
    found = block.get(codes.ATTR_SET)
    if found is None:
        raise DecodeError("ATTR_SET that is malformed, or more than 4 inside each other", walk.reader.offset)
    walk.part("attributes", partial(walk_attributes, block=found.attributes))


_WALKS: Final[dict[int, Callable[..., None]]] = {
    codes.MP_REACH_NLRI: walk_mp_reach,
    codes.MP_UNREACH_NLRI: walk_mp_unreach,
    codes.ATTR_SET: _attr_set,
}
