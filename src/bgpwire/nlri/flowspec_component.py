"""FlowSpec components: IANA "Flow Spec Component Types" (RFC 8955 section 4.2.2, RFC 8956 section 3).

Adding a component is one row: its IANA name, its word in text (BIRD's ``flow4`` and ``flow6`` where it has one),
and its field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._impl import Address, Prefix, Reader
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, Afi
from bgpwire.errors import DecodeError
from bgpwire.field import Field, prefix, read_prefix, to_json
from bgpwire.field.base import integer_of, members_of, text_of
from bgpwire.nlri.flowspec_match import bitmask, match_text, numeric
from bgpwire.nlri.parts import Mac, mac_of
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk


class Row(NamedTuple):
    name: str
    word: str
    field: Field


@dataclass(frozen=True, slots=True)
class OffsetPrefix(Frozen):
    """An IPv6 prefix whose first ``offset`` bits match anything (RFC 8956 section 3.1).

    ``address`` is the pattern shifted right by ``offset`` bits; the text is the RFC's, ``address/offset-length``.
    """

    address: Address
    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.address}/{self.offset}-{self.length}"

    def json(self) -> dict[str, Any]:
        return {"address": str(self.address), "offset": self.offset, "length": self.length}


@dataclass(frozen=True, slots=True)
class Component(Frozen):
    """One component: a prefix, a MAC address or matches; octets where the type is unknown or they are malformed."""

    type: int
    name: str | None
    word: str
    value: Any

    def __str__(self) -> str:
        if isinstance(self.value, bytes):
            return f"{self.word} 0x{self.value.hex()}"
        if isinstance(self.value, tuple):
            return f"{self.word} {match_text(self.value)}"
        return f"{self.word} {self.value}"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": self.type}
        if self.name is not None:
            out["name"] = self.name
        return out | {"value": to_json(self.value)}


class PatternField(Field):
    """Length, offset and pattern of IPv6; as many octets as ``length - offset`` bits need, padding ignored.

    A :class:`bgpwire.Prefix` where the offset is 0, else an :class:`OffsetPrefix`.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_read_pattern, exact=False)

    def walk(self, walk: Walk) -> Any:
        return walk.behind(self, "pattern", "length", "offset")

    def write(self, writer: Writer, value: Any) -> None:
        if not isinstance(value, OffsetPrefix):
            octets = prefix(2).encode(value)
            writer.octets(octets[:1] + b"\0" + octets[1:])
            return
        bits = value.length - value.offset
        pattern, below = divmod(int.from_bytes(bytes(value.address)), 1 << (128 - value.length))
        if not 0 < value.offset < value.length <= 128 or below or pattern >> bits:
            raise ValueError(f"{value} is no pattern of {bits} bits")
        size = (bits + 7) >> 3
        writer.u8(value.length)
        writer.u8(value.offset)
        writer.uint(pattern << (8 * size - bits), size)

    def restores(self, value: Any, data: bytes) -> bool:
        """Whether the bits behind the pattern are 0."""
        return not int.from_bytes(data) & (1 << (data[1] - data[0]) % 8) - 1

    def from_json(self, form: Any) -> Any:
        if isinstance(form, str):
            return Prefix(form)
        found = members_of(form)
        return OffsetPrefix(Address(found["address"]), integer_of(found["offset"]), integer_of(found["length"]))

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "object"]}


def _read_pattern(reader: Reader) -> Any:
    at = reader.offset
    length, offset = reader.u8(), reader.u8()
    if length > 128 or (offset >= length and (length or offset)):
        raise DecodeError(f"prefix length {length}, offset {offset}", at)
    if not offset:
        return read_prefix(reader, 2, length)
    bits = length - offset
    size = (bits + 7) >> 3
    pattern = reader.uint(size) >> (size * 8 - bits) << (128 - length)
    return OffsetPrefix(Address.from_bytes(pattern.to_bytes(16)), offset, length)


_pattern = PatternField()


