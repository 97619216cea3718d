"""What NetGauze says of captures of real routers, field by field; left out where they are not (``BGPWIRE_DATA``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from oracle.bmp import FOLDER, SETTLED, captures
from oracle.bmp.netgauze import compared

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not captures(), reason=f"no captures of BMP in {FOLDER}")


@pytest.mark.parametrize("path", captures(), ids=lambda path: path.stem)
def test_captures(impl: Any, path: Path) -> None:
    """Both say the same of each message, or a section of an RFC says who is right."""
    assert [(number, why) for number, why in compared(path, impl) if why and why not in SETTLED] == []
