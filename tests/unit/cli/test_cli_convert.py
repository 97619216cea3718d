"""``bgpwire convert``: files of columns, and records packed anew; whole, or not there at all."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.made_mrt import archive, bgp4mp, update
from support.places import SAMPLES
from support.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

DEMO = SAMPLES / "demo.mrt"
TABLES = ("o.parquet", "o.arrow", "o.csv", "o.csv.gz", "o.csv.zst")
ARCHIVES = ("o.mrt", "o.mrt.gz", "o.mrt.zst")


@pytest.fixture
def run(impl: Any) -> Callable[..., int]:
    return lambda *words: import_module("bgpwire.cli").main([*map(str, words)])


@pytest.fixture
def dumped(impl: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """The lines of ``bgpwire dump``."""

    def call(*words: object) -> list[str]:
        capsys.readouterr()
        import_module("bgpwire.cli").main(["dump", *map(str, words)])
        return capsys.readouterr().out.splitlines()

    return call


def unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix != ".zst":
        return data
    try:
        from compression import zstd
    except ImportError:
        return pytest.importorskip("zstandard").ZstdDecompressor().decompressobj().decompress(data)  # type: ignore[no-any-return]
    return zstd.decompress(data)  # type: ignore[no-any-return,unused-ignore]


def need(name: str) -> None:
    if name.endswith((".parquet", ".arrow")):
        pytest.importorskip("pyarrow")
    if name.endswith(".zst") and sys.version_info < (3, 14):
        pytest.importorskip("zstandard")


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()  # type: ignore[no-any-return]
    if path.suffix == ".arrow":
        return pytest.importorskip("pyarrow").ipc.open_file(path).read_all().to_pylist()  # type: ignore[no-any-return]
    return list(csv.DictReader(io.StringIO(unpacked(path).decode())))


@pytest.mark.parametrize("name", TABLES)
def test_as_many_rows_as_dump_has_lines(
    run: Any, dumped: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    need(name)
    out = tmp_path / name
    files = (DEMO, SAMPLES / "demo-rib.mrt")
    for words in ((), ("--type", "A"), ("--origin-asn", "present"), ("-n", "7"), ("--type", "W", "-n", "0")):
        expected = len(dumped(*files, *words))
        assert run("convert", *files, out, "--force", *words) == 0
        assert capsys.readouterr().out == f"{expected} routes in {out}\n"
        assert len(rows_of(out)) == expected
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["o.parquet", "o.arrow"])
def test_values(run: Any, impl: Any, tmp_path: Path, name: str) -> None:
    """Every column is what it is in a table of pyarrow, also where batches have other dictionaries."""
    need(name)
    out = tmp_path / name
    fields = [field for field in impl.columns.COLUMNS if field != "file"]
    convert = import_module("bgpwire.cli.convert")
    before, convert._ROWS = convert._ROWS, 50
    try:
        assert run("convert", DEMO, out, "--fields", ",".join(fields)) == 0
    finally:
        convert._ROWS = before
    assert rows_of(out) == impl.mrt.open(DEMO).columns(fields).to_arrow().to_pylist()


def test_a_profile(run: Any, impl: Any, tmp_path: Path) -> None:
    need("o.parquet")
    out = tmp_path / "o.parquet"
    assert run("convert", DEMO, out, "--profile", "spark", "-n", "20") == 0
    table = pytest.importorskip("pyarrow.parquet").read_table(out)
    assert len(table) == 20
    assert str(table.schema.field("peer_asn").type) == "int64"
    assert table.to_pylist() == impl.mrt.open(DEMO).columns().to_arrow().to_pylist()[:20]


def test_fields(run: Any, impl: Any, tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    assert run("convert", DEMO, out, "--fields", "prefix, file,as_path") == 0
    rows = rows_of(out)
    assert list(rows[0]) == ["prefix", "file", "as_path"]
    routes = list(impl.mrt.open(DEMO))
    assert [row["prefix"] for row in rows] == ["" if route.prefix is None else str(route.prefix) for route in routes]
    assert [row["as_path"] for row in rows] == [" ".join(map(str, route.as_path or ())) for route in routes]
    assert {row["file"] for row in rows} == {str(DEMO)}


def test_cells(run: Any, tmp_path: Path) -> None:
    """Each kind of value; an empty text is quoted, null is nothing."""
    made, out = tmp_path / "made.mrt", tmp_path / "o.csv"
    made.write_bytes(archive())
    fields = "timestamp,type,as_path_text,communities_text,large_communities,as_path_segments,has_as_set,prefix_address"
    assert run("convert", made, out, "--fields", fields) == 0
    lines = out.read_text("utf-8").splitlines()
    assert lines[0] == ",".join(f'"{name}"' for name in fields.split(","))
    assert lines[1] == '"2001-09-09T01:46:40.000000Z","S",,,,,,'
    assert lines[2] == (
        '"2001-09-09T01:46:41.000000Z","A","65551 64496 64497","64500:200 graceful-shutdown","65551:2:64496",,"false",'
        '"0a401000000000000000000000000000"'
    )
    assert lines[7] == (
        '"2001-09-09T01:46:45.000000Z","A","65551 64501 {64496,64499}",,,"2:2 1:2","true",'
        '"0a800000000000000000000000000000"'
    )
    empty = tmp_path / "empty.mrt"
    empty.write_bytes(bgp4mp(update(bytes.fromhex("400101004002004003040a000001"), b"\x08\x0a")))
    assert run("convert", empty, out, "--force", "--fields", "as_path_text,as_path_segments") == 0
    assert out.read_text() == '"as_path_text","as_path_segments"\n"",\n'


@pytest.mark.parametrize("field", ["med", "prefix", "as_path", "timestamp"])
def test_one_column(run: Any, dumped: Any, tmp_path: Path, field: str) -> None:
    """A row of null alone is a row, and no empty line."""
    out = tmp_path / "o.csv"
    assert run("convert", DEMO, out, "--fields", field) == 0
    lines = out.read_text("utf-8").splitlines()
    assert "" not in lines
    assert len(lines) == 1 + len(dumped(DEMO))


def test_progress(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr(import_module("bgpwire.cli.progress"), "_DELAY", 0)
    for name, counted in (("o.csv", "routes"), ("o.mrt", "records")):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        assert run("convert", DEMO, tmp_path / name) == 0
        assert "100% [" in terminal.getvalue()
        assert f" {counted}, " in terminal.getvalue()


def test_engines_know_the_types_of_csv(run: Any, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    out = tmp_path / "o.csv"
    assert run("convert", DEMO, out) == 0
    kinds = {row[0]: row[1] for row in duckdb.sql(f"describe select * from read_csv('{out}')").fetchall()}
    assert kinds["timestamp"].startswith("TIMESTAMP")
    assert (kinds["peer_asn"], kinds["prefix"]) == ("BIGINT", "VARCHAR")


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["plain", "gzip", "bzip2"])
def test_records_are_copied_octet_for_octet(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    need(name)
    made, out = tmp_path / "made", tmp_path / name
    made.write_bytes(pack(archive() * 3_000))
    assert run("convert", made, DEMO, out) == 0
    assert unpacked(out) == archive() * 3_000 + DEMO.read_bytes()
    number = 24_000 + sum(1 for _ in import_module("bgpwire").mrt.open(DEMO).records())
    assert capsys.readouterr().out == f"{number} records in {out}\n"


def test_junk_is_copied_too(run: Any, impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is written reads as what was read, skip for skip; status 1 and the report as of dump."""
    torn, out = tmp_path / "torn.gz", tmp_path / "o.mrt.gz"
    data = archive() + bytes(100) + archive() + archive()[:70]
    torn.write_bytes(gzip.compress(data)[:-4])
    assert run("dump", torn) == 1
    expected = capsys.readouterr().err
    assert run("convert", torn, out) == 1
    assert capsys.readouterr().err == expected
    assert unpacked(out) == data
    first = impl.mrt.open(data, on_skip=told)
    again = impl.mrt.open(out, on_skip=told)
    assert [str(route) for route in again] == [str(route) for route in first]
    assert again.skips == first.skips


