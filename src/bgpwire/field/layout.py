"""The fields of an object: a record whose members may be absent, and whose reserved octets have names too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.field.base import AnyField, Reads
from bgpwire.field.choice import Depends
from bgpwire.field.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bgpwire._impl import Reader
    from bgpwire.field.base import Field
    from bgpwire.field.walk import Walk


class Layout(Record):
    """Named fields, in the order of the wire: ``Layout(rd=parts.rd, label=fields.u24)``; a mapping of them too.

    A field whose name begins with ``_`` is read and forgotten (reserved octets), one that reads ``None`` is kept.
    """

    __slots__ = ()

    def __init__(self, **members: AnyField) -> None:
        super().__init__(members)
        self.steps = None  # they leave out what is absent
        self.read = _reads(self.members)

    def keys(self) -> Iterable[str]:
        return self.members.keys()

    def __getitem__(self, name: str) -> Field:
        return self.members[name]

    def walk(self, walk: Walk) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, member in self.members.items():
            value = walk(name.lstrip("_"), member.choose(out) if isinstance(member, Depends) else member)
            if not name.startswith("_"):
                out[name] = value
        return out

    def from_json(self, form: Any) -> dict[str, Any]:
        """As of a record; what is absent is ``None``."""
        found = super().from_json(form)
        return {name: found.get(name) for name in self.members if not name.startswith("_")}


def _reads(members: Mapping[str, Field]) -> Reads:
    if not any(name.startswith("_") or isinstance(member, Depends) for name, member in members.items()):
        plain = tuple((name, member.read) for name, member in members.items())

        def read_plain(reader: Reader) -> dict[str, Any]:
            return {name: field(reader) for name, field in plain}

        return read_plain
    rows = tuple(
        (name, member.read, member.choose if isinstance(member, Depends) else None, not name.startswith("_"))
        for name, member in members.items()
    )

    def read(reader: Reader) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, field, choose, shown in rows:
            value = field(reader) if choose is None else choose(out).read(reader)
            if shown:
                out[name] = value
        return out

    return read
