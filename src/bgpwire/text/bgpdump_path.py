"""AS paths as bgpdump prints and merges them; its quirks are described in :mod:`bgpwire.text.bgpdump`."""

from __future__ import annotations

import struct
from functools import lru_cache

from bgpwire.value.as_path import SegmentType

_ERROR = "! Error !"
_SEQUENCE = SegmentType.AS_SEQUENCE
_SETS = frozenset((SegmentType.AS_SET, SegmentType.AS_CONFED_SET))
_BRACKETS: dict[int, str] = {
    SegmentType.AS_SET: "{}",
    SegmentType.AS_CONFED_SEQUENCE: "()",
    SegmentType.AS_CONFED_SET: "[]",
}
_LIMIT = 7900
"""Where its buffer is taken for full: the path is broken off with an ellipsis behind the number that passes it."""


def _segments(data: bytes, width: int) -> list[tuple[int, tuple[int, ...]]] | None:
    """(type, AS numbers) of each segment; ``None`` if they do not fill ``data``, or a type is unknown."""
    out = []
    pos = 0
    while pos < len(data):
        kind = data[pos]
        count = data[pos + 1] if pos + 1 < len(data) else 0
        after = pos + 2 + count * width
        if not 1 <= kind <= 4 or after > len(data):
            return None
        out.append((kind, struct.unpack_from(f">{count}{'I' if width == 4 else 'H'}", data, pos + 2)))
        pos = after
    return out


def _text(segments: list[tuple[int, tuple[int, ...]]]) -> str:
    parts: list[str] = []
    size = 0
    before: int = _SEQUENCE
    space = False
    for kind, asns in segments:
        lead = "" if before == _SEQUENCE else _BRACKETS[before][1]
        if space:
            lead += " "
        if kind != _SEQUENCE:
            lead += _BRACKETS[kind][0]
        parts.append(lead)
        size += len(lead)
        separator = "," if kind in _SETS else " "
        inside = separator.join(map(str, asns))
        if size + len(inside) > _LIMIT:
            for number in asns:
                text = (separator if space and number is not asns[0] else "") + str(number)
                parts.append(text)
                size += len(text)
                space = True
                if size > _LIMIT:
                    return "".join(parts) + "..."
        parts.append(inside)
        size += len(inside)
        before, space = kind, bool(asns)
    if before != _SEQUENCE:
        parts.append(_BRACKETS[before][1])
    return "".join(parts)


@lru_cache(maxsize=4096)
def as_path_text(data: bytes, asn4: bool) -> str:
    """The value of AS_PATH as text; ``! Error !`` where it is malformed."""
    segments = _segments(data, 4 if asn4 else 2)
    return _ERROR if segments is None else _text(segments)


def _count(segments: list[tuple[int, tuple[int, ...]]] | None) -> int:
    """Its hop count, confederations among it."""
    return sum(1 if kind in _SETS else len(asns) for kind, asns in segments or ())


@lru_cache(maxsize=4096)
def merged_path(path: bytes, path4: bytes) -> str:
    """AS_PATH with 2-octet AS numbers and AS4_PATH as the one path that bgpdump prints."""
    old, new = _segments(path, 2), _segments(path4, 4)
    wanted = _count(old) - _count(new)
    if wanted < 0:
        return _ERROR if old is None else _text(old)
    merged: list[tuple[int, tuple[int, ...]]] = []
    have = 0
    if wanted and old:
        kind, asns = old[0]
        while have < wanted and asns:
            hops = 1 if kind in _SETS else len(asns)
            have += hops
            merged.append((kind, asns[: len(asns) - (have - wanted)] if have > wanted else asns))
    return _ERROR if new is None else _text(merged + new)