@pytest.mark.parametrize("name", [*TABLES, *ARCHIVES])
def test_a_torn_file_is_told_as_by_dump(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    need(name)
    torn, out = tmp_path / "torn.gz", tmp_path / name
    torn.write_bytes(gzip.compress(archive() * 50)[:-30])
    assert run("dump", torn) == 1
    expected = capsys.readouterr().err
    assert run("convert", torn, out) == 1
    assert capsys.readouterr().err == expected
    assert out.exists()


@pytest.mark.parametrize("name", ["o.csv", "o.mrt"])
def test_nothing_half(run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    """A file that cannot be opened, or that is no MRT: what stood under the name stands there still."""
    out, page = tmp_path / name, tmp_path / "page.html"
    page.write_text("<html>" * 100)
    out.write_text("of yesterday")
    for files, status in ((("missing",), 2), ((DEMO, "missing"), 2), ((DEMO, tmp_path), 2), ((DEMO, page), 1)):
        assert run("convert", *files, out, "--force") == status
        assert out.read_text() == "of yesterday"
        assert capsys.readouterr().out == ""
    assert {path.name for path in tmp_path.iterdir()} == {name, "page.html"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_left_in_the_middle(
    run: Any, impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    out = tmp_path / "o.csv"

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(import_module("bgpwire.cli.progress").Progress, "advance", fail)
    assert run("convert", DEMO, out) in (130, 2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [*TABLES, *ARCHIVES])
def test_a_file_is_replaced_only_by_force(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """``convert a.mrt.gz b.mrt.gz`` may be two inputs with OUT forgotten."""
    need(name)
    out = tmp_path / name
    out.write_bytes(b"precious")
    assert run("convert", DEMO, out) == 2
    assert capsys.readouterr() == ("", f"bgpwire: {out}: is there; --force replaces it\n")
    assert out.read_bytes() == b"precious"
    assert run("convert", DEMO, out, "--force") == 0
    made = out.read_bytes()
    assert run("convert", DEMO, out) == 2
    assert out.read_bytes() == made
    assert run("convert", DEMO, tmp_path / f"new-{name}") == 0
    assert (tmp_path / f"new-{name}").read_bytes() == made


def test_a_table_takes_the_place_and_the_mode_of_what_is_there(run: Any, tmp_path: Path) -> None:
    out, link = tmp_path / "o.csv", tmp_path / "link.csv"
    out.write_text("of yesterday")
    out.chmod(0o640)
    try:
        link.symlink_to(out)
    except OSError:
        pytest.skip("no links here")
    assert run("convert", DEMO, link) == 2
    assert run("convert", DEMO, link, "--force") == 0
    assert link.is_symlink()
    assert out.read_text().startswith('"timestamp"')
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o640


def test_standard_input(impl: Any, tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    command = [sys.executable, "-m", "bgpwire", "convert", "-", str(out), "--fields", "file,prefix"]
    subprocess.run(command, input=archive(), env=env, check=True, capture_output=True)
    assert {row["file"] for row in rows_of(out)} == {"standard input"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("out.txt",), "ends in .parquet"),
        ((".csv",), "ends in .parquet"),
        (("out.csv", "--fields", "prefx"), "no column 'prefx'"),
        (("out.csv", "--fields", "prefix,prefix"), "each column is named once"),
        (("out.csv", "--fields", ""), "no column"),
        (("out.mrt", "--fields", "prefix"), "records are copied"),
        (("out.mrt", "--origin-asn", "1"), "records are copied"),
        (("out.mrt", "-n", "1"), "records are copied"),
        (("out.csv", "--profile", "spark"), "no types"),
        (("out.mrt", "--profile", "spark"), "records are copied"),
        (("out.csv", "--community", "present", "--community", "1:2"), "present and absent"),
        (("no such folder/out.csv",), "cannot write"),
    ],
)
def test_wrong_arguments(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run("convert", DEMO, *words) == 2
    assert reason in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_read_and_no_file(run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made, folder = tmp_path / "a.mrt", tmp_path / "folder.csv"
    made.write_bytes(archive())
    folder.mkdir()
    assert run("convert", DEMO, made, made, "--force") == 2
    assert "also an input" in capsys.readouterr().err
    assert run("convert", made, folder) == 2
    assert "no file" in capsys.readouterr().err
    assert made.read_bytes() == archive()


@pytest.mark.parametrize(
    ("name", "module", "extra"), [("o.parquet", "pyarrow", "arrow"), ("o.mrt.zst", "zstandard", "fast")]
)
def test_what_is_not_installed(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, module: str, extra: str,
) -> None:  # fmt: skip
    if module == "zstandard" and sys.version_info >= (3, 14):
        pytest.skip("the standard library has it")
    monkeypatch.setitem(sys.modules, module, None)
    assert run("convert", DEMO, tmp_path / name) == 2
    assert f"bgpwire[{extra}]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
