"""Records of BGP4MP whose interface index is the number of a context: apart by that, or with the index put back."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final

from bgpwire._python.mrt_grammar import BGP4MP_FORMS
from bgpwire.numbers.mrt import BGP4MP_ET

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["records_apart", "records_of_archive"]

_HEADER: Final = Struct(">IHHI")


def _places(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each record begins and ends, and where its interface index stands."""
    at = 0
    while at < len(octets):
        if len(octets) - at < 12:
            raise ValueError("octets that are no records")
        _, kind, subtype, size = _HEADER.unpack_from(octets, at)
        form = BGP4MP_FORMS.get(subtype)
        end = at + 12 + size
        if form is None or end > len(octets):
            raise ValueError("octets that are no records")
        place = at + (16 if kind == BGP4MP_ET else 12) + 2 * form[0]
        if place + 4 > end:
            raise ValueError("octets that are no records")
        yield at, end, place
        at = end


def records_apart(octets: bytes, parts: list[int], count: int) -> list[bytes]:
    """The records of each of ``count`` parts, in their order: ``parts`` has by number in which one a record belongs."""
    if count < 0:
        raise ValueError(f"{count} parts")
    made: list[list[bytes]] = [[] for _ in range(count)]
    for start, end, place in _places(octets):
        part = parts[octets[place] << 8 | octets[place + 1]]
        if not 0 <= part < count:
            raise ValueError(f"part {part} of {count}")
        made[part].append(octets[start:end])
    return [b"".join(pieces) for pieces in made]


def records_of_archive(octets: bytes, interfaces: list[int]) -> tuple[bytes, int]:
    """The records with the interface index that ``interfaces`` has for their number, and how many were left out: those
    of address family 0, which are in no archive."""
    out: list[bytes] = []
    lost = 0
    for start, end, place in _places(octets):
        interface = interfaces[octets[place] << 8 | octets[place + 1]]
        if octets[place + 2 : place + 4] == b"\0\0":
            lost += 1
        else:
            out += (octets[start:place], (interface & 0xFFFF).to_bytes(2), octets[place + 2 : end])
    return b"".join(out), lost
