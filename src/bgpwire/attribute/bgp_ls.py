"""The BGP-LS attribute (RFC 9552 section 5.3): what is known of the nodes, links and prefixes in the same UPDATE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire.bgp_ls.protocol import Igp
from bgpwire.bgp_ls.table import ATTRIBUTE_TABLES
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, DecodeError, UpdateMessageError
from bgpwire.fields import Tlv, find, salvage_tlvs, to_json
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


@attribute(29, "bgp_ls_attribute", 0x80, Action.ATTRIBUTE_DISCARD)
@dataclass(frozen=True, slots=True)
class BgpLsAttribute:
    """TLVs in wire order, those nobody knows too. ``igp`` tells whose flags the SIDs have, ``None``: not known.

    Where a TLV runs over the end (an attribute cut at 4096 octets: section 5.3), ``tlvs`` are those before it,
    and ``error`` says that RFC 9552 section 8.2.2 asks to discard the attribute.
    """

    tlvs: tuple[Tlv, ...]
    data: bytes
    igp: Igp | None = None
    error: DecodeError | None = None

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> BgpLsAttribute:
        """TLVs until the octets end; flags by the protocol of the NLRI in MP_REACH_NLRI, if that says one."""
        begin = reader.offset
        igp = _igp(attributes)
        tlvs, error = salvage_tlvs(reader, ATTRIBUTE_TABLES[igp])
        data = reader.since(begin)
        if error is not None:
            reason = f"BGP-LS attribute: {error.reason}"
            error = UpdateMessageError(reason, error.offset, None, ATTRIBUTE_LENGTH, Action.ATTRIBUTE_DISCARD, data)
        return cls(tlvs, data, igp, error)

    def find(self, kind: int) -> Any:
        """The value of the first sound TLV of that type, ``None`` if there is none."""
        return find(self.tlvs, kind)

    def __bytes__(self) -> bytes:
        return self.data

    def __str__(self) -> str:
        return " ".join(f"{tlv.name or tlv.type}={to_json(tlv.value)}" for tlv in self.tlvs)

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"tlvs": to_json(self.tlvs)}
        if self.error is not None:
            out["error"] = self.error.json()
        return out


def _igp(attributes: PathAttributes) -> Igp | None:
    """The IGP that all NLRI of the UPDATE agree on."""
    reach = attributes.mp_reach
    if reach is None or reach.afi != 16388:
        return None
    found = {Igp.of(getattr(nlri, "protocol_id", None)) for nlri in reach.nlri.values}
    return found.pop() if len(found) == 1 else None
