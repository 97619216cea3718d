"""What tests of commands share."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import archive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made(tmp_path: Path) -> str:
    path = tmp_path / "made.mrt"
    path.write_bytes(archive())
    return str(path)


@pytest.fixture
def dump(impl: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run ``bgpwire dump`` and give what it printed; it must succeed."""

    def call(*arguments: str) -> str:
        assert import_module("bgpwire.cli").main(["dump", *arguments]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return call
