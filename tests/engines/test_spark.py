"""Spark itself: rows are those of one reading, counts and sums those of DuckDB, whatever is killed meanwhile."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.engines import counted
from support.places import SAMPLES

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.skipif(
    find_spec("pyspark") is None or find_spec("pyarrow") is None, reason="pyspark is not installed: make test-engines"
)
needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="Spark takes a Java machine: Debian's openjdk-17-jre-headless"
)
WHERE = "where type = 'A' and origin_asn in (64496, 64497) and timestamp >= timestamptz '2001-01-01 00:00:00+00'"


@needs_java
def test_rows(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    """Of all columns, value for value and in order; a partition for each piece."""
    routes = sum(len(list(impl.mrt.open(path, on_skip=lambda _: None))) for path in archives)
    assert found["rows"] == routes
    assert found["same"]
    assert found["partitions"][0] == found["partitions"][1] > 2 * len(archives)


@needs_java
def test_counts(impl: Any, found: dict[str, Any], archives: list[Path]) -> None:
    assert found["counted"] == counted(impl, archives)


@needs_java
@pytest.mark.parametrize("how", ["folder", "schema"])
def test_other_ways_to_ask(first: Any, all_found: dict[str, Any], archives: list[Path], how: str) -> None:
    assert all_found[how] == counted(first, archives)


@needs_java
def test_a_worker_that_is_killed(first: Any, all_found: dict[str, Any], archives: list[Path]) -> None:
    assert all_found["killed"] == [counted(first, archives), True]


@needs_java
@pytest.mark.parametrize("how", ["applied", "pushed", "not asked"])
def test_filters(first: Any, all_found: dict[str, Any], archives: list[Path], how: str) -> None:
    assert all_found[how] == counted(first, archives, WHERE) != []


@needs_java
@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("refused", "spark.sql.python.filterPushdown.enabled"),
        ("option", "no option 'colour'"),
        ("field", "no column 'colour'"),
        ("none", "No such file"),
        ("strict", "no record header"),
        ("types", "type is string, and not bigint"),
    ],
)
def test_errors(all_found: dict[str, Any], what: str, text: str) -> None:
    assert text in all_found[what]


# --- without Spark's machine ------------------------------------------------------------------------------------------


def _reader(fields: str, **options: str) -> Any:
    source = import_module("bgpwire.spread.spark").MrtDataSource({"fields": fields, **options})
    return source.reader(source.schema())


def test_what_filters_become(impl: Any) -> None:
    """Those that a filter can say are asked before there are rows, and Spark is to apply all of them."""
    kinds = pytest.importorskip("pyspark.sql.datasource")
    if not hasattr(kinds, "EqualTo"):
        pytest.skip("PySpark 4.1 has filters")
    noon = datetime(2016, 8, 11, 12, tzinfo=UTC)
    path = str(SAMPLES / "demo.mrt")
    for filters, expected in (
        ([kinds.EqualTo(("type",), "A")], {"type": "A"}),
        ([kinds.In(("peer_asn",), (1, 2)), kinds.EqualNullSafe(("prefix",), "10.0.0.0/8")],
         {"peer_asn": [1, 2], "prefix": "10.0.0.0/8"}),
        ([kinds.EqualTo(("afi",), 1), kinds.In(("safi",), (1, 2))], {"family": [(1, 1), (1, 2)]}),
        ([kinds.GreaterThan(("timestamp",), noon), kinds.LessThanOrEqual(("timestamp",), noon)],
         {"start": noon.timestamp() - 0.001, "end": noon.timestamp() + 0.001}),
        ([kinds.Not(kinds.EqualTo(("type",), "A")), kinds.IsNotNull(("type",))], None),
        ([kinds.GreaterThan(("peer_asn",), 5)], None),
        ([kinds.EqualTo(("type", "of"), "A"), kinds.StringContains(("prefix",), "10")], None),
        ([kinds.GreaterThan(("timestamp",), datetime(2016, 8, 11))], None),
        ([kinds.EqualTo(("origin_asn",), -1), kinds.EqualTo(("type",), "R")], {"type": "R"}),
    ):  # fmt: skip
        reader = _reader("type,timestamp", path=path, pushdown="true")
        assert list(reader.pushFilters(filters)) == filters
        assert reader._filter == (None if expected is None else impl.Filter(**expected))


def test_a_filter_reaches_the_reader(impl: Any) -> None:
    kinds = pytest.importorskip("pyspark.sql.datasource")
    if not hasattr(kinds, "EqualTo"):
        pytest.skip("PySpark 4.1 has filters")
    path = SAMPLES / "demo.mrt"
    reader = _reader("type", path=str(path), pushdown="true", size="2000")
    reader.pushFilters([kinds.EqualTo(("type",), "W")])
    partitions = reader.partitions()
    assert len(partitions) > 1
    types = [value.as_py() for part in partitions for batch in reader.read(part) for value in batch["type"]]
    assert types == ["W" for route in impl.mrt.open(path) if route.type == "W"] != []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"size": "0"}, "size"),
        ({"batch_size": "many"}, "batch_size"),
        ({"strict": "maybe"}, "strict"),
        ({"add_path": "ipv5"}, "ipv5"),
        ({"limit": "5"}, "no option 'limit'"),
    ],
)
def test_wrong_options(impl: Any, options: dict[str, str], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        _reader("type", **options)


def test_families_are_read(impl: Any) -> None:
    reader = _reader("type", path="x", ADD_PATH="ipv4-unicast, 2/1")
    assert reader._how["add_path"] == {(1, 1), (2, 1)}
