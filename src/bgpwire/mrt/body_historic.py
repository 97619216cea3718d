"""What collectors wrote before BGP4MP, and records of other protocols (RFC 6396 sections 4.1, 4.6, 4.7, appendix B)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from bgpwire._impl import Address, Reader
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.errors import MrtError
from bgpwire.message import Message
from bgpwire.mrt.bgp4mp import read_message
from bgpwire.mrt.bgp4mp_fields import read_legacy_head
from bgpwire.mrt.body import Body, Context, body
from bgpwire.mrt.names import type_name
from bgpwire.numbers import mrt, state_name
from bgpwire.numbers import mrt_subtype as subtypes
from bgpwire.route.legacy import LEGACY, MESSAGES, with_header

_BGP = tuple(sorted(LEGACY))


def _width(context: Context) -> int:
    """Octets of an address: RIPng has IPv6, RIP and OSPF have IPv4."""
    return 16 if context.record.type == mrt.RIPNG else 4


@body(*((kind, None) for kind in (mrt.NULL, mrt.START, mrt.DIE, mrt.I_AM_DEAD, mrt.PEER_DOWN)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Information(Body):
    """NULL, START, DIE, I_AM_DEAD, PEER_DOWN: the collector about itself; ``message`` is what it added."""

    name: ClassVar[str] = "information"

    event: str
    message: bytes

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(event=type_name(context.record), message=reader.rest())


@body(*((kind, subtype) for kind in _BGP for subtype in MESSAGES))
@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyMessage(Body):
    """A BGP message without its header (appendix B.2.1); ``message`` has one made up. AS numbers of 2 octets."""

    name: ClassVar[str] = "message"

    peer_asn: int
    peer_address: Address
    local_asn: int
    local_address: Address
    message: Message

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        record = context.record
        head, at = read_legacy_head(record.data, record.type, False)
        message = read_message(with_header(record.data[at:], record.subtype), at - 19, context.session(False))
        return cls(**head, message=message)


@body(*((kind, subtypes.BGP_STATE_CHANGE) for kind in _BGP))
@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyStateChange(Body):
    """BGP_STATE_CHANGE."""

    name: ClassVar[str] = "state_change"

    peer_asn: int
    peer_address: Address
    old_state: int
    new_state: int

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        head, at = read_legacy_head(context.record.data, context.record.type, True)
        states = Reader(context.record.data, at)
        return cls(**head, old_state=states.u16(), new_state=states.u16())

    def json(self) -> dict[str, Any]:
        out = super(LegacyStateChange, self).json()
        return out | {"old_state": state_name(self.old_state), "new_state": state_name(self.new_state)}


@body(*((kind, subtypes.BGP_SYNC) for kind in _BGP))
@dataclass(frozen=True, slots=True, kw_only=True)
class Sync(Body):
    """BGP_SYNC: names a file that holds a RIB."""

    name: ClassVar[str] = "sync"

    view: int
    file_name: str

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(view=reader.u16(), file_name=reader.rest().rstrip(b"\0").decode("utf-8", "replace"))


@body(
    *((kind, subtype) for kind in _BGP for subtype in (subtypes.BGP_NULL, subtypes.BGP_PREF_UPDATE)), (mrt.IDRP, None)
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque(Body):
    """BGP_NULL, BGP_PREF_UPDATE and IDRP, whose contents were never specified."""

    name: ClassVar[str] = "opaque"

    value: bytes

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(value=reader.rest())


@body(*((kind, None) for kind in (mrt.RIP, mrt.RIPNG, mrt.OSPFV2, mrt.OSPFV3)))
@dataclass(frozen=True, slots=True, kw_only=True)
class Packet(Body):
    """A packet of RIP, RIPng, OSPFv2 or OSPFv3: whose protocol it is, who sent it to whom, and its octets."""

    name: ClassVar[str] = "packet"

    protocol: str
    remote_address: Address
    local_address: Address
    packet: bytes

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        width = _width(context)
        if context.record.type in (mrt.OSPFV3, mrt.OSPFV3_ET):
            afi = reader.u16()
            if afi not in (AFI_IPV4, AFI_IPV6):
                raise MrtError(f"OSPFv3 address family {afi}", reader.offset - 2)
            width = 4 if afi == AFI_IPV4 else 16
        return cls(
            protocol=type_name(context.record).removesuffix("_et"),
            remote_address=reader.address(width),
            local_address=reader.address(width),
            packet=reader.rest(),
        )


@body((mrt.ISIS, None))
@dataclass(frozen=True, slots=True, kw_only=True)
class IsisPdu(Body):
    """A PDU of IS-IS (RFC 6396 section 4.6), link layer headers left out."""

    name: ClassVar[str] = "isis_pdu"

    pdu: bytes

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(pdu=reader.rest())
