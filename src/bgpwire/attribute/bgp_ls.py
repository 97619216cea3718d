"""The BGP-LS attribute (RFC 9552 section 5.3): what is known of the nodes, links and prefixes in the same UPDATE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Afi
from bgpwire.attribute.tlv_block import TlvBlock, block_fault
from bgpwire.bgp_ls.protocol import Igp
from bgpwire.bgp_ls.table import ATTRIBUTE_FIELDS
from bgpwire.errors import Action
from bgpwire.field import Tlvs
from bgpwire.field.tlv import schema_of_rows
from bgpwire.numbers.attribute import BGP_LS_ATTRIBUTE
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


@attribute(BGP_LS_ATTRIBUTE, "bgp_ls_attribute", 0x80, Action.ATTRIBUTE_DISCARD)
@dataclass(frozen=True, slots=True, eq=False)
class BgpLsAttribute(TlvBlock):
    """``igp`` is the protocol whose flags the SIDs have; ``None``: not known, and the flags are numbers.

    An attribute cut at 4096 octets (section 5.3) ends in a TLV that runs over the end, for which section 8.2.2
    asks to discard the attribute. With routes of BGP SPF (SAFI 80), a malformed SPF Status withdraws them (RFC 9815
    section 7.1).
    """

    igp: Igp | None = None

    @property
    def field(self) -> Tlvs:
        return ATTRIBUTE_FIELDS[self.igp]

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Of a type whose flags depend on the IGP the value is as any of them has it."""
        names: dict[int, str] = {}
        values: dict[int, list[dict[str, Any]]] = {}
        for field in ATTRIBUTE_FIELDS.values():
            for kind, (name, row) in field.table.items():
                names[kind] = name
                found = values.setdefault(kind, [])
                if (schema := row.schema()) not in found:
                    found.append(schema)
        either = {kind: found[0] if len(found) == 1 else {"anyOf": found} for kind, found in values.items()}
        return cls.schema_of(schema_of_rows((kind, names[kind], schema) for kind, schema in either.items()))

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Tlvs:
        return ATTRIBUTE_FIELDS[_igp(attributes)]

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> BgpLsAttribute:
        """TLVs until the octets end; flags by the protocol of the NLRI in MP_REACH_NLRI, if that says one."""
        begin = reader.offset
        igp = _igp(attributes)
        tlvs, error = ATTRIBUTE_FIELDS[igp].salvage(reader)
        data = reader.since(begin)
        action, reach = Action.ATTRIBUTE_DISCARD, attributes.mp_reach
        if error is None and reach is not None and (reach.afi, reach.safi) == (16388, 80):
            error = next((tlv.error for tlv in tlvs if tlv.type == 1184 and tlv.error is not None), None)
            action = Action.TREAT_AS_WITHDRAW
        return cls(tlvs, data, block_fault("BGP-LS attribute", error, action, data), igp)

    def _key(self) -> tuple[Any, ...]:
        return self.data, self.igp


def _igp(attributes: PathAttributes) -> Igp | None:
    """The IGP that all NLRI of the UPDATE agree on."""
    reach = attributes.mp_reach
    if reach is None or reach.afi != Afi.BGP_LS:
        return None
    found = {Igp.of(getattr(nlri, "protocol_id", None)) for nlri in reach.nlri.values}
    return found.pop() if len(found) == 1 else None
