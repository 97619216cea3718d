"""Path attributes of values: what ``Update.announce`` and ``PathAttributes.replace`` take by name, read once.

They are held by code, in the form that the kernel ``pack_attributes`` writes: numbers, AS paths, communities, and whole
attributes in octets for the rest. What depends on the session waits for it: the width of AS
numbers (RFC 6793) and the next hop.
"""

from __future__ import annotations

from enum import Enum
from functools import partial
from operator import index
from typing import TYPE_CHECKING, Any, Final, TypedDict

from bgpwire._impl import Address, AsPath, Communities, ExtendedCommunities, LargeCommunities, PathAttributes
from bgpwire.attribute.aggregator import Aggregator
from bgpwire.attribute.as_width import Aggregated
from bgpwire.attribute.block import attribute_wire, value_octets
from bgpwire.attribute.kernels import read_values
from bgpwire.attribute.next_hop import NextHop
from bgpwire.errors import DecodeError, EncodeError
from bgpwire.numbers import attribute as codes
from bgpwire.registry import ATTRIBUTES
from bgpwire.session import DEFAULT_SESSION
from bgpwire.value.as_path import pack_segments
from bgpwire.value.attributes import Attribute, UnknownAttribute, attribute_name
from bgpwire.value.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from ipaddress import IPv4Address, IPv6Address

    from bgpwire._impl import Community, ExtendedCommunity, LargeCommunity

    type AttributesLike = PathAttributes | Mapping[int | str, Any] | Iterable[Attribute | UnknownAttribute]
    type HopLike = Address | NextHop | str | IPv4Address | IPv6Address | tuple[Any, Any]


class AttributeFields(TypedDict, total=False):
    """Path attributes by name. ``None`` says that there is none, also where a block that is changed has one."""

    origin: Origin | str | int
    """``"igp"``, ``"egp"`` or ``"incomplete"``."""
    as_path: AsPath | str | Iterable[int]
    """Text as ``AsPath`` reads it, or the AS numbers of one AS_SEQUENCE."""
    next_hop: HopLike | None
    """An address, a :class:`bgpwire.NextHop`, or a global and a link-local address."""
    med: int | None
    local_pref: int | None
    atomic_aggregate: bool | None
    aggregator: Aggregator | str | tuple[int, Any] | None
    """``"64500 192.0.2.1"``, or AS number and BGP identifier."""
    communities: Communities | Iterable[Community | str] | None
    """Also as one text with blanks between. No community is the same as none at all."""
    extended_communities: ExtendedCommunities | Iterable[ExtendedCommunity | str] | None
    large_communities: LargeCommunities | Iterable[LargeCommunity | str] | None
    """What stands there twice is written once (RFC 8092 section 5), but for :class:`bgpwire.LargeCommunities`."""
    originator_id: Address | str | None
    cluster_list: Iterable[Address | str] | None
    only_to_customer: int | None
    attributes: AttributesLike | None
    """The attributes that the named ones are put into: a block that was decoded, whose NLRI are left out; or others by
    code or name: a value that was decoded, its octets, or its JSON form (docs/json.md)."""


