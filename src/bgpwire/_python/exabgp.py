"""Objects of somebody else's classes, one a prefix, made without running their ``__init__``.

A :class:`Blueprint` says which class, and what each attribute is to hold: a constant, a
:class:`~bgpwire.value.nlri_parts.Part` of the prefix, or another object made by a blueprint. A
:class:`PrefixBuilder` walks a run of NLRI and makes one object for each. It accepts what is well formed and
nothing else: at the first octet in doubt it answers ``None``, and the caller lets the owner of the classes
decode, and complain, in its own way.

This twin writes the loop out as Python source, once for each builder: a loop with the attributes' names in
it is several times as fast as one that looks them up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.value.nlri_parts import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Blueprint", "PrefixBuilder"]

_MOST = 16
_DEEPEST = 8
_OF_LABELS = (Part.WIRE_PLAIN, Part.STACK_SIZE, Part.LABELS, Part.NO_RAW_LABELS, Part.STACK_PLAIN)


class Blueprint:
    """Instances of ``owner`` with these ``attributes``, set in this order; its ``__init__`` is not run.

    A ``leaf`` refers to nothing that could refer back, so the garbage collector need not look at it. (From
    Python, there is no way to tell it.)
    """

    __slots__ = ("_depth", "attributes", "owner")
    _depth: int

    def __init__(self, owner: type, attributes: Mapping[str, object], leaf: bool = False) -> None:
        if hasattr(self, "owner"):
            raise TypeError("a blueprint is made once")
        if not isinstance(owner, type):
            raise TypeError(f"a class is needed, not {owner!r}")
        maker: Any = owner.__new__
        if maker is not object.__new__:
            raise TypeError(f"{owner.__name__} makes its instances itself")
        object.__new__(owner)  # TypeError for a class that nobody may make instances of
        found = dict(attributes)
        if len(found) > _MOST:
            raise ValueError(f"{_MOST} attributes at most")
        self._depth = 1 + max((source._depth for source in found.values() if isinstance(source, Blueprint)), default=0)
        if self._depth > _DEEPEST:
            raise ValueError(f"{_DEEPEST} blueprints inside each other at most")
        self.attributes = found
        self.owner = owner


_BODY = """
def build_{name}(data, pos, end, extra):
    {prepare}
    while pos < end:
        {walk}
        {make}
        pos = stop
        {give}
    return {at_end}
"""

_PATH = """
if end - pos < 5:
    return None
path_id = data[pos : pos + 4]
pos += 4
"""

_LABELS = """
top = pos
while True:
    if bits - {tail} < 24 or end - pos < 3:
        return None
    bits -= 24
    pos += 3
    if data[pos - 1] & 1:
        break
    if pos - top == 3:
        if {one_label} and {tail} < bits <= {most}:
            break
        first = data[top] << 16 | data[top + 1] << 8 | data[top + 2]
        if not first or first == 0x800000 and {withdraw}:
            break
"""

_DISTINGUISHER = """
bits -= 64
if end - pos < 8:
    return None
rd = data[pos : pos + 8]
pos += 8
"""

_PREFIX = """
if not 0 <= bits <= {longest}:
    return None
stop = pos + (bits + 7 >> 3)
if stop > end:
    return None
