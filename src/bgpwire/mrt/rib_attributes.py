"""Path attributes as an entry of TABLE_DUMP_V2 has them (RFC 6396 section 4.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import PathAttributes
from bgpwire.attribute.aggregator import FIELDS
from bgpwire.attribute.block import attribute_wire
from bgpwire.numbers.attribute import (
    AGGREGATOR,
    AS4_AGGREGATOR,
    AS4_PATH,
    AS_PATH,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
)
from bgpwire.value.as_path import pack_segments

if TYPE_CHECKING:
    from bgpwire.value.attributes import Attribute


def rib_attributes(attributes: PathAttributes, family: tuple[int, int]) -> bytes:
    """The octets of ``attributes`` in an entry for a route of ``family``.

    Those of an entry of TABLE_DUMP_V2 are what they were. Those of an UPDATE, or of TABLE_DUMP with AS numbers of 2
    octets, are made into such: AS_PATH and AGGREGATOR have AS numbers of 4 octets, merged with AS4_PATH and
    AS4_AGGREGATOR (RFC 6793 section 4.2.3), which are left out; MP_REACH_NLRI is the next hop alone, and is left out
    where its routes are of another family, as MP_UNREACH_NLRI always is. ValueError where one of these cannot be read.
    """
    if type(attributes) is not PathAttributes:
        raise TypeError(f"attributes are PathAttributes, not {type(attributes).__name__}")
    session = attributes.session
    if session.asn4 and (
        attributes.rib_family is not None or not (MP_REACH_NLRI in attributes or MP_UNREACH_NLRI in attributes)
    ):
        return bytes(attributes)
    if attributes.structure_error is not None:
        raise ValueError(f"attributes: {attributes.structure_error}")
    return b"".join(_rewritten(attribute, attributes, family) for attribute in attributes)


def _rewritten(attribute: Attribute, attributes: PathAttributes, family: tuple[int, int]) -> bytes:
    """The octets of one attribute, header included; none of one that is left out."""
    code = attribute.code
    value: Any = None
    if code == MP_UNREACH_NLRI:
        return b""
    if code == MP_REACH_NLRI:
        reach = _needed(attributes.mp_reach, attribute)
        if reach.abbreviated:
            return bytes(attribute)
        if reach.family != family:
            return b""
        value = bytes((len(reach.next_hop),)) + bytes(reach.next_hop)
    elif attributes.session.asn4:
        return bytes(attribute)
    elif code == AS_PATH:
        value = pack_segments(_needed(attributes.as_path, attribute).segments)
    elif code == AGGREGATOR:
        value = FIELDS[True].encode(_needed(attributes.aggregator, attribute))
    elif code in (AS4_PATH, AS4_AGGREGATOR):
        return b""
    else:
        return bytes(attribute)
    return attribute_wire(attribute.flags, code, value)


def _needed(value: Any, attribute: Attribute) -> Any:
    """The value. ValueError where the attribute is malformed, or not the first of its code: which of two holds is not
    for a writer to say."""
    if value is None or attribute.duplicate:
        raise ValueError(f"attributes: {attribute.name} is {'a duplicate' if attribute.duplicate else 'malformed'}")
    return value
