"""A compressed archive that comes through a pipe, torn: what waits in the decompressor is no reason to wait."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, told, update

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
TORN = GOOD * 3 + b"\0" * 50 + GOOD * 2 + GOOD[:30]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
@pytest.mark.parametrize("piece", [7, 1 << 16])
def test_as_from_memory(impl: Any, pack: Callable[[bytes], bytes], piece: int) -> None:
    packed = pack(TORN) + pack(GOOD)
    with impl.mrt.open(io.BytesIO(packed), on_skip=told) as file:
        wanted = [str(route) for route in file.routes()], file.skips
    assert wanted[1]
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb", buffering=0) as out:
            for at in range(0, len(packed), piece):
                out.write(packed[at : at + piece])

    writer = threading.Thread(target=write)
    writer.start()
    with open(reading, "rb", buffering=0) as raw, impl.mrt.open(raw, on_skip=told) as file:
        assert file.live
        found = [str(route) for route in file.routes()], file.skips
    writer.join()
    assert found == wanted
