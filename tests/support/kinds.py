"""How each kind of vector is decoded: first directly, then through every other entry point that can take it.

A *view* is a function of (package, vector) that returns a :class:`Result` or raises DecodeError; all views of a
vector must come to the same result. A new kind is one entry of :data:`KINDS`.
"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from support.context import ATTRIBUTES, attribute, bgp4mp, message, next_hop, rib_generic, session, told, update
from support.context import family as parse_family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.vectors import Vector


@dataclass
class Result:
    """What decoding came to."""

    json: Any
    wire: bytes | None
    """The octets given back by the decoded values; ``None`` where this view does not have them all."""
    values: list[Any] = field(default_factory=list)
    """The decoded values: they must survive pickle, copy and deepcopy."""
    text: Any = None
    errors: list[Any] = field(default_factory=list)
    shift: int = 0
    """Where the vector's octets begin in what was decoded; offsets in errors count from there."""


def no_views(package: Any, vector: Vector) -> Iterator[tuple[str, Result]]:
    yield from ()


def wire_of(value: Any) -> bytes | None:
    """``bytes(value)`` where the value has octets of its own; a plain number has none."""
    return bytes(value) if hasattr(type(value), "__bytes__") else None


# --- messages ---------------------------------------------------------------------------------------------------


def decode_message(package: Any, vector: Vector) -> Result:
    return _message(package.Message.decode(vector.data, session(package, vector), strict=vector.get("strict", False)))


def _message(found: Any, short: bool = False, shift: int = 0) -> Result:
    form = found.json()
    if short:
        del form["type"], form["length"]
    values = [found]
    if found.name == "update":
        values += [found.withdrawn, found.nlri]
        values += [
            a.value for a in found.attributes if a.duplicate is False and found.attributes.get(a.code) is not None
        ]
        values += [*found.withdrawn.values, *found.nlri.values]
    if found.name == "open":
        values += found.capabilities
    return Result(form, bytes(found)[shift:], values, None, found.errors, shift)


def message_views(package: Any, vector: Vector) -> Iterator[tuple[str, Result]]:
    from array import array
    from mmap import mmap

    context = session(package, vector)
    strict = vector.get("strict", False)
    space = mmap(-1, max(1, len(vector.data)))
    space[: len(vector.data)] = vector.data
    buffers = {
        "bytearray": bytearray(vector.data),
        "memoryview": memoryview(b"-" + vector.data + b"-")[1:-1],
        "array": array("B", vector.data),
        "mmap": space,
    }
    for name, buffer in buffers.items():
        if name != "mmap" or vector.data:
            yield name, lambda buffer=buffer: _message(package.Message.decode(buffer, context, strict=strict))
    if strict or vector.data[:16] != b"\xff" * 16:
        return
    yield from _command(package, vector, vector.data, 0, False)
    yield from _mrt_views(package, vector, vector.data, 0, False)


def decode_body(kind: int) -> Callable[[Any, Vector], Result]:
    """A message body: the JSON is the message's without ``type`` and ``length``."""

    def decode(package: Any, vector: Vector) -> Result:
        context = session(package, vector)
        found = package.Message.decode(message(kind, vector.data), context, strict=vector.get("strict", False))
        return _message(found, True, 19)

    return decode


def body_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    kind = BODIES[vector.kind]
    if not vector.get("strict"):
        yield from _command(package, vector, message(kind, vector.data), 19, True)
        yield from _mrt_views(package, vector, message(kind, vector.data), 19, True)


BODIES = {"open": 1, "update": 2, "notification": 3, "route_refresh": 5}


