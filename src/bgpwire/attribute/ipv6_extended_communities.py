"""IPv6 address specific extended communities (RFC 5701): 20 octets each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire._impl import Address, Reader
from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.extended_community.ipv6 import IPV6_TYPES, REDIRECT_IP
from bgpwire.field import UNKNOWN, Field, flags, ipv6, raw, repeat, u8, u16
from bgpwire.field.base import integer_of, members_of, octets_of
from bgpwire.immutable import fill
from bgpwire.numbers.attribute import IPV6_ADDRESS_SPECIFIC_EXTENDED_COMMUNITIES
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen
from bgpwire.value.keyed import Keyed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire._impl import PathAttributes, Writer
    from bgpwire.field import Walk

_REDIRECT_FLAGS = flags(*[""] * 15, "copy", size=2)


class Ipv6ExtendedCommunity(Keyed, Frozen):
    """Type (2 octets), IPv6 address (16), local administrator (2): ``rt:[2001:db8::1]:100``."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, wire: bytes) -> None:
        """From 20 octets. ValueError for any other number."""
        if len(wire) != 20:
            raise ValueError(f"an IPv6 address specific extended community has 20 octets, not {len(wire)}")
        fill(self, "_wire", bytes(wire))

    @classmethod
    def from_json(cls, form: Any) -> Self:
        """The community of a JSON form. ValueError, TypeError or KeyError for other forms."""
        found = members_of(form)
        head = bytes((integer_of(found["type"]), integer_of(found["subtype"])))
        if "address" not in found:
            return cls(head + octets_of(found["value"]))
        return cls(head + bytes(Address(found["address"])) + integer_of(found["value"]).to_bytes(2))

    def __reduce__(self) -> tuple[Any, ...]:
        return Ipv6ExtendedCommunity, (self._wire,)

    def __bytes__(self) -> bytes:
        return self._wire

    @property
    def type(self) -> int:
        """Both octets of the type."""
        return int.from_bytes(self._wire[:2])

    @property
    def transitive(self) -> bool:
        """Whether it passes from AS to AS: bit 0x40 of the first octet clear."""
        return not self._wire[0] & 0x40

    @property
    def address(self) -> Address:
        """The global administrator."""
        return Address.from_bytes(self._wire[2:18])

    @property
    def value(self) -> int:
        """The local administrator."""
        return int.from_bytes(self._wire[18:])

    @property
    def flags(self) -> list[str] | None:
        """The flags that stand in place of the local administrator in a redirect to an IP address, ``None`` in others.

        The lowest bit says ``copy``: of a copy of the packet (draft-ietf-idr-flowspec-redirect-ip section 3).
        """
        return _REDIRECT_FLAGS.read(Reader(self._wire, 18)) if self.type == REDIRECT_IP else None

    def __str__(self) -> str:
        known = IPV6_TYPES.get(self.type)
        if known and (flags := self.flags) is not None:
            return ":".join([f"{known[1]}:[{self.address}]", *flags])
        return f"{known[1]}:[{self.address}]:{self.value}" if known else f"0x{self._wire.hex()}"

    def json(self) -> dict[str, Any]:
        wire = self._wire
        out: dict[str, Any] = {"type": wire[0], "subtype": wire[1]}
        known = IPV6_TYPES.get(self.type)
        if known is None:
            return out | {"value": wire[2:].hex()}
        out |= {"name": known[0], "address": str(self.address), "value": self.value}
        return out if self.flags is None else out | {"flags": self.flags}


class _Community(Field):
    """20 octets: type and sub-type, and of a type that is known an address and a value or flags."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> Ipv6ExtendedCommunity:
            return Ipv6ExtendedCommunity(reader.take(20))

        super().__init__(read, width=20)

    def walk(self, walk: Walk) -> Ipv6ExtendedCommunity:
        found = Ipv6ExtendedCommunity(walk.reader.ahead(20)) if len(walk) >= 20 else self.read(walk.reader)
        walk("type", u8)
        walk("subtype", u8)
        if found.type in IPV6_TYPES:
            walk("address", ipv6)
            walk("value", u16 if found.flags is None else _REDIRECT_FLAGS)
        else:
            walk(UNKNOWN, raw(18))
        return found

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> Ipv6ExtendedCommunity:
        return Ipv6ExtendedCommunity.from_json(form)

    def schema(self) -> dict[str, Any]:
        """RFC 5701; a type that is not known has no more than its octets."""
        known = {"enum": sorted({name for name, _ in IPV6_TYPES.values()})}
        return {
            "type": "object",
            "properties": {
                "type": u8.schema(),
                "subtype": u8.schema(),
                "name": known,
                "address": ipv6.schema(),
                "flags": _REDIRECT_FLAGS.schema(),
                "value": {"anyOf": [u16.schema(), raw(18).schema()]},
            },
            "required": ["type", "subtype", "value"],
            "additionalProperties": False,
        }


community: Final = _Community()


@attribute(IPV6_ADDRESS_SPECIFIC_EXTENDED_COMMUNITIES, "ipv6_address_specific_extended_communities", 0xC0)
class Ipv6ExtendedCommunities(FieldAttribute):
    """A sequence of :class:`Ipv6ExtendedCommunity`, in their order, duplicates kept."""

    __slots__ = ()
    field = repeat(community)

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[Ipv6ExtendedCommunity, ...]:
        """A non-zero multiple of 20 octets, else treated as withdrawn (RFC 7606 section 7.15)."""
        if len(reader) % 20 or not len(reader):
            reason = f"IPv6 EXTENDED COMMUNITIES of {len(reader)} octets, not a multiple of 20"
            raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.TREAT_AS_WITHDRAW)
        found: tuple[Ipv6ExtendedCommunity, ...] = cls.field.read(reader)
        return found

    def __iter__(self) -> Iterator[Ipv6ExtendedCommunity]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        return " ".join(map(str, self.values))
