"""An error that is kept holds no frames, and one that is kept is raised as a copy: neither grows nor keeps alive."""

from __future__ import annotations

import contextlib
import gc
import tracemalloc
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, message, record, update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BAD_VALUES = {1: b"\7", 2: b"\2\5\0", 3: b"\1", 4: b"\1", 5: b"", 7: b"\0", 8: b"\1\2\3", 9: b"", 16: b"\1", 32: b"\1"}
"""By code: the value of an attribute that is malformed (RFC 7606 section 7)."""
BAD = b"".join(attribute(0xC0, code, value) for code, value in BAD_VALUES.items())
BGP_LS = attribute(0x80, 29, b"\4\x07\0\1\1" + b"\4\1\0\3\0")
"""TLV 1031 and a TLV 1025 that runs over the end (RFC 9552 section 8.2.2)."""
FLOWSPEC = attribute(0x80, 14, b"\0\1\x85\0\0" + b"\4\1\x29\1\1")
"""A FlowSpec destination of 41 bits."""
UNREACH = attribute(0x80, 15, b"\0\1\1\x29\1")
OPEN = message(1, b"\4\xfb\xf4\0\x5a\xc0\0\2\1" + bytes((6, 2, 4, 65, 2, 0, 1)))
"""Capability 65 of 2 octets (RFC 6793 section 3 has 4)."""


def _depth(error: BaseException) -> int:
    """How many frames the error's traceback names."""
    traceback, depth = error.__traceback__, 0
    while traceback is not None:
        traceback, depth = traceback.tb_next, depth + 1
    return depth


def _kept(package: Any) -> Iterator[tuple[str, Any]]:
    """Errors that values keep, by the way a caller reaches them."""
    decode = package.Message.decode
    for name, octets in (
        ("attributes", update(b"", BAD)),
        ("tlvs", update(b"", ATTRIBUTES + BGP_LS, b"\x08\x0a")),
        ("flowspec", update(b"", ATTRIBUTES + FLOWSPEC)),
        ("unreach", update(b"", UNREACH)),
        ("nlri", update(b"\x29", ATTRIBUTES, b"\x29")),
        ("torn", update(b"", ATTRIBUTES + b"\xc0\x08\x09")),
        ("set", update(b"", ATTRIBUTES + attribute(0xC0, 128, b"\0\0\xfb\xf4" + BAD), b"\x08\x0a")),
    ):
        found = decode(octets)
        yield from ((name, error) for error in found.errors)
        for item in found.attributes:
            with_error = found.attributes.get(item.code)
            if getattr(with_error, "error", None) is not None:
                yield name, with_error.error
            yield from ((name, t.error) for t in getattr(with_error, "tlvs", ()) if t.error is not None)
        yield from ((name, c.error) for c in (found.nlri, found.withdrawn) if c.error is not None)
    (capability,) = decode(OPEN).capabilities
    yield "capability", capability.error


def test_kept_errors_hold_no_frames(impl: Any) -> None:
    kept = list(_kept(impl))
    assert {name for name, _ in kept} == {
        *("attributes", "tlvs", "flowspec", "unreach", "nlri", "torn", "set", "capability")
    }
    assert len(kept) > 20
    for name, error in kept:
        found = error.__traceback__, error.__context__, error.__cause__
        assert found == (None, None, None), (name, error)


