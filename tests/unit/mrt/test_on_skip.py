"""What ``on_skip`` raises: it ends the pass, comes out of it, and leaves nothing open, whoever reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, record, update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
FAULT = record(16, 4, bytes(25))
FILES = {
    "a tear": GOOD * 3 + b"\xee" * 40 + GOOD * 3,
    "a record that cannot be read": GOOD * 3 + FAULT + GOOD * 3,
    "a record that is cut off": GOOD * 3 + GOOD[:-5],
    "a header that is cut off": GOOD * 3 + GOOD[:5],
}
READERS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "messages": lambda file: file.messages(),
    "routes": lambda file: file.routes(),
    "columns": lambda file: iter(file.columns(["prefix"])),
    "columns of one row": lambda file: iter(file.columns(["prefix"], batch_size=1)),
    "columns of two rows": lambda file: iter(file.columns(["prefix"], batch_size=2)),
    "bgpdump": lambda file: file.text("bgpdump"),
    "json": lambda file: file.text("json"),
    "psv": lambda file: file.text("psv", header=False),
}
GIVEN = {"columns": 0, "columns of two rows": 2}
"""How many of the three routes come first: of a batch that is not full none do."""


class Stopped(Exception):
    """What the tests raise."""


def _count(item: Any) -> int:
    return item.count(b"\n") if isinstance(item, bytes) else getattr(item, "num_rows", 1)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("error", [Stopped, KeyboardInterrupt, StopIteration])
def test_it_comes_out_and_all_is_closed(impl: Any, tmp_path: Path, name: str, error: type[BaseException]) -> None:
    path = tmp_path / "torn.mrt"
    path.write_bytes(FILES[name])

    def stop(skip: Any) -> None:
        raise error("enough")

    # Nothing may pass for the end that is none: an iterator that raises StopIteration has ended.
    expected = RuntimeError if error is StopIteration else error
    for reader, begin in READERS.items():
        file = impl.mrt.open(path, on_skip=stop)
        items = begin(file)
        got: list[Any] = []
        with pytest.raises(expected):
            got.extend(items)
        # Lines are held until there are many; what there is comes before an Exception.
        lost = error is KeyboardInterrupt and reader in ("bgpdump", "json", "psv")
        assert sum(map(_count, got)) == (0 if lost else GIVEN.get(reader, 3)), reader
        assert list(items) == []
        assert file._last.input._raw.closed, reader
        assert [(skip.offset, file.skipped) for skip in file.skips] == [(3 * len(GOOD), 1)]
        with pytest.raises(expected):
            list(begin(file))  # another pass reads from the beginning, and comes to the same


@pytest.mark.parametrize("name", FILES)
def test_statistics_keep_what_came_before(impl: Any, name: str) -> None:
    def stop(skip: Any) -> None:
        raise Stopped

    found = impl.mrt.Statistics()
    with pytest.raises(Stopped):
        list(found.read(impl.mrt.open(FILES[name], on_skip=stop)))
    assert (found.types["A"], found.attribute_blocks) == (3, 3)
    with pytest.raises(Stopped):
        impl.mrt.open(FILES[name], on_skip=stop).statistics()
