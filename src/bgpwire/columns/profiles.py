"""Columns in the types of those who take fewer of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PROFILES", "cast_batch", "cast_schema", "check", "pyarrow"]

PROFILES = ("spark",)
"""``spark``: integers of 64 bits with a sign, no dictionaries, octets of any size; Spark has no others."""


def check(profile: str | None) -> str | None:
    """The profile; ValueError for one that is unknown."""
    if profile is not None and profile not in PROFILES:
        raise ValueError(f"no profile {profile!r}; there is {', '.join(PROFILES)}")
    return profile


def pyarrow() -> Any:
    """The module. ImportError that names the extra where it is not installed."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ImportError("this takes pyarrow: pip install 'bgpwire[arrow]'") from error
    return pa


def _spark(pa: Any, kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_fixed_size_binary(kind):
        return pa.binary()
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_spark(pa, kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_spark(pa, field.type)) for field in kind])
    return kind


def cast_schema(schema: Iterable[Any]) -> Any:
    """A schema of pyarrow in the types of the profile."""
    pa = pyarrow()
    return pa.schema([field.with_type(_spark(pa, field.type)) for field in schema])


def cast_batch(batch: Any, schema: Any) -> Any:
    """A record batch of pyarrow in the types of a schema that :func:`cast_schema` made.

    Unsigned 64-bit integers keep their bits: extended communities whose first bit is set are negative.
    """
    columns = [column.cast(field.type, safe=False) for column, field in zip(batch.columns, schema, strict=True)]
    return pyarrow().RecordBatch.from_arrays(columns, schema=schema)
