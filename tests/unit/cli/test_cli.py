"""The command as people meet it: help, exit status, errors, broken pipes, terminals."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.made_mrt import archive
from support.terminal import Terminal

ROUTES = 8
"""How many the made archive has."""


@pytest.fixture
def made(tmp_path: Path) -> str:
    path = tmp_path / "made.mrt"
    path.write_bytes(archive())
    return str(path)


def run(*arguments: str) -> int:
    status: int = import_module("bgpwire.cli").main(list(arguments))
    return status


def shell(impl: Any, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """The command in a process of its own, on the implementation under test."""
    source = str(Path(impl.__file__).parent.parent)
    environment = os.environ | {"BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION, "PYTHONPATH": source}
    command = [sys.executable, "-m", "bgpwire", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **options)


def test_version_tells_the_implementation(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run("--version")
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"bgpwire {impl.__version__} ({impl.IMPLEMENTATION})\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["dump", "--help"], ["decode", "--help"], ["stats", "--help"], ["convert", "--help"]]
)
def test_help(impl: Any, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(*arguments)
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("usage: bgpwire")


def test_no_command_is_an_error_of_use(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "message"),
    [("missing.mrt", "bgpwire: missing.mrt: No such file or directory\n"), (".", "bgpwire: . is a directory\n")],
)
@pytest.mark.parametrize("command", ["dump", "stats"])
def test_unreadable_file(
    impl: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
    path: str,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command, path) == 2
    assert capsys.readouterr().err == message


def test_the_other_files_are_read_all_the_same(impl: Any, capsys: pytest.CaptureFixture[str], made: str) -> None:
    assert run("dump", "missing.mrt", made, "--limit", "3") == 2
    assert capsys.readouterr().out.count("\n") == 3


def test_an_empty_file_is_no_error(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert run("dump", str(path)) == 0
    assert capsys.readouterr() == ("", "")


def test_what_is_skipped_is_told(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "torn.mrt"
    path.write_bytes(archive()[:-5])
    assert run("dump", str(path)) == 1
    captured = capsys.readouterr()
    assert captured.out.count("\n") == ROUTES - 1
    assert captured.err.startswith(f"bgpwire: {path}: skipped ")
    assert "truncated record" in captured.err


def test_many_skips_are_summed_up(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # A TABLE_DUMP record of 4 octets is too short for what it is; the file's structure is sound.
    path = tmp_path / "bad.mrt"
    path.write_bytes((b"\0\0\0\1" + b"\0\x0c\0\1" + b"\0\0\0\4" + b"\0\0\0\0") * 25)
    assert run("dump", str(path)) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert lines[0] == f"bgpwire: {path}: skipped 16 octets at offset 0: TABLE_DUMP runs over the end"
    assert lines[-1] == f"bgpwire: {path}: and 15 more"


def test_a_text_file_is_skipped_whole(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a dump at all, but a line of text.\n" * 20)
    assert run("dump", str(path)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no record header" in captured.err


def test_interrupt(impl: Any, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    def interrupted(args: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("bgpwire.cli.stats"), "run", interrupted)
    assert run("stats", made) == 130


def test_broken_pipe_ends_quietly(impl: Any, made: str) -> None:
    with shell(impl, "dump", "--format", "json", *[made] * 500, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_a_full_disk_is_one_line(impl: Any, made: str) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    with open("/dev/full", "wb") as full, shell(impl, "dump", made, stdout=full) as process:
        assert process.stderr is not None
        assert process.stderr.read() == b"bgpwire: cannot write: No space left on device\n"
        assert process.wait() == 2


def test_standard_input(impl: Any, made: str) -> None:
    with open(made, "rb") as file, shell(impl, "dump", "-", stdin=file, stdout=subprocess.PIPE) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.count(b"\n") == ROUTES


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
@pytest.mark.parametrize("command", ["dump", "stats"])
def test_colour_on_a_terminal(
    impl: Any, monkeypatch: pytest.MonkeyPatch, made: str, command: str, variables: dict[str, str], coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run(command, made) == 0
    text = terminal.getvalue()
    assert not text.startswith("{")
    assert ("\x1b[" in text) is coloured


@pytest.mark.parametrize("rich", [True, False], ids=["rich", "plain"])
def test_progress_on_a_terminal(
    impl: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: str, rich: bool
) -> None:
    if rich:
        pytest.importorskip("rich")
    else:
        monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr(import_module("bgpwire.cli.progress"), "_DELAY", 0)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run("dump", made, "--format", "json", "--output", str(tmp_path / "out")) == 0
    assert "routes" in terminal.getvalue()
    if not rich:
        assert f"100% [##############################] {ROUTES} routes" in terminal.getvalue()


def test_no_progress_without_a_terminal(
    impl: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    monkeypatch.setattr(import_module("bgpwire.cli.progress"), "_DELAY", 0)
    assert run("dump", made) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals of that sort here")
def test_a_terminal_shows_what_it_can(impl: Any) -> None:
    """Its encoding stays, and what that has no letter for is a question mark; files and pipes are UTF-8."""
    prepare = import_module("bgpwire.cli.report").prepare
    ours, theirs = os.openpty()
    with open(ours, "rb", buffering=0) as shown, open(theirs, "w", encoding="ascii", newline="\n") as out:
        prepare(out)
        out.write("a\u2026b")
        out.flush()
        assert shown.read(3) == b"a?b"
    ours, theirs = os.pipe()
    with open(ours, "rb", buffering=0) as shown, open(theirs, "w", encoding="ascii", newline="\r\n") as out:
        prepare(out)
        out.write("\u2026\n")
        out.flush()
        assert shown.read(4) == b"\xe2\x80\xa6\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_pieces(
    impl: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: str
) -> None:
    """What is written at once is bounded; all that comes is written."""
    monkeypatch.setattr(import_module("bgpwire.cli.dump"), "_PIECE", 3)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(archive()))
    writer.start()
    assert run("dump", str(pipe)) == 0
    writer.join()
    found = capsys.readouterr().out
    assert run("dump", made) == 0
    assert found == capsys.readouterr().out
    assert found.count("\n") == ROUTES
