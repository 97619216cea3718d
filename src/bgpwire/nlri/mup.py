"""Mobile User Plane (SAFI 85): draft-ietf-bess-mup-safi section 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire import field as fields
from bgpwire._impl import Address, Prefix, Reader, RouteDistinguisher, Writer
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, IP, Safi, families
from bgpwire.capability.fields import Code
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.declared import malformed
from bgpwire.nlri.route_type import Fronted
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.nlri.base import NlriContext, OfFamily

THREE_GPP_5G = 1
_NAMES = {THREE_GPP_5G: "3gpp_5g"}
_ARCHITECTURE = Code(1, lambda number: _NAMES.get(number, number), {name: n for n, name in _NAMES.items()}.__getitem__)
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


_tlvs = fields.optional(TLVS)
_ABSENT = fields.reserved(0)
# Drafts before it had a source leave it out.
_source = fields.chosen(
    lambda reader: parts.optional_address if len(reader) else _ABSENT,
    lambda value: parts.optional_address,
    parts.optional_address,
)


@nlri(*families(IP, Safi.MUP))
class Mup(Fronted):
    """An architecture type, a route type of two octets and a length; types 1 to 4 are those of 3GPP 5G."""

    type_size = 2
    rd: RouteDistinguisher

    front = ("architecture", _ARCHITECTURE)
    fronted = THREE_GPP_5G


_INTERWORK = {afi: fields.Layout(rd=parts.rd, prefix=fields.prefix(afi)) for afi in (AFI_IPV4, AFI_IPV6)}
_TYPE_1 = {
    afi: fields.Layout(
        rd=parts.rd,
        prefix=fields.prefix(afi),
        teid=fields.u32,
        qfi=fields.u8,
        endpoint=parts.sized_address,
        source=_source,
        tlvs=_tlvs,
    )
    for afi in (AFI_IPV4, AFI_IPV6)
}


class EndpointLength(fields.Field):
    """How many bits of a TEID follow an address of ``size`` bits, in an octet that counts both."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        def read(reader: Reader) -> int:
            bits = reader.u8() - size
            if not 0 <= bits <= 32:
                raise DecodeError(f"an endpoint of {bits + size} bits", reader.offset - 1)
            return bits

        super().__init__(read, width=1)
        self._size = size

    def write(self, writer: Writer, value: Any) -> None:
        writer.u8(value + self._size)

    def schema(self) -> dict[str, Any]:
        return fields.u8.schema()


def _type_2(address: fields.Field, size: int) -> fields.Layout:
    """One length in bits covers an ``address`` of ``size`` bits and the first bits of a TEID, 32 at most."""
    return fields.Layout(
        rd=parts.rd,
        teid_length=EndpointLength(size),
        endpoint=address,
        teid=fields.depends(lambda values: parts.first_bits(values["teid_length"]), fields.u32),
        tlvs=_tlvs,
    )


_TYPE_2 = {1: _type_2(fields.ipv4, 32), 2: _type_2(fields.ipv6, 128)}


class InterworkSegmentDiscovery(Mup, type=1, name="interwork_segment_discovery"):
    prefix: Prefix

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _INTERWORK[context.afi]


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
    laid_out = Mup.laid_out

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _TYPE_1[context.afi]

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        at = reader.offset + 8
        out = cls.layout_of(context).read(reader)
        return cls.of(out | _teid_fault(out["teid"], at + len(bytes(out["prefix"]))))

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
    laid_out = Mup.laid_out

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _TYPE_2[context.afi]

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        at = reader.offset + 9
        out = cls.layout_of(context).read(reader)
        # In text and JSON the length stands behind what it tells.
        bits, found = out.pop("teid_length"), out.pop("tlvs")
        out["teid_length"], out["tlvs"] = bits, found
        if bits and not out["teid"]:
            out |= _teid_fault(0, at + len(bytes(out["endpoint"])))
        return cls.of(out)

    key = ("rd", "endpoint", "teid", "teid_length")
