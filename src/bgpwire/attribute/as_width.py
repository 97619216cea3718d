"""AS_PATH and AGGREGATOR on a session of 2-octet AS numbers, with AS4_PATH and AS4_AGGREGATOR (RFC 6793 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bgpwire._impl import AsPath
from bgpwire.attribute.block import attribute_wire
from bgpwire.errors import EncodeError
from bgpwire.numbers import attribute as codes
from bgpwire.value.as_path import SegmentType, pack_segments
from bgpwire.value.attributes import AS_TRANS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire.attribute.aggregator import Aggregator

_CONFEDERATION: Final = frozenset((SegmentType.AS_CONFED_SEQUENCE, SegmentType.AS_CONFED_SET))


class Aggregated(NamedTuple):
    """An AGGREGATOR and the flags that it is to have."""

    value: Aggregator
    flags: int


def of_width(values: dict[int, Any], asn4: bool) -> dict[int, Any]:
    """``values`` as they are written on a session whose AS numbers have 4 octets, or 2.

    :class:`bgpwire.EncodeError` for an AS number above 65535 inside a confederation: there AS4_PATH must not have it.
    """
    path = values.get(codes.AS_PATH)
    aggregator: Aggregated | None = values.get(codes.AGGREGATOR)
    if aggregator is not None:
        values = values | _aggregator(aggregator.value, aggregator.flags, asn4)
    if path is None or path.asn4 is asn4:
        return values
    if asn4:
        return values | {codes.AS_PATH: AsPath.from_bytes(pack_segments(path.segments))}
    return values | _narrowed(path)


def _narrowed(path: AsPath) -> dict[int, Any]:
    """RFC 6793 section 4.2.2: AS_TRANS for each AS number above 65535 and, if there is one, AS4_PATH with all of them
    but those of confederations."""
    segments = path.segments
    narrow = AsPath.from_bytes(_narrow(segments), asn4=False)
    if all(asn <= 0xFFFF for asn in path):
        return {codes.AS_PATH: narrow}
    for segment in segments:
        if segment.type in _CONFEDERATION and any(asn > 0xFFFF for asn in segment.asns):
            reason = f"{path} has AS numbers above 65535 in a confederation, for which AS4_PATH has no place"
            raise EncodeError("as_path", max(segment.asns), 0xFFFF, reason)
    kept = [segment for segment in segments if segment.type not in _CONFEDERATION]
    return {codes.AS_PATH: narrow, codes.AS4_PATH: AsPath.from_bytes(pack_segments(kept))}


def _narrow(segments: Iterable[tuple[int, Iterable[int]]]) -> bytes:
    out = bytearray()
    for kind, asns in segments:
        numbers = [asn if asn <= 0xFFFF else AS_TRANS for asn in asns]
        out += bytes((kind, len(numbers)))
        for asn in numbers:
            out += asn.to_bytes(2)
    return bytes(out)


def _aggregator(value: Aggregator, flags: int, asn4: bool) -> dict[int, bytes]:
    """RFC 6793 section 4.2.2: AS_TRANS and AS4_AGGREGATOR for an AS number above 65535."""
    identifier = bytes(value.address)
    if asn4:
        return {codes.AGGREGATOR: attribute_wire(flags, codes.AGGREGATOR, value.asn.to_bytes(4) + identifier)}
    small = value.asn if value.asn <= 0xFFFF else AS_TRANS
    out = {codes.AGGREGATOR: attribute_wire(flags, codes.AGGREGATOR, small.to_bytes(2) + identifier)}
    if small != value.asn:
        wide = attribute_wire(0xC0, codes.AS4_AGGREGATOR, value.asn.to_bytes(4) + identifier)
        out[codes.AS4_AGGREGATOR] = wide
    return out
