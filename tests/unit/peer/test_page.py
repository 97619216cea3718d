"""docs/peer.md: its programs compile, and what it names is there."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "peer.md"
if not PAGE.is_file():
    pytest.skip("docs/peer.md is not there", allow_module_level=True)


def test_programs_compile() -> None:
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        compile(block, str(PAGE), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_names_are_there(impl: Any) -> None:
    peer = importlib.import_module("bgpwire.peer")
    text = PAGE.read_text("utf-8")
    table = text.partition("| field of `Config` |")[2].partition("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named <= {field.name for field in fields(peer.Config)}
    assert {f"`{cause}`" for cause in peer.Cause} <= set(re.findall(r"`\w+`", text))
    for name in re.findall(r"bgpwire\.peer\.(\w+)", text):
        assert hasattr(peer, name), name
