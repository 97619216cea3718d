"""The JSON members of path attributes, written piece by piece: those of :func:`bgpwire.route.form.attribute_fields`.

A piece that comes again (a path, communities) is written once. Blocks with an attribute that is rarer, or malformed,
are for that function.
"""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire.numbers import attribute as codes
from bgpwire.route.form import WITH_FIELDS
from bgpwire.text.shared import per_octets, per_path
from bgpwire.value.as_path import SegmentType
from bgpwire.value.community import WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import AsPath, Communities, PathAttributes

_LISTS = (
    ("extended_communities", codes.EXTENDED_COMMUNITIES),
    ("large_communities", codes.LARGE_COMMUNITY),
)
_MP = frozenset((codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI))


def _is_sound(attributes: PathAttributes, code: int) -> bool:
    """Whether MP_REACH_NLRI or MP_UNREACH_NLRI can be read. No object is made of it where that can be seen of its
    octets."""
    _, start, end = attributes._index[code]
    size = end - start
    if code == codes.MP_UNREACH_NLRI:
        return size >= 3
    octets = attributes._data
    if size and attributes.next_hop_of(True) is not None:
        if attributes.rib_family is not None and octets[start] == size - 1:
            return True  # MRT's form, the next hop alone
        if size >= 5 and size >= 5 + octets[start + 3]:
            return True
    return attributes.get(code) is not None


def _path_members(path: AsPath) -> str:
    segments = path.segments
    if len(segments) == 1 and segments[0].type is SegmentType.AS_SEQUENCE:
        numbers = segments[0].asns
        return f',"as_path":"{" ".join(map(str, numbers))}","origin_asns":[{numbers[-1]}]'
    return f',"as_path":"{path}","origin_asns":[{",".join(map(str, path.origin_asns))}]'


def _communities_member(values: Communities) -> str:
    octets = bytes(values)
    numbers = struct.unpack(f">{len(octets) // 4}I", octets)
    names = [WELL_KNOWN.get(number) or f"{number >> 16}:{number & 0xFFFF}" for number in numbers]
    return f',"communities":["{'","'.join(names)}"]'


def members_writer(compact: Callable[[Any], str]) -> Callable[[PathAttributes], str | None]:
    """A function that gives the members, a comma in front of each; ``None`` for what is not usual.

    ``compact(value)`` writes a value of JSON.
    """
    path_members = per_path(_path_members)

    def member(name: str, value: Any) -> str:
        return f',"{name}":{compact(value.json())}'

    lists = [(codes.COMMUNITIES, per_octets(_communities_member))]
    lists += [(code, per_octets(partial(member, name))) for name, code in _LISTS]

    def members(attributes: PathAttributes) -> str | None:
        index = attributes._index
        if attributes.structure_error is not None or not WITH_FIELDS.issuperset(index):
            return None
        get = attributes.get
        for code in index:
            if code in _MP:
                if not _is_sound(attributes, code):
                    return None
            elif get(code) is None:
                return None
        values = attributes._cache
        path = attributes.as_path
        out = "" if path is None else path_members(path)
        if codes.ORIGIN in index:
            out = f'{out},"origin":"{values[codes.ORIGIN].json()}"'
        if codes.MULTI_EXIT_DISC in index:
            out = f'{out},"med":{values[codes.MULTI_EXIT_DISC]}'
        if codes.LOCAL_PREF in index:
            out = f'{out},"local_pref":{values[codes.LOCAL_PREF]}'
        if codes.ATOMIC_AGGREGATE in index:
            out += ',"atomic_aggregate":true'
        aggregator = attributes.aggregator
        if aggregator is not None:
            out = f'{out},"aggregator":{{"asn":{aggregator.asn},"address":"{aggregator.address}"}}'
        for code, written in lists:
            if code in index:
                out += written(values[code])
        return out

    return members
