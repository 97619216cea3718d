"""SFP attribute: the hops of a service function path (RFC 9015 section 3.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import ExtendedCommunity, RouteDistinguisher
from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action, DecodeError, UpdateMessageError
from bgpwire.field import Tlv, nothing, tlvs, u8, u24
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

ASSOCIATIONS = {1: "bidirectional"}


def _association(reader: Reader) -> dict[str, Any]:
    kind = reader.u8()
    rd = RouteDistinguisher.from_bytes(reader.take(8))
    return {"association": ASSOCIATIONS.get(kind, kind), "rd": rd, "spi": u24(reader)}


def _functions(reader: Reader) -> dict[str, Any]:
    """SFT and a list of SFIR-RDs; an entry whose first octet is 0x0b is an SFIR pool identifier."""
    out: dict[str, Any] = {"service_function_type": reader.u16()}
    entries: list[Any] = []
    while len(reader):
        entry = reader.take(8)
        is_pool = entry[0] == 0x0B
        entries.append(ExtendedCommunity.from_bytes(entry) if is_pool else RouteDistinguisher.from_bytes(entry))
    return out | {"instances": entries}


HOP_TABLE = tlvs({3: ("service_function_type", _functions), 4: ("mpls_swapping_stacking", nothing)}, 1, 2)


def _hop(reader: Reader) -> dict[str, Any]:
    return {"service_index": u8(reader), "tlvs": HOP_TABLE.read(reader)}


TABLE = tlvs({1: ("association", _association), 2: ("hop", _hop), 5: ("mpls_label_stack_traversal", nothing)}, 1, 2)


@attribute(37, "sfp_attribute", 0xC0)
class Sfp(FieldAttribute):
    """TLVs of 1 octet type and 2 octets length; at least one hop, each with a sub-TLV, else treated as withdrawn."""

    __slots__ = ()
    values: tuple[Tlv, ...]

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[Tlv, ...]:
        begin = reader.offset
        found = TABLE.read(reader)
        hops = [tlv for tlv in found if tlv.type == 2]
        for tlv in hops:
            if tlv.error is not None:
                raise DecodeError(f"hop: {tlv.error.reason}", tlv.error.offset)
        if not hops or not all(hop.value["tlvs"] for hop in hops):
            reason = "SFP attribute: no hop, or a hop without a sub-TLV"
            raise UpdateMessageError(reason, begin, None, 1, Action.TREAT_AS_WITHDRAW)
        return found
