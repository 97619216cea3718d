"""VPN prefixes that need no label: multicast VPN (SAFI 129) and VPN auto-discovery (SAFI 140)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire import field as fields
from bgpwire._impl import LabelStack, Prefix, Reader, RouteDistinguisher
from bgpwire.afi_safi import IP, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import Declared, MalformedNlri, walk_decoded
from bgpwire.nlri.label import label_stack, stack_of_json
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.nlri.base import NlriContext


@nlri(*families(IP, Safi.MULTICAST_VPN, Safi.VPN_AUTO_DISCOVERY))
class UnlabelledVpnPrefix(Declared):
    """A length in bits, a route distinguisher and a prefix (RFC 6514 section 10).

    Some speakers put labels in front as in SAFI 128. What cannot be an unlabelled route, its prefix longer than
    an address or its route distinguisher of no known type, is read so; ``labels`` is ``None`` elsewhere.
    """

    labels: LabelStack | None = None
    rd: RouteDistinguisher
    prefix: Prefix

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        bits = reader.u8()
        at, octets = reader.offset, reader.take((bits + 7) >> 3)
        try:
            plain = cls.bits(Reader(octets, base=at), bits, context.afi)
        except DecodeError as error:
            return cls.labelled(octets, bits, context.afi, at) or MalformedNlri(None, error)
        if plain.rd.type > 2:
            return cls.labelled(octets, bits, context.afi, at) or plain
        return plain

    @classmethod
    def walk(cls, walk: fields.Walk, context: NlriContext) -> None:
        at, bits = walk.reader.offset, walk("length", fields.u8)
        found = cls.decode(Reader(bytes((bits,)) + walk.reader.ahead((bits + 7) >> 3), 0, None, at), context)
        walk.sub((bits + 7) >> 3).whole(lambda body: walk_decoded(body, found))

    @classmethod
    def bits(cls, reader: Reader, bits: int, afi: int) -> Self:
        distinguisher = parts.rd.read(reader)
        if bits < 64:
            raise DecodeError(f"a VPN prefix of {bits} bits", reader.offset)
        return cls.of({"rd": distinguisher, "prefix": fields.read_prefix(reader, afi, bits - 64)})

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        labels, prefix = values.get("labels"), fields.prefix(context.afi).encode(values["prefix"])
        front = (b"" if labels is None else bytes(labels)) + parts.rd.encode(values["rd"])
        return fields.u8.encode(8 * len(front) + prefix[0]) + front + prefix[1:]

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        out = {"rd": parts.rd.from_json(form["rd"]), "prefix": Prefix(form["prefix"])}
        return {"labels": stack_of_json(form["labels"])} | out if "labels" in form else out

    @classmethod
    def labelled(cls, octets: bytes, bits: int, afi: int, at: int) -> Self | None:
        reader = Reader(octets, base=at)
        try:
            labels = label_stack(reader)
            route = cls.bits(reader, bits - 8 * len(bytes(labels)), afi)
        except DecodeError:
            return None
        return cls.of({"labels": labels} | route._values)

    def fields(self) -> dict[str, Any]:
        return {name: value.json() for name, value in self._values.items()}

    def __str__(self) -> str:
        return f"{self.rd}:{self.prefix}"
