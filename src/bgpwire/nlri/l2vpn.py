"""AFI 25: VPLS (RFC 4761), auto-discovery (RFC 6074), Kompella (RFC 6624), multi-segment pseudowires (RFC 7267)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bgpwire import fields
from bgpwire._impl import Address, Reader, RouteDistinguisher
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import Declared, Layout, MalformedNlri, Sized, whole
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.nlri.base import NlriContext


def _label_base(reader: Reader) -> int:
    """20 bits of label in 3 octets (RFC 4761 section 3.2.2)."""
    return reader.u24() >> 4


class L2vpn(Declared):
    """Both NLRI of AFI 25, SAFI 65 and that of SAFI 128 have a route distinguisher."""

    rd: RouteDistinguisher


class Vpls(L2vpn):
    """RFC 4761 section 3.2.2: a block of ``block_size`` labels from ``label_base`` for sites from ``block_offset``."""

    layout = Layout(
        rd=parts.rd,
        ve_id=fields.u16,
        block_offset=fields.u16,
        block_size=fields.u16,
        label_base=_label_base,
    )


class BgpAd(L2vpn):
    """RFC 6074 section 3.2.2: the address of a PE (or its identifier within the VPLS)."""

    pe_address: Address
    layout = Layout(rd=parts.rd, pe_address=fields.ipv4)


# One bit a circuit, 1 where it is down (RFC 6624 section 4.2).
_TLVS: fields.Table = {1: ("circuit_status", fields.octets)}


def _bit_tlvs(reader: Reader) -> tuple[fields.Tlv, ...] | None:
    """TLVs of a one-octet type and two octets of length, which counts bits."""
    out = []
    while len(reader):
        kind = reader.u8()
        out.append(fields.read_tlv(reader.sub((reader.u16() + 7) >> 3), kind, _TLVS))
    return tuple(out) or None


@nlri((25, 128))
class Kompella(Sized, L2vpn):
    """RFC 6624 section 4.1, before it draft-kompella-ppvpn-l2vpn."""

    size = fields.u16
    layout = Layout(
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

    12 is discovery (RFC 6074 section 3.2.2), 17 VPLS (RFC 4761 section 3.2.2); anything else can only be
    Kompella's with its TLVs, which some routers send here.
    """

    kinds: ClassVar[dict[int, type[L2vpn]]] = {12: BgpAd, 17: Vpls}

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        body = reader.sub(reader.u16())
        return whole(cls.kinds.get(len(body), Kompella), body, context)


@nlri((25, 6))
class MultiSegmentPseudowire(Declared):
    """RFC 7267 section 3.2: ``length`` bits of a route distinguisher and an attachment circuit (AII type 2).

    An aggregate stops in the middle: behind the global identifier, the prefix, or any bit of them. The fields it
    reaches are there, bits behind its end cleared.
    """

    length: int

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        at, bits = reader.offset, reader.u8()
        body = reader.sub((bits + 7) >> 3)
        if not 64 <= bits <= 160:
            return MalformedNlri(None, DecodeError(f"a pseudowire prefix of {bits} bits", at))
        out: dict[str, object] = {"length": bits, "rd": parts.rd(body)}
        for left, name in zip(range(bits - 64, 0, -32), ("global_id", "prefix", "ac_id"), strict=False):
            size = min(4, len(body))
            out[name] = body.uint(size) << (32 - 8 * size) & -1 << max(0, 32 - left)
        return cls.of(out)
