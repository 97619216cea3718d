"""The small change of hand-written decoders: one function a kind of field, and tables of TLVs made of them.

A *field* takes a :class:`bgpwire.Reader` that holds exactly its octets (or more, if others follow) and
returns a value. ``record`` joins named fields, ``repeat`` takes one until the octets end, ``flags`` names bits,
and :func:`read_tlvs` walks TLVs whose types a table maps to a name and a field. What no table knows stays as
octets; what is malformed stays as octets with its error beside it, for RFC 9552 and others forbid to drop it.
"""

from __future__ import annotations

from bgpwire.field.address import address, ipv4, ipv6, prefix
from bgpwire.field.base import Field
from bgpwire.field.bits import flags
from bgpwire.field.form import to_json
from bgpwire.field.number import f32, named, u8, u16, u24, u32, u64, uint
from bgpwire.field.octets import nothing, octets, raw, reserved, text
from bgpwire.field.record import optional, record, repeat
from bgpwire.field.tlv import Table, Tlv, find, read_tlv, read_tlvs, salvage_tlvs, tlvs, tlvs_text, to_text

__all__ = [
    "Field",
    "Table",
    "Tlv",
    "address",
    "f32",
    "find",
    "flags",
    "ipv4",
    "ipv6",
    "named",
    "nothing",
    "octets",
    "optional",
    "prefix",
    "raw",
    "read_tlv",
    "read_tlvs",
    "record",
    "repeat",
    "reserved",
    "salvage_tlvs",
    "text",
    "tlvs",
    "tlvs_text",
    "to_json",
    "to_text",
    "u8",
    "u16",
    "u24",
    "u32",
    "u64",
    "uint",
]
