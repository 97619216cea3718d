"""Functions that read records, written for each: the octets of neighbouring fields of fixed size are unpacked together.

A function is written at its first call, so that a declaration which is never read costs no time at import.
"""

from __future__ import annotations

from itertools import groupby
from struct import Struct
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bgpwire._python.reader import Reader

    type _Read = Callable[[Reader], Any]
    type Fields = tuple[tuple[str | None, int, _Read], ...]
    type Group = tuple[str, int, int, dict[int, Any], bool]
    type Plan = Fixed | Depending

__all__ = ["Depending", "Fixed", "fitting", "planned", "reads_members"]

_FORMATS = {1: "B", 2: "H", 4: "I", 8: "Q"}
_FLAG = {0: False, 1: True}


def fitting(size: int, most: int, what: str) -> None:
    if not 0 <= size <= most:
        raise ValueError(f"{what} in {size} octets")


class Fixed:
    """What ``size`` octets are: a number, with ``names`` for some; ``groups`` of its bits; octets that are ``turned``
    into something; with ``shown`` false nothing."""

    __slots__ = ("groups", "names", "shown", "size", "turned")

    def __init__(
        self,
        size: int,
        names: Mapping[int, Any] | None = None,
        groups: tuple[Group, ...] | None = None,
        turned: Callable[[bytes], Any] | None = None,
        shown: bool = True,
    ) -> None:
        self.size = size
        self.names = names
        self.groups = groups
        self.turned = turned
        self.shown = shown


class Depending:
    """What the ``read`` of the field reads that ``by`` gives for the members in front."""

    __slots__ = ("by",)

    def __init__(self, by: Callable[[Mapping[str, Any]], Any]) -> None:
        self.by = by


def planned(read: _Read, plan: Plan | Fields) -> _Read:
    """``read``, which reads what ``plan`` says: a record has that among the lines that read its other members."""
    read.plan = plan  # type: ignore[attr-defined]
    return read


def _compiled(text: str) -> CodeType:
    made: dict[str, Any] = {}
    exec(text, made)
    code: CodeType = made["read"].__code__
    return code


_FIRST = _compiled("def read(reader): return first(reader)")


def reads_members(plan: Fixed | Fields) -> _Read:
    """A function that reads the members of a record, or of groups of bits, and returns them by name."""

    def first(reader: Reader) -> Any:
        # Two threads may both do this: they write the same text, and the same names for equal things.
        writing = _Writing()
        code = writing.code(((None, plan),) if isinstance(plan, Fixed) else _flat(plan))
        space.update(writing.space)
        function.__code__ = code
        return function(reader)

    space: dict[str, Any] = {"first": first}
    function = FunctionType(_FIRST, space)
    return planned(function, plan)


def _short(reader: Reader, run: tuple[Fixed, ...]) -> None:
    """Raise the error of the first of these fields that is not all there; those before it are read."""
    for plan in run:
        octets = reader.take(plan.size)
        if plan.turned is not None:
            plan.turned(octets)


def _flat(fields: Fields) -> Iterator[tuple[str | None, Plan | _Read]]:
    for name, size, read in fields:
        plan = Fixed(size) if size else getattr(read, "plan", None)
        is_record = isinstance(plan, Fixed) and plan.groups is not None
        if isinstance(plan, (Fixed, Depending)) and (name is None) == is_record:
            yield name, plan
        elif name is None and isinstance(plan, tuple):
            yield from _flat(plan)
        else:
            yield name, read


