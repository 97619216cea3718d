"""Vectors that are whole messages, or their bodies: see :mod:`support.kinds`."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from support.context import bgp4mp, message, session, told
from support.context import family as parse_family
from support.result import LEFT_OUT, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.vectors import Vector


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
        return Result(form, None, [], None, LEFT_OUT, shift)

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
