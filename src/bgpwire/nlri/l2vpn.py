"""AFI 25: VPLS (RFC 4761), auto-discovery (RFC 6074), Kompella (RFC 6624), multi-segment pseudowires (RFC 7267)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire import field as fields
from bgpwire._impl import Address, Reader, RouteDistinguisher, Writer
from bgpwire.afi_safi import Afi, Safi
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.by_bits import ByBits
from bgpwire.nlri.declared import Declared, Sized
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.nlri.base import NlriContext


_octets_of_bits = fields.turned(fields.u16, lambda bits: (bits + 7) >> 3, lambda octets: 8 * octets)
# Lengths count bits (RFC 6624 section 3). The vector has one bit a circuit, 1 where it is down (section 3.1).
_bit_tlvs = fields.optional(fields.tlvs({1: ("circuit_status", fields.octets)}, 1, _octets_of_bits))


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

    def laid_out(self) -> bytes:
        return self.wire[2:]


class Vpls(L2vpn):
    """RFC 4761 section 3.2.2: a block of ``block_size`` labels from ``label_base`` for sites from ``block_offset``.

    A Layer 2 VPN (RFC 6624 section 3) may have TLVs behind it.
    """

    layout = fields.Layout(
        rd=parts.rd,
        ve_id=fields.u16,
        block_offset=fields.u16,
        block_size=fields.u16,
        label_base=fields.label,
        tlvs=_bit_tlvs,
    )
    key = ("rd", "ve_id", "block_offset", "block_size", "label_base")


class BgpAd(L2vpn):
    """RFC 6074 sections 3.2.2.1 and 7: the address of a PE (or its identifier within the VPLS)."""

    pe_address: Address
    layout = fields.Layout(rd=parts.rd, pe_address=fields.ipv4)


@nlri((Afi.L2VPN, Safi.MPLS_VPN))
class Kompella(L2vpn, Sized):
    """draft-kompella-ppvpn-l2vpn, before RFC 6624: the size of the block is that of the circuit status vector."""

    size = fields.u16
    layout = fields.Layout(
        rd=parts.rd,
        ce_id=fields.u16,
        block_offset=fields.u16,
        label_base=fields.label,
        tlvs=_bit_tlvs,
    )
    key = ("rd", "ce_id", "block_offset", "label_base")


@nlri((Afi.L2VPN, Safi.VPLS))
class VplsFamily(L2vpn, Sized):
    """Three NLRI share the family, and are distinguished by their length in octets.

    12 is discovery (RFC 6074 section 7), 17 VPLS (RFC 4761 section 3.2.2), 17 and TLVs a Layer 2 VPN (RFC 6624
    section 3). What then is no circuit status vector can only be of the form before RFC 6624.
    """

    size = fields.u16

    @classmethod
    def kind_in(cls, body: Reader) -> type[Declared]:
        if len(body) == 12:
            return BgpAd
        return Vpls if len(body) == 17 or _has_status(body.ahead(len(body))[17:]) else Kompella

    @classmethod
    def kind_of(cls, form: Mapping[str, Any]) -> type[Declared]:
        return next((kind for kind in (BgpAd, Vpls, Kompella) if [*kind.layout.keys()][1] in form), cls)


def _has_status(octets: bytes) -> bool:
    """Whether these are TLVs, a circuit status vector in front."""
    try:
        tlvs = _bit_tlvs.read(Reader(octets))
    except DecodeError:
        return False
    return tlvs is not None and tlvs[0].type == 1


_PSEUDOWIRES = {
    0: fields.Layout(),
    96: fields.Layout(rd=parts.rd, global_id=fields.u32),
    160: fields.Layout(rd=parts.rd, global_id=fields.u32, prefix=fields.u32, ac_id=fields.u32),
} | {
    bits: fields.Layout(rd=parts.rd, global_id=fields.u32, prefix=parts.first_bits(bits - 96))
    for bits in range(97, 128)
}


@nlri((Afi.L2VPN, Safi.MS_PW))
class MultiSegmentPseudowire(ByBits):
    """RFC 7267 section 4.1.3: ``length`` bits of a route distinguisher and an attachment circuit (AII type 2).

    The default route has none of them. An aggregate stops in the prefix, or behind it; bits behind its end are
    cleared. Other lengths than 0, 96 to 127 and 160 are invalid.
    """

    layouts = _PSEUDOWIRES
    layout = fields.Layout(length=fields.u8, **_PSEUDOWIRES[160])
    reason = "a pseudowire prefix of {} bits"
