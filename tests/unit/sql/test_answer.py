"""Answers of ``bgpwire.query``: in what forms they come, and what is raised where."""

from __future__ import annotations

import copy
import gc
import io
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.made_mrt import archive
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")

FILES = [SAMPLES / "demo.mrt", SAMPLES / "demo-rib.mrt"]
COUNT = "select type, count(*) as n from routes group by type order by type"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.mrt"
    path.write_bytes(archive())
    return path


EXPECTED = [("A", 4), ("S", 2), ("W", 2)]


def test_forms_of_an_answer(impl: Any, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = impl.query(COUNT, made)
    assert answer.columns == ["type", "n"]
    for _ in range(2):
        assert answer.fetchall() == EXPECTED
    assert list(answer.rows(2)) == EXPECTED
    assert answer.limit(1).fetchall() == EXPECTED[:1]
    assert answer.filter("n > 2").fetchall() == EXPECTED[:1]
    assert len(answer) == 3
    assert "varchar" in str(answer)
    assert "varchar" in repr(answer)
    assert "fetchall" in dir(answer)
    answer.show()
    assert "varchar" in capsys.readouterr().out
    assert answer.relation.fetchall() == EXPECTED
    with pytest.raises(AttributeError):
        copy.copy(answer)._nothing  # noqa: B018


def test_engines(impl: Any, made: Path) -> None:
    answer = impl.query(COUNT, [made])
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    pytest.importorskip("pandas")
    assert [tuple(row) for row in answer.df().itertuples(index=False)] == EXPECTED
    assert answer.pl().rows() == EXPECTED
    assert [tuple(row.values()) for row in answer.arrow().to_pylist()] == EXPECTED
    assert [tuple(row.values()) for row in pa.table(answer).to_pylist()] == EXPECTED
    assert pl.DataFrame(answer).rows() == EXPECTED


def test_nothing_is_opened_before(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "later.mrt"
    answer = impl.query(COUNT, path)
    path.write_bytes(archive())
    assert answer.fetchall() == EXPECTED


def test_a_limit_ends_the_reading(impl: Any, tmp_path: Path) -> None:
    """The second file is not there, and not looked for."""
    big = tmp_path / "big.mrt"
    big.write_bytes(archive() * 2000)
    for threads in (1, 2):
        answer = impl.query("select type from routes limit 3", [big, tmp_path / "missing"], batch_size=100)
        assert len(answer.fetchall()) == 3
        with pytest.raises(FileNotFoundError):
            impl.query("select count(med) from routes", [big, tmp_path / "missing"], threads=threads).fetchall()
    del answer
    gc.collect()
    assert not [thread for thread in threading.enumerate() if thread.name == "bgpwire"]


def test_tables(impl: Any, made: Path, tmp_path: Path) -> None:
    names = tmp_path / "a file's name.csv"
    names.write_text("asn,name\n64496,north\n64497,south\n")
    sql = 'select distinct name, prefix from routes join "other names" on origin_asn = asn order by all'
    expected = [("north", "2001:db8::/32"), ("south", "10.64.16.0/24"), ("south", "10.64.17.0/24")]
    assert impl.query(sql, made, tables={"other names": names}).fetchall() == expected
    pl = pytest.importorskip("polars")
    frame = pl.read_csv(names)
    assert impl.query(sql, made, tables={"other names": frame}).fetchall() == expected
    with pytest.raises(ValueError, match="another name than routes"):
        impl.query(sql, made, tables={"Routes": names})


@pytest.mark.parametrize("name", ["select.mrt", "a'; drop view routes; --.mrt", '"routes".mrt', "*.mrt", "\u2028.mrt"])
def test_names_of_files_are_values(impl: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(archive())
    assert impl.query("select distinct file from routes", path).fetchall() == [(str(path),)]


# --- what is wrong ----------------------------------------------------------------------------------------------

CALLS: dict[str, Callable[[Any], Any]] = {
    "fetchall": lambda answer: answer.fetchall(),
    "df": lambda answer: answer.df(),
    "pl": lambda answer: answer.pl(),
    "arrow": lambda answer: answer.arrow(),
    "rows": lambda answer: list(answer.rows()),
    "show": lambda answer: answer.show(),
    "len": len,
    "str": str,
    "limit": lambda answer: answer.limit(1).fetchall(),
    "to_parquet": lambda answer: answer.to_parquet(os.devnull),
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("call", CALLS)
def test_exceptions_are_what_they_are(impl: Any, made: Path, tmp_path: Path, call: str, threads: int) -> None:
    """Out of the reading, whatever thread it runs in; and the same answer reads well when the file is there."""
    for needed in {"df": ("pandas",), "pl": ("polars", "pyarrow"), "arrow": ("pyarrow",)}.get(call, ()):
        pytest.importorskip(needed)
    path = tmp_path / "later.mrt"
    answer = impl.query(COUNT, [made, path], threads=threads)
    with pytest.raises(FileNotFoundError) as caught:
        CALLS[call](answer)
    assert caught.value.filename == str(path)
    path.write_text("<html>" * 100)
    with pytest.raises(impl.MrtError, match="no MRT record"):
        CALLS[call](answer)
    path.write_bytes(archive())
    CALLS[call](answer)
    assert answer.fetchall() == [("A", 8), ("S", 4), ("W", 4)]


def test_an_error_behind_many_batches(impl: Any, made: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.mrt"
    big.write_bytes(archive() * 2000)
    answer = impl.query("select prefix from routes", [big, tmp_path / "missing"], batch_size=1000)
    with pytest.raises(FileNotFoundError):
        answer.fetchall()
    with pytest.raises(FileNotFoundError):
        list(answer.rows())


def test_what_on_skip_raises(impl: Any, tmp_path: Path) -> None:
    torn = tmp_path / "torn.mrt"
    torn.write_bytes(archive() + bytes(100) + archive())
    seen: list[Any] = []
    assert impl.query(COUNT, torn, on_skip=seen.append).fetchall() == [("A", 8), ("S", 4), ("W", 4)]
    assert [skip.length for skip in seen] == [4]  # eight records of no octets stand before

    def refuse(skip: Any) -> None:
        raise KeyError("refused")

    with pytest.raises(KeyError, match="refused"):
        impl.query(COUNT, torn, on_skip=refuse).fetchall()
    with pytest.raises(impl.MrtError):
        impl.query(COUNT, torn, on_skip=told, strict=True).fetchall()
    with pytest.warns(impl.MrtWarning, match="could not be read"):
        impl.query(COUNT, torn).fetchall()


def test_standard_input_is_read_once(impl: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with names here")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with open(pipe, "wb") as out:
            out.write(archive())

    thread = threading.Thread(target=write)
    thread.start()
    answer = impl.query(COUNT, pipe)
    assert answer.fetchall() == EXPECTED
    thread.join()
    with pytest.raises(io.UnsupportedOperation, match="a second time"):
        answer.fetchall()


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("select orign from routes", duckdb.BinderException),
        ("selct", duckdb.ParserException),
        ("select * from nowhere", duckdb.CatalogException),
        ("select * from tables", duckdb.CatalogException),  # no variable of Python's is a table
    ],
)
def test_errors_of_duckdb_come_at_once(impl: Any, sql: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        impl.query(sql, FILES)


@pytest.mark.parametrize(
    "sql", ["", "select 1; select 2", "create table t (a int)", "copy routes to 'x'", "set threads = 1", "attach 'x'"]
)
def test_one_query(impl: Any, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="query"):
        impl.query(sql, FILES)
    assert list(tmp_path.iterdir()) == []


def test_without_duckdb(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ImportError, match=r"bgpwire\[sql\]"):
        impl.query(COUNT, FILES)


def test_options_are_those_of_columns(impl: Any) -> None:
    with pytest.raises(TypeError, match="nonsense"):
        impl.query(COUNT, FILES, nonsense=1)
    with pytest.raises(ValueError, match="0 threads"):
        impl.query(COUNT, FILES, threads=0)
