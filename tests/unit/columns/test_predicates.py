"""Predicates of a lazy frame leave routes out before there are rows, and never one that the query wants."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

pl = pytest.importorskip("polars")
pytest.importorskip("polars.io.plugins")

FILES = sorted(SAMPLES.glob("*.mrt"))
FIELDS = ("timestamp", "type", "peer_address", "peer_asn", "prefix", "origin_asn", "afi", "safi", "med", "as_path")
NOON = datetime(2016, 8, 11, 12, tzinfo=UTC)
c = pl.col

ASKED: dict[str, tuple[Any, dict[str, Any] | None]] = {
    "equal": (c("type") == "A", {"type": "A"}),
    "the other way round": (pl.lit(5, dtype=pl.UInt32) == c("peer_asn"), {"peer_asn": 5}),
    "one of several": (c("peer_asn").is_in([1, 2]), {"peer_asn": [1, 2]}),
    "several terms": (
        (c("peer_address") == "2001:db8::1") & (c("prefix") == "10.0.0.0/8") & (c("origin_asn") == 7),
        {"peer_address": "2001:db8::1", "prefix": "10.0.0.0/8", "origin_asn": 7},
    ),
    "terms that rows decide": (
        (c("origin_asn") == 7) & (c("med") > 1) & c("as_path").list.contains(3), {"origin_asn": 7}),
    "families": (
        (c("afi").is_in([1, 2])) & (c("safi") == 1), {"family": ["ipv4-unicast", "ipv6-unicast"]}),
    "half a family": (c("afi") == 1, None),
    "or": ((c("origin_asn") == 7) | (c("med") == 1), None),
    "not": (~(c("origin_asn") == 7), None),
    "other operators": (c("peer_asn") > 7, None),
    "null in a list": (c("prefix").is_in(["10.0.0.0/8", None]), None),
    "no prefix": (c("prefix") == "nowhere", None),
    "no AS number": ((c("origin_asn") == -1) & (c("type") == "W"), {"type": "W"}),
    "what no route could meet": ((c("type") == "W") & (c("origin_asn") == 7), {"type": "W"}),
    "two columns": (c("origin_asn") == c("peer_asn"), None),
    "a function of a column": (c("type").cast(pl.String).str.to_lowercase() == "a", None),
    "true": (pl.lit(value=True), None),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_of_routes(impl: Any, name: str) -> None:
    predicate, expected = ASKED[name]
    found = import_module("bgpwire.columns.predicates").filter_of(predicate)
    assert found == (None if expected is None else impl.Filter(**expected))


def test_times(impl: Any) -> None:
    """A little more than the predicate asks for, for a time is a float there; from either side."""
    filter_of = import_module("bgpwire.columns.predicates").filter_of
    later = NOON.replace(hour=13)
    for predicate, names in (
        (c("timestamp") >= NOON, {"start"}),
        (c("timestamp") < NOON, {"end"}),
        (pl.lit(NOON) > c("timestamp"), {"end"}),
        (c("timestamp") == NOON, {"start", "end"}),
        (c("timestamp").is_between(NOON, later, closed="none"), {"start", "end"}),
        ((c("timestamp") > NOON) & (c("timestamp") <= later), {"start", "end"}),
    ):
        criteria = filter_of(predicate).criteria
        assert set(criteria) == names
        assert NOON.timestamp() - 0.01 < criteria.get("start", criteria.get("end"))[0] < NOON.timestamp() + 0.01


def test_beside_a_filter(impl: Any) -> None:
    """What both ask for is the filter's, and one that asks routes is left as it is."""
    filter_of, kind = import_module("bgpwire.columns.predicates").filter_of, impl.Filter
    predicate = (c("type") == "A") & (c("prefix") == "10.0.0.0/8")
    assert filter_of(predicate, kind(peer_asn=1)) == kind(peer_asn=1, type="A", prefix="10.0.0.0/8")
    assert filter_of(predicate, kind(type="AW")) == kind(type="AW", prefix="10.0.0.0/8")
    assert filter_of(predicate, kind(more_specific="10.0.0.0/8")) == kind(more_specific="10.0.0.0/8", type="A")
    other = kind(type="W") | kind(peer_asn=1)
    assert filter_of(predicate, other) is other
    assert filter_of(c("med") == 1, kind(type="W")) == kind(type="W")


