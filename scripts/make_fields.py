#!/usr/bin/env python3
"""docs/fields.md, the tables of fields, out of what declares them; ``--check`` only says whether it is current."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bgpwire import PathAttributes
from bgpwire.afi_safi import Family
from bgpwire.field import Field, Tlvs
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.declared import Declared
from bgpwire.nlri.route_type import RouteType
from bgpwire.numbers import capability_name
from bgpwire.registry import ATTRIBUTES, CAPABILITIES, EXTENDED_COMMUNITIES, NLRI

TARGET = Path(__file__).resolve().parent.parent / "docs" / "fields.md"
INTRODUCTION = """\
<!-- generated from the declarations by scripts/make_fields.py -->
# Fields

What the attributes, NLRI, capabilities and extended communities that are declared are made of, in the order of the
wire. The names are those of the JSON ([json.md](json.md)) and of a dissection (`bgpwire decode`). The number of octets
is left out where it varies. What the kernels decode (prefixes, AS paths, communities) is not here.
"""
_MOST = 6
"""Names of an enumeration that are shown."""


def table(head: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = ("" if cell is None else str(cell).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |".replace("|  |", "| |")


class Tables:
    """The tables of a field and of the TLVs inside it, each set of TLVs once in the whole document."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.waiting: list[tuple[str, Tlvs]] = []

    def of(self, field: Field, title: str) -> Iterator[str]:
        if isinstance(field, Tlvs):
            yield from self.tlvs(field)
        elif parts := [(name, part) for name, part in field.parts if name]:
            rows = ((f"`{name.lstrip('_')}`", part.width, self.what(part, name)) for name, part in parts)
            yield from table(("field", "octets", "what"), rows)
        else:
            yield from ("", self.what(field, title).capitalize() + ".")
        while self.waiting:
            name, inner = self.waiting.pop(0)
            yield from ("", f"#### TLVs in `{name}`")
            yield from self.tlvs(inner)

    def tlvs(self, field: Tlvs) -> Iterator[str]:
        rows = (
            (kind, f"`{name}`", part.width, self.what(part, name)) for kind, (name, part) in sorted(field.table.items())
        )
        yield from table(("type", "name", "octets", "value"), rows)

    def what(self, field: Field, name: str) -> str:
        """A few words about a field called ``name``."""
        if isinstance(field, Tlvs):
            return self._inner(field, name)
        parts = [part for part in field.parts if part[0]]
        if parts:
            return ", ".join(self._part(called, part) for called, part in parts)
        inside = {self.what(part, name) for _, part in field.parts}
        schema = field.schema()
        if schema.get("type") == "array" and len(inside) == 1:
            item = inside.pop()
            return f"list: {item}" if item else "list"
        if inside:
            return " or ".join(sorted(inside))
        return words(schema)

    def _part(self, name: str, part: Field) -> str:
        width = "" if part.width is None else f" {part.width}"
        return f"`{name.lstrip('_')}`{width}" + (f" ({self._inner(part, name)})" if isinstance(part, Tlvs) else "")

    def _inner(self, field: Tlvs, name: str) -> str:
        """TLVs get a table of their own, when they are first met."""
        if not field.table:
            return "TLVs"
        key = str([(kind, row[0], row[1].schema()) for kind, row in field.table.items()])
        if key not in self.names:
            self.names[key] = name
            self.waiting.append((name, field))
        return f"TLVs as in `{self.names[key]}`"


