"""``bgpwire exabgp`` where there is no ExaBGP that it knows."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


def test_no_exabgp_is_one_line(impl: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    hooks, launch = import_module("bgpwire.compat.exabgp"), import_module("bgpwire.compat.exabgp.launch")

    def refuse(*arguments: Any) -> int:
        raise hooks.ExaBGPError("ExaBGP is not installed: pip install exabgp")

    monkeypatch.setattr(launch, "launch", refuse)
    assert import_module("bgpwire.cli").main(["exabgp", "--", "--version"]) == 2
    assert capsys.readouterr() == ("", "bgpwire: ExaBGP is not installed: pip install exabgp\n")
