"""Tunnel Encapsulation (RFC 9012), SR policies among its tunnels (RFC 9830)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgpwire.attribute.tlv_block import TlvBlock, block_fault
from bgpwire.attribute.tunnel_encapsulation_tables import TUNNEL_TYPES, sub_tlv_table
from bgpwire.errors import Action
from bgpwire.fields import Field, Table, Tlv, read_tlv, salvage_tlvs
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


def _sub_tlvs(tunnel: int) -> Field:
    """Sub-TLVs of one tunnel: types from 128 on have lengths of 2 octets, the others of 1 (RFC 9012 section 2)."""
    table = sub_tlv_table(tunnel)

    def read(reader: Reader) -> tuple[Tlv, ...]:
        out = []
        while len(reader):
            kind = reader.u8()
            out.append(read_tlv(reader.sub(reader.uint(2 if kind & 0x80 else 1)), kind, table))
        return tuple(out)

    return read


_TUNNELS: Table = {code: (name, _sub_tlvs(code)) for code, name in TUNNEL_TYPES.items()}


@attribute(23, "tunnel_encapsulation", 0xC0, Action.TREAT_AS_WITHDRAW)
@dataclass(frozen=True, slots=True, eq=False)
class TunnelEncapsulation(TlvBlock):
    """Tunnels to choose from: a TLV each, whose value is its sub-TLVs; octets where the type is unknown."""

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> TunnelEncapsulation:
        """Tunnels until the octets end; a length that fits nowhere withdraws the routes (RFC 9012 section 13)."""
        begin = reader.offset
        tunnels, error = salvage_tlvs(reader, _TUNNELS)
        data = reader.since(begin)
        torn = error or next((tunnel.error for tunnel in tunnels if tunnel.error is not None), None)
        return cls(tunnels, data, block_fault("Tunnel Encapsulation", torn, Action.TREAT_AS_WITHDRAW, data))
