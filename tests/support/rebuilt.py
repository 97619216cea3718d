"""Values made anew of their parts, so that none of the octets that they were read of is used again.

A value that was read is written as it came: a TLV keeps its octets, and so do capabilities and NLRI. Here each is made
of what it says, by constructors, ``make`` and ``of_values``, and is written as one of ours would be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Rebuilder:
    """Makes the values of one implementation, ``package``, anew."""

    def __init__(self, package: Any) -> None:
        from bgpwire.field import Tlvs
        from bgpwire.field.choice import ByLength, Depends, OneOf
        from bgpwire.field.joined import Cases
        from bgpwire.field.made import Turned
        from bgpwire.field.several import Several
        from bgpwire.message.orf import EntriesField
        from bgpwire.nlri.flowspec_components import Components

        self.package = package
        self._tlvs, self._several, self._cases, self._turned = Tlvs, Several, Cases, Turned
        self._one_of, self._by_length, self._depends, self._components = OneOf, ByLength, Depends, Components
        self._entries = EntriesField

    def field(self, field: Any, value: Any) -> Any:
        """A value of ``field``."""
        if value is None:
            return None
        if isinstance(field, self._tlvs):
            return tuple(self.tlv(field, tlv) for tlv in value)
        if isinstance(field, self._components):
            return tuple(self.component(field, component) for component in value)
        if isinstance(field, self._entries):
            return value if value.entries is None else value._replace(data=b"")
        if isinstance(field, self._several):
            return tuple(self.field(field.item, item) for item in value)
        if isinstance(field, self._one_of):
            return self.field(field._of(value), value)
        if isinstance(field, self._by_length):
            return self.field(field._kind(value), value)
        if isinstance(field, self._cases):
            first, rest = field._split(value)
            return self.field(field._head[0], first) | self.field(field._choose(first), rest)
        if hasattr(field, "item") and not isinstance(field, self._turned):
            return self.field(field.item, value)
        if isinstance(value, Mapping):
            return self.members({name: part for name, part in field.parts if name}, value)
        return self.value(value)

    def members(self, parts: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
        """The members of a record, those that are there."""
        return {name: self.member(parts.get(name), record, name) for name, value in record.items() if value is not None}

    def member(self, part: Any, record: Any, name: str) -> Any:
        """One of them, of the field ``part``."""
        if isinstance(part, self._depends):
            part = part.choose(record)
        return self.value(record[name]) if part is None else self.field(part, record[name])

    def tlv(self, field: Any, tlv: Any) -> Any:
        """A TLV; of one that is unknown the octets are the value."""
        if tlv.error is not None or tlv.type not in field.table:
            return tlv
        return field.make(tlv.type, self.field(field.table[tlv.type][1], tlv.value))

    def component(self, field: Any, component: Any) -> Any:
        """A component of a flow specification."""
        from bgpwire.nlri.flowspec_component import component_of

        row = field.table[component.type]
        return component_of(component.type, row, self.field(row.field, component.value))

    def value(self, value: Any) -> Any:
        """A value by its class. AssertionError for one that keeps octets and is not made here."""
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            return tuple(map(self.value, value))
        if hasattr(value, "length_size"):
            return self.capability(value)
        name = type(value).__name__
        make = getattr(self, "of_" + name, None)
        if make is not None:
            return make(value)
        assert name != "Tlv", value
        return value

    def of_Address(self, value: Any) -> Any:
        return self.package.Address(str(value))

    def of_RouteDistinguisher(self, value: Any) -> Any:
        return self.package.RouteDistinguisher(str(value))

    def of_Prefix(self, value: Any) -> Any:
        """Of its address, whose bits behind the length are 0, and its length."""
        return self.package.Prefix(f"{value.address}/{value.length}", value.path_id)

    def of_Community(self, value: Any) -> Any:
        return self.package.Community.from_int(value.asn << 16 | value.value)

    def of_LargeCommunity(self, value: Any) -> Any:
        return self.package.LargeCommunity(":".join(map(str, value.parts)))

    def of_ExtendedCommunity(self, value: Any) -> Any:
        """Of type, sub-type and values; one of an unknown type is its octets."""
        from bgpwire.registry import EXTENDED_COMMUNITIES

        head, data = bytes((value.type, value.subtype)), bytes(value)
        kind = EXTENDED_COMMUNITIES.get(int.from_bytes(head))
        if kind is None:
            return value
        octets = head + kind.field.encode(self.field(kind.field, kind.values(data)))
        return self.package.ExtendedCommunity.from_bytes(octets)

    def of_Ipv6ExtendedCommunity(self, value: Any) -> Any:
        """Of type, address and local administrator; those that are not of these are their octets."""
        form = value.json()
        if "address" not in form:
            return value
        return type(value).from_json(form | {"address": str(value.address), "value": value.value})

    def labels(self, value: Any, withdraw: bool) -> Any:
        """A label stack; what withdraws has no bottom-of-stack bit (RFC 8277 section 2.4)."""
        if withdraw and value.labels == (0x80000,):
            return self.package.LabelStack.from_bytes(b"\x80\0\0")
        return self.package.LabelStack("/".join(map(str, value.labels)))

    def nlri(self, value: Any, context: Any) -> Any:
        """An NLRI of ``context``; one of a family or a route type that is not known is its octets."""
        from bgpwire.nlri.declared import Declared

        package = self.package
        if isinstance(value, package.Prefix):
            return self.of_Prefix(value)
        if isinstance(value, (package.LabelledPrefix, package.VpnPrefix)):
            labels, prefix = self.labels(value.labels, context.withdraw), self.of_Prefix(value.prefix)
            if isinstance(value, package.LabelledPrefix):
                return package.LabelledPrefix(labels, prefix, value.path_id)
            return package.VpnPrefix(labels, self.of_RouteDistinguisher(value.rd), prefix, value.path_id)
        if not isinstance(value, Declared):
            return value
        members = self.members(_parts_of(value), value._values)
        return type(value).of_values(context, value.path_id, **members)

    def capability(self, value: Any) -> Any:
        """A capability; one that is not known is its octets."""
        from bgpwire.capability.base import FieldCapability

        if not isinstance(value, FieldCapability):
            return value
        return type(value).of_values(value.code, **self.field(value.field, value.values))

    def next_hop(self, value: Any, once: bool = False) -> Any:
        """A next hop, its route distinguisher in front of each address, or ``once`` in front of both."""
        if value.address is None:
            return value
        rd = b"" if value.rd is None else bytes(self.of_RouteDistinguisher(value.rd))
        addresses = [bytes(self.of_Address(part)) for part in (value.address, value.link_local) if part is not None]
        return type(value)(rd + (b"" if once else rd).join(addresses))

    def of_NextHop(self, value: Any) -> Any:
        return self.next_hop(value)

    def of_RouteRefresh(self, value: Any) -> Any:
        return type(value).build(value.family, value.subtype, value.filters)


def _parts_of(nlri: Any) -> Mapping[str, Any]:
    """The fields of an NLRI by name."""
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS
    from bgpwire.nlri.bgp_ls import BgpLsNlri

    if isinstance(nlri, BgpLsNlri):
        return {"tlvs": DESCRIPTORS.get(nlri.type)}
    found: Mapping[str, Any] = nlri.layout_of(nlri).members
    return found
