"""A record behind junk is found wherever the octets that were read end: inside its header, before it, behind it."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, told, update

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))


class TwoPieces:
    """A source that gives what stands before ``cut`` at first, and then all the rest."""

    def __init__(self, data: bytes, cut: int) -> None:
        self.pieces = [data[:cut], data[cut:]]

    def read(self, size: int = -1) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


@pytest.mark.parametrize("gap", [20, 3000, 4_000_000])
def test_the_first_read_ends_around_its_header(impl: Any, gap: int) -> None:
    """Octets of 0xee are no header (RFC 6396 section 4: no type of that number), so the junk is all of them.

    Near the end of the file all of it is looked at before junk is passed; with millions of octets it is not.
    """
    begin = 3 * len(GOOD) + gap
    data = GOOD * 3 + b"\xee" * gap + GOOD * 20
    expected = [n * len(GOOD) for n in range(3)] + [begin + n * len(GOOD) for n in range(20)]
    for cut in (begin - 1, begin, begin + 1, begin + 6, begin + 11, begin + 12):
        file = impl.mrt.open(TwoPieces(data, cut), on_skip=told)
        assert [record.offset for record in file.records()] == expected, cut - begin
        # It may be told in more pieces than one, each behind the other.
        assert file.skips[0].offset == 3 * len(GOOD)
        assert sum(skip.length for skip in file.skips) == gap
