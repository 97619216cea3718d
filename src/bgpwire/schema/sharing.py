"""Schemas that stand in several places: each once, as a definition, and references to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST: Final = 160
"""Characters from which on a schema is worth a definition of its own."""


def shared(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, where what is said more than once is in ``$defs``. What it is given stays as it is.

    A definition is called after the first member, or the TLV, that it is of.
    """
    return _Sharing(schema).out


class _Sharing:
    def __init__(self, schema: dict[str, Any]) -> None:
        definitions = schema["$defs"]
        self.seen = Counter(text for part in definitions.values() for text in _large(part))
        self.names: dict[str, str] = {}
        self.taken = {*definitions}
        self.extra: dict[str, Any] = {}
        copies = {name: self._inside(part, name) for name, part in definitions.items()}
        self.out = schema | {"$defs": copies | self.extra}

    def _copy(self, schema: Any, name: str) -> Any:
        """A copy with references; ``name`` is what stands here."""
        if isinstance(schema, list):
            return [self._copy(part, name) for part in schema]
        if not isinstance(schema, dict):
            return schema
        if "type" in schema and self.seen[text := _text(schema)] > 1:
            return {"$ref": f"#/$defs/{self._name(text, schema, name)}"}
        return self._inside(schema, name)

    def _inside(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        out = {key: self._copy(part, name) for key, part in schema.items() if key != "properties"}
        if "properties" in schema:
            members = schema["properties"]
            of = members.get("name", {}).get("const", name)
            called = {key: of if key in ("value", "tlvs") else key for key in members}
            out["properties"] = {key: self._copy(part, called[key]) for key, part in members.items()}
        return out

    def _name(self, text: str, schema: dict[str, Any], name: str) -> str:
        """The name of the definition of ``schema``, which is made when it is first needed."""
        if text not in self.names:
            base, count = re.sub(r"\W", "_", name), 1
            while (found := base if count == 1 else f"{base}_{count}") in self.taken:
                count += 1
            self.taken.add(found)
            self.names[text] = found
            self.extra[found] = self._inside(schema, name)
        return self.names[text]


def _large(schema: Any) -> Iterator[str]:
    """The texts of all subschemas that are worth a definition."""
    if isinstance(schema, list):
        for part in schema:
            yield from _large(part)
    elif isinstance(schema, dict):
        if "type" in schema and len(text := _text(schema)) >= _LEAST:
            yield text
        for key, part in schema.items():
            # Members are named as they like: those of an object are no schema, each of them is.
            yield from _large([*part.values()] if key == "properties" else part)


def _text(schema: Any) -> str:
    return json.dumps(schema, sort_keys=True)
