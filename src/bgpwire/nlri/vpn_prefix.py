"""VPN prefixes that need no label: multicast VPN (SAFI 129) and VPN auto-discovery (SAFI 140)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire import field as fields
from bgpwire._impl import Prefix, Reader, RouteDistinguisher
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, IP, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.distinguished import Distinguished
from bgpwire.nlri.label import label_stack, stack
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.nlri.base import NlriContext, OfFamily

_LAYOUTS = {afi: fields.Layout(labels=stack, rd=parts.rd, prefix=fields.prefix(afi)) for afi in (AFI_IPV4, AFI_IPV6)}


@nlri(*families(IP, Safi.MULTICAST_VPN, Safi.VPN_AUTO_DISCOVERY))
class UnlabelledVpnPrefix(Distinguished):
    """A length in bits, a route distinguisher and a prefix (RFC 6514 section 10).

    Some speakers put labels in front as in SAFI 128. What cannot be an unlabelled route, its prefix longer than
    an address or its route distinguisher of no known type, is read so; ``labels`` is ``None`` elsewhere.
    """

    rd: RouteDistinguisher
    prefix: Prefix

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _LAYOUTS[context.afi]

    @classmethod
    def parts_of(cls, reader: Reader, bits: int, context: NlriContext) -> dict[str, Any]:
        octets, at = reader.rest(), reader.offset
        at -= len(octets)
        try:
            plain = _unlabelled(Reader(octets, base=at), bits, context.afi)
        except DecodeError:
            found = _labelled(octets, bits, context.afi, at)
            if found is None:
                raise
            return found
        if plain["rd"].type > 2:
            return _labelled(octets, bits, context.afi, at) or plain
        return plain


def _unlabelled(reader: Reader, bits: int, afi: int) -> dict[str, Any]:
    distinguisher = parts.rd.read(reader)
    if bits < 64:
        raise DecodeError(f"a VPN prefix of {bits} bits", reader.offset)
    return {"rd": distinguisher, "prefix": fields.read_prefix(reader, afi, bits - 64)}


def _labelled(octets: bytes, bits: int, afi: int, at: int) -> dict[str, Any] | None:
    reader = Reader(octets, base=at)
    try:
        stack = label_stack(reader)
        return {"labels": stack} | _unlabelled(reader, bits - 8 * len(bytes(stack)), afi)
    except DecodeError:
        return None