class _Unset(Enum):
    """Stands for a keyword that was not given, where ``None`` says that there is to be no such attribute."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "..."


UNSET: Final[Any] = _Unset.UNSET


def values_of(fields: Mapping[str, Any], base: Any) -> dict[int, Any]:
    """The values by code of :class:`AttributeFields`, put into the attributes ``base``.

    TypeError for a name that is none of :data:`NAMES`; :class:`bgpwire.EncodeError`, ValueError or TypeError for a
    value that is not one of the attribute.
    """
    for name in fields:
        if name not in NAMES and name != "attributes":
            raise TypeError(f"{name!r} is no attribute with a name of its own, which are {', '.join(NAMES)}")
    out = {} if base is None else values_in(base)
    read_values(tuple(fields.get(name, UNSET) for name in NAMES), TABLE, UNSET, out)
    return out


_ORIGINS: Final[dict[Any, int]] = {form: origin.value for origin in Origin for form in (origin, origin.json())}


def _origin(value: Any) -> int:
    try:
        return _ORIGINS[value]
    except (KeyError, TypeError):
        raise ValueError(f"origin: {value!r} is none of igp, egp, incomplete") from None


def _as_path(value: Any) -> AsPath:
    if isinstance(value, str):
        return AsPath(value)
    numbers = [_u32("as_path", number) for number in value]
    return AsPath.from_bytes(pack_segments([(2, numbers)] if numbers else []))


def _next_hop(value: Any) -> Address | NextHop:
    if isinstance(value, (Address, NextHop)):
        return value
    if isinstance(value, tuple):
        return NextHop(b"".join(bytes(_address(part)) for part in value))
    return Address(value)


def _address(value: Any) -> Address:
    return value if isinstance(value, Address) else Address(value)


def _u32(name: str, value: Any) -> int:
    number = index(value)
    if not 0 <= number <= 0xFFFFFFFF:
        raise EncodeError(name, number, 0xFFFFFFFF)
    return number


def _atomic(value: Any) -> bytes | None:
    return attribute_wire(0x40, codes.ATOMIC_AGGREGATE, b"") if value else None


def _aggregator(value: Any) -> Aggregated:
    if isinstance(value, str):
        asn, _, address = value.strip().partition(" ")
        value = int(asn), address.strip()
    if not isinstance(value, Aggregator):
        asn, address = value
        value = Aggregator(_u32("aggregator", asn), _identifier("aggregator", address))
    return Aggregated(value, 0xC0)


def _identifier(name: str, value: Any) -> Address:
    """A BGP identifier: an address of 4 octets."""
    found = _address(value)
    if found.version != 4:
        raise EncodeError(name, str(found), None, f"{found} is no identifier of 4 octets")
    return found


def _collection(kind: Any, unique: bool = False) -> Callable[[Any], Any]:
    """What reads communities of a kind: values or text. The kernel writes no attribute for none of them."""

    def read(value: Any) -> Any:
        found = kind(value.split() if isinstance(value, str) else value)
        return found.unique() if unique else found

    return read


def _originator_id(value: Any) -> bytes:
    return attribute_wire(0x80, codes.ORIGINATOR_ID, bytes(_identifier("originator_id", value)))


def _cluster_list(value: Any) -> bytes | None:
    if isinstance(value, str):
        value = value.split()
    found = b"".join(bytes(_identifier("cluster_list", cluster)) for cluster in value)
    return attribute_wire(0x80, codes.CLUSTER_LIST, found) if found else None


def _only_to_customer(value: Any) -> bytes:
    return attribute_wire(0xC0, codes.ONLY_TO_CUSTOMER, _u32("only_to_customer", value).to_bytes(4))


TABLE: Final[tuple[tuple[str, int, type | None, Callable[[Any], Any]], ...]] = (
    ("origin", codes.ORIGIN, None, _origin),
    ("as_path", codes.AS_PATH, AsPath, _as_path),
    ("next_hop", codes.NEXT_HOP, Address, _next_hop),
    ("med", codes.MULTI_EXIT_DISC, int, partial(_u32, "med")),
    ("local_pref", codes.LOCAL_PREF, int, partial(_u32, "local_pref")),
    ("atomic_aggregate", codes.ATOMIC_AGGREGATE, None, _atomic),
    ("aggregator", codes.AGGREGATOR, None, _aggregator),
    ("communities", codes.COMMUNITIES, Communities, _collection(Communities)),
    ("originator_id", codes.ORIGINATOR_ID, None, _originator_id),
    ("cluster_list", codes.CLUSTER_LIST, None, _cluster_list),
    ("extended_communities", codes.EXTENDED_COMMUNITIES, ExtendedCommunities, _collection(ExtendedCommunities)),
    ("large_communities", codes.LARGE_COMMUNITY, LargeCommunities, _collection(LargeCommunities, unique=True)),
    ("only_to_customer", codes.ONLY_TO_CUSTOMER, None, _only_to_customer),
)
"""Name, code, the type of what is a value already, and what reads any other."""
CODES: Final = {name: code for name, code, *_ in TABLE}
NAMES: Final = tuple(CODES)
"""The attributes that have a name of their own, by their codes."""
_OWN: Final = {code: (ready, read) for _, code, ready, read in TABLE}
_OF_SESSION: Final = frozenset((codes.AS_PATH, codes.NEXT_HOP, codes.AGGREGATOR))
_LEFT_OUT: Final = frozenset((codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI, codes.AS4_PATH, codes.AS4_AGGREGATOR))
"""What messages have of their own: NLRI, and what AS_PATH and AGGREGATOR leave over on a session of 2-octet numbers."""


def values_in(base: Any) -> dict[int, Any]:
    """The values of :attr:`AttributeFields.attributes`, by code."""
    if isinstance(base, PathAttributes):
        return _decoded(base)
    if hasattr(base, "items"):
        return dict(_written(_code_of(key), value) for key, value in base.items() if value is not None)
    return dict(_written(item.code, item) for item in base)


def _decoded(block: PathAttributes) -> dict[int, Any]:
    """The values of a block that was decoded, flags and octets as they came but for extended length where it is not
    needed. Of several with one code the first (RFC 7606 section 3 g). EncodeError for what is malformed."""
    if block.structure_error is not None:
        raise EncodeError("attributes", None, None, str(block.structure_error))
    out: dict[int, Any] = {}
    for attribute in block.walk():
        code = attribute.code
        if attribute.duplicate or code in _LEFT_OUT:
            continue
        try:
            value = block[code]
        except DecodeError as error:
            raise EncodeError(attribute.name, None, None, str(error)) from None
        if code == codes.AS_PATH:
            out[code] = block.as_path
        elif code == codes.AGGREGATOR:
            found = block.aggregator
            assert found is not None
            out[code] = Aggregated(Aggregator(found.asn, found.address), attribute.flags & 0xEF)
        elif code in (codes.NEXT_HOP, codes.MULTI_EXIT_DISC, codes.LOCAL_PREF):
            out[code] = value
        elif code == codes.ORIGIN:
            out[code] = value.value
        else:
            out[code] = attribute_wire(attribute.flags, code, attribute.data)
    reach = block.mp_reach
    if reach is not None:
        out[codes.NEXT_HOP] = reach.next_hop
    return out


def _code_of(key: int | str) -> int:
    if not isinstance(key, str):
        number = index(key)
        if not 0 <= number <= 0xFF:
            raise EncodeError("attributes", number, 0xFF)
        return number
    for code, name in codes.ATTRIBUTES.items():
        if name == key:
            return code
    head, _, number_text = key.rpartition("_")
    if head == "attribute" and number_text.isdecimal() and int(number_text) <= 0xFF:
        return int(number_text)
    raise ValueError(f"{key!r} is the name of no path attribute")


def _written(code: int, value: Any) -> tuple[int, Any]:
    """Code and value of one attribute: decoded, octets, or its JSON form."""
    if code in _LEFT_OUT:
        raise EncodeError(attribute_name(code), None, None, "is made of the routes and of the other attributes")
    octets = isinstance(value, (bytes, bytearray, memoryview))
    if _is_form(value):
        value, octets = value_octets(code, value), True
    if code in _OF_SESSION and (octets or isinstance(value, Attribute)):
        value, octets = _value(code, value), False
    if isinstance(value, (Attribute, UnknownAttribute)):
        return code, attribute_wire(value.flags, code, value.data)
    if code in _OWN and not octets:
        ready, read = _OWN[code]
        return code, value if type(value) is ready else read(value)
    if not octets and (isinstance(value, int) or not hasattr(value, "__bytes__")):
        value = value_octets(code, value)
    entry = ATTRIBUTES[code]
    flags = 0xC0 if entry is None or entry.flags is None else entry.flags
    return code, attribute_wire(flags, code, bytes(value))


def _is_form(value: Any) -> bool:
    """Whether it is the JSON form of an attribute that is made of several things: an object, or a list of objects."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _value(code: int, value: Any) -> Any:
    """The value of an attribute that is not the same in every session, octets being those of 4-octet AS numbers."""
    try:
        if isinstance(value, Attribute):
            return value.value
        return PathAttributes(attribute_wire(0x40, code, bytes(value)), 0, None, DEFAULT_SESSION)[code]
    except DecodeError as error:
        raise EncodeError(attribute_name(code), None, None, str(error)) from None