"""

_PARTS = {
    Part.EXTRA: "extra",
    Part.WIRE: "data[start:stop]",
    Part.WIRE_PLAIN: "data[start:top] + plain(data, top, below) + data[below:stop]",
    Part.PATH_ID: "path_id",
    Part.STACK_SIZE: "below - top",
    Part.LABELS: "labels(data, top, below)",
    Part.NO_RAW_LABELS: "[None] * ((below - top) // 3)",
    Part.STACK_PLAIN: "plain(data, top, below)",
    Part.DISTINGUISHER: "rd",
    Part.BITS: "bits",
    Part.ADDRESS: "(data[pos:stop] + zeros)[:{octets}]",
}


class PrefixBuilder:
    """Makes objects after ``blueprint`` from NLRI of addresses of ``longest`` bits (32 or 128).

    ``add_path``, ``labelled`` and ``distinguished`` say what stands before each prefix, ``withdraw`` whether
    label 0x800000 ends a stack (RFC 8277 section 2.4). ``one_label`` ends it behind the first label wherever the
    length leaves a prefix of 1 to ``longest`` bits (RFC 8277 section 2.2), marked as the bottom or not.
    """

    __slots__ = ("_all", "_one")

    def __init__(
        self,
        blueprint: Blueprint,
        longest: int,
        add_path: bool = False,
        labelled: bool = False,
        distinguished: bool = False,
        withdraw: bool = False,
        one_label: bool = False,
    ) -> None:
        if hasattr(self, "_one"):
            raise TypeError("a builder is made once")
        if longest not in (32, 128):
            raise ValueError(f"addresses have 32 or 128 bits, not {longest}")
        _needs(blueprint, labelled, distinguished)
        space: dict[str, Any] = {"new": object.__new__, "plain": _plain, "labels": _labels, "zeros": bytes(16)}
        tail = 64 if distinguished else 0
        walk = "start = pos\n" + (_PATH if add_path else "path_id = b''")
        walk += "\nbits = data[pos]\npos += 1\n"
        if labelled:
            most = tail + longest
            walk += _LABELS.format(tail=tail, most=most, withdraw=withdraw, one_label=one_label) + "below = pos\n"
        if distinguished:
            walk += _DISTINGUISHER
        walk += _PREFIX.format(longest=longest)
        make: list[str] = []
        made = _write(blueprint, make, space, longest // 8)
        for name, prepare, give, at_end in (
            ("all", "made = []; give = made.append", f"give({made})", "made"),
            ("one", "", f"return {made}, stop", "None"),
        ):
            source = _BODY.format(
                name=name,
                prepare=prepare or "pass",
                walk=walk.strip().replace("\n", "\n        "),
                make="\n        ".join(make),
                give=give,
                at_end=at_end,
            )
            exec(source, space)
        self._all = space["build_all"]
        self._one = space["build_one"]

    def all(self, data: bytes, start: int, end: int, extra: object = None) -> list[Any] | None:
        """One object for each NLRI of ``data[start:end]``, or ``None`` if anything there is not well formed."""
        _check(data, start, end)
        made: list[Any] | None = self._all(data, start, end, extra)
        return made

    def one(self, data: bytes, start: int, end: int, extra: object = None) -> tuple[Any, int] | None:
        """The object of the first NLRI of ``data[start:end]`` and where that ends, or ``None``."""
        _check(data, start, end)
        made: tuple[Any, int] | None = self._one(data, start, end, extra)
        return made


def _needs(blueprint: Blueprint, labelled: bool, distinguished: bool) -> None:
    """ValueError if ``blueprint`` asks for a part that the prefixes do not have."""
    for source in blueprint.attributes.values():
        if isinstance(source, Blueprint):
            _needs(source, labelled, distinguished)
        elif source is Part.DISTINGUISHER and not distinguished:
            raise ValueError("prefixes without a route distinguisher")
        elif isinstance(source, Part) and source in _OF_LABELS and not labelled:
            raise ValueError("prefixes without labels")


def _check(data: bytes, start: int, end: int) -> None:
    if type(data) is not bytes:
        raise TypeError(f"bytes are needed, not {type(data).__name__}")
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")


def _write(blueprint: Blueprint, lines: list[str], space: dict[str, Any], octets: int) -> str:
    """Append the ``lines`` that make one object, and return the variable that then holds it."""
    values: list[tuple[str, str]] = []
    for name, source in blueprint.attributes.items():
        if isinstance(source, Blueprint):
            value = _write(source, lines, space, octets)
        elif isinstance(source, Part):
            value = _PARTS[source].format(octets=octets)
        else:
            value = f"constant{len(space)}"
            space[value] = source
        values.append((name, value))
    serial = len(space)
    space[f"owner{serial}"] = blueprint.owner
    lines.append(f"made{serial} = new(owner{serial})")
    setter_of: Any = blueprint.owner.__setattr__
    frozen = setter_of is not object.__setattr__
    for name, value in values:
        if frozen:
            setter = f"set{len(space)}"
            space[setter] = blueprint.owner.__dict__[name].__set__
            lines.append(f"{setter}(made{serial}, {value})")
        else:
            lines.append(f"made{serial}.{name} = {value}")
    return f"made{serial}"


def _labels(data: bytes, top: int, below: int) -> list[int]:
    return [data[i] << 12 | data[i + 1] << 4 | data[i + 2] >> 4 for i in range(top, below, 3)]


def _plain(data: bytes, top: int, below: int) -> bytes:
    stack = bytearray(data[top:below])
    for i in range(2, len(stack), 3):
        stack[i] &= 0xF0
    stack[-1] |= 1
    return bytes(stack)
