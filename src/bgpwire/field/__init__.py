"""Declarations: what everything is made of that is not hot.

A :class:`Field` reads a value of a :class:`bgpwire.Reader` that holds exactly its octets (or more, if others follow),
writes it to a :class:`bgpwire.Writer`, names its parts, and has a form in JSON, both ways. ``record`` joins named
fields, ``repeat`` takes one until the octets end, ``flags`` names bits, ``depends`` and ``by_length`` choose,
``checked`` and ``turned`` change one, and ``tlvs`` walks TLVs whose types a table maps to a name and a field. What no
table knows stays octets; what is malformed stays octets with its error beside it, for RFC 9552 and others forbid to
drop it.
"""

from __future__ import annotations

from bgpwire.field.address import address, ipv4, ipv6, prefix, read_prefix
from bgpwire.field.base import AnyField, Field, Reading, Reads, as_field
from bgpwire.field.bits import Bits, flag, flags, packed
from bgpwire.field.choice import by_length, chosen, depends, switch
from bgpwire.field.first_of import first_of
from bgpwire.field.form import to_json
from bgpwire.field.joined import cases, joined, lengths_first
from bgpwire.field.label import label, label_entry, labels
from bgpwire.field.layout import Layout
from bgpwire.field.made import checked, marked, nonzero, sized, turned
from bgpwire.field.number import counting, f32, high, low, named, number, u8, u16, u24, u32, u64, uint
from bgpwire.field.octets import nothing, octets, raw, reserved, spare, text
from bgpwire.field.record import optional, record, repeat
from bgpwire.field.times import counted, times
from bgpwire.field.tlv import UNKNOWN, Table, Tlv, Tlvs, find, tlvs, to_text
from bgpwire.field.walk import Span, Walk

__all__ = [
    "UNKNOWN",
    "AnyField",
    "Bits",
    "Field",
    "Layout",
    "Reading",
    "Reads",
    "Span",
    "Table",
    "Tlv",
    "Tlvs",
    "Walk",
    "address",
    "as_field",
    "by_length",
    "cases",
    "checked",
    "chosen",
    "counted",
    "counting",
    "depends",
    "f32",
    "find",
    "first_of",
    "flag",
    "flags",
    "high",
    "ipv4",
    "ipv6",
    "joined",
    "label",
    "label_entry",
    "labels",
    "lengths_first",
    "low",
    "marked",
    "named",
    "nonzero",
    "nothing",
    "number",
    "octets",
    "optional",
    "packed",
    "prefix",
    "raw",
    "read_prefix",
    "record",
    "repeat",
    "reserved",
    "sized",
    "spare",
    "switch",
    "text",
    "times",
    "tlvs",
    "to_json",
    "to_text",
    "turned",
    "u8",
    "u16",
    "u24",
    "u32",
    "u64",
    "uint",
]