def words(schema: dict[str, Any]) -> str:
    """What a JSON Schema says of a value, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].replace("_", " ")
    kinds = schema.get("anyOf", [schema])
    if any("$ref" in kind for kind in kinds):
        return " or ".join(f"`{kind['const']}`" if "const" in kind else words(kind) for kind in kinds)
    names = [name for kind in kinds for name in kind.get("enum", ()) if isinstance(name, str)]
    if schema.get("type") == "array":
        if "$ref" in schema.get("items", {}):
            return f"list: {words(schema['items'])}"
        items = schema.get("items", {}).get("anyOf", [{}])
        flags = [name for kind in items for name in kind.get("enum", ())]
        return f"flags: {some(flags)}" if flags else "flags" if "pattern" in items[-1] else "list"
    if any(kind.get("type") == "number" for kind in kinds):
        return "IEEE 754 number"
    if names:
        return some(names)
    if schema.get("pattern") == "^([0-9a-f]{2})*$":
        return "octets"
    if "const" in schema:
        return "nothing: it is there or not"
    if schema.get("type") == "object":
        return ", ".join(f"`{name}`" for name in schema.get("properties", ()))
    return {"integer": "number", "number": "number", "string": "text"}.get(kinds[0].get("type", ""), "")


def some(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:_MOST]) + (" …" if len(names) > _MOST else "")


def summary(cls: Any) -> list[str]:
    """The first paragraph of a docstring, without its marks."""
    text = (cls.__doc__ or "").strip().partition("\n\n")[0]
    return ["", re.sub(r":\w+:`~?([^`]*)`", r"`\1`", " ".join(text.split())).replace("``", "`")] if text else []


def lines() -> Iterator[str]:
    yield INTRODUCTION.rstrip("\n")
    tables = Tables()
    yield from ("", "## Path attributes")
    for code, entry in sorted(ATTRIBUTES.items()):
        field_of = getattr(entry.owner, "field_of", None)
        field = None if field_of is None else field_of(PathAttributes(b""))
        if field is not None:
            yield from ("", f"### {entry.name} ({code})", *summary(entry.owner))
            yield from tables.of(field, entry.name)
    yield from ("", "## NLRI")
    for cls, families in by_class().items():
        context = NlriContext(*families[0])
        kinds = cls.types.items() if issubclass(cls, RouteType) else [(None, cls)]
        named = ", ".join(f"{Family(*family)} ({family[0]}/{family[1]})" for family in families)
        yield from ("", f"### {cls.__name__}: {named}", *summary(cls))
        for kind, known in sorted(kinds):
            layout = known.layout_of(context)
            if kind is not None:
                yield from ("", f"#### {known.name} ({kind})", *summary(known))
            if layout.members:
                yield from tables.of(layout, known.__name__)
    yield from ("", "## Capabilities")
    for code, cls in sorted(CAPABILITIES.items()):
        if hasattr(cls, "field"):
            yield from ("", f"### {capability_name(code)} ({code})", *summary(cls))
            yield from tables.of(cls.field, capability_name(code))
    yield from ("", "## Extended communities", "", "Behind type and sub-type, 6 octets.")
    rows: dict[tuple[str, str], list[int]] = {}
    for code, kind in sorted(EXTENDED_COMMUNITIES.items()):
        rows.setdefault((kind.name, tables.what(kind.field, kind.name)), []).append(code)
    yield from table(
        ("type", "name", "fields"), ((ranges(codes), f"`{name}`", what) for (name, what), codes in rows.items())
    )


def by_class() -> dict[type[Declared], list[tuple[int, int]]]:
    out: dict[type[Declared], list[tuple[int, int]]] = {}
    for family, cls in sorted(NLRI.items()):
        if issubclass(cls, Declared) and (issubclass(cls, RouteType) or cls.layout_of(NlriContext(*family)).members):
            out.setdefault(cls, []).append(family)
    return out


def ranges(codes: list[int]) -> str:
    """Codes in hex, those in a row as first and last."""
    out: list[list[int]] = []
    for code in codes:
        if out and out[-1][-1] == code - 1:
            out[-1].append(code)
        else:
            out.append([code])
    return ", ".join(f"{run[0]:04x}" + (f" to {run[-1]:04x}" if len(run) > 1 else "") for run in out)


def main() -> int:
    made = "\n".join(lines()) + "\n"
    if "--check" not in sys.argv:
        TARGET.write_text(made, "utf-8", newline="\n")
    elif not TARGET.is_file() or TARGET.read_text("utf-8") != made:
        print(f"{TARGET.name} is not what the declarations say: run scripts/make_fields.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
