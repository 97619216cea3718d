"""All that one implementation makes of a vector's octets, as plain values that the other's can be compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.compare import plain
from support.context import attribute, message, read_through, session, told
from support.context import family as parse_family
from support.kinds_attribute import CODES
from support.kinds_message import BODIES

if TYPE_CHECKING:
    from support.vectors import Vector


def observe(package: Any, vector: Vector) -> Any:
    """Everything that can be asked of the octets; a DecodeError as its type and arguments. Nothing else may escape."""
    try:
        return _OBSERVERS.get(vector.kind, _other)(package, vector)
    except package.DecodeError as error:
        return plain(error)


def _message(package: Any, vector: Vector) -> Any:
    code = BODIES.get(vector.kind)
    data = vector.data if code is None else message(code, vector.data)
    found = package.Message.decode(data, session(package, vector, extended_message=True))
    assert bytes(found) == data
    out = [type(found).__name__, found.json(), repr(found), plain(found.errors)]
    if found.name == "update":
        out += [*_attributes(found.attributes), found.end_of_rib, found.action, found.withdrawn, found.nlri]
        out += [list(map(bytes, package.split(data[19:])))]
    elif found.name == "open":
        out += [found.asn4, found.families, found.add_path, list(found.capabilities)]
        mine = package.Session.from_opens(found, found)
        out += [mine.asn4, sorted(mine.add_path), sorted(mine.families or ())]
    return plain(out)


def _attributes(found: Any) -> list[Any]:
    """Every way to ask for the attributes of a block."""
    out = [bytes(found), found.json(), len(found), repr(found), found.structure_error]
    for item in found.walk():
        out += [item.code, item.flags, item.offset, item.duplicate, bytes(item), item.data, repr(item), item.name]
        out += [found.raw(item.code), found.flags(item.code), found.value_offset(item.code), found.get(item.code)]
        try:
            value = item.value
            out.append([type(value).__name__, str(value)])
            if hasattr(type(value), "__bytes__") and not item.duplicate:
                assert bytes(value) == item.data, f"bytes(value) of attribute {item.code} is not its octets"
        except ValueError as error:
            out.append(error)
    for name in ("origin", "as_path", "next_hop", "med", "local_pref", "atomic_aggregate", "aggregator", "communities"):
        out.append(getattr(found, name))
    path = found.as_path
    if path is not None:
        out += [path.hops, path.origin_asns, path.origin_asn, path.neighbor_asn, list(path), len(path)]
    return [*out, found.next_hop_of(False), found.next_hop_of(True), found.mp_reach, found.mp_unreach]


def _attribute(package: Any, vector: Vector) -> Any:
    code = CODES.get(vector.kind) or vector.context["code"]
    entry = package.registry.ATTRIBUTES.get(code)
    flags = vector.get("flags", 0xC0 if entry is None or entry.flags is None else entry.flags)
    rib = vector.get("rib_family")
    family = None if rib is None else parse_family(package, rib)
    block = attribute(flags, code, vector.data)
    found = package.PathAttributes(block, 0, None, session(package, vector), 0, family)
    errors = package.attribute.check.attribute_errors(found)
    return plain([*_attributes(found), errors])


def _nlri(package: Any, vector: Vector) -> Any:
    where = {"afi": vector.get("afi", 1), "safi": vector.get("safi", 1), "withdraw": vector.get("withdraw", False)}
    found = package.MpNlriCollection(vector.data, session(package, vector), **where)
    values = list(found.values)
    wire = b"".join(map(bytes, values))
    assert vector.data.startswith(wire)
    assert found.error is not None or wire == vector.data
    out: list[Any] = [found.json(), found.error, repr(found), len(found), bool(found)]
    out += [[type(value).__name__, str(value), repr(value), bytes(value)] for value in values]
    try:
        _, size = package.nlri.decode_single(vector.data, 0, where["afi"], where["safi"], session(package, vector))
        out.append(size)
    except package.DecodeError as error:
        out.append(error)
    return plain(out)


def _capability(package: Any, vector: Vector) -> Any:
    data = vector.data
    if len(data) < 2:
        return None
    found = package.capability.decode_capability(data[0], data[2:], 2)
    assert bytes(found)[2:] == data[2:] or len(data) > 257
    return plain([found.json(), found, getattr(found, "error", None)])


def observe_mrt(package: Any, data: bytes, add_path: list[tuple[int, int]] | None = None) -> Any:
    """The routes, messages, records and skips of a file."""
    file = package.mrt.open(data, add_path=add_path or (), on_skip=told)
    line = package.text.jsonl.formatter()
    routes = [
        one
        if isinstance(one, Exception)
        else [line(one), repr(one), bytes(one.event), repr(one.event), plain(one.errors)]
        for one in read_through(package, file.routes())
    ]
    skips = [tuple(skip) for skip in file.skips]
    again = package.mrt.open(data, add_path=add_path or (), on_skip=told)
    messages = [found.json() for found in read_through(package, again.messages())]
    more = [tuple(skip) for skip in again.skips]
    found = read_through(package, package.mrt.open(data, on_skip=told).records())
    records = [one if isinstance(one, Exception) else (one.offset, one.timestamp, bytes(one)) for one in found]
    return plain([routes, skips, messages, more, records, file.skipped])


def _mrt(package: Any, vector: Vector) -> Any:
    return observe_mrt(package, vector.data, [parse_family(package, item) for item in vector.get("add_path", [])])


def _other(package: Any, vector: Vector) -> Any:
    """Single values: their octets, wherever they are taken as an attribute's value."""
    code = {"community": 8, "extended_community": 16, "large_community": 32, "ipv6_extended_community": 25}
    if vector.kind not in code:
        return None
    return plain(_attributes(package.PathAttributes(attribute(0xC0, code[vector.kind], vector.data))))


_OBSERVERS = {
    "message": _message,
    **dict.fromkeys(BODIES, _message),
    "attribute": _attribute,
    "as_path": _attribute,
    "nlri": _nlri,
    "capability": _capability,
    "mrt": _mrt,
}