class _Writing:
    """The text of one function, and in ``space`` the objects that it names."""

    def __init__(self) -> None:
        self.space: dict[str, Any] = {"short": _short, "number": int.from_bytes}
        self.lines: list[str] = []
        self.display: list[str] | None = []
        """The first members, which are always there; ``None`` behind the line that makes a dict of them."""

    def code(self, fields: Iterable[tuple[str | None, Plan | _Read]]) -> CodeType:
        for are_fixed, run in groupby(fields, lambda field: isinstance(field[1], Fixed)):
            if are_fixed:
                self.unpacked([*run])  # type: ignore[list-item]
            else:
                for name, read in run:
                    self.begin()
                    if isinstance(read, Depending):
                        self.called(name, f"{self.named('by', read.by)}(out).read(reader)")
                    else:
                        self.called(name, f"{self.named('read', read)}(reader)")
        result = "out" if self.display is None else f"{{{', '.join(self.display)}}}"
        return _compiled("\n    ".join(("def read(reader):", *self.lines, f"return {result}")))

    def named(self, what: str, thing: object) -> str:
        """What ``thing`` is called in the text."""
        name = f"{what}{len(self.space)}"
        self.space[name] = thing
        return name

    def member(self, name: str, value: str, condition: str = "") -> None:
        """A member of the record, which with a ``condition`` is there where that is true."""
        if self.display is not None and not condition:
            self.display.append(f"{name!r}: {value}")
            return
        self.begin()
        self.lines.append(f"{condition}out[{name!r}] = {value}")

    def begin(self) -> None:
        if self.display is not None:
            self.lines.append(f"out = {{{', '.join(self.display)}}}")
            self.display = None

    def called(self, name: str | None, call: str) -> None:
        """A field that a function reads."""
        if name is None:
            self.lines.append(f"out.update({call})")
        else:
            self.lines.append(f"x = {call}")
            self.member(name, "x", "if x is not None: ")

    def unpacked(self, run: list[tuple[str | None, Fixed]]) -> None:
        """Fields of fixed size: they are all there, or the first that is not raises its error."""
        plans = tuple(plan for _, plan in run)
        size = sum(plan.size for plan in plans)
        # The display in front may still name what another run has unpacked.
        places = [f"v{len(self.lines)}_{at}" for at in range(len(run))]
        short = f"short(reader, {self.named('run', plans)})"
        self.lines += ("pos = reader._pos", f"if reader._end - pos < {size}: {short}")
        shown = [(name, plan, place) for (name, plan), place in zip(run, places, strict=True) if plan.shown]
        if shown:
            unpack = self.named("unpack", Struct(">" + "".join(map(_format, plans))).unpack_from)
            self.lines.append(f"{''.join(f'{place}, ' for *_, place in shown)}= {unpack}(reader._data, pos)")
        self.lines.append(f"reader._pos = pos + {size}")
        for name, plan, place in shown:
            self.value(name, plan, place)

    def value(self, name: str | None, plan: Fixed, place: str) -> None:
        """The members that the value in the variable ``place`` gives."""
        if plan.turned is not None:
            turned = place if plan.turned is bytes else f"{self.named('turned', plan.turned)}({place})"
            self.member(name, turned)  # type: ignore[arg-type]
            return
        if plan.size not in _FORMATS:
            self.lines.append(f"{place} = number({place})")
        if plan.groups is not None:
            self.bits(plan.groups, place)
        else:
            value = f"{self.named('get', dict(plan.names).get)}({place}, {place})" if plan.names else place
            self.member(name, value)  # type: ignore[arg-type]

    def bits(self, groups: Iterable[Group], place: str) -> None:
        for name, shift, mask, names, spare in groups:
            value = f"{place} >> {shift} & {mask}" if shift else f"{place} & {mask}"
            if mask == 1 and names == _FLAG and isinstance(names[1], bool) and not spare:
                self.member(name, f"({place} & {1 << shift}) != 0")
                continue
            get = self.named("get", names.get) if names else ""
            if spare:
                self.member(name, f"{get}(x, x)" if get else "x", f"if x := {value}: ")
            else:
                self.member(name, f"{get}(x := {value}, x)" if get else value)


def _format(plan: Fixed) -> str:
    if not plan.shown:
        return f"{plan.size}x"
    return f"{plan.size}s" if plan.turned is not None else _FORMATS.get(plan.size, f"{plan.size}s")