def _command(package: Any, vector: Vector, octets: bytes, shift: int, short: bool) -> Iterator[tuple[str, Any]]:
    """``bgpwire decode`` and the octets in hex, with the options that the context asks for."""
    if vector.error is not None or vector.get("ibgp") is not None or vector.get("extended_next_hop"):
        return
    options = [] if vector.get("asn4", True) else ["--no-asn4"]
    options += ["--extended-message"] if vector.get("extended_message") else []
    for item in vector.get("add_path", []):
        afi, safi = parse_family(package, item)
        options.append(f"--add-path={afi}/{safi}")
    for item in vector.get("multiple_labels", []):
        afi, safi = parse_family(package, item)
        options.append(f"--multiple-labels={afi}/{safi}")

    def run() -> Result:
        with redirect_stdout(io.StringIO()) as out:
            assert package.cli.main(["decode", *options, octets.hex()]) == 0
        form = json.loads(out.getvalue())
        if short:
            del form["type"], form["length"]
        return Result(form, None, [], None, _LEFT_OUT, shift)

    yield "bgpwire decode", run


def _mrt_views(package: Any, vector: Vector, octets: bytes, shift: int, short: bool) -> Iterator[tuple[str, Any]]:
    """The message inside a BGP4MP record: ``messages()`` and, for an UPDATE, ``routes()``."""
    given = [parse_family(package, item) for item in vector.get("add_path", [])]
    data = bgp4mp(octets, vector.get("asn4", True))
    if vector.get("extended_next_hop") or vector.get("ibgp") is not None or len(octets) < 19:
        return
    if vector.get("multiple_labels"):
        return  # nothing in an archive says so

    def messages() -> Result:
        with package.mrt.open(data, add_path=given, on_skip=told) as file:
            found = list(file.messages())
        if not found:
            assert len(file.skips) == 1
            raise _Skipped
        return _message(found[0].message, short, shift)

    yield "mrt messages", messages
    if octets[18] == 2:

        def routes() -> Result:
            decoded = package.Message.decode(octets, session(package, vector, extended_message=True))
            out = _message(decoded, short, shift)
            file = package.mrt.open(data, add_path=given, on_skip=told)
            assert [bytes(r.nlri) for r in file.routes()] == [bytes(nlri) for nlri in routes_of(decoded)]
            return out

        yield "mrt routes", routes


class _Skipped(Exception):
    """The record was stepped over: the fault that the direct way raises."""


def routes_of(found: Any) -> Iterator[Any]:
    """The NLRI of an UPDATE in the order in which ``routes()`` gives them."""
    yield from found.withdrawn.values
    unreach, reach = found.attributes.mp_unreach, found.attributes.mp_reach
    if unreach is not None:
        yield from unreach.nlri.values
    yield from found.nlri.values
    if reach is not None:
        yield from reach.nlri.values


# --- attributes -------------------------------------------------------------------------------------------------


def _header(package: Any, vector: Vector) -> tuple[int, int]:
    """Flags and code of the attribute."""
    code = CODES.get(vector.kind) or vector.context["code"]
    entry = package.registry.ATTRIBUTES.get(code)
    default = 0xC0 if entry is None or entry.flags is None else entry.flags
    return vector.get("flags", default), code


def _attribute(package: Any, found: Any, shift: int) -> Result:
    value = found.value
    own = wire_of(value)
    octets = bytes(found)[-len(found.data) :] if found.data else b""
    assert octets == found.data
    if own is not None:
        assert own == octets, "bytes(value) is not the attribute's value"
    form = found.json()["value"]
    nlri = getattr(value, "nlri", None)
    errors = [] if nlri is None or nlri.error is None else [nlri.error]
    return Result(form, octets, [] if own is None else [value], str(value), errors, shift)


def decode_attribute(package: Any, vector: Vector) -> Result:
    flags, code = _header(package, vector)
    block = attribute(flags, code, vector.data)
    head = len(block) - len(vector.data)
    rib = vector.get("rib_family")
    rib_family = None if rib is None else parse_family(package, rib)
    attributes = package.PathAttributes(block, 0, None, session(package, vector), -head, rib_family)
    assert bytes(attributes) == block
    assert len(attributes) == 1
    assert code in attributes
    assert attributes.raw(code) == vector.data
    assert attributes.flags(code) == block[0]
    assert attributes.value_offset(code) == 0
    return _attribute(package, attributes.walk()[0], 0)


