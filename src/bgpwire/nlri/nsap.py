"""OSI reachability (AFI 3): NSAP prefixes, and in a VPN labelled ones (SAFI 1 and 128).

No RFC says how; this is what IOS sends ("router bgp", "address-family nsap") and tcpdump reads: a length in bits,
and as many octets, behind labels and a route distinguisher in SAFI 128.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire import field as fields
from bgpwire._impl import Reader
from bgpwire.afi_safi import Afi, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.field.base import text_of
from bgpwire.nlri import parts
from bgpwire.nlri.distinguished import Distinguished
from bgpwire.nlri.label import label_stack, stack
from bgpwire.registry import nlri
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.nlri.base import NlriContext, OfFamily

LONGEST = 160


@dataclass(frozen=True, slots=True, order=True)
class NsapPrefix(Frozen):
    """Up to 20 octets; as text ``49.0001.1921/40``."""

    octets: bytes
    length: int

    def __bytes__(self) -> bytes:
        return self.octets

    def __str__(self) -> str:
        digits = self.octets.hex()
        groups = [digits[:2], *(digits[at : at + 4] for at in range(2, len(digits), 4))]
        return f"{'.'.join(groups)}/{self.length}"

    def json(self) -> str:
        return str(self)


class NsapPrefixField(fields.Field):
    """A length in bits, 160 at most, and as many octets as it needs. JSON shows the bits behind the length too."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> NsapPrefix:
            length = reader.u8()
            return nsap_prefix(reader, length)

        super().__init__(read)

    def walk(self, walk: fields.Walk) -> Any:
        return walk.behind(self, "prefix", "length")

    def write(self, writer: Writer, value: Any) -> None:
        if len(value.octets) != (value.length + 7) >> 3 or value.length > LONGEST:
            raise ValueError(f"an NSAP prefix of {value.length} bits in {len(value.octets)} octets")
        writer.u8(value.length)
        writer.octets(value.octets)

    def from_json(self, form: Any) -> NsapPrefix:
        digits, _, length = text_of(form).partition("/")
        return NsapPrefix(bytes.fromhex(digits.replace(".", "")), int(length))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^([0-9a-f]{2}([.][0-9a-f]{2,4})*)?/[0-9]+$"}


def nsap_prefix(reader: Reader, length: int) -> NsapPrefix:
    """All that is left, a prefix of so many bits."""
    if not 0 <= length <= LONGEST:
        raise DecodeError(f"an NSAP prefix of {length} bits", reader.offset)
    return NsapPrefix(reader.take((length + 7) >> 3), length)


_PREFIX = NsapPrefixField()
_LAYOUTS = {
    Safi.UNICAST: fields.Layout(prefix=_PREFIX),
    Safi.MPLS_VPN: fields.Layout(labels=stack, rd=parts.rd, prefix=_PREFIX),
}


@nlri(*families([Afi.NSAP], Safi.UNICAST, Safi.MPLS_VPN))
class Nsap(Distinguished):
    prefix: NsapPrefix

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _LAYOUTS[Safi(context.safi)]

    @classmethod
    def parts_of(cls, reader: Reader, bits: int, context: NlriContext) -> dict[str, Any]:
        out: dict[str, Any] = {}
        size = len(reader)
        if context.safi == Safi.MPLS_VPN:
            # One label, as in the VPNs of IPv4 and IPv6 (RFC 8277 section 2.2), unless it cannot be.
            single = context.withdraw or (context.afi, context.safi) not in context.session.multiple_labels
            stack = label_stack(reader, single and bits - 24 <= 64 + LONGEST)
            out = {"labels": stack, "rd": parts.rd.read(reader)}
        return out | {"prefix": nsap_prefix(reader, bits - 8 * (size - len(reader)))}
