"""docs/fields.md says what the declarations say, on both implementations."""

from __future__ import annotations

import runpy
from typing import Any

import pytest
from support.places import ROOT

PAGE, SCRIPT = ROOT / "docs" / "fields.md", ROOT / "scripts" / "make_fields.py"
if not (PAGE.is_file() and SCRIPT.is_file()):
    pytest.skip("docs/fields.md is not there", allow_module_level=True)


def test_the_page_is_what_is_declared(impl: Any) -> None:
    assert impl.__name__ == "bgpwire"
    assert "\n".join(runpy.run_path(str(SCRIPT))["lines"]()) + "\n" == PAGE.read_text("utf-8")
