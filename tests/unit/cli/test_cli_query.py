"""``bgpwire query``: what is printed and written, and what is said of files and of SQL that is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import archive
from support.places import SAMPLES
from support.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("duckdb")

DEMO = SAMPLES / "demo.mrt"
COUNT = "select type, count(*) as n from routes group by type order by type"


@pytest.fixture
def run(impl: Any) -> Callable[..., int]:
    return lambda *words: import_module("bgpwire.cli").main(["query", *map(str, words)])


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


# --- what is printed --------------------------------------------------------------------------------------------


def test_csv_on_a_pipe(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    assert run(COUNT, made) == 0
    assert lines_of(capsys) == ['"type","n"', '"A",4', '"S",2', '"W",2']


def test_cells_of_csv_are_those_of_convert(
    run: Any, impl: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path
) -> None:
    fields = [name for name in impl.columns.COLUMNS if name != "file"]
    assert (
        run(
            "select {} from routes".format(", ".join(f'"{name}"' for name in fields)),
            made,
            "--output",
            tmp_path / "o.csv",
        )
        == 0
    )
    convert = import_module("bgpwire.cli").main
    assert convert(["convert", made, str(tmp_path / "c.csv"), "--fields", ",".join(fields)]) == 0
    assert (tmp_path / "o.csv").read_text() == (tmp_path / "c.csv").read_text()


def test_json_lines(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    query = "select timestamp, prefix, as_path, large_communities, med, prefix_address from routes order by all limit 2"
    assert run(query, made, "--format", "json") == 0
    first, second = map(json.loads, lines_of(capsys))
    assert first == {
        "timestamp": "2001-09-09T01:46:40.000000Z",
        "prefix": None,
        "as_path": None,
        "large_communities": None,
        "med": None,
        "prefix_address": None,
    }
    assert second == {
        "timestamp": "2001-09-09T01:46:41.000000Z",
        "prefix": "10.64.16.0/24",
        "as_path": [65551, 64496, 64497],
        "large_communities": [{"global_administrator": 65551, "local_data_1": 2, "local_data_2": 64496}],
        "med": 200,
        "prefix_address": "0a401000" + "00" * 12,
    }


def test_json_has_one_value_for_a_name(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    assert run("select 1 as a, 2 as a from routes", made, "--format", "json") == 2
    assert capsys.readouterr() == ("", "bgpwire: two columns are named a: name them apart (as)\n")


def test_a_table(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    """Counts have separators, AS numbers have none; null is not the empty text."""
    query = (
        "select origin_asn, count(*) * 1000 as n, any_value(prefix) filter (origin_asn = 64496) as prefix, 0.5 as part"
        " from routes where type = 'A' group by 1 order by 1"
    )
    assert run(query, made, "--format", "table") == 0
    assert lines_of(capsys) == [
        "origin_asn      n  prefix          part",
        "──────────  ─────  ─────────────  ─────",
        "     64496  1,000  2001:db8::/32  0.500",
        "     64497  2,000  null           0.500",
        "      null  1,000  null           0.500",
        "3 rows",
    ]


def on_a_terminal(run: Any, monkeypatch: pytest.MonkeyPatch, columns: int, *words: object) -> list[str]:
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(*words) == 0
    return out.getvalue().splitlines()


@pytest.mark.parametrize("columns", [30, 40, 80, 200])
def test_a_table_fits_the_terminal(
    run: Any, impl: Any, monkeypatch: pytest.MonkeyPatch, made: str, columns: int
) -> None:
    lines = on_a_terminal(run, monkeypatch, columns, "select * from routes", made)
    assert max(map(len, lines)) <= columns
    assert lines[-1] == "8 rows"
    shown = lines[0].split()
    names = [*impl.columns.DEFAULT, *(name for name in impl.columns.COLUMNS if name not in impl.columns.DEFAULT)]
    left_out = " ".join(lines[10:-1]).removeprefix(f"… {len(names) - len(shown)} more columns: ")
    assert left_out.split(", ") == names[len(shown) :]


def test_numbers_are_not_cut(run: Any, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    query = "select 123456789012 as n, repeat('x', 100) as text, 210987654321 as m from routes limit 1"
    lines = on_a_terminal(run, monkeypatch, 60, query, made)
    assert lines[2].split() == ["123,456,789,012", "x" * 25 + "…", "210,987,654,321"]
    assert {len(line) for line in lines[1:3]} == {60}


def test_rows_of_a_table(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    for words, rows, last in (
        (("--rows", "2"), 2, "the first 2 rows; there are more (--rows, --format csv)"),
        (("--rows", "8"), 8, "8 rows"),
        (("--rows", "0"), 8, "8 rows"),
    ):
        assert run("select type from routes", made, "--format", "table", *words) == 0
        lines = lines_of(capsys)
        assert len(lines) == 2 + rows + 1
        assert lines[-1] == last


def test_nothing_found(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    assert run("select type from routes where med = 1", made, "--format", "table") == 0
    assert lines_of(capsys)[-1] == "0 rows"
    assert run("select type from routes where med = 1", made) == 0
    assert lines_of(capsys) == ['"type"']


# --- files that are written -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["o.csv", "o.json", "o.parquet"])
def test_output(run: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path, name: str) -> None:
    out = tmp_path / "written" / name
    out.parent.mkdir()
    assert run(COUNT, made, "--output", out) == 0
    assert lines_of(capsys) == []
    if name == "o.parquet":
        rows = pytest.importorskip("pyarrow.parquet").read_table(out).to_pylist()
    elif name == "o.json":
        rows = [json.loads(line) for line in out.read_text().splitlines()]
    else:
        rows = [{**row, "n": int(row["n"])} for row in csv.DictReader(io.StringIO(out.read_text()))]
    assert rows == [{"type": "A", "n": 4}, {"type": "S", "n": 2}, {"type": "W", "n": 2}]
    before = out.read_bytes()
    assert run(COUNT, made, "--output", out) == 2
    assert "--force" in capsys.readouterr().err
    assert run(COUNT, made, "--output", out, "--force") == 0
    assert run("select nonsense from routes", made, "--output", out, "--force") == 2
    assert [path.name for path in out.parent.iterdir()] == [name]
    assert out.read_bytes() == before


def test_a_table_of_csv(run: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("asn,name\n64496,north\n64497,south\n")
    query = "select distinct name, prefix from routes join names on origin_asn = asn order by all"
    assert run(query, made, "--csv", f"names={names}") == 0
    assert lines_of(capsys)[1:] == [
        '"north","2001:db8::/32"',
        '"south","10.64.16.0/24"',
        '"south","10.64.17.0/24"',
    ]


# --- what is wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select orign_asn from routes", "orign_asn"),
        ("selct 1", "selct"),
        ("select 'x'::int from routes", "Could not convert"),
        ("select * from nowhere", "nowhere"),
        ("select 1; select 2", "one query, not 2"),
        ("", "one query, not 0"),
        ("-- nothing", "one query, not 0"),
        ("create table t (a int)", "a query"),
        ("copy routes to 'x.csv'", "a query"),
    ],
)
def test_sql_that_is_wrong(
    run: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    query: str, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(query, made) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("bgpwire: ")
    assert said in err
    assert [path.name for path in tmp_path.iterdir()] == ["made.mrt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "parquet"), "--output"),
        (("--output", "o.txt"), ".parquet"),
        (("--output", "o.svg"), "--chart"),
        (("--output", "o.csv", "--chart", "bars"), "go together"),
        (("--format", "csv", "--chart", "bars"), "--chart draws"),
        (("--format", "table", "--output", "o"), "for the terminal"),
        (("--csv", "names"), "NAME=FILE"),
        (("--csv", "a=made.mrt", "--csv", "a=made.mrt"), "two files are a"),
        (("--csv", "routes=made.mrt"), "another name than routes"),
        (("--csv", "a=missing.csv"), "missing.csv"),
        (("--output", "made.mrt", "--force", "--format", "csv"), "also an input"),
        (("--csv", "a=made.mrt", "--output", "made.mrt", "--force", "--format", "csv"), "also an input"),
    ],
)
def test_wrong_arguments(
    run: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(COUNT, "made.mrt", *words) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["made.mrt"]


def test_files_that_cannot_be_opened(run: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert run(COUNT, made, missing) == 2
    assert capsys.readouterr() == ("", f"bgpwire: {missing}: No such file or directory\n")


@pytest.mark.parametrize("query", [COUNT, 'select count(*) from routes a join routes b using ("offset")'])
def test_a_torn_file_is_told_as_by_dump(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, query: str
) -> None:
    """Once, however often it is read."""
    torn = tmp_path / "torn.mrt"
    torn.write_bytes(archive() + bytes(100) + archive() + archive()[:70])
    import_module("bgpwire.cli").main(["dump", str(torn)])
    expected = capsys.readouterr().err
    assert run(query, torn) == 1
    out, err = capsys.readouterr()
    assert err == expected
    assert len(out.splitlines()) > 1


def test_a_file_that_is_no_mrt(run: Any, capsys: pytest.CaptureFixture[str], made: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html>" * 100)
    assert run(COUNT, page, made) == 1
    out, err = capsys.readouterr()
    assert "no MRT record" in err
    assert '"A",4' in out
    assert run(COUNT, page, made, "--output", tmp_path / "o.csv") == 1
    assert "is not written" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()


def piped(impl: Any, query: str, octets: bytes) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    command = [sys.executable, "-m", "bgpwire", "query", query, "-"]
    return subprocess.run(command, input=octets, env=env, check=False, capture_output=True)


def test_standard_input(impl: Any) -> None:
    done = piped(impl, "select distinct file, count(*) over () as n from routes", archive())
    assert (done.returncode, done.stdout, done.stderr) == (0, b'"file","n"\n"standard input",8\n', b"")
    done = piped(impl, 'select count(*) from routes a join routes b using ("offset")', archive())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"bgpwire: standard input can be read once, and routes are read a second time\n"


def test_without_duckdb(
    run: Any, capsys: pytest.CaptureFixture[str], made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert run(COUNT, made) == 2
    assert "bgpwire[sql]" in capsys.readouterr().err


def test_no_controls_reach_a_terminal(
    run: Any, capsys: pytest.CaptureFixture[str], made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values of an archive may be any text; a file and a pipe of CSV get it as it is."""
    query = "select chr(27) || '[2J' as \"a\u202e\", chr(155) as b from routes limit 1"
    for words in (("--format", "table"), ("--format", "json")):
        assert run(query, made, *words) == 0
        assert not set("\x1b\x9b\u202e") & set(capsys.readouterr().out)
    assert run(query, made, "--format", "csv") == 0
    assert capsys.readouterr().out.endswith('"\x1b[2J","\x9b"\n')
    rows = import_module("bgpwire.cli.rows")
    out = io.BytesIO()
    rows.write_csv(out, ["a"], [("\x1b[2J",)], watched=True)
    assert out.getvalue() == b'"a"\n"\\x1b[2J"\n'