def attribute_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    flags, code = _header(package, vector)
    block = attribute(flags, code, vector.data)
    head = len(block) - len(vector.data)
    rib = vector.get("rib_family")
    if rib is not None or len(block) > 4000:
        return
    context = session(package, vector)
    # The shift is known before anything is decoded, so that an error raised is compared with it too.
    yield (
        "in a block",
        lambda: _attribute(
            package, package.PathAttributes(b"-" + block + b"-", 1, len(block) + 1, context, -1 - head).walk()[0], 0
        ),
    )
    yield (
        "in an UPDATE",
        lambda: _moved(
            23 + head,
            lambda: _attribute(
                package,
                package.Message.decode(update(b"", block), context).attributes.walk()[0],
                23 + head,
            ),
        ),
    )


class Moved(Exception):
    """A DecodeError whose offset counts from elsewhere."""

    def __init__(self, error: Any, shift: int) -> None:
        super().__init__(error)
        self.error = error
        self.shift = shift


def _moved(shift: int, decode: Callable[[], Result]) -> Result:
    try:
        return decode()
    except ValueError as error:  # DecodeError, of whichever implementation
        if not hasattr(error, "offset"):
            raise
        raise Moved(error, shift) from None


CODES = {"as_path": 2, "ipv6_extended_community": 25}

# --- NLRI -------------------------------------------------------------------------------------------------------


def _nlri(found: Any, shift: int) -> Result:
    values = list(found.values)
    wire = b"".join(map(bytes, values))
    if found.error is None:
        assert wire == bytes(found), "the values do not give the collection's octets back"
        assert list(found) == values
    assert len(found) == len(values)
    errors = [] if found.error is None else [found.error]
    text = [str(value) for value in values]
    return Result(found.json(), wire if not errors else None, [found, *values], text, errors, shift)


def decode_nlri(package: Any, vector: Vector) -> Result:
    afi, safi, withdraw = vector.get("afi", 1), vector.get("safi", 1), vector.get("withdraw", False)
    collection = package.MpNlriCollection(vector.data, session(package, vector), afi=afi, safi=safi, withdraw=withdraw)
    assert bytes(memoryview(collection)) == vector.data
    return _nlri(collection, 0)


