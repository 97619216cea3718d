"""Fields for tests: one of each sort, and every one that a table or a registry has."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def one_of_each(package: Any) -> dict[str, Any]:
    """One of each sort, by name."""
    f = package.field
    wide = f.depends(lambda values: f.ipv6 if "wide" in values["flags"] else f.ipv4, f.ipv4, f.ipv6)
    kinds = f.record(a=f.u8), f.record(b=f.u16, reserved=f.reserved(1))
    pair = f.record(a=f.u8, b=f.sized(f.u8, 1))
    colors = {1: "red", 2: "green"}
    return {
        "u8": f.u8,
        "u16": f.u16,
        "u24": f.u24,
        "u32": f.u32,
        "u64": f.u64,
        "f32": f.f32,
        "uint": f.uint,
        "low": f.low(2, 12),
        "high": f.high(3, 20),
        "named": f.named(colors),
        "named of one name": f.named({1: "one", 2: "one"}),
        "octets": f.octets,
        "raw": f.raw(3),
        "reserved": f.reserved(2),
        "spare": f.spare(2),
        "text": f.text,
        "nothing": f.nothing,
        "marked": f.marked(0x030B, 2, f.record(color=f.u16), "{} is no Color"),
        "lengths first": f.lengths_first(2, 1, one=f.repeat(f.u16), two=f.octets),
        "cases": f.cases(f.record(kind=f.u8), lambda v: kinds[v["kind"] & 1], *kinds),
        "chosen": f.chosen(
            lambda reader: f.u32 if len(reader) == 4 else f.octets,
            lambda value: f.u32 if isinstance(value, int) else f.octets,
            f.u32,
            f.octets,
        ),
        "first of": f.first_of(lambda value: pair if isinstance(value, dict) else f.octets, pair, f.octets),
        "sized itself": f.sized(f.record(a=f.u8, rest=f.octets), 2, extra=2, least=1),
        "flags or none": f.flags("a", size=0, unit=4, least=0),
        "ipv4": f.ipv4,
        "ipv6": f.ipv6,
        "address": f.address,
        "prefix 4": f.prefix(1),
        "prefix 6": f.prefix(2),
        "flags": f.flags("a", "", "c"),
        "flags of 3": f.flags("a", "", "c", size=3),
        "flags of any": f.flags("a", "", "c", size=0),
        "flags by 4": f.flags("a", "", "c", size=0, unit=4),
        "packed": f.packed(2, version=2, _reserved=5, up=f.flag(), color=f.Bits(4, colors), rest=f.Bits(4, spare=True)),
        "record": f.record(first=f.u8, reserved=f.reserved(1), last=f.optional(f.u16)),
        "joined": f.joined(f.record(first=f.u8), f.packed(1, a=4, b=4), f.record(rest=f.octets)),
        "depends": f.record(flags=f.flags("wide"), address=wide, id=f.u8),
        "switch": f.record(color=f.named(colors), value=f.switch("color", {"red": f.u8, 7: f.text}, f.octets)),
        "layout": f.Layout(first=f.u8, _reserved=f.reserved(1), last=f.optional(f.u16)),
        "repeat": f.repeat(f.record(a=f.u8, b=f.u8)),
        "by length": f.by_length("a SID", {3: f.low(3, 20), 4: f.u32}, lambda value: 3 if value < 1 << 20 else 4),
        "checked": f.checked(f.u16, bool, "port {}"),
        "turned": f.turned(f.raw(6), lambda data: data.hex(":"), lambda text: bytes.fromhex(text.replace(":", ""))),
        "sized": f.sized(f.text, 1),
        "sized with a reason": f.sized(f.octets, 1, extra=1, reason="length {}"),
        "times": f.times(2, f.u16),
        "counting": f.counting(2, 3, "length {}"),
        "counted": f.counted(f.record(a=f.u16, b=f.u8), 1),
        "nonzero": f.record(a=f.nonzero(f.u8), b=f.u8),
        "tlvs": _tlvs(f),
        "tlvs of one octet": f.tlvs({1: ("one", f.u8), 2: ("tlvs", _tlvs(f))}, 1, 1),
    }


def _tlvs(f: Any) -> Any:
    return f.tlvs({1: ("number", f.u16), 2: ("name", f.text), 3: ("padded", f.record(a=f.u8, reserved=f.reserved(1)))})


NAMES = [
    "u8", "u16", "u24", "u32", "u64", "f32", "uint", "low", "high", "named", "named of one name", "octets", "raw",
    "reserved", "spare", "text", "nothing", "marked", "lengths first", "cases", "chosen", "first of",
    "sized itself", "flags or none", "ipv4", "ipv6", "address", "prefix 4", "prefix 6", "flags",
    "flags of 3", "flags of any", "flags by 4", "packed", "record", "joined", "depends", "switch", "layout", "repeat",
    "by length", "checked", "turned", "sized", "sized with a reason", "times", "counting", "counted", "nonzero",
    "tlvs", "tlvs of one octet",
]  # fmt: skip
_FEW = bytes((0, 1, 2, 3, 4, 6, 128)[octet % 7] for octet in range(256))
# Drawn at once: hypothesis takes longer over a list of numbers than a test over the octets.
OCTETS = st.one_of(st.binary(max_size=24), st.binary(max_size=24).map(lambda data: data.translate(_FEW)))
"""Any octets, and some that say something: small numbers and a single high bit."""


def every_field(package: Any) -> list[Any]:
    """Every field that a table or a registry has."""
    from bgpwire.attribute import aggregator
    from bgpwire.attribute.pmsi_tunnel_tables import TUNNELS
    from bgpwire.attribute.prefix_sid import PREFIX_SID_TLVS
    from bgpwire.attribute.tunnel_encapsulation import SubTlvs
    from bgpwire.attribute.tunnel_encapsulation_tables import TUNNEL_TYPES, sub_tlv_table
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS
    from bgpwire.bgp_ls.table import ATTRIBUTE_FIELDS
    from bgpwire.field import Field
    from bgpwire.message.orf_entry import entries_of
    from bgpwire.nlri.car import ColorAware, IpPrefix
    from bgpwire.nlri.flowspec_component import TABLES
    from bgpwire.nlri.flowspec_components import Components
    from bgpwire.nlri.label import stack
    from bgpwire.registry import ATTRIBUTES, CAPABILITIES, EXTENDED_COMMUNITIES

    tables = [*ATTRIBUTE_FIELDS.values(), *DESCRIPTORS.values(), TUNNELS, package.field.tlvs(PREFIX_SID_TLVS, 1)]
    tables += [SubTlvs(sub_tlv_table(tunnel)) for tunnel in TUNNEL_TYPES]
    rows = [field for table in tables for _, field in table.table.values()]
    rows += [kind.field for code, kind in _by_code(EXTENDED_COMMUNITIES) if code >> 8 not in (4, 5, 0x44, 0x45)]
    rows += [cls.field for _, cls in _by_code(CAPABILITIES) if hasattr(cls, "field")]
    owners = [entry.owner for _, entry in _by_code(ATTRIBUTES)]
    rows += [owner.field for owner in owners if isinstance(getattr(owner, "field", None), Field)]
    filters = [entries_of(kind, afi) or () for kind in (1, 2, 3, 9, 64, 65) for afi in range(4)]
    rows += [field for fields in filters for field in fields if field is not None]
    rows += [aggregator.FIELDS[True], aggregator.FIELDS[False], *map(Components, TABLES.values())]
    rows += [stack, package.field.labels, *ColorAware.layouts.values(), *IpPrefix.layouts.values()]
    return [*tables, *{id(row): row for row in rows}.values()]


def _by_code(registry: Any) -> list[tuple[int, Any]]:
    """What is registered, by code: a registry has it as it was first met, each implementation in its own order."""
    return sorted(registry.items(), key=lambda item: item[0])  # type: ignore[no-any-return]
