"""Columns in the types that Spark takes from Arrow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import HOP, IGP, PATH, TEN, archive, attribute, bgp4mp, update
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

pa = pytest.importorskip("pyarrow")

FILES = [SAMPLES / "demo.mrt", SAMPLES / "demo-rib.mrt", SAMPLES / "evpn.mrt"]


def parts(kind: Any) -> Iterator[Any]:
    """A type and those inside it."""
    yield kind
    if pa.types.is_list(kind):
        yield from parts(kind.value_type)
    if pa.types.is_struct(kind):
        for field in kind:
            yield from parts(field.type)


def test_types(impl: Any) -> None:
    """Spark's ``ArrowColumnVector`` has these and no others; names and their order are as they were asked for."""
    names = list(impl.columns.COLUMNS)
    schema = pa.schema(impl.columns.read((), names, profile="spark"))
    assert schema.names == names
    found = {str(part) for field in schema for part in parts(field.type) if not pa.types.is_nested(part)}
    assert found == {"int64", "string", "binary", "bool", "timestamp[us, tz=UTC]"}
    kinds = {part.id for field in schema for part in parts(field.type) if pa.types.is_nested(part)}
    assert kinds == {pa.list_(pa.int64()).id, pa.struct([]).id}


@pytest.mark.parametrize("threads", [1, 2])
def test_values(impl: Any, threads: int) -> None:
    names = [name for name in impl.columns.COLUMNS if name != "extended_communities"]
    plain = impl.columns.read(FILES, names).to_arrow()
    spark = impl.columns.read(FILES, names, profile="spark", batch_size=50, threads=threads)
    table = spark.to_arrow()
    table.validate(full=True)
    assert table.schema == pa.schema(spark)
    assert table.to_pylist() == plain.to_pylist()
    for _ in range(2):
        assert pa.table(spark).equals(table)
    batch = next(iter(spark))
    assert pa.record_batch(batch).schema == pa.schema(batch) == table.schema
    assert pa.record_batch(batch.head(3)).to_pylist() == plain.to_pylist()[:3]


def test_large_numbers_keep_their_bits(impl: Any) -> None:
    octets = bytes.fromhex("8006fffffffffffe0002fbf40000012c")
    data = bgp4mp(update(IGP + PATH + HOP + attribute(16, octets) + attribute(4, b"\xff" * 4, 0x80), TEN))
    columns = impl.mrt.open(data).columns(["extended_communities", "med"], profile="spark")
    (row,) = columns.to_arrow().to_pylist()
    assert row["med"] == 0xFFFFFFFF
    assert [number % (1 << 64) for number in row["extended_communities"]] == [0x8006FFFFFFFFFFFE, 0x0002FBF40000012C]
    (batch,) = columns
    assert batch["extended_communities"] == [[0x8006FFFFFFFFFFFE, 0x0002FBF40000012C]]


def test_no_rows(impl: Any) -> None:
    columns = impl.mrt.open(b"").columns(profile="spark")
    assert columns.to_arrow().num_rows == 0
    assert columns.to_arrow().schema == pa.schema(columns)


def test_engines(impl: Any) -> None:
    columns = impl.columns.read(FILES, profile="spark")
    expected = len(columns.to_arrow())
    polars = pytest.importorskip("polars")
    assert len(columns.to_polars()) == expected
    assert str(impl.columns.scan(FILES, ["peer_asn"], profile="spark").collect_schema()["peer_asn"]) == "Int64"
    assert polars
    duckdb = pytest.importorskip("duckdb")
    assert duckdb.sql("select count(*) from columns").fetchall() == [(expected,)]


def test_wrong_arguments(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no profile 'flink'"):
        impl.columns.read((), profile="flink")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    columns = impl.mrt.open(archive()).columns(profile="spark")
    with pytest.raises(ImportError, match=r"bgpwire\[arrow\]"):
        columns.__arrow_c_schema__()
    with pytest.raises(ImportError, match=r"bgpwire\[arrow\]"):
        impl.mrt.open(archive()).columns().to_arrow()
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ImportError, match=r"bgpwire\[polars\]"):
        impl.mrt.open(archive()).columns().to_polars()
