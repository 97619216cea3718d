"""Vectors that are the NLRI of a family: see :mod:`support.kinds`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.context import ATTRIBUTES, attribute, bgp4mp, next_hop, rib_generic, session, told, update
from support.context import family as parse_family
from support.result import LEFT_OUT, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Vector


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
        return Result([value.json() for value in found], None, found, [str(value) for value in found], LEFT_OUT)

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
