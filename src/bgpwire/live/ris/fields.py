"""The fields in which RIS Live shows an UPDATE, as values to compare and to build messages of."""

from __future__ import annotations

from socket import AF_INET, AF_INET6, inet_pton
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._impl import Address, AsPath, Community, read_prefixes
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.value.as_path import SegmentType, pack_segments
from bgpwire.value.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["END_OF_RIB", "Fields", "as_list", "fields_of", "flat_path", "number", "path_of"]

END_OF_RIB = "eor"
"""Stands for a prefix in the UPDATE that ends the routes of a family (RFC 4724 section 2)."""
_ORIGINS = {origin.json(): origin for origin in Origin}

type Step = int | frozenset[int]
"""An AS number of a path, or the AS numbers of a set."""


class Fields(NamedTuple):
    """What the fields of an UPDATE say; what a field leaves out is empty, or ``None``."""

    path: tuple[Step, ...]
    origin: Origin | None
    med: int | None
    aggregator: tuple[int, Address] | None
    community: frozenset[Community]
    announced: dict[str, frozenset[Address]]
    """The next hops of each prefix, which is text as ``str(Prefix)`` gives it."""
    withdrawn: frozenset[str]
    end_of_rib: bool


def fields_of(data: Mapping[str, Any], on_fault: Callable[[str, str], object]) -> Fields:
    """The fields of an UPDATE. A field that has a value it cannot have goes to ``on_fault(field, reason)`` and counts
    as left out."""

    def read(field: str, form: Callable[[Any], Any], absent: Any) -> Any:
        value = data.get(field)
        if value is None:
            return absent
        try:
            return form(value)
        except (ValueError, TypeError, KeyError) as error:
            on_fault(field, f"{error.__class__.__name__}: {error}")
            return absent

    announced = read("announcements", _announced, {})
    end_of_rib = announced.pop(END_OF_RIB, None) is not None
    return Fields(
        read("path", _path, ()),
        read("origin", _origin, None),
        read("med", number, None),
        read("aggregator", _aggregator, None),
        read("community", _communities, frozenset()),
        announced,
        read("withdrawals", _withdrawn, frozenset()),
        end_of_rib,
    )


def number(value: Any, bits: int = 32) -> int:
    """A number of so many bits, which may be text. ValueError or TypeError for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"no number: {value.__class__.__name__}")
    if not 0 <= value < 1 << bits:
        raise ValueError(f"a number that does not fit {bits} bits")
    return value


def as_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"no list: {value.__class__.__name__}")
    return value


def _path(value: Any) -> tuple[Step, ...]:
    # Numbers of the type and size that they have in all messages are not looked at further.
    if isinstance(value, list) and all(type(step) is int and 0 <= step < 1 << 32 for step in value):
        return tuple(value)
    return tuple(frozenset(map(number, step)) if isinstance(step, list) else number(step) for step in as_list(value))


def _origin(value: Any) -> Origin:
    found = _ORIGINS.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("none of igp, egp, incomplete")
    return found


def _aggregator(value: Any) -> tuple[int, Address]:
    """``64500:192.0.2.1``."""
    if not isinstance(value, str):
        raise TypeError(f"no text: {value.__class__.__name__}")
    asn, _, address = value.partition(":")
    return number(asn), Address(address)


def _communities(value: Any) -> frozenset[Community]:
    """Pairs of numbers, or text."""
    return frozenset(_community(one) for one in as_list(value))


def _community(value: Any) -> Community:
    if isinstance(value, str):
        return Community(value)
    high, low = as_list(value)
    if type(high) is int and type(low) is int and 0 <= high <= 0xFFFF and 0 <= low <= 0xFFFF:
        return Community.from_int(high << 16 | low)
    return Community.from_int(number(high, 16) << 16 | number(low, 16))


def _announced(value: Any) -> dict[str, frozenset[Address]]:
    """A global and a link-local next hop (RFC 2545 section 3) come as two entries with the same prefixes, or as one
    with a comma between them."""
    out: dict[str, frozenset[Address]] = {}
    for entry in as_list(value):
        if not isinstance(entry, dict):
            raise TypeError(f"no object: {entry.__class__.__name__}")
        prefixes = as_list(entry["prefixes"])
        if prefixes == [END_OF_RIB]:
            out[END_OF_RIB] = frozenset()
            continue
        hop = entry["next_hop"]
        if not isinstance(hop, str):
            raise TypeError(f"no address: {hop.__class__.__name__}")
        hops = frozenset(map(_address, hop.split(",", 2)))
        for prefix in _prefixes(prefixes):
            known = out.get(prefix)
            out[prefix] = found = hops if known is None or known == hops else known | hops
            # Bounded, or the work would grow with the square of what a hostile server sends.
            if len(found) > 2:
                raise ValueError("more than two next hops for a prefix")
    return out


def _withdrawn(value: Any) -> frozenset[str]:
    return frozenset(_prefixes(as_list(value)))


def _prefixes(values: list[Any]) -> Iterable[str]:
    return [_prefix(value) for value in values]


def _prefix(value: Any) -> str:
    """A prefix in text of any form as ``str(Prefix)`` shows it; of IPv6 it comes without ``::`` too."""
    address, slash, length = value.partition("/") if isinstance(value, str) else ("", "", "")
    if not (slash and length.isascii() and length.isdecimal()):
        raise ValueError("no prefix")
    packed = bytes(_address(address))
    size = int(length) if len(length) < 4 else 999
    if size > len(packed) * 8:
        raise ValueError("a prefix that is too long")
    wire = bytes((size,)) + packed[: (size + 7) >> 3]
    found, _ = read_prefixes(wire, 0, len(wire), AFI_IPV4 if len(packed) == 4 else AFI_IPV6, False)
    return str(found[0])


def _address(text: str) -> Address:
    """As ``Address(text)``, in a tenth of the time: there is one or more in each message."""
    try:
        return Address.from_bytes(inet_pton(AF_INET6 if ":" in text else AF_INET, text))
    except (OSError, ValueError):
        return Address(text)


def flat_path(path: AsPath | None) -> tuple[Step, ...]:
    """A path as RIS Live shows it: the AS numbers of sequences one by one, those of sets together."""
    out: list[Step] = []
    for kind, asns in () if path is None else path.segments:
        if kind in (SegmentType.AS_SEQUENCE, SegmentType.AS_CONFED_SEQUENCE):
            out += asns
        else:
            out.append(frozenset(asns))
    return tuple(out)


def path_of(steps: Iterable[Step]) -> AsPath:
    """The path of such steps."""
    segments: list[tuple[int, list[int]]] = []
    for step in steps:
        if isinstance(step, frozenset):
            segments.append((SegmentType.AS_SET, sorted(step)))
        elif segments and segments[-1][0] == SegmentType.AS_SEQUENCE:
            segments[-1][1].append(step)
        else:
            segments.append((SegmentType.AS_SEQUENCE, [step]))
    return AsPath.from_bytes(pack_segments(segments))
