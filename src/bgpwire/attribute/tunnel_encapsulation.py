"""Tunnel Encapsulation (RFC 9012), SR policies among its tunnels (RFC 9830)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bgpwire.attribute.tlv_block import TlvBlock, block_fault
from bgpwire.attribute.tunnel_encapsulation_tables import ENCAPSULATIONS, TUNNEL_TYPES, sub_tlv_table
from bgpwire.errors import Action, DecodeError
from bgpwire.field import Field, Table, Tlv, Tlvs, tlvs, u8, u16
from bgpwire.numbers.attribute import TUNNEL_ENCAPSULATION
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


class SubTlvs(Tlvs):
    """Sub-TLVs of a tunnel: types from 128 on have lengths of 2 octets, the others of 1 (RFC 9012 section 2)."""

    __slots__ = ()

    def __init__(self, table: Table) -> None:
        super().__init__(table, 1)

    def into(self, reader: Reader, out: list[Tlv]) -> None:
        one = self.one
        while len(reader):
            kind = reader.u8()
            out.append(one(reader.sub(reader.u16() if kind & 0x80 else reader.u8()), kind))

    def length_of(self, kind: int) -> Field:
        return u16 if kind & 0x80 else u8


_PLAIN = SubTlvs(sub_tlv_table(0))
_SUB_TLVS = {code: SubTlvs(sub_tlv_table(code)) for code in ENCAPSULATIONS}
_TUNNELS = tlvs({code: (name, _SUB_TLVS.get(code, _PLAIN)) for code, name in TUNNEL_TYPES.items()})
_ENDPOINT = 6
_FAMILIES = frozenset({(1, 1), (2, 1), (1, 4), (2, 4), (1, 128), (2, 128), (25, 70)})
"""Where each tunnel has one egress endpoint (RFC 9012 section 6)."""


@attribute(TUNNEL_ENCAPSULATION, "tunnel_encapsulation", 0xC0, Action.TREAT_AS_WITHDRAW)
@dataclass(frozen=True, slots=True, eq=False)
class TunnelEncapsulation(TlvBlock):
    """Tunnels to choose from: a TLV each, whose value is its sub-TLVs; octets where the type is unknown."""

    @property
    def field(self) -> Tlvs:
        return _TUNNELS

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Tlvs:
        return _TUNNELS

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> TunnelEncapsulation:
        """Tunnels until the octets end. Withdraws the routes (RFC 9012 section 13) where a length fits nowhere, or
        where no tunnel is valid: there is none, or all have a malformed egress endpoint.

        Where only some have, those are to be ignored and removed: an error with the mildest action. Any other malformed
        sub-TLV counts as one that is not recognized: it has its own ``error``, and the attribute none.
        """
        begin = reader.offset
        tunnels, error = _TUNNELS.salvage(reader)
        data = reader.since(begin)
        torn = error or next((tunnel.error for tunnel in tunnels if tunnel.error is not None), None)
        if torn is None and not tunnels:
            torn = DecodeError("no tunnel", begin)
        if torn is not None:
            return cls(tunnels, data, block_fault("Tunnel Encapsulation", torn, Action.TREAT_AS_WITHDRAW, data))
        faults = [fault for tunnel in tunnels if (fault := _endpoint_fault(tunnel)) is not None]
        return cls(tunnels, data, _ignored(faults, len(tunnels), data))

    def endpoint_error(self, family: tuple[int, int], offset: int) -> DecodeError | None:
        """What is wrong with the tunnels of a route of ``family`` that do not have one egress endpoint (section 13).

        ``None`` for families that section 6 does not list, and where :attr:`error` already says that the attribute is
        malformed. Tunnels of an unknown type are not looked at. ``offset`` is that of the attribute.
        """
        if self.error is not None or family not in _FAMILIES:
            return None
        wrong = [n for tunnel in self.tlvs if tunnel.name and (n := _endpoints(tunnel)) != 1]
        faults = [DecodeError(f"a tunnel with {n or 'no'} egress endpoint{'s' if n else ''}", offset) for n in wrong]
        return _ignored(faults, len(self.tlvs), self.data)


def _endpoint_fault(tunnel: Tlv) -> DecodeError | None:
    """The fault of a malformed egress endpoint; an address family other than 0, 1 and 2 is no fault (section 3.1)."""
    if tunnel.name is None:
        return None
    for sub in tunnel.value:
        if sub.type == _ENDPOINT and sub.error is not None and (len(sub.data) < 6 or _known_family(sub)):
            fault: DecodeError = sub.error
            return fault
    return None


def _known_family(sub: Tlv) -> bool:
    return int.from_bytes(sub.data[4:6]) in (0, 1, 2)


def _endpoints(tunnel: Tlv) -> int:
    return sum(sub.type == _ENDPOINT and _known_family(sub) for sub in tunnel.value)


def _ignored(faults: list[DecodeError], tunnels: int, data: bytes) -> DecodeError | None:
    """The error of an attribute some of whose tunnels are to be ignored: if they are all, the routes go too."""
    if not faults:
        return None
    action = Action.TREAT_AS_WITHDRAW if len(faults) == tunnels else Action.ATTRIBUTE_DISCARD
    return block_fault("Tunnel Encapsulation", faults[0], action, data)
