"""The buffers and structures of Arrow, held against pyarrow, for columns of every kind."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.mutation import examples

if TYPE_CHECKING:
    from support.implementations import Implementation

pa = pytest.importorskip("pyarrow")

_U32 = st.integers(0, 2**32 - 1)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "TIME": st.integers(0, 2**32 * 1_000_000 + 2**32),
    "BOOL": st.booleans(),
    "U8": st.integers(0, 255),
    "U16": st.integers(0, 65535),
    "U32": _U32,
    "U64": st.integers(0, 2**64 - 1),
    "TEXT": _TEXT,
    "OCTETS": st.binary(max_size=8),
    "ADDRESS": st.binary(min_size=16, max_size=16),
    "FEW_NAMES": st.sampled_from(("A", "W", "R", "S")),
    "NAMES": _TEXT,
    "NUMBERS": st.lists(_U32, max_size=5),
    "LONG_NUMBERS": st.lists(st.integers(0, 2**64 - 1), max_size=5),
    "TRIPLES": st.lists(st.tuples(_U32, _U32, _U32), max_size=3),
    "SEGMENTS": st.lists(st.tuples(st.integers(1, 4), _U32), max_size=3),
    "TEXTS": st.lists(_TEXT, max_size=3),
}


def taken(package: Any, names: list[str], kinds: list[int], batches: list[Any]) -> Any:
    """What pyarrow has of a stream of batches; every buffer is looked through."""
    kernels = package.columns.kernels

    class Stream:
        def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
            return kernels.stream_capsule(names, kinds, iter(batches))

    table = pa.RecordBatchReader.from_stream(Stream()).read_all()
    table.validate(full=True)
    return table


def as_python(kind: str, column: Any) -> list[Any]:
    """The values of pyarrow in the form they have here."""
    values = column.cast(pa.int64()).to_pylist() if kind == "TIME" else column.to_pylist()
    if kind in ("TRIPLES", "SEGMENTS"):
        return [None if items is None else [tuple(item.values()) for item in items] for items in values]
    return values  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", VALUES)
def test_values(impl: Any, kind: str) -> None:
    number = impl.columns.kinds.Kind[kind]

    @given(st.lists(st.lists(st.none() | VALUES[kind], max_size=30), max_size=3))
    @settings(max_examples=examples(60))
    def same(columns: list[list[Any]]) -> None:
        builder = impl.columns.kernels.Builder([number])
        batches = []
        for values in columns:
            for value in values:
                builder.add((value,))
            batches.append(builder.take())
            assert batches[-1].num_rows == len(values)
            assert batches[-1].column(0) == values
        table = taken(impl, ["x"], [number], batches)
        assert as_python(kind, table["x"]) == [value for values in columns for value in values]

    same()


def test_many_nulls_and_values(impl: Any) -> None:
    """Longer than the pieces in which validity is kept; the first null late, or the first value."""
    kinds = [impl.columns.kinds.Kind[kind] for kind in ("U32", "BOOL", "TEXT", "NUMBERS")]
    late = [(7, True, "a", [1, 2])] * 9001 + [(None,) * 4] * 3 + [(8, False, "b", [])] * 9
    early = [(None,) * 4] * 9001 + [(7, True, "a", [1, 2])] * 3
    batches = []
    for rows in (late, early):
        builder = impl.columns.kernels.Builder(kinds)
        for row in rows:
            builder.add(row)
        batches.append(builder.take())
    table = taken(impl, list("abcd"), kinds, batches)
    for index, name in enumerate("abcd"):
        assert table[name].to_pylist() == [row[index] for row in late + early]


def test_schema(impl: Any) -> None:
    class Schema:
        def __arrow_c_schema__(self) -> Any:
            kinds = list(impl.columns.kinds.Kind)
            return impl.columns.kernels.schema_capsule([kind.name for kind in kinds], kinds)

    triple = pa.struct([(name, pa.uint32()) for name in ("global_administrator", "local_data_1", "local_data_2")])
    types = {
        "TIME": pa.timestamp("us", "UTC"),
        "BOOL": pa.bool_(),
        "U8": pa.uint8(),
        "U16": pa.uint16(),
        "U32": pa.uint32(),
        "U64": pa.uint64(),
        "TEXT": pa.utf8(),
        "OCTETS": pa.binary(),
        "ADDRESS": pa.binary(16),
        "FEW_NAMES": pa.dictionary(pa.int8(), pa.utf8()),
        "NAMES": pa.dictionary(pa.int32(), pa.utf8()),
        "NUMBERS": pa.list_(pa.uint32()),
        "LONG_NUMBERS": pa.list_(pa.uint64()),
        "TRIPLES": pa.list_(triple),
        "SEGMENTS": pa.list_(pa.struct([("type", pa.uint8()), ("length", pa.uint32())])),
        "TEXTS": pa.list_(pa.utf8()),
    }
    schema = pa.schema(Schema())
    assert {field.name: field.type for field in schema} == types
    assert all(field.nullable for field in schema)


def test_the_dictionary_of_many_names(impl: Any) -> None:
    """More than its first table has room for; each name once."""
    names = [f"name {number}" for number in range(5000)] * 2
    builder = impl.columns.kernels.Builder([impl.columns.kinds.Kind.NAMES])
    for name in names:
        builder.add((name,))
    (chunk,) = taken(impl, ["x"], [impl.columns.kinds.Kind.NAMES], [builder.take()])["x"].chunks
    assert chunk.to_pylist() == names
    assert len(chunk.dictionary) == 5000


def test_a_column_outlives_its_batch(impl: Any) -> None:
    """Who moves one column out keeps its memory, though rows are built in what others gave back."""
    builder = impl.columns.kernels.Builder([impl.columns.kinds.Kind.U32] * 2)
    kept = []
    for turn in range(50):
        for number in range(100):
            builder.add((turn, number))
        kept.append(
            taken(impl, ["a", "b"], [impl.columns.kinds.Kind.U32] * 2, [builder.take()])["b" if turn & 1 else "a"]
        )
        gc.collect(0)
    for turn, column in enumerate(kept):
        assert column.to_pylist() == (list(range(100)) if turn & 1 else [turn] * 100)


def test_capsules_that_nobody_takes(impl: Any) -> None:
    """What is in them is freed with them."""
    kernels, kind = impl.columns.kernels, impl.columns.kinds.Kind.TRIPLES
    closed = []

    class Batches:
        def __next__(self) -> Any:
            raise StopIteration

        def close(self) -> None:
            closed.append(1)

    for _ in range(100):
        kernels.schema_capsule(["x"], [kind])
        kernels.stream_capsule(["x"], [kind], Batches())
        builder = kernels.Builder([kind])
        builder.add(([(1, 2, 3)],))
        builder.take().capsule()
    assert len(closed) == 100
    if impl.IMPLEMENTATION == "python":
        assert not impl._impl.load("arrow")._KEPT


class Failing:
    """A stream that breaks off with an error."""

    def __init__(self, package: Any) -> None:
        self.package = package

    def _batches(self) -> Any:
        yield from ()
        raise self.package.MrtError("no MRT record in 7 octets")

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        kinds = [self.package.columns.kinds.Kind.U8]
        return self.package.columns.kernels.stream_capsule(["x"], kinds, self._batches())


def test_an_error_in_the_stream(impl: Any) -> None:
    """It is the consumer's error, with its text."""
    duckdb = pytest.importorskip("duckdb")
    failing = Failing(impl)
    with pytest.raises(duckdb.Error, match="MrtError: no MRT record in 7 octets"):
        duckdb.sql("select * from failing").fetchall()
    assert failing is not None