def nlri_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    afi, safi, withdraw = vector.get("afi", 1), vector.get("safi", 1), vector.get("withdraw", False)
    context = session(package, vector)
    data = vector.data
    family = {"afi": afi, "safi": safi, "withdraw": withdraw}
    yield "bytearray", lambda: _nlri(package.MpNlriCollection(bytearray(data), context, **family), 0)
    yield (
        "slice",
        lambda: _nlri(
            package.MpNlriCollection(b"--" + data + b"-", context, start=2, end=2 + len(data), base=-2, **family), 0
        ),
    )
    direct = package.MpNlriCollection(data, context, **family)
    if direct.error is None:

        def of_values() -> Result:
            packed = package.MpNlriCollection.of(direct.values, context, **family)
            assert bytes(packed) == data
            assert packed == direct
            assert hash(packed) == hash(direct)
            return _nlri(packed, 0)

        yield "of values", of_values
    if len(data) > 3900:
        return
    head = afi.to_bytes(2) + bytes((safi,)) + (b"" if withdraw else next_hop(afi, safi) + b"\0")
    code = 15 if withdraw else 14
    block = attribute(0x90, code, head + data)
    begin = 4 + len(head)
    whole = update(b"", block if withdraw else ATTRIBUTES[:7] + block)
    offset = len(whole) - len(block) + begin
    yield "in an attribute", lambda: _nlri(package.PathAttributes(block, 0, None, context)[code].nlri, begin)
    yield "in an UPDATE", lambda: _nlri(package.Message.decode(whole, context).attributes[code].nlri, offset)
    given = [parse_family(package, item) for item in vector.get("add_path", [])]

    def routes(octets: bytes) -> Result:
        found = [route.nlri for route in package.mrt.open(bgp4mp(octets), add_path=given, on_skip=told).routes()]
        assert [type(value) for value in found] == [type(value) for value in direct.values]
        return Result([value.json() for value in found], None, found, [str(value) for value in found], _LEFT_OUT)

    # Nothing in an archive says that a route may have several labels.
    archived = not vector.get("multiple_labels")
    if archived:
        yield "mrt routes", lambda: routes(whole)
    if (afi, safi) == (1, 1):
        body = update(data) if withdraw else update(b"", ATTRIBUTES, data)
        begin = 21 if withdraw else 23 + len(ATTRIBUTES)

        def field_of() -> Any:
            found = package.Message.decode(body, context)
            return found.withdrawn if withdraw else found.nlri

        yield "collection", lambda: _nlri(package.NlriCollection(data, context, withdraw=withdraw), 0)
        yield "UPDATE field", lambda: _nlri(field_of(), begin)
        yield "mrt routes of the field", lambda: routes(body)
    if archived and not withdraw and not given and direct.error is None and len(direct) == 1:

        def generic() -> Result:
            with package.mrt.open(rib_generic(afi, safi, data)) as file:
                found = [route.nlri for route in file.routes()]
            assert not file.skips, file.skips
            return Result([value.json() for value in found], bytes(found[0]), found, [str(v) for v in found])

        known = (afi, safi) in package.registry.NLRI or (afi in (1, 2) and safi in (1, 2, 3, 4, 67, 68, 76, 128))
        # GoBGP's opaque NLRI take all octets there are.
        unknown = not known or (afi, safi) == (16397, 241)
        if not unknown:
            yield "RIB_GENERIC", generic


_LEFT_OUT: Any = None
"""This view does not tell the errors."""

# --- capabilities, communities, plain values ----------------------------------------------------------------------


def decode_capability(package: Any, vector: Vector) -> Result:
    """``hex`` is code, length and value."""
    data = vector.data
    found = package.capability.decode_capability(data[0], data[2:], 2)
    assert data[1] == len(data) - 2, "the capability's length is not that of its octets"
    error = getattr(found, "error", None)
    return Result(found.json(), bytes(found), [found], str(found), [] if error is None else [error])


def capability_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    size = len(vector.data)
    head = b"\4\xfb\xf4\0\x5a\xc0\0\2\1"
    forms = {"RFC 9072": (b"\xff\xff" + (size + 3).to_bytes(2) + b"\2" + size.to_bytes(2), 35)}
    if size < 253:
        forms["OPEN"] = (bytes((size + 2, 2, size)), 31)
    for name, (parameter, begin) in forms.items():

        def decode(parameter: bytes = parameter, begin: int = begin) -> Result:
            found = package.Message.decode(message(1, head + parameter + vector.data))
            (value,) = found.capabilities
            error = getattr(value, "error", None)
            return Result(value.json(), bytes(value), [value], str(value), [] if error is None else [error], begin)

        yield name, decode


def _community(package: Any, data: bytes) -> Any:
    return package.Community.from_int(int.from_bytes(data))


_COMMUNITIES: dict[str, tuple[int, int, Callable[[Any, bytes], Any]]] = {
    "community": (8, 4, _community),
    "extended_community": (16, 8, lambda package, data: package.ExtendedCommunity.from_bytes(data)),
    "large_community": (32, 12, lambda package, data: package.LargeCommunity.from_bytes(data)),
}


def decode_community(package: Any, vector: Vector) -> Result:
    code, size, make = _COMMUNITIES[vector.kind]
    if len(vector.data) != size:
        # No community has another length: the attribute around it says so.
        package.PathAttributes(attribute(0xC0, code, vector.data), base=-3)[code]
        raise AssertionError("several communities in one vector")
    found = make(package, vector.data)
    return Result(found.json(), bytes(found), [found], str(found))