KINDS = {
    "null": ("null", "", None),
    "true": ("true", '"true"', True),
    "1.50::decimal(5, 2)": ("1.500", "1.50", 1.5),
    "'nan'::double": ("nan", "nan", None),
    "12345678901234567890::hugeint": ("12,345,678,901,234,567,890", "12345678901234567890", 12345678901234567890),
    "[1, null]": ("1 null", '"1 "', [1, None]),
    "{'a': 1, 'b': [2, 3]}": ("1:2 3", '"1:2 3"', {"a": 1, "b": [2, 3]}),
    "map {1: 2}": ("2", '"2"', {"1": 2}),
    "date '2020-01-02'": ("2020-01-02", '"2020-01-02"', "2020-01-02"),
    "time '10:20:00'": ("10:20:00", '"10:20:00"', "10:20:00"),
    "timestamp '2020-01-02 10:20:00'": (
        "2020-01-02 10:20:00", '"2020-01-02T10:20:00.000000"', "2020-01-02T10:20:00.000000"),
    "timestamptz '2020-01-02 10:20:00.5+02'": (
        "2020-01-02 08:20:00.500000", '"2020-01-02T08:20:00.500000Z"', "2020-01-02T08:20:00.500000Z"),
    "interval '1 day'": ("1 day, 0:00:00", '"1 day, 0:00:00"', "1 day, 0:00:00"),
    "'\\xFF'::blob": ("ff", '"ff"', "ff"),
    "uuid '00000000-0000-0000-0000-000000000001'": (
        "00000000-0000-0000-0000-000000000001", '"00000000-0000-0000-0000-000000000001"',
        "00000000-0000-0000-0000-000000000001"),
}  # fmt: skip


def test_values_of_all_kinds(run: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    names = [f"c{n}" for n in range(len(KINDS))]
    query = "select {} from routes limit 1".format(", ".join(f"{sql} as c{n}" for n, sql in enumerate(KINDS)))
    assert run(query, made, "--format", "csv") == 0
    assert lines_of(capsys)[1] == ",".join(text for _, text, _ in KINDS.values())
    assert run(query, made, "--format", "json") == 0
    assert json.loads(lines_of(capsys)[0]) == {
        name: value for name, (_, _, value) in zip(names, KINDS.values(), strict=True)
    }
    assert run(query, made, "--format", "table") == 0
    shown = lines_of(capsys)[2]
    for text, _, _ in KINDS.values():
        assert text in shown
