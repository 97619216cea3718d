"""Where ``bgpwire dump --output`` writes, and where it does not."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_output_goes_to_a_file(dump: Any, made: str, tmp_path: Path) -> None:
    path = tmp_path / "routes.jsonl"
    assert dump(made, "--output", str(path)) == ""
    assert path.read_text() == dump(made)


def test_output_over_what_is_there(
    dump: Any, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is written anew only by force, as convert's is; a device is no file that could be emptied."""
    path = tmp_path / "routes.jsonl"
    path.write_text("of yesterday")
    monkeypatch.setattr("sys.stdin", None)
    assert import_module("bgpwire.cli").main(["dump", made, "--output", str(path)]) == 2
    assert capsys.readouterr() == ("", f"bgpwire: {path}: is there; --force replaces it\n")
    assert path.read_text() == "of yesterday"
    for files in ([made], [made, made]):
        assert dump(*files, "--output", str(path), "--force") == ""
        assert path.read_text() == dump(*files)
    if os.path.exists(os.devnull):
        assert dump(made, "--output", os.devnull) == ""


def test_an_input_that_is_not_there_is_told(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "routes.jsonl"
    out.write_text("of yesterday")
    missing = str(tmp_path / "missing")
    assert import_module("bgpwire.cli").main(["dump", missing, missing, "--output", str(out), "--force"]) == 2
    assert "missing" in capsys.readouterr().err
    assert out.read_text() == "of yesterday"
