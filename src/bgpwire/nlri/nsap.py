"""OSI reachability (AFI 3): NSAP prefixes, and in a VPN labelled ones (SAFI 1 and 128).

No RFC says how; this is what IOS sends ("router bgp", "address-family nsap") and tcpdump reads: a length in bits,
and as many octets, behind labels and a route distinguisher in SAFI 128.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from bgpwire import field as fields
from bgpwire._impl import LabelStack, Reader, RouteDistinguisher
from bgpwire.afi_safi import Afi, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import Declared, MalformedNlri, walk_decoded
from bgpwire.nlri.label import label_stack, stack_of_json
from bgpwire.registry import nlri
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.nlri.base import NlriContext

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


@nlri(*families([Afi.NSAP], Safi.UNICAST, Safi.MPLS_VPN))
class Nsap(Declared):
    labels: LabelStack | None = None
    rd: RouteDistinguisher | None = None
    prefix: NsapPrefix

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        bits = reader.u8()
        body = reader.sub((bits + 7) >> 3)
        try:
            return cls.bits(body, bits, context)
        except DecodeError as error:
            return MalformedNlri(None, error)

    @classmethod
    def bits(cls, reader: Reader, bits: int, context: NlriContext) -> Self:
        out: dict[str, Any] = {}
        at, size = reader.offset, len(reader)
        if context.safi == Safi.MPLS_VPN:
            # One label, as in the VPNs of IPv4 and IPv6 (RFC 8277 section 2.2), unless it cannot be.
            single = context.withdraw or (context.afi, context.safi) not in context.session.multiple_labels
            labels = label_stack(reader, single and bits - 24 <= 64 + LONGEST)
            out = {"labels": labels, "rd": parts.rd.read(reader)}
        length = bits - 8 * (size - len(reader))
        if not 0 <= length <= LONGEST:
            raise DecodeError(f"an NSAP prefix of {length} bits", at)
        return cls.of(out | {"prefix": NsapPrefix(reader.rest(), length)})

    @classmethod
    def walk(cls, walk: fields.Walk, context: NlriContext) -> None:
        at, bits = walk.reader.offset, walk("length", fields.u8)
        found = cls.decode(Reader(bytes((bits,)) + walk.reader.ahead((bits + 7) >> 3), 0, None, at), context)
        walk.sub((bits + 7) >> 3).whole(lambda body: walk_decoded(body, found))

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        labels, rd, prefix = values.get("labels"), values.get("rd"), values["prefix"]
        front = b"".join(bytes(part) for part in (labels, rd) if part is not None)
        return fields.u8.encode(8 * len(front) + prefix.length) + front + bytes(prefix)

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        digits, _, length = form["prefix"].partition("/")
        out: dict[str, Any] = {"prefix": NsapPrefix(bytes.fromhex(digits.replace(".", "")), int(length))}
        if context.safi == Safi.MPLS_VPN:
            out = {"labels": stack_of_json(form["labels"]), "rd": parts.rd.from_json(form["rd"])} | out
        return out

    def __str__(self) -> str:
        return f"{'' if self.rd is None else f'{self.rd}:'}{self.prefix}"
