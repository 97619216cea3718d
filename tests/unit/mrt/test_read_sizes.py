"""What is read of a torn file depends on its octets, not on how many of them a read gives (module ``mrt.resync``)."""

from __future__ import annotations

import io
import random
import zlib
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.context import ATTRIBUTES, bgp4mp, read_through, record, told, update
from support.mutation import examples
from support.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "messages": lambda file: [event.offset for event in file.messages()],
    "routes": lambda file: [(route.event.offset, str(route.prefix)) for route in file.routes()],
    "columns of one row": lambda file: sum(len(batch) for batch in file.columns(["prefix"], batch_size=1)),
    "columns": lambda file: sum(len(batch) for batch in file.columns(["prefix"], batch_size=7)),
    "lines": lambda file: b"".join(file.text("psv", header=False)).count(b"\n"),
    "statistics": lambda file: file.statistics().types["A"],
}


def _walk(impl: Any, source: Any) -> Any:
    """The records, what was stepped over, how often, and all octets that were."""
    heard: list[Any] = []
    file = impl.mrt.open(source, on_skip=heard.append)
    found = [item if isinstance(item, Exception) else item.offset for item in read_through(impl, file.records())]
    return list(map(str, found)), file.skips, file.skipped, sum(skip.length for skip in heard)


def _torn(chance: random.Random) -> bytes:
    """Records, and all that tears and junk are made of."""
    inside = chance.randbytes(2) + GOOD * 2 + chance.randbytes(chance.randrange(40))
    units: list[Callable[[], bytes]] = [
        lambda: GOOD * chance.randrange(1, 4),
        lambda: record(99, 1, chance.randbytes(chance.randrange(90))),
        lambda: record(77, 1, inside),
        lambda: record(16, 4, inside),
        lambda: GOOD[: chance.randrange(1, len(GOOD))],
        lambda: GOOD[chance.randrange(1, len(GOOD)) :],
        lambda: chance.randbytes(chance.choice((1, 2, 12, 90))),
        lambda: bytes(chance.choice((1, 2, 12, 30))),
        lambda: GOOD[:8] + chance.randrange(6000).to_bytes(4) + GOOD[12:],
        lambda: record(16, 4, b""),
    ]
    return b"".join(make() for make in chance.choices(units, (9, 4, 2, 1, 1, 1, 1, 1, 1, 1), k=chance.randrange(150)))


@given(st.integers(0, 1 << 32))
@settings(max_examples=examples(25))
def test_any_read_size_gives_the_same(both: list[Any], seed: int) -> None:
    data = _torn(random.Random(seed))
    deflate = zlib.compressobj(1, wbits=31)
    packed = deflate.compress(data) + deflate.flush()
    answers = []
    for loaded in both:
        with loaded.active() as impl:
            answers.append(_walk(impl, data))
            answers += [_walk(impl, Pieces(data, size)) for size in (1, 7, 100, 4096)]
            answers.append(_walk(impl, io.BytesIO(packed)))
    assert all(answer == answers[0] for answer in answers)


def test_any_read_size_gives_the_same_where_the_credit_is_spent(both: list[Any]) -> None:
    """Torn all over, until what a look ahead costs decides what is looked at next."""
    for seed in range(25):
        chance = random.Random(seed)
        data = b"".join(_torn(chance) for _ in range(13))
        answers = []
        for loaded in both:
            with loaded.active() as impl:
                answers += [_walk(impl, source) for source in (data, Pieces(data, 100), Pieces(data, 5000))]
        assert all(answer == answers[0] for answer in answers), seed


@given(st.integers(0, 1 << 32))
@settings(max_examples=examples(10))
def test_every_consumer_steps_over_the_same(both: list[Any], seed: int) -> None:
    """Messages have skips of their own: of the routes of a table they know nothing."""
    data = GOOD * 2 + _torn(random.Random(seed)) + GOOD
    for name, ask in ANSWERS.items():
        answers = []
        for loaded in both:
            with loaded.active() as impl:
                for source in (data, Pieces(data, 7), Pieces(data, 4096)):
                    file = impl.mrt.open(source, on_skip=told)
                    answers.append((ask(file), file.skips, file.skipped))
        assert all(answer == answers[0] for answer in answers), name


def test_the_end_of_the_file_is_near_only_where_it_is(impl: Any) -> None:
    """A long record that tells too great a length, and two whole ones at its end with junk behind them.

    Where 256 KiB are in the buffer more is read at once than is asked for, so that some reads come to the end of the
    file early: near that a third record would be asked for (there a record may be cut short), here it must not be.
    """
    begin = 12 + 400_000
    for behind, found in ((5000, True), (50, False)):
        head = record(16, 4, bytes(400_000 + 30))[:12]
        data = head + b"\xee" * 400_000 + GOOD * 2 + b"\xee" * behind
        for source in (data, Pieces(data, 100), Pieces(data, 4096), Pieces(data, 1 << 20)):
            offsets = [one.offset for one in impl.mrt.open(source, on_skip=told).records()]
            assert (offsets[0] == begin) is found


def test_a_header_is_looked_at_from_where_it_stands(impl: Any) -> None:
    """However much junk before it is still in the buffer, evidence 16 MiB behind a header is within reach."""
    far = record(16, 4, bytes((1 << 24) - 100))
    data = b"\xee" * 150_000 + far + GOOD * 3
    begins = [150_000, *(150_000 + len(far) + n * len(GOOD) for n in range(3))]
    for source in (data, Pieces(data, 1 << 16), Pieces(data, 1 << 25)):
        file = impl.mrt.open(source, on_skip=told)
        assert [one.offset for one in file.records()] == begins
        assert [(skip.offset, skip.length) for skip in file.skips] == [(0, 150_000)]


def test_one_stretch_is_one_place_behind_the_thousandth(impl: Any) -> None:
    """No more than a thousand are kept, and each stretch of junk counts once however many pieces it comes in."""
    data = (GOOD * 60 + b"\xee" * 20) * 1000 + GOOD * 2 + b"\xee" * 600_000 + GOOD * 3
    for source in (data, Pieces(data, 1 << 16)):
        file = impl.mrt.open(source, on_skip=told)
        assert len(list(file.records())) == 60_005
        assert file.skipped == 1001
        assert len(file.skips) == 1000


def test_records_that_stand_in_two_blocks(both: list[Any]) -> None:
    """Blocks of a source may be larger than what is copied of the next one, and records larger than that; some of them
    are torn, or not of a known type."""
    chance = random.Random(2)
    units = [GOOD, bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a" * 900)), record(99, 1, bytes(6000)), GOOD[:40]]
    data = b"".join(chance.choices(units, (40, 6, 1, 1), k=700))
    answers = []
    for loaded in both:
        with loaded.active() as impl:
            for size in (len(data), 4200, 5003, 9001):
                for fields, rows in ((["offset", "prefix"], 65536), (["offset", "type"], 1000)):
                    skips: list[Any] = []
                    file = impl.mrt.open(Pieces(data, size), on_skip=skips.append)
                    batches = list(file.columns(fields, batch_size=rows))
                    answers.append(([place for batch in batches for place in batch["offset"]], list(map(str, skips))))
    assert len(answers[0][0]) > 60_000
    assert all(answer == answers[0] for answer in answers)
