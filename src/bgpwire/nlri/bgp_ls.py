"""BGP-LS NLRI: nodes, links, prefixes, SIDs and paths (RFC 9552 section 5.2, RFC 9514, RFC 9815, RFC 9857)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from bgpwire._impl import Reader, RouteDistinguisher
from bgpwire.bgp_ls.descriptors import BY_NLRI_TYPE, DESCRIPTORS
from bgpwire.bgp_ls.protocol import PROTOCOLS
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, DecodeError, UpdateMessageError
from bgpwire.field import UNKNOWN, Tlv, Walk, find, named, octets, tlvs_text, to_json, u16, u64
from bgpwire.nlri.base import Nlri, NlriContext
from bgpwire.nlri.parts import rd
from bgpwire.registry import nlri

SAFI_VPN = 72
_PROTOCOL = named(PROTOCOLS)


@nlri((16388, 71), (16388, 72), (16388, 80))
class BgpLsNlri(Nlri):
    """One object of a link-state topology: who says it (protocol, instance), and the descriptors that name it.

    ``type`` is the NLRI type, ``rd`` ``None`` but in SAFI 72, ``tlvs`` the descriptors in wire order. The length
    in front keeps one bad NLRI from harming the next: ``error`` says what is wrong with this one, whose ``tlvs``
    are those before the fault. Its offsets count from the first octet of the NLRI, so that equal octets make equal
    values. A type nobody registered has no more than its octets (``value``).
    """

    def __init__(
        self,
        type: int,
        rd: RouteDistinguisher | None = None,
        protocol_id: int | None = None,
        identifier: int | None = None,
        tlvs: tuple[Tlv, ...] = (),
        value: bytes | None = None,
        error: DecodeError | None = None,
    ) -> None:
        self.type = type
        self.rd = rd
        self.protocol_id = protocol_id
        self.identifier = identifier
        self.tlvs = tlvs
        self.value = value
        self.error = error

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> BgpLsNlri:
        """Type, length, then what the length covers; only a length over the end is fatal."""
        kind = reader.u16()
        body = Reader(reader.take(reader.u16()), base=4)
        begin = body.offset
        try:
            rd = RouteDistinguisher.from_bytes(body.take(8)) if context.safi == SAFI_VPN else None
            if kind not in BY_NLRI_TYPE:
                return cls(kind, rd, value=body.rest())
            protocol_id, identifier = body.u8(), body.u64()
        except DecodeError as error:
            body.skip(len(body))
            return cls(kind, value=body.since(begin), error=_fault(error.reason, error.offset))
        at = body.offset
        tlvs, torn = DESCRIPTORS[kind].salvage(body)
        fault = None if torn is None else _fault(torn.reason, torn.offset)
        return cls(kind, rd, protocol_id, identifier, tlvs, None, fault or _check(tlvs, at))

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        kind = walk("type", u16)

        def read(body: Walk) -> None:
            if context.safi == SAFI_VPN:
                body("rd", rd)
            if kind not in BY_NLRI_TYPE:
                body(UNKNOWN, octets)
                return
            body("protocol_id", _PROTOCOL)
            body("identifier", u64)
            body("tlvs", DESCRIPTORS[kind])

        walk.sub(walk("length", u16)).whole(read)

    @property
    def name(self) -> str | int:
        """``node``, ``link`` … or the number of a type nobody registered."""
        return BY_NLRI_TYPE[self.type][0] if self.type in BY_NLRI_TYPE else self.type

    @property
    def protocol(self) -> str | int | None:
        """``isis_level_2``, ``ospfv2`` … or the number nobody registered."""
        return self.protocol_id if self.protocol_id is None else PROTOCOLS.get(self.protocol_id, self.protocol_id)

    def find(self, kind: int) -> Any:
        """The value of the first sound descriptor of that TLV type, ``None`` if there is none."""
        return find(self.tlvs, kind)

    @property
    def local_node(self) -> tuple[Tlv, ...] | None:
        """The local node descriptors (TLV 256)."""
        return self.find(256)  # type: ignore[no-any-return]

    @property
    def remote_node(self) -> tuple[Tlv, ...] | None:
        """The remote node descriptors of a link (TLV 257)."""
        return self.find(257)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        """Type, route distinguisher, protocol, instance, descriptors: ``node ospfv2:0 local_node_descriptors {…}``."""
        if self.protocol_id is None:
            return f"{self.name} 0x{(self.value or b'').hex()}"
        rd = "" if self.rd is None else f"{self.rd} "
        return f"{self.name} {rd}{self.protocol}:{self.identifier} {tlvs_text(self.tlvs)}"

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": self.name}
        if self.rd is not None:
            out["rd"] = str(self.rd)
        if self.protocol_id is None:
            out["value"] = to_json(self.value)
        else:
            out |= {"protocol": self.protocol, "identifier": to_json(self.identifier)}
            out["tlvs"] = DESCRIPTORS[self.type].to_json(self.tlvs)
        if self.error is not None:
            out["error"] = self.error.json()
        return out


def _fault(reason: str, offset: int) -> DecodeError:
    """RFC 9552 section 8.2.2: with its length known, one malformed NLRI is skipped, not the family."""
    return UpdateMessageError(f"BGP-LS NLRI: {reason}", offset, None, OPTIONAL_ATTRIBUTE, Action.TREAT_AS_WITHDRAW)


def _check(tlvs: tuple[Tlv, ...], offset: int) -> DecodeError | None:
    """TLVs ascend by type, those of one type by length and then value, in the node descriptors too (section 5.1)."""
    keys = [(tlv.type, len(tlv.data), tlv.data) for tlv in tlvs]
    for before, after in pairwise(keys):
        if after < before:
            return _fault(f"TLV {after[0]} stands behind {before[0]}", offset)
    for tlv in tlvs:
        if tlv.type in (256, 257) and isinstance(tlv.value, tuple):  # one inside another is octets
            fault = _check(tlv.value, offset)
            if fault is not None:
                return fault
    return None
