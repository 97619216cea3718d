"""AFI 25: VPLS (RFC 4761), auto-discovery (RFC 6074), Kompella (RFC 6624), multi-segment pseudowires (RFC 7267)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire import field as fields
from bgpwire._impl import Address, Reader, RouteDistinguisher, Writer
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import Declared, MalformedNlri, Sized, whole
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.nlri.base import NlriContext


_label_base = fields.high(3, 20)
"""20 bits of label in 3 octets (RFC 4761 section 3.2.2)."""


class BitTlvs(fields.Tlvs):
    """TLVs of a one-octet type and two octets of length, which counts bits (RFC 6624 section 3)."""

    __slots__ = ()

    def salvage(self, reader: Reader) -> tuple[tuple[fields.Tlv, ...], DecodeError | None]:
        out = []
        while len(reader):
            kind = reader.u8()
            out.append(self.one(reader.sub((reader.u16() + 7) >> 3), kind))
        return tuple(out), None

    def write(self, writer: Writer, value: Any) -> None:
        for tlv in value:
            writer.u8(tlv.type)
            writer.u16(8 * len(tlv.data))
            writer.octets(tlv.data)


# One bit a circuit, 1 where it is down (RFC 6624 section 3.1).
_bit_tlvs = fields.optional(BitTlvs({1: ("circuit_status", fields.octets)}))


class L2vpn(Declared):
    """Both NLRI of AFI 25, SAFI 65 and that of SAFI 128 have a route distinguisher."""

    rd: RouteDistinguisher

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        """Two octets of length in front, in both families."""
        writer = Writer()
        with writer.sub(2) as body:
            cls.write(body, values, context)
        return bytes(writer)


class Vpls(L2vpn):
    """RFC 4761 section 3.2.2: a block of ``block_size`` labels from ``label_base`` for sites from ``block_offset``.

    A Layer 2 VPN (RFC 6624 section 3) may have TLVs behind it.
    """

    layout = fields.Layout(
        rd=parts.rd,
        ve_id=fields.u16,
        block_offset=fields.u16,
        block_size=fields.u16,
        label_base=_label_base,
        tlvs=_bit_tlvs,
    )
    key = ("rd", "ve_id", "block_offset", "block_size", "label_base")


class BgpAd(L2vpn):
    """RFC 6074 sections 3.2.2.1 and 7: the address of a PE (or its identifier within the VPLS)."""

    pe_address: Address
    layout = fields.Layout(rd=parts.rd, pe_address=fields.ipv4)


@nlri((25, 128))
class Kompella(L2vpn, Sized):
    """draft-kompella-ppvpn-l2vpn, before RFC 6624: no size of the block, which the circuit status vector tells."""

    size = fields.u16
    layout = fields.Layout(
        rd=parts.rd,
        ce_id=fields.u16,
        block_offset=fields.u16,
        label_base=_label_base,
        tlvs=_bit_tlvs,
    )
    key = ("rd", "ce_id", "block_offset", "label_base")


@nlri((25, 65))
class VplsFamily(L2vpn):
    """Three NLRI share the family, and their length in octets tells them apart.

    12 is discovery (RFC 6074 section 7), 17 VPLS (RFC 4761 section 3.2.2), 17 and TLVs a Layer 2 VPN (RFC 6624
    section 3). What then is no circuit status vector can only be of the form before RFC 6624.
    """

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        size = reader.u16()
        at = reader.offset
        octets = reader.take(size)
        if size == 12:
            kind: type[L2vpn] = BgpAd
        else:
            kind = Vpls if size == 17 or _has_status(octets[17:]) else Kompella
        return whole(kind, Reader(octets, 0, None, at), context)

    @classmethod
    def kind_of(cls, form: Mapping[str, Any]) -> type[Declared]:
        return next((kind for kind in (BgpAd, Vpls, Kompella) if [*kind.layout.keys()][1] in form), cls)


def _has_status(octets: bytes) -> bool:
    """Whether these are TLVs, a circuit status vector in front."""
    try:
        tlvs = _bit_tlvs(Reader(octets))
    except DecodeError:
        return False
    return tlvs is not None and tlvs[0].type == 1


@nlri((25, 6))
class MultiSegmentPseudowire(Declared):
    """RFC 7267 section 4.1.3: ``length`` bits of a route distinguisher and an attachment circuit (AII type 2).

    The default route has none of them. An aggregate stops in the prefix, or behind it; bits behind its end are
    cleared. Other lengths than 0, 96 to 127 and 160 are invalid.
    """

    length: int
    rd: RouteDistinguisher
    global_id: int
    prefix: int
    ac_id: int

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        at, bits = reader.offset, reader.u8()
        body = reader.sub((bits + 7) >> 3)
        if bits == 0:
            return cls.of({"length": 0})
        if not 96 <= bits < 128 and bits != 160:
            return MalformedNlri(None, DecodeError(f"a pseudowire prefix of {bits} bits", at))
        out: dict[str, object] = {"length": bits, "rd": parts.rd(body)}
        for left, name in zip(range(bits - 64, 0, -32), ("global_id", "prefix", "ac_id"), strict=False):
            size = min(4, len(body))
            out[name] = body.uint(size) << (32 - 8 * size) & -1 << max(0, 32 - left)
        return cls.of(out)

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        bits, whole = values["length"], Writer()
        if bits:
            parts.rd.write(whole, values["rd"])
            for name in ("global_id", "prefix", "ac_id"):
                whole.u32(values.get(name) or 0)
        return fields.u8.encode(bits) + bytes(whole)[: (bits + 7) >> 3]

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        out = {name: form[name] for name in ("length", "global_id", "prefix", "ac_id") if name in form}
        return out | ({"rd": parts.rd.from_json(form["rd"])} if "rd" in form else {})
