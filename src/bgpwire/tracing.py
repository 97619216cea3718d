"""Which octets a decoder read, and as what: a reader that keeps a log, and the tree that the log makes.

Decoders know nothing of it. What a field is called is found in the frames of :mod:`bgpwire.field` and
:mod:`bgpwire.nlri.declared` that are at work when octets are read, so only who traces pays for names.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bgpwire import field as fields
from bgpwire._impl import Address, Reader
from bgpwire.errors import DecodeError
from bgpwire.field.layout import READS as LAYOUT
from bgpwire.field.record import READS
from bgpwire.nlri import parts
from bgpwire.nlri.declared import RouteType
from bgpwire.nlri.flowspec import flowspec_length
from bgpwire.nlri.flowspec_component import read_components
from bgpwire.nlri.flowspec_match import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType, FrameType

type Step = tuple[object, object, str]
"""One name on the way down to a read: whose it is, which of theirs, and the name. Equal steps are one node."""


@dataclass(frozen=True, slots=True)
class Span:
    """``length`` octets at ``offset``, what they are called, and their ``value`` as JSON or what they are made of.

    ``children`` are in order, touch one another and cover the span; a leaf has none. ``malformed`` is the name of
    octets that no decoder read, or that it gave up.
    """

    name: str
    offset: int
    length: int
    value: Any = None
    children: tuple[Span, ...] = ()

    def leaves(self) -> Iterator[Span]:
        """The spans without children, in order: each octet is in exactly one of them."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name, "offset": self.offset, "length": self.length}
        if self.children:
            return out | {"children": [child.json() for child in self.children]}
        return out | {"value": self.value}


@dataclass(frozen=True, slots=True)
class _Read:
    kind: str
    offset: int
    length: int
    value: Any
    path: tuple[Step, ...]


class _Log:
    def __init__(self, data: bytes, root: FrameType) -> None:
        self.data = data
        self.root = root
        self.reads: list[_Read] = []
        # A caller may be handling an error of its own.
        self.outer = sys.exception()
        # Who did the last read whose name comes from _OWN, and how many before it.
        self.key: object = None
        self.count = 0


class Tracer(Reader):
    """A reader that logs what is read of it and of its parts. Offsets count from the beginning of the log's octets."""

    __slots__ = ("log",)
    log: _Log

    @classmethod
    def over(cls, log: _Log, start: int, end: int) -> Tracer:
        self = cls(log.data, start, end)
        self.log = log
        return self

    @property
    def octets(self) -> bytes:
        """All octets of the log, whatever part of them this reader reads."""
        return self.log.data

    def _logged[T](self, kind: str, read: Callable[..., T], *arguments: int) -> T:
        reads, offset = self.log.reads, self.offset
        known = len(reads)
        value = read(self, *arguments)
        # One read may be made of others.
        del reads[known:]
        length = self.offset - offset
        if length:
            shown: Any = self.log.data[offset : self.offset] if value is None else value
            caller = sys._getframe(2)
            if caller.f_code is _FLAGS and isinstance(shown, bytes):
                kind, shown = f"u{8 * length}", int.from_bytes(shown)
            path, name = self._path(caller)
            reads.append(_Read(name or kind, offset, length, fields.to_json(shown), path))
        return value

    def claim(self, name: str) -> None:
        """Call ``name`` what was stepped over, unread, between the last read and where this reader stands."""
        last = self.log.reads[-1]
        start, end = last.offset + last.length, self.offset
        if start < end:
            path, _ = self._path(sys._getframe(1))
            self.log.reads.append(_Read(name, start, end - start, self.log.data[start:end].hex(), path))

    def _path(self, caller: FrameType) -> tuple[tuple[Step, ...], str]:
        """The names above the read that ``caller`` does, and its own where the caller is known to do several."""
        path: list[Step] = []
        frame: FrameType | None = caller
        while frame is not None and frame is not self.log.root:
            names = _NAMES.get(frame.f_code)
            if names is not None:
                which, name = names(frame.f_locals)
                path.append((frame, which, name))
            frame = frame.f_back
        path.reverse()
        own = _OWN.get(caller.f_code)
        if own is None:
            return tuple(path), ""
        key = (caller, path[-1] if path else None)
        self.log.count = self.log.count + 1 if key == self.log.key else 0
        self.log.key = key
        return tuple(path), own[self.log.count] if self.log.count < len(own) else ""

    def u8(self) -> int:
        return self._logged("u8", Reader.u8)

    def u16(self) -> int:
        return self._logged("u16", Reader.u16)

    def u24(self) -> int:
        return self._logged("u24", Reader.u24)

    def u32(self) -> int:
        return self._logged("u32", Reader.u32)

    def u64(self) -> int:
        return self._logged("u64", Reader.u64)

    def f32(self) -> float:
        return self._logged("f32", Reader.f32)

    def f64(self) -> float:
        return self._logged("f64", Reader.f64)

    def uint(self, size: int) -> int:
        return self._logged(f"u{size * 8}", Reader.uint, size)

    def take(self, size: int) -> bytes:
        return self._logged("octets", Reader.take, size)

    def rest(self) -> bytes:
        return self._logged("octets", Reader.rest)

    def ipv4(self) -> Address:
        return self._logged("ipv4", Reader.ipv4)

    def ipv6(self) -> Address:
        return self._logged("ipv6", Reader.ipv6)

    def address(self, size: int) -> Address:
        return self._logged(f"ipv{4 if size == 4 else 6}", Reader.address, size)

    def skip(self, size: int) -> None:
        """Octets stepped over while an error is handled are malformed, others reserved."""
        error = sys.exception()
        given_up = isinstance(error, DecodeError) and error is not self.log.outer
        self._logged(MALFORMED if given_up else "reserved", Reader.skip, size)

    def sub(self, size: int) -> Tracer:
        at = self.offset
        Reader.skip(self, size)
        return Tracer.over(self.log, at, at + size)


