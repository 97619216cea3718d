"""What JSON Schemas are written with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

type Schema = dict[str, Any]


def ref(name: str, description: str | None = None) -> Schema:
    """A definition by its name."""
    return _described({"$ref": f"#/$defs/{name}"}, description)


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def integer(most: int, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def words(*names: str) -> Schema:
    """One of these texts."""
    return {"enum": [*names]}


def either(*kinds: Schema) -> Schema:
    return {"anyOf": [*kinds]}


def closed(
    properties: Mapping[str, Schema], required: Iterable[str] | None = None, description: str | None = None
) -> Schema:
    """An object of these members and no others; all are required where it is not said which are."""
    needed = [*properties] if required is None else [*required]
    out: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return _described(out | ({"required": needed} if needed else {}), description)


def members(properties: Mapping[str, Schema], required: Iterable[str] = (), description: str | None = None) -> Schema:
    """An object of these members, and perhaps of others."""
    needed = [*required]
    out: Schema = {"type": "object", "properties": dict(properties), **NAMED}
    return _described(out | ({"required": needed} if needed else {}), description)


def when(condition: Schema, then: Schema) -> Schema:
    """``then`` holds where ``condition`` does."""
    return {"if": condition, "then": then}


def has(**members: Any) -> Schema:
    """The condition that members are there with these values."""
    return {"properties": {name: {"const": value} for name, value in members.items()}, "required": [*members]}


def _described(schema: Schema, description: str | None) -> Schema:
    return schema if description is None else {"description": description, **schema}


NAMED: Schema = {"propertyNames": ref("name"), "additionalProperties": ref("value")}
"""Members by names, whatever they are."""
