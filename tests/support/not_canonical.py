"""In which ways octets may be others than those that we build of the same values; tests/vectors/README.md says more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from support.vectors import Vector


class Way(NamedTuple):
    """``sizes``: whether what is built is shorter (-1), as long (0) or longer (1). ``members`` of the JSON form that
    differ."""

    sizes: tuple[int, ...]
    members: tuple[str, ...] = ()


WAYS = {
    "extended length on a short value": Way((-1,), ("flags", "extended_length")),
    "length that is not looked at": Way((0,)),
    "several parameters of capabilities": Way((-1,)),
    "bits behind a prefix": Way((0,)),
    "bits beside a label": Way((0,)),
    "reserved bits": Way((0,)),
    "number in another number of octets": Way((-1, 0, 1)),
    "octets that are no UTF-8": Way((1,)),
    "length that does not count its header": Way((0,)),
    "length that is left out": Way((1,)),
    "length in front of each route": Way((-1,)),
    "length in two octets where one would do": Way((-1,)),
    "length in bits": Way((0,)),
}


def difference(vector: Vector) -> Way:
    """The ways of a vector taken together."""
    ways = [WAYS[name] for name in vector.not_canonical]
    sizes = set.intersection(*(set(way.sizes) for way in ways))
    return Way(tuple(sizes), tuple(member for way in ways for member in way.members))


def alike(form: Any, way: Way) -> Any:
    """A JSON form without what differs that ``way``: ``raw``, the length of the message, and the way's members."""
    if isinstance(form, dict):
        left_out = {"raw", "length", *way.members}
        return {name: alike(member, way) for name, member in form.items() if name not in left_out}
    return [alike(item, way) for item in form] if isinstance(form, list) else form