MALFORMED = "malformed"
_FLAGS = fields.flags().read.__code__
"""Flags are shown as one number."""
_NAMES: dict[CodeType, Callable[[Mapping[str, Any]], tuple[object, str]]] = {
    **{read.__code__: lambda at: (at["name"], at["name"]) for read in READS},
    fields.repeat(fields.u8).read.__code__: lambda at: (len(at["out"]), str(len(at["out"]))),
    fields.Tlvs.salvage.__code__: lambda at: (len(at["out"]), "tlv"),
    fields.Tlvs.one.__code__: lambda at: (0, at.get("name") or "value"),
    LAYOUT.__code__: lambda at: (at["name"], at["name"].lstrip("_")),
    read_components.__code__: lambda at: (len(at["out"]), "component"),
    matches.__code__: lambda at: (len(at["out"]), "match"),
}
"""The code of what names its fields: which of them is at work, going by the code's variables, and its name."""
_OWN: dict[CodeType, tuple[str, ...]] = {
    fields.Tlvs.salvage.__code__: ("type", "length"),
    fields.read_prefix.__code__: ("length", "prefix"),
    parts.FULL_PREFIXES[4].read.__code__: ("length", "prefix"),
    parts.optional_address.read.__code__: ("length", "address"),
    parts.sized_mac.read.__code__: ("length",),
    read_components.__code__: ("type", "value"),
    flowspec_length.__code__: ("length",),
    matches.__code__: ("operator", "value"),
    RouteType.decode.__func__.__code__: ("type", "length"),  # type: ignore[attr-defined]
}
"""What functions call the reads that they do themselves, one after the other."""


def trace(data: bytes, field: fields.Reads) -> tuple[Span, ...]:
    """What ``field`` reads of ``data``: spans that cover it from end to end. It must not raise."""
    log = _Log(data, sys._getframe())
    try:
        field(Tracer.over(log, 0, len(data)))
        return _tree(_filled(log), 0)
    finally:
        # The frames in the paths hold the readers that hold the log.
        log.reads.clear()


def _filled(log: _Log) -> list[_Read]:
    """The reads in the order of the octets, with what nobody read between them."""
    out: list[_Read] = []
    pos = 0
    end = _Read("", len(log.data), 0, None, ())
    for read in [*sorted(log.reads, key=lambda read: read.offset), end]:
        if read.offset < pos:
            continue
        if read.offset > pos:
            path = _shared(out[-1].path if out else (), read.path)
            out.append(_Read(MALFORMED, pos, read.offset - pos, log.data[pos : read.offset].hex(), path))
        out.append(read)
        pos = read.offset + read.length
    return out[:-1]


def _shared(one: tuple[Step, ...], other: tuple[Step, ...]) -> tuple[Step, ...]:
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    return one[:size]


def _tree(reads: list[_Read], depth: int) -> tuple[Span, ...]:
    out: list[Span] = []
    for step, group in groupby(reads, key=lambda read: read.path[depth] if depth < len(read.path) else None):
        members = list(group)
        first, last = members[0], members[-1]
        single = len(members) == 1 and len(first.path) == depth + 1 and first.kind not in (MALFORMED, "type", "length")
        if step is None:
            out.extend(Span(read.kind, read.offset, read.length, read.value) for read in members)
        elif single:
            out.append(Span(step[2], first.offset, first.length, first.value))
        else:
            length = last.offset + last.length - first.offset
            out.append(Span(step[2], first.offset, length, None, _tree(members, depth + 1)))
    return tuple(out)
