"""AS paths: text, hops, origin and the merge of RFC 6793."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.value.keyed import Keyed
from bgpwire.value.sequence import Items
from bgpwire.value.text import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class SegmentType(IntEnum):
    """RFC 4271 section 4.3 (b), RFC 5065 section 3."""

    AS_SET = 1
    AS_SEQUENCE = 2
    AS_CONFED_SEQUENCE = 3
    AS_CONFED_SET = 4


class Segment(NamedTuple):
    """One path segment."""

    type: SegmentType
    asns: tuple[int, ...]


_BRACKETS = {
    SegmentType.AS_SET: ("{", ",", "}"),
    SegmentType.AS_SEQUENCE: ("", " ", ""),
    SegmentType.AS_CONFED_SEQUENCE: ("(", " ", ")"),
    SegmentType.AS_CONFED_SET: ("[", ",", "]"),
}
_TOKEN = re.compile(r"([{(\[])([^})\]]*)[})\]]|(\S+)")
_OPENERS = {"{": SegmentType.AS_SET, "(": SegmentType.AS_CONFED_SEQUENCE, "[": SegmentType.AS_CONFED_SET}


def parse_asn(text: str) -> int:
    """``64500``, ``AS64500`` or asdot ``1.10`` (RFC 5396). ValueError if it is no AS number."""
    text = text.strip().upper().removeprefix("AS")
    high, dot, low = text.partition(".")
    if dot and high.isdecimal() and low.isdecimal() and int(high) <= 0xFFFF and int(low) <= 0xFFFF:
        return int(high) << 16 | int(low)
    if not dot and text.isascii() and text.isdecimal() and int(text) <= 0xFFFFFFFF:
        return int(text)
    raise ValueError(f"{text!r} is no AS number")


def parse_as_path(text: str) -> bytes:
    """``64500 64501 {64502,64503}`` with 4-octet AS numbers, as octets; see :class:`AsPathMixin`."""
    segments: list[tuple[SegmentType, list[int]]] = []
    for match in _TOKEN.finditer(as_text(text)):
        opener, inside, plain = match.groups()
        if opener:
            segments.append((_OPENERS[opener], [parse_asn(part) for part in re.split(r"[,\s]+", inside.strip())]))
        elif segments and segments[-1][0] is SegmentType.AS_SEQUENCE:
            segments[-1][1].append(parse_asn(plain))
        else:
            segments.append((SegmentType.AS_SEQUENCE, [parse_asn(plain)]))
    return pack_segments(segments)


def pack_segments(segments: Iterable[tuple[int, Iterable[int]]]) -> bytes:
    """Segments in octets, AS numbers in 4; more than 255 in one become several (RFC 4271 section 5.1.2)."""
    out = bytearray()
    for kind, asns in segments:
        numbers = list(asns)
        for at in range(0, len(numbers), 255):
            part = numbers[at : at + 255]
            out += bytes((kind, len(part)))
            for asn in part:
                out += asn.to_bytes(4)
    return bytes(out)


class AsPathMixin(Keyed, Items[int]):
    """A sequence of AS numbers, those of sets and confederations in place; :attr:`segments` keeps them apart.

    Text is as routers write it: ``64500 {64501,64502}``, confederations as ``(64512 64513)`` and ``[64512,64513]``.
    """

    __slots__ = ()
    _example = 'AsPath("64500 64501")'

    if TYPE_CHECKING:

        @property
        def asn4(self) -> bool: ...

        @property
        def segments(self) -> tuple[Segment, ...]: ...

    def _state(self) -> tuple[Any, ...]:
        return bytes(self), self.asn4

    def _key(self) -> Any:
        return self.segments

    def __iter__(self) -> Iterator[int]:
        """Every AS number, in order, those of sets and confederations among them."""
        for segment in self.segments:
            yield from segment.asns

    def __len__(self) -> int:
        """How many AS numbers are listed, each of a set too; :attr:`hops` is the length that route selection counts."""
        return sum(len(segment.asns) for segment in self.segments)

    def __bool__(self) -> bool:
        return bool(bytes(self))

    def _read(self, item: object) -> object:
        return parse_asn(item) if isinstance(item, str) else item

    @property
    def hops(self) -> int:
        """The path length that selection counts: a set is 1, confederations 0 (RFC 4271 9.1.2.2, RFC 5065 5.3)."""
        return count_hops(self.segments)

    @property
    def origin_asns(self) -> tuple[int, ...]:
        """The AS that originated the route; several where the path ends in an AS_SET, none if it is empty."""
        for segment in reversed(self.segments):
            if segment.type is SegmentType.AS_SEQUENCE:
                return segment.asns[-1:]
            if segment.type is SegmentType.AS_SET:
                return segment.asns
        return ()

    @property
    def origin_asn(self) -> int | None:
        """The one AS that originated the route, ``None`` where none or several did."""
        origins = self.origin_asns
        return origins[0] if len(origins) == 1 else None

    @property
    def neighbor_asn(self) -> int | None:
        """The first AS of the path if it begins with a sequence: the neighbour that sent the route."""
        for segment in self.segments:
            if segment.type is SegmentType.AS_SEQUENCE:
                return segment.asns[0]
            if segment.type is SegmentType.AS_SET:
                return None
        return None

    def __str__(self) -> str:
        parts = []
        for kind, asns in self.segments:
            left, separator, right = _BRACKETS[kind]
            parts.append(left + separator.join(map(str, asns)) + right)
        return " ".join(parts)

    def json(self) -> list[dict[str, Any]]:
        """The segments: ``{"type": "as_sequence", "asns": [...]}``."""
        return [{"type": kind.name.lower(), "asns": list(asns)} for kind, asns in self.segments]


def count_hops(segments: Iterable[Segment]) -> int:
    """What RFC 6793 section 4.2.3 counts: each AS of a sequence, a set as 1, confederations as 0."""
    total = 0
    for kind, asns in segments:
        if kind is SegmentType.AS_SEQUENCE:
            total += len(asns)
        elif kind is SegmentType.AS_SET:
            total += 1
    return total


def merge_segments(path: Iterable[Segment], path4: Iterable[Segment]) -> list[Segment] | None:
    """The path of RFC 6793 section 4.2.3 out of AS_PATH and AS4_PATH.

    As many leading hops of AS_PATH as it has more than AS4_PATH, then AS4_PATH without its
    confederation segments (which are invalid there). ``None`` where AS4_PATH is to be ignored: it is
    empty or counts more hops than AS_PATH.
    """
    path = list(path)
    tail = [s for s in path4 if s.type in (SegmentType.AS_SEQUENCE, SegmentType.AS_SET)]
    missing = count_hops(path) - count_hops(tail)
    if missing < 0 or not tail:
        return None
    head: list[Segment] = []
    for segment in path:
        if segment.type in (SegmentType.AS_CONFED_SEQUENCE, SegmentType.AS_CONFED_SET):
            # "SHALL be prepended if it is either the leading path segment or is adjacent to a path
            # segment that is prepended": every one up to the first hop that AS4_PATH replaces.
            head.append(segment)
            continue
        if not missing:
            break
        if segment.type is SegmentType.AS_SET or len(segment.asns) <= missing:
            head.append(segment)
            missing -= 1 if segment.type is SegmentType.AS_SET else len(segment.asns)
            continue
        kept = segment.asns[:missing]
        if tail[0].type is SegmentType.AS_SEQUENCE:
            return [*head, Segment(SegmentType.AS_SEQUENCE, kept + tail[0].asns), *tail[1:]]
        head.append(Segment(SegmentType.AS_SEQUENCE, kept))
        break
    return head + tail
