"""Ten times the input is at most twelve times the work, whatever it says: counted, not timed.

Work is lines of Python executed (``sys.monitoring``), so what a kernel does in C counts for nothing: each loop of a
compiled kernel is a loop of its twin, which is counted. Memory is what ``tracemalloc`` sees at its peak.
"""

from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, message, update
from support.growth import entered, lines
from support.vectors import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SMALL, FACTOR, MOST = 250, 10, 12


def _use(package: Any, octets: bytes, session: Any) -> None:
    """All that a user does with a message."""
    with suppress(package.DecodeError):
        found = package.Message.decode(octets, session)
        repr(found), bytes(found), found.errors
        json.dumps(found.json())
        for item in getattr(found, "attributes", ()):
            value = found.attributes.get(item.code)
            str(value), repr(value)
            for nlri in getattr(getattr(value, "nlri", None), "values", ()):
                str(nlri), bytes(nlri), hash(nlri)
    json.dumps(package.dissect.dissect(octets, session).json())


def _grows(package: Any, make: Callable[[int], bytes], session: Any) -> None:
    _use(package, make(SMALL), session)  # what is done once for all
    # What is remembered is forgotten where there is no more room (``remembered``), and made anew; not twice in a row.
    counts = []
    for _ in range(2):
        small, large = (lines(lambda size=size: _use(package, make(size), session)) for size in (SMALL, SMALL * FACTOR))
        counts.append((small, large))
        if large <= MOST * small:
            return
    raise AssertionError(counts)