def test_a_shape_that_is_not_known(impl: Any) -> None:
    """Whatever Polars raises, or writes: then rows decide."""

    class Meta:
        def __init__(self, text: str) -> None:
            self.meta = self
            self._text = text

        def serialize(self, **_: Any) -> str:
            if not self._text:
                raise pl.exceptions.ComputeError("it has a function of Python in it")
            return self._text

    filter_of = import_module("bgpwire.columns.predicates").filter_of
    for text in (
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"New": 1}',
        '{"BinaryExpr": {"left": {"Column": "type"}, "op": "Eq"}}',
        '{"BinaryExpr": {"left": {"Column": "type"}, "op": "Eq", "right": {"Literal": {"New": 1}}}}',
        '{"Function": {"input": [{"Column": "type"}], "function": {"Boolean": "IsNull"}}}',
    ):
        assert filter_of(Meta(text)) is None
        assert filter_of(Meta(text), impl.Filter(type="A")) == impl.Filter(type="A")


@pytest.fixture
def rows(impl: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each batch had that was made."""
    made: list[int] = []

    def read(*words: Any, **options: Any) -> Any:
        for batch in impl.columns.read(*words, **options):
            made.append(len(batch))
            yield batch

    scan = impl.columns.scan  # the module is loaded with it
    assert scan is not None
    real = sys.modules["bgpwire.columns.polars"].read
    monkeypatch.setattr(
        sys.modules["bgpwire.columns.polars"], "read",
        lambda files, *words, **options: read(files, *words, **options) if files else real(files, *words, **options),
    )  # fmt: skip
    return made


def _values(frame: Any, name: str) -> list[Any]:
    found = frame[name].unique().drop_nulls().sort().to_list()
    return found[:: max(1, len(found) // 6)]


@pytest.mark.parametrize("name", ["type", "peer_asn", "peer_address", "prefix", "origin_asn", "timestamp"])
def test_rows_that_are_made(impl: Any, rows: list[int], name: str) -> None:
    """Those that are wanted and, of a path that ends in a set, of any of its origins; no others."""
    whole = impl.columns.read(FILES, FIELDS, on_skip=told).to_polars()
    lazy = impl.columns.scan(FILES, FIELDS, on_skip=told)
    for value in _values(whole, name):
        for predicate in (c(name) == value, c(name).is_in([value]), (c(name) == value) & (c("peer_asn") > 0)):
            rows.clear()
            found = lazy.filter(predicate).collect()
            assert found.rows() == whole.filter(predicate).rows()
            if name != "timestamp" or "is_in" not in str(predicate):  # of several times any row may be wanted
                assert sum(rows) < len(whole) / 2 or len(found) > len(whole) / 4


@pytest.mark.parametrize(
    "query",
    [
        lambda frame: frame.filter(c("timestamp") > datetime(2001, 9, 9, 1, 46, 41, tzinfo=UTC)),
        lambda frame: frame.filter((c("afi") == 2) & (c("safi") == 1)).select("prefix"),
        lambda frame: frame.head(50).filter(c("type") == "W"),
        lambda frame: frame.filter(c("type") == "W").head(5),
        lambda frame: frame.filter(c("type") == "W").slice(3, 5),
        lambda frame: frame.filter((c("type") == "A") & (c("type") == "W")),
        lambda frame: frame.filter(c("type") == "R").filter(c("origin_asn").is_in([64496, 64497])),
    ],
)
def test_as_the_whole_frame(impl: Any, query: Callable[[Any], Any]) -> None:
    whole = impl.columns.read(FILES, FIELDS, on_skip=told).to_polars()
    for chosen in (None, impl.Filter(type="AWR"), impl.Filter(type="W") | impl.Filter(ip_version=4)):
        lazy = impl.columns.scan(FILES, FIELDS, filter=chosen, batch_size=11, on_skip=told)
        expected = (
            whole if chosen is None else impl.columns.read(FILES, FIELDS, filter=chosen, on_skip=told).to_polars()
        )
        assert query(lazy).collect().rows() == query(expected.lazy()).collect().rows()