def community_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    code, size, _ = _COMMUNITIES[vector.kind]
    if len(vector.data) != size:
        return

    def inside() -> Result:
        values = package.PathAttributes(attribute(0xC0, code, vector.data * 3))[code]
        assert len(values) == 3
        assert len(set(values)) == 1
        found = values[2]
        return Result(found.json(), bytes(found), [values, found], str(found))

    yield "in an attribute", inside


def decode_ipv6_extended_community(package: Any, vector: Vector) -> Result:
    values = package.PathAttributes(attribute(0xC0, 25, vector.data), base=-3)[25]
    form = values.json()
    return Result(form[0] if isinstance(form, list) and len(form) == 1 else form, bytes(values), [values], str(values))


def decode_value(name: str) -> Callable[[Any, Vector], Result]:
    """A value class with ``from_bytes``."""

    def decode(package: Any, vector: Vector) -> Result:
        found = getattr(package, name).from_bytes(vector.data)
        return Result(found.json(), bytes(found), [found], str(found))

    return decode


# --- MRT --------------------------------------------------------------------------------------------------------


def decode_mrt(package: Any, vector: Vector) -> Result:
    """A whole file: ``routes`` (as ``bgpwire dump`` prints them), ``messages`` (with ``timestamp`` and peer),
    ``records`` (type, subtype and length of each), ``bodies`` and ``skips``; of these, what ``expected`` names."""
    given = [parse_family(package, item) for item in vector.get("add_path", [])]
    out: dict[str, Any] = {}
    file = package.mrt.open(vector.data, add_path=given, on_skip=told)
    line = package.text.jsonl.formatter()
    out["routes"] = [json.loads(line(route)) for route in file.routes()]
    out["skips"] = [skip._asdict() for skip in file.skips]
    out["messages"] = [found.json() for found in package.mrt.open(vector.data, add_path=given, on_skip=told).messages()]
    records = list(package.mrt.open(vector.data, add_path=given, on_skip=told).records())
    out["records"] = [{"type": r.type, "subtype": r.subtype, "length": len(r.data)} for r in records]
    out["bodies"] = _bodies(package, records, given)
    wire = b"".join(map(bytes, records))
    if isinstance(vector.expected, dict):
        out = {key: value for key, value in out.items() if key in vector.expected or (key == "skips" and value)}
    return Result(out, wire if wire == vector.data or not file.skips else None, [])


def _bodies(package: Any, records: list[Any], given: list[tuple[int, int]]) -> list[Any]:
    """``record_json`` of each record; what it raises as ``{"error": …}``."""
    out = []
    for record in records:
        try:
            out.append(package.mrt.record_json(record, add_path=given))
        except package.DecodeError as error:
            out.append({"error": error.json()})
    return out


def mrt_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    import bz2
    import gzip
    import lzma

    for name, pack in (("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)):
        if vector.data:
            yield name, lambda pack=pack: _packed(package, vector, pack(vector.data))


def _packed(package: Any, vector: Vector, octets: bytes) -> Result:
    result = decode_mrt(package, vector.with_data(octets))
    result.wire = None
    return result


type Decode = Callable[[Any, Any], Result]
type Views = Callable[[Any, Any], Iterator[tuple[str, Any]]]

KINDS: dict[str, tuple[Decode, Views]] = {
    "message": (decode_message, message_views),
    "attribute": (decode_attribute, attribute_views),
    "as_path": (decode_attribute, attribute_views),
    "nlri": (decode_nlri, nlri_views),
    "capability": (decode_capability, capability_views),
    "community": (decode_community, community_views),
    "extended_community": (decode_community, community_views),
    "large_community": (decode_community, community_views),
    "ipv6_extended_community": (decode_ipv6_extended_community, no_views),
    "route_distinguisher": (decode_value("RouteDistinguisher"), no_views),
    "address": (decode_value("Address"), no_views),
    "mrt": (decode_mrt, mrt_views),
    **{kind: (decode_body(code), body_views) for kind, code in BODIES.items()},
}
