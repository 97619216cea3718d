"""Commands over several files, folders and patterns; merged by time; what cannot be read is named."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import archive, at, bgp4mp, prefix, update

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files whose times alternate, below a folder."""
    for name, start in (("one.mrt", 0), ("two.mrt", 1)):
        records = (at(start + 2 * turn, bgp4mp(update(withdrawn=prefix("10.0.0.0/8")))) for turn in range(5))
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(records))
    return tmp_path / "in"


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("form", ["json", "psv", "text", "bgpdump"])
def test_dump(dump: Any, folder: Path, form: str, threads: str) -> None:
    one, two = str(folder / "one.mrt"), str(folder / "two.mrt")
    how = ("-f", form, "--jobs", threads)
    body = dump(*how, one) + (dump(*how, two).split("\n", 1)[1] if form == "psv" else dump(*how, two))
    assert dump(*how, one, two) == dump(*how, str(folder)) == dump(*how, f"{folder}/*.mrt") == body
    merged = dump(*how, "--merge", str(folder))
    assert sorted(merged.splitlines()) == sorted(body.splitlines())
    assert dump(*how, "--limit", "7", one, two).count("\n") == 7 + (form == "psv")


def test_dump_merged(dump: Any, folder: Path) -> None:
    times = [json.loads(line)["timestamp"] for line in dump("--merge", str(folder)).splitlines()]
    assert times == [float(second) for second in range(10)]
    times = [json.loads(line)["timestamp"] for line in dump("--merge", "--messages", str(folder)).splitlines()]
    assert times == [float(second) for second in range(10)]
    first = dump("--merge", "-n", "3", str(folder)).splitlines()
    assert [json.loads(line)["timestamp"] for line in first] == [0.0, 1.0, 2.0]


def test_stats(impl: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module("bgpwire.cli").main
    assert main(["stats", "-f", "json", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["withdrawn"] == 10


def test_convert(impl: Any, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module("bgpwire.cli").main
    out = tmp_path / "out.csv"
    assert main(["convert", "--merge", "--fields", "timestamp", str(folder), str(out)]) == 0
    assert capsys.readouterr().out == f"10 routes in {out}\n"
    times = [datetime.fromisoformat(line.strip('"')).timestamp() for line in out.read_text().splitlines()[1:]]
    assert times == [float(second) for second in range(10)]
    assert main(["convert", str(folder), str(tmp_path / "out.mrt")]) == 0
    assert (tmp_path / "out.mrt").read_bytes() == b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    assert main(["convert", "--merge", str(folder), str(tmp_path / "x.mrt")]) == 2
    assert "--merge" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("dump",), ("stats",), ("convert", "in"), ("query", "select 1")])
def test_no_jobs(impl: Any, folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        import_module("bgpwire.cli").main([*words, str(folder), "--jobs", "0"])
    assert "--jobs/-j: 1 at least" in capsys.readouterr().err


@pytest.mark.parametrize("threads", ["1", "3"])
def test_each_fault_is_named(
    impl: Any, folder: Path, threads: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main = import_module("bgpwire.cli").main
    (folder / "a-torn.mrt").write_bytes(archive()[:-3])
    (folder / "empty").mkdir()
    assert main(["dump", "--jobs", threads, str(folder)]) == 1
    out, err = capfd.readouterr()
    assert out.count("\n") == 7 + 10
    assert err.startswith(f"bgpwire: {folder}/a-torn.mrt: skipped")
    assert err.count("\n") == 1
    gone = str(tmp_path / "gone")
    assert main(["dump", "--jobs", threads, gone, str(folder), str(folder / "empty")]) == 2
    out, err = capfd.readouterr()
    assert out.count("\n") == 7 + 10
    lines = err.splitlines()
    assert lines[0] == f"bgpwire: {gone}: No such file or directory"
    assert lines[-1] == f"bgpwire: {folder / 'empty'} is a directory"
    assert main(["dump", "--jobs", threads, "-o", str(tmp_path / "none"), gone]) == 2
    assert not (tmp_path / "none").exists()