def _repeated(unit: bytes, size: int) -> bytes:
    return unit * max(1, size // len(unit))


def _family(context: dict[str, Any]) -> bytes:
    """The value of MP_REACH_NLRI or MP_UNREACH_NLRI without its NLRI."""
    head = context["afi"].to_bytes(2) + bytes((context["safi"],))
    return head if context.get("withdraw") else head + b"\0\0"


def _cases() -> Iterator[Any]:
    """By attribute, family and type of message: one vector, its octets again and again."""
    seen: set[object] = set()
    for vector in load():
        octets = vector.data
        context = vector.context
        key: object
        make: Callable[[int], bytes]
        match vector.kind:
            case "attribute":
                key = context["code"]

                def make(size: int, code: int = context["code"], unit: bytes = octets) -> bytes:
                    return update(b"", ATTRIBUTES + attribute(0xC0, code, _repeated(unit, size)))

            case "nlri" if isinstance(context.get("afi"), int):
                key = context["afi"], context["safi"], bool(context.get("withdraw"))

                def make(size: int, context: dict[str, Any] = context, unit: bytes = octets) -> bytes:
                    value = _family(context) + _repeated(unit, size)
                    return update(b"", ATTRIBUTES + attribute(0x80, 15 if context.get("withdraw") else 14, value))

            case "route_refresh" | "notification" if len(octets) > 4:
                key = vector.kind, octets[:4]
                kind = 5 if vector.kind == "route_refresh" else 3

                def make(size: int, kind: int = kind, unit: bytes = octets) -> bytes:
                    return message(kind, unit[:4] + _repeated(unit[4:], size))

            case _:
                continue
        if key not in seen and 0 < len(octets) <= 120:
            seen.add(key)
            yield pytest.param(make, id=vector.name)


@pytest.mark.parametrize("make", list(_cases()))
def test_vectors_repeated(impl: Any, make: Callable[[int], bytes]) -> None:
    _grows(impl, make, impl.Session(extended_message=True))


def _tlv(kind: int, value: bytes) -> bytes:
    return kind.to_bytes(2) + len(value).to_bytes(2) + value


MADE: dict[str, Callable[[int], bytes]] = {
    "flags": lambda n: update(b"", ATTRIBUTES + attribute(0x80, 29, _flags(n))),
    "aigp": lambda n: update(b"", ATTRIBUTES + attribute(0x80, 26, _metrics(n // 6))),
    "unknown TLVs": lambda n: update(b"", ATTRIBUTES + attribute(0x80, 29, _tlv(9, b"") * (n // 4))),
    "attributes": lambda n: update(b"", b"".join(attribute(0xC0, 1 + i % 250, b"") for i in range(n // 3))),
    "one attribute often": lambda n: update(b"", attribute(0xC0, 2, b"") * (n // 3)),
    "segments": lambda n: update(b"", attribute(0x40, 2, b"\2\1\0\0\0\1" * (n // 6))),
    "as4 path": lambda n: update(
        b"", attribute(0x40, 2, b"\2\1\1\1" * (n // 8)) + attribute(0xC0, 17, b"\2\1\0\0\0\1" * (n // 12))
    ),
    "withdrawn": lambda n: update(b"\x18\1\2\3" * (n // 4)),
    "announced": lambda n: update(b"", ATTRIBUTES, bytes(n)),
    "dynamic capabilities": lambda n: message(6, (b"\0" + bytes(4) + b"\x47\0\1\0") * (n // 9)),
    "flowspec rule": lambda n: update(b"", ATTRIBUTES + attribute(0x80, 14, b"\0\1\x85\0\0" + _rule(n))),
    "orf": lambda n: message(5, b"\0\1\0\1\1" + (b"\x40\0\3\x80\0\1" * (n // 6))),
}


def _metrics(number: int) -> bytes:
    """TLVs nobody knows, one metric (RFC 7311 section 3), and metrics without octets behind it."""
    return b"\2\0\3" * number + b"\1\0\x0b" + bytes(8) + b"\1\0\3" * number


def _flags(size: int) -> bytes:
    """Flags of a flexible algorithm definition (TLVs 1039, 1043), whose length is free (RFC 9351 section 3.4)."""
    return _tlv(1039, b"\x80\0\0\x01" + _tlv(1043, b"\xff" * size))


def _rule(size: int) -> bytes:
    body = b"\4" + b"\1\1" * (min(size, 4000) // 2) + b"\x81\1"
    return (0xF000 | len(body)).to_bytes(2) + body


@pytest.mark.parametrize(
    "tlv", [_flags(4000), _tlv(1092, b"\xff" * 4000), _tlv(1092, b"")], ids=["flags", "metric", "0"]
)
def test_long_integers(impl: Any, tlv: bytes) -> None:
    """Bits and metrics of thousands of octets have a form: Python refuses to write such integers in decimal."""
    octets = update(b"", ATTRIBUTES + attribute(0x80, 29, tlv))
    _use(impl, octets, impl.Session(extended_message=True))
    assert impl.Message.decode(octets, impl.Session(extended_message=True)).attributes.get(29) is not None


def test_flags_do_not_shift_the_whole(impl: Any) -> None:
    """A shift is as long as the integer: once for each bit, it is quadratic work that no line shows. None is made."""

    class Reader:
        def __len__(self) -> int:
            return 1000

        def take(self, size: int) -> bytes:
            return b"\xa5" * size

    assert len(impl.field.flags("one", size=0).read(Reader())) == 4000


@pytest.mark.parametrize("name", MADE)
def test_made(impl: Any, name: str) -> None:
    for asn4 in (True, False):
        _grows(impl, MADE[name], impl.Session(extended_message=True, asn4=asn4))


@pytest.mark.parametrize("form", ["jsonl", "human", "psv", "bgpdump"])
def test_lines_of_a_record(impl: Any, form: str) -> None:
    """IPv4 prefixes in an UPDATE's own field and in MP_REACH_NLRI, as every format prints them."""
    render = import_module(f"bgpwire.text.{form}").formatter

    def make(size: int) -> bytes:
        prefixes = b"".join(b"\x18\x0a" + i.to_bytes(2) for i in range(size))
        return bgp4mp(update(b"", ATTRIBUTES + attribute(0x80, 14, b"\0\1\1\4\xc0\0\2\1\0" + prefixes), prefixes))

    def work(data: bytes) -> int:
        line = render()
        return sum(map(len, map(line, impl.mrt.open(data).routes())))

    # A comparison in C runs no line; the pure twin's == of prefixes does.
    few, many = entered(lambda: work(make(100))), entered(lambda: work(make(1000)))
    assert many <= MOST * max(few, 100)
    small, large = lines(lambda: work(make(100))), lines(lambda: work(make(1000)))
    assert large <= MOST * small, (small, large)


@pytest.mark.parametrize(
    "junk", [b"\0", b"\xff", b"\xff" * 16 + b"\0\0", b"\xff" * 15 + b"\0"], ids=["0", "1", "h", "m"]
)
def test_framer(impl: Any, junk: bytes) -> None:
    def work(size: int) -> None:
        framer = impl.stream.Framer(resynchronise=True)
        for _ in framer.feed(_repeated(junk, size)):
            pass
        framer.finish()

    small, large = lines(lambda: work(2000)), lines(lambda: work(20000))
    assert large <= MOST * small, (small, large)


@pytest.mark.parametrize("name", MADE)
def test_memory(impl: Any, name: str) -> None:
    session = impl.Session(extended_message=True)
    peaks = []
    for size in (SMALL, SMALL, SMALL * FACTOR):
        octets = MADE[name](size)
        tracemalloc.start()
        _use(impl, octets, session)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Lists and dictionaries have room to spare, more or less of it: quadratic would be a hundred times.
    assert peaks[2] <= 2 * FACTOR * max(peaks[1], 1000 * SMALL), peaks