class FirstOctets(Field):
    """A MAC address behind its length in octets: all six, or the first ones."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_read_mac)

    def walk(self, walk: Walk) -> Any:
        return walk.behind(self, "address", "length")

    def write(self, writer: Writer, value: Any) -> None:
        octets = bytes(value)
        if not 1 <= len(octets) <= 6:
            raise ValueError(f"a MAC address of {len(octets)} octets")
        writer.u8(len(octets))
        writer.octets(octets)

    def from_json(self, form: Any) -> Mac:
        return mac_of(text_of(form))

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def _read_mac(reader: Reader) -> Mac:
    at = reader.offset
    size = reader.u8()
    if not 1 <= size <= 6:
        raise DecodeError(f"a MAC address of {size} octets", at)
    return Mac(reader.take(size))


_mac = FirstOctets()

# RFC 8955 section 4.2.2.9; NS is bit 7 of the octet before, seen in two-octet masks.
_TCP = {1: "fin", 2: "syn", 4: "rst", 8: "psh", 16: "ack", 32: "urg", 64: "ece", 128: "cwr", 256: "ns"}
_FRAGMENT4 = {1: "dont_fragment", 2: "is_fragment", 4: "first_fragment", 8: "last_fragment"}
_FRAGMENT6 = {2: "is_fragment", 4: "first_fragment", 8: "last_fragment"}

IPV4: dict[int, Row] = {
    1: Row("destination_prefix", "dst", prefix(1)),
    2: Row("source_prefix", "src", prefix(1)),
    3: Row("ip_protocol", "proto", numeric),
    4: Row("port", "port", numeric),
    5: Row("destination_port", "dport", numeric),
    6: Row("source_port", "sport", numeric),
    7: Row("icmp_type", "icmp-type", numeric),
    8: Row("icmp_code", "icmp-code", numeric),
    9: Row("tcp_flags", "tcp-flags", bitmask(_TCP)),
    10: Row("packet_length", "length", numeric),
    11: Row("dscp", "dscp", numeric),
    12: Row("fragment", "fragment", bitmask(_FRAGMENT4)),
}
IPV6: dict[int, Row] = IPV4 | {
    1: Row("destination_ipv6_prefix", "dst", _pattern),
    2: Row("source_ipv6_prefix", "src", _pattern),
    3: Row("upper_layer_protocol", "next-header", numeric),
    7: Row("icmpv6_type", "icmp-type", numeric),
    8: Row("icmpv6_code", "icmp-code", numeric),
    12: Row("fragment", "fragment", bitmask(_FRAGMENT6)),
    13: Row("flow_label", "label", numeric),
}
# draft-ietf-idr-flowspec-l2vpn section 3, and of IPv4 what does not hang on the kind of address.
L2: dict[int, Row] = {code: IPV4[code] for code in range(3, 13)} | {
    14: Row("ethernet_type", "ether-type", numeric),
    15: Row("source_mac", "source-mac", _mac),
    16: Row("destination_mac", "destination-mac", _mac),
    17: Row("llc_dsap", "llc-dsap", numeric),
    18: Row("llc_ssap", "llc-ssap", numeric),
    19: Row("llc_control", "llc-control", numeric),
    20: Row("snap", "snap", numeric),
    21: Row("vlan_id", "vid", numeric),
    22: Row("vlan_cos", "cos", numeric),
    23: Row("inner_vlan_id", "inner-vid", numeric),
    24: Row("inner_vlan_cos", "inner-cos", numeric),
    25: Row("vlan_dei", "dei", numeric),
    26: Row("inner_vlan_dei", "inner-dei", numeric),
}
TABLES = {AFI_IPV4: IPV4, AFI_IPV6: IPV6, int(Afi.L2VPN): L2}


def component_of(kind: int, row: Row | None, value: Any) -> Component:
    """The component of type ``kind``, whose ``row`` is ``None`` where the table does not know it."""
    if row is None:
        return Component(kind, None, f"component-{kind}", value)
    return Component(kind, row.name, row.word, value)


def read_components(reader: Reader, table: dict[int, Row]) -> tuple[tuple[Component, ...], DecodeError | None]:
    """Components until the octets end, in wire order, and the first thing wrong with them.

    An unknown or malformed component hides where the next begins: it is kept as octets with all that follows.
    Types must ascend, and so none may come twice; without any every packet would match (RFC 8955 section 4.2).
    """
    out: list[Component] = []
    fault = None if len(reader) else DecodeError("a flow specification without components", reader.offset)
    last = 0
    while len(reader):
        at = reader.offset
        kind = reader.u8()
        if kind <= last and fault is None:
            fault = DecodeError(f"component {kind} behind component {last}", at)
        last = kind
        row = table.get(kind)
        if row is None:
            fault = fault or DecodeError(f"unknown component {kind}", at)
            out.append(component_of(kind, row, reader.rest()))
            break
        name, word, field = row
        begin = reader.offset
        try:
            out.append(Component(kind, name, word, field.read(reader)))
        except DecodeError as error:
            reader.skip(len(reader))
            out.append(Component(kind, name, word, reader.since(begin)))
            fault = fault or error.fresh()
    return tuple(out), fault