def _raisers(package: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What raises an error that is kept, each time it is called."""
    attributes = package.Message.decode(update(b"", BAD)).attributes
    for code in BAD_VALUES:
        yield f"attribute {code}", lambda code=code: attributes[code]
    first = next(iter(attributes))
    yield "value", lambda: first.value
    found = package.Message.decode(update(b"", ATTRIBUTES, b"\x08\x0a\x29"))
    yield "nlri", lambda: list(found.nlri)
    unreach = package.Message.decode(update(b"", UNREACH)).attributes.mp_unreach
    yield "mp_unreach", lambda: list(unreach.nlri)
    framer = package.stream.Framer()
    framer.feed(bytes(19))
    yield "framer", lambda: next(framer)


def test_raising_again_does_not_grow(impl: Any) -> None:
    for name, raiser in _raisers(impl):
        depths, seen = set(), []
        for _ in range(50):
            with pytest.raises(impl.DecodeError) as caught:
                raiser()
            depths.add(_depth(caught.value))
            seen.append((type(caught.value), caught.value.args))
        # The first time decodes, and so may be deeper.
        assert len(depths) <= 2, name
        assert seen == seen[:1] * 50, name
        with pytest.raises(impl.DecodeError) as one:
            raiser()
        with pytest.raises(impl.DecodeError) as other:
            raiser()
        assert one.value is not other.value, name


def test_a_million_would_not_grow_memory(impl: Any) -> None:
    attributes = impl.Message.decode(update(b"", BAD)).attributes

    def spin() -> None:
        for _ in range(2000):
            with contextlib.suppress(impl.DecodeError):
                attributes[2]

    spin()
    tracemalloc.start()
    try:
        spin()
        before = tracemalloc.get_traced_memory()[0]
        spin()
        assert tracemalloc.get_traced_memory()[0] - before < 4000
    finally:
        tracemalloc.stop()


class _Canary:
    """Counts those of its kind that live."""

    alive = 0

    def __init__(self) -> None:
        type(self).alive += 1

    def __del__(self) -> None:
        type(self).alive -= 1


def test_a_kept_error_keeps_no_caller(impl: Any) -> None:
    """What stands in the frames that raised it goes when they do, without the garbage collector."""
    _Canary.alive = 0
    kept = []

    def use() -> None:
        canary = _Canary()
        found = impl.Message.decode(update(b"\x29", BAD + BGP_LS, b"\x29"))
        kept.append((found, found.errors, found.json(), str(found.attributes)))
        for code in BAD_VALUES:
            with contextlib.suppress(impl.DecodeError):
                found.attributes[code]
        assert canary.alive

    gc.disable()
    try:
        use()
        assert _Canary.alive == 0
    finally:
        gc.enable()
    assert kept


@pytest.mark.parametrize("touch", ["errors", "json", "get", "dump"])
def test_malformed_records_are_let_go(impl: Any, touch: str) -> None:
    """Routes with malformed attributes leave nothing behind, however many there are."""
    one = bgp4mp(update(b"", ATTRIBUTES + attribute(0xC0, 8, b"\1\2\3") + attribute(0xC0, 7, b"\0"), b"\x08\x0a"))
    rib = record(13, 1, bytes((192, 0, 2, 9)) + b"\0\0\0\1" + bytes((2, 10, 0, 0, 1, 192, 0, 2, 2, 0, 0, 0xFB, 0xF4)))
    entry = ATTRIBUTES + attribute(0xC0, 8, b"\1\2\3")
    rib += record(13, 2, b"\0\0\0\0\x08\x0a\0\1\0\0" + bytes(4) + len(entry).to_bytes(2) + entry) * 100
    uses: dict[str, Callable[[Any], Any]] = {
        "errors": lambda route: route.errors,
        "json": lambda route: route.attributes.json(),
        "get": lambda route: [route.attributes.get(code) for code in (7, 8)],
        "dump": impl.text.jsonl.formatter() if hasattr(impl, "text") else lambda route: route.attributes.json(),
    }
    use = uses[touch]

    def read(data: bytes) -> int:
        number = 0
        for route in impl.mrt.open(data).routes():
            use(route)
            number += 1
        return number

    data = one * 100 + rib
    assert read(data) == 200
    gc.collect()
    tracemalloc.start()
    try:
        memory = []
        for _ in range(4):
            read(data)
            gc.collect()
            memory.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # What is left behind grows each time; threads that other tests have left may take memory once.
    grown = min(after - before for before, after in pairwise(memory))
    assert grown < 200 * 20, memory
