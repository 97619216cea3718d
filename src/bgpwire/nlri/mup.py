"""Mobile User Plane (SAFI 85): draft-ietf-bess-mup-safi section 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire import field as fields
from bgpwire._impl import Address, Prefix, Reader, RouteDistinguisher
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri, UnknownNlri
from bgpwire.nlri.declared import RouteType, malformed
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.nlri.base import NlriContext

THREE_GPP_5G = 1
TLVS = fields.tlvs(
    {
        1: ("3gpp_5g_session_parameters", fields.record(teid=fields.u32, qfi=fields.u8)),
        2: ("interwork_endpoint", fields.address),
        3: ("source_address", fields.address),
    },
    1,
    1,
)


def _teid_fault(teid: int, offset: int) -> dict[str, Any]:
    """Section 3.1: a TEID of 0 is malformed, and the route to be withdrawn; all of it can be read nevertheless."""
    return {} if teid else {"error": malformed(DecodeError("TEID 0", offset))}


def _tlvs(reader: Reader) -> tuple[fields.Tlv, ...] | None:
    return TLVS.read(reader) or None


@nlri((1, 85), (2, 85))
class Mup(RouteType):
    """An architecture type, a route type of two octets and a length; types 1 to 4 are those of 3GPP 5G."""

    type_size = 2
    rd: RouteDistinguisher

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        architecture = reader.u8()
        if architecture == THREE_GPP_5G:
            return super().decode(reader, context)
        kind = reader.u16()
        reader.skip(reader.u8())
        return UnknownNlri(kind)

    def fields(self) -> dict[str, Any]:
        return {"architecture": "3gpp_5g"} | super().fields()


class InterworkSegmentDiscovery(Mup, type=1, name="interwork_segment_discovery"):
    prefix: Prefix

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        return cls.of({"rd": parts.rd(reader), "prefix": fields.read_prefix(reader, context.afi)})


class DirectSegmentDiscovery(Mup, type=2, name="direct_segment_discovery"):
    address: Address
    layout = fields.Layout(rd=parts.rd, address=fields.address)


class Type1SessionTransformed(Mup, type=3, name="type_1_session_transformed"):
    """``source`` is ``None`` where its length is 0, or absent as in older drafts; ``error`` says of TEID 0."""

    prefix: Prefix
    teid: int
    qfi: int
    endpoint: Address
    source: Address | None = None
    tlvs: tuple[fields.Tlv, ...] | None = None
    error: DecodeError | None = None

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        out: dict[str, Any] = {"rd": parts.rd(reader), "prefix": fields.read_prefix(reader, context.afi)}
        at = reader.offset
        out |= {"teid": reader.u32(), "qfi": reader.u8(), "endpoint": parts.sized_address(reader)}
        if len(reader):
            out["source"] = parts.optional_address(reader)
        return cls.of(out | {"tlvs": _tlvs(reader)} | _teid_fault(out["teid"], at))

    key = ("rd", "prefix", "teid", "qfi", "endpoint", "source")


class Type2SessionTransformed(Mup, type=4, name="type_2_session_transformed"):
    """One length in bits covers the endpoint and the first ``teid_length`` bits of the tunnel identifier.

    ``error`` says of a TEID that is there and 0.
    """

    endpoint: Address
    teid: int
    teid_length: int
    tlvs: tuple[fields.Tlv, ...] | None = None
    error: DecodeError | None = None

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        distinguisher, at = parts.rd(reader), reader.offset
        address = 32 if context.afi == 1 else 128
        bits = reader.u8() - address
        if not 0 <= bits <= 32:
            raise DecodeError(f"an endpoint of {bits + address} bits", at)
        endpoint = reader.address(address >> 3)
        behind = reader.offset
        teid = int.from_bytes(reader.take((bits + 7) >> 3).ljust(4, b"\0")) & (-1 << (32 - bits))
        out: dict[str, Any] = {"rd": distinguisher, "endpoint": endpoint, "teid": teid, "teid_length": bits}
        return cls.of(out | {"tlvs": _tlvs(reader)} | (_teid_fault(teid, behind) if bits else {}))

    key = ("rd", "endpoint", "teid", "teid_length")
