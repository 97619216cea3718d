"""What GoBGP makes of the BMP messages of its own tests; left out where its vectors are not (``BGPWIRE_ORACLES``)."""

from __future__ import annotations

from typing import Any

import pytest
from oracle.bmp import SETTLED
from oracle.bmp.gobgp import compared, lines

pytestmark = pytest.mark.skipif(
    not lines(), reason="GoBGP's vectors are not there; name their folder in BGPWIRE_ORACLES"
)


@pytest.mark.parametrize("line", [pytest.param(line, id=f"{line['test']}-{n}") for n, line in enumerate(lines())])
def test_messages(impl: Any, line: dict[str, Any]) -> None:
    why = compared(line, impl)
    assert why == "" or why in SETTLED
