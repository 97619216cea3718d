"""The JSON Schema of a declared field: it takes the JSON form of every value that the field reads."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from support.made_fields import every_field, one_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

jsonschema = pytest.importorskip("jsonschema")


def _octets() -> Iterator[bytes]:
    """Octets of which many are values: small numbers, and any."""
    found = random.Random(2020)
    for size in (0, 1, 2, 3, 4, 5, 6, 8, 12, 16, 17, 20, 24, 32):
        yield bytes(size)
        yield bytes(found.choices((0, 1, 2, 3, 4, 6, 8, 32, 128), k=size))
        yield found.randbytes(size)


OCTETS = [*_octets()]


def _shown(form: Any) -> Any:
    """Without the members that are absent: a record and an NLRI leave them out."""
    return {name: member for name, member in form.items() if member is not None} if isinstance(form, dict) else form


def _faults(package: Any, field: Any, definitions: Any) -> list[str]:
    schema = field.schema()
    if "#/$defs" in json.dumps(schema):
        schema = schema | definitions
    takes = jsonschema.Draft202012Validator(schema)
    out = []
    for data in OCTETS:
        try:
            form = _shown(field.to_json(field.read(package.Reader(data))))
        except package.DecodeError:
            continue
        if form is None:
            continue
        faults = takes.iter_errors(json.loads(json.dumps(form)))
        out += [f"{data.hex()}: {form}: {error.message[:200]}" for error in faults]
    return out


def test_each_sort(impl: Any) -> None:
    definitions = {"$defs": impl.json_schema()["$defs"]}
    fields = one_of_each(impl)
    assert {name: found for name, field in fields.items() if (found := _faults(impl, field, definitions))} == {}


def test_every_field(impl: Any) -> None:
    definitions = {"$defs": impl.json_schema()["$defs"]}
    fields = every_field(impl)
    assert len(fields) > 200
    assert [found for field in fields if (found := _faults(impl, field, definitions))] == []