def test_an_error_that_pyarrow_raises_compiled(both: list[Implementation]) -> None:
    """Compiled only: pyarrow lets the stream go while its exception is under way, which no call of ctypes keeps."""
    for loaded in both:
        if loaded.name == "cython":
            with loaded.active() as package, pytest.raises(OSError, match="MrtError: no MRT record in 7 octets"):
                pa.RecordBatchReader.from_stream(Failing(package)).read_all()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("U8", 256), ("U16", -1), ("U32", 2**32), ("U32", "1"), ("TEXT", 1), ("ADDRESS", b"1234"), ("NUMBERS", [2**32])],
)
def test_values_without_room(impl: Any, kind: str, value: Any) -> None:
    """They are no rows: refused at the latest when the batch is taken."""
    builder = impl.columns.kernels.Builder([impl.columns.kinds.Kind[kind]])

    def taken_in() -> None:
        builder.add((value,))
        builder.take().capsule()

    with pytest.raises((OverflowError, TypeError, ValueError, AttributeError)):
        taken_in()


def test_batches_and_builders(impl: Any) -> None:
    """Made of whole columns, and of rows; a builder without rows gives an empty batch."""
    kinds = import_module("bgpwire.columns.kinds").Kind
    kernels = import_module("bgpwire.columns.kernels")
    batch = kernels.Batch([kinds.U32, kinds.TEXT], [[1, None, 3], ["a", "b", None]])
    assert batch.num_rows == 3
    assert (batch.column(0), batch.column(1)) == ([1, None, 3], ["a", "b", None])
    builder = kernels.Builder([kinds.U32])
    assert builder.take().num_rows == 0
    builder.add([7])
    assert builder.take().column(0) == [7]
    assert builder.take().column(0) == []
