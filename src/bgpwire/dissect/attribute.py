"""Path attributes: the header of each, and its value by the field that its class declares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from bgpwire.attribute.pmsi_tunnel_tables import AR_TYPES, TUNNELS
from bgpwire.dissect.mp import walk_mp_reach, walk_mp_unreach
from bgpwire.dissect.path import COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITIES, as_path
from bgpwire.errors import DecodeError
from bgpwire.field import (
    UNKNOWN,
    Bits,
    Field,
    checked,
    flag,
    flags,
    ipv4,
    named,
    octets,
    packed,
    record,
    repeat,
    u8,
    u16,
    u24,
    u32,
)
from bgpwire.registry import ATTRIBUTES
from bgpwire.value.attributes import attribute_name
from bgpwire.value.origin import Origin

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes
    from bgpwire.field import Walk

_FLAGS: Final = flags("optional", "transitive", "partial", "extended_length")
"""RFC 4271 section 4.3."""
_EXTENDED_LENGTH: Final = 0x10

_PMSI_FLAGS: Final = packed(
    1,
    reserved=Bits(1, spare=True),
    extension=flag(),
    leaf_information_required_per_flow=flag(),
    assisted_replication=Bits(2, AR_TYPES),
    bm=flag(),
    u=flag(),
    leaf_information_required=flag(),
)
"""RFC 6514 section 5, RFC 7902, RFC 8534, RFC 9574."""
_PMSI_TYPE: Final = named({kind: name for kind, (name, _) in TUNNELS.table.items()})


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
    wide = block.session.asn4
    if code in (2, 17):
        return _Value.of(as_path(wide or code == 17))
    if code in (7, 18):
        return _Value.of(record(asn=u32 if wide or code == 18 else u16, address=ipv4))
    if code in _FIELDS:
        return _Value.of(_FIELDS[code])
    if code in _WALKS:
        return _Value(partial(_WALKS[code], block=block))
    entry = ATTRIBUTES[code]
    if entry is None or entry.decode is None:
        return _Value.of(octets, UNKNOWN)
    field_of = getattr(entry.owner, "field_of", None)
    field: Field | None = None if field_of is None else field_of(block)
    if field is not None:
        return _Value.of(field)
    decode = entry.decode
    return _Value(lambda walk: decode(walk.reader, block))


_FIELDS: Final[dict[int, Field]] = {
    1: checked(named({origin: origin.json() for origin in Origin}), lambda value: isinstance(value, str), "ORIGIN {}"),
    3: ipv4,
    4: u32,
    5: u32,
    6: record(),
    8: COMMUNITIES,
    9: ipv4,
    10: repeat(ipv4),
    16: EXTENDED_COMMUNITIES,
    32: LARGE_COMMUNITIES,
    35: u32,
}


def _attr_set(walk: Walk, block: PathAttributes) -> None:
    """RFC 6368 section 5; the decoder bounds how many stand inside each other."""
    walk("origin_asn", u32)
    found = block.get(128)
    if found is None:
        raise DecodeError("ATTR_SET that is malformed, or more than 4 inside each other", walk.reader.offset)
    walk.part("attributes", partial(walk_attributes, block=found.attributes))


def _pmsi_tunnel(walk: Walk, block: PathAttributes) -> None:
    """RFC 6514 section 5."""
    walk("flags", _PMSI_FLAGS)
    kind = walk.reader.ahead(1)
    walk("tunnel_type", _PMSI_TYPE)
    walk("label", u24)
    TUNNELS.walk_value(walk, kind[0])


_WALKS: Final[dict[int, Callable[..., None]]] = {
    14: walk_mp_reach,
    15: walk_mp_unreach,
    22: _pmsi_tunnel,
    128: _attr_set,
}
