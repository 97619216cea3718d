"""Finding the next record: records of unregistered types are kept, and junk costs work in proportion to its size."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.context import ATTRIBUTES, bgp4mp, read_through, record, told, update
from support.junk import JUNK
from support.pieces import Pieces

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))


def _shape(file: Any) -> list[tuple[int, int, int]]:
    return [(one.offset, one.type, len(one.data)) for one in file.records()]


def _expected(*parts: bytes) -> list[tuple[int, int, int]]:
    out, at = [], 0
    for part in parts:
        out.append((at, int.from_bytes(part[4:6]), len(part) - 12))
        at += len(part)
    return out


UNREGISTERED = [14, 15, 18, 31, 50, 63, 66, 77, 99, 255, 256, 4000, 60000, 65535]


@pytest.mark.parametrize("kind", UNREGISTERED)
@pytest.mark.parametrize("size", [0, 1, 40, 5000, 400_000])
def test_unregistered_type(impl: Any, kind: int, size: int) -> None:
    """RFC 6396 section 4 leaves types to be registered: at the beginning, between, several in a row, at the end."""
    body = bytes(range(256)) * (size // 256 + 1)
    one = record(kind, 3, body[:size])
    for parts in (
        [one, GOOD],
        [GOOD, one, GOOD],
        [GOOD, one],
        [one],
        [GOOD, one, one, one, GOOD, one, GOOD],
        [GOOD, record(9999, 77, b"other"), one, record(16, 99, b"subtype"), GOOD],
        [*[one] * 9, GOOD],
    ):
        file = impl.mrt.open(b"".join(parts))
        assert _shape(file) == _expected(*parts)
        assert file.skips == []
        assert len(list(impl.mrt.open(b"".join(parts)).routes())) == parts.count(GOOD)


def test_a_thousand_unregistered_in_a_row(impl: Any) -> None:
    """More of them than a chain is followed at once."""
    parts = [GOOD, *[record(77, 1, b"x" * (n % 50)) for n in range(1000)], GOOD]
    file = impl.mrt.open(b"".join(parts))
    assert _shape(file) == _expected(*parts)
    assert file.skips == []


def test_unregistered_type_around_octets_that_look_like_headers(impl: Any) -> None:
    """Two records inside are what a body may hold; the records behind are the evidence."""
    one = record(99, 0, b"\1\2\3" + GOOD * 2 + b"\4")
    file = impl.mrt.open(GOOD + one + GOOD)
    assert _shape(file) == _expected(GOOD, one, GOOD)
    assert file.skips == []


def test_noise_is_no_record_of_an_unregistered_type(impl: Any) -> None:
    """Two octets too many make a header of the next record's: type of its time, and a length of 262,144 octets."""
    good = record(16, 4, bytes(range(101, 121)))
    for count in (262144 // len(good) - 1, 262144 // len(good), 20_000):
        data = good * 3 + b"\xaa\xaa" + good * count
        file = impl.mrt.open(data, on_skip=told)
        assert len(_shape(file)) == 3 + count
        assert [skip.length for skip in file.skips] == [2]


def test_a_good_record_before_noise_is_kept(impl: Any) -> None:
    for gap in (12, 30, 100, 5000):
        file = impl.mrt.open(GOOD * 2 + b"\xee" * gap + GOOD * 2, on_skip=told)
        assert len(_shape(file)) == 4
        assert [(skip.offset, skip.length) for skip in file.skips] == [(2 * len(GOOD), gap)]


def test_the_result_does_not_depend_on_the_blocks(impl: Any) -> None:
    """A source that gives its octets in pieces of any size gives the same records and skips."""
    for name, make in JUNK.items():
        data = GOOD * 3 + make(3000) + GOOD * 50
        results = []
        for size in (7, 100, 100_000):
            file = impl.mrt.open(Pieces(data, size), on_skip=told)
            results.append([_shape(file), file.skips, file.skipped])
        assert results[0] == results[1] == results[2], name


# --- work -------------------------------------------------------------------------------------------------------


def _work(impl: Any, data: bytes) -> int:
    """Calls of Python and C functions while the records of ``data`` are walked."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    file = impl.mrt.open(data, on_skip=told)
    sys.setprofile(count)
    try:
        read_through(impl, file.records())
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", JUNK)
def test_ten_times_the_junk_is_ten_times_the_work(impl: Any, name: str) -> None:
    small, large = (_work(impl, JUNK[name](size)) for size in (100_000, 1_000_000))
    assert large <= 12 * small + 200


@pytest.mark.parametrize("name", JUNK)
def test_work_for_each_octet_is_bounded(impl: Any, name: str) -> None:
    """Junk costs few calls for each thousand octets: records cost theirs."""
    data = JUNK[name](3_000_000)
    records = len(read_through(impl, impl.mrt.open(data, on_skip=told).records()))
    work = _work(impl, data) - _work(impl, data[:1_500_000])
    assert work <= 120 * 1500 + 12 * records


def test_records_behind_junk_are_found(impl: Any) -> None:
    """However much credit junk has spent: what stands behind is read, but for what a false header claims."""
    for name, make in JUNK.items():
        file = impl.mrt.open(make(2_000_000) + GOOD * 5000, on_skip=told)
        count = sum(1 for route in file.routes() if str(route.prefix) == "10.0.0.0/8")
        assert count > 2000, name


@pytest.mark.parametrize("size", [1 << 18, 1 << 20])
def test_buffer_is_not_joined_for_each_header(impl: Any, size: int) -> None:
    """Headers whose records end 16 MiB ahead make the walker look there: reads stay in proportion to the octets."""
    data = JUNK["headers whose records end far ahead"](40 * size)
    joined = 0

    class Reader:
        at = 0

        def read(self, size: int = -1) -> bytes:
            nonlocal joined
            joined += 1
            piece = data[self.at : self.at + (1 << 17)]
            self.at += len(piece)
            return piece

    file = impl.mrt.open(Reader(), on_skip=told)
    read_through(impl, file.records())
    assert joined <= len(data) // (1 << 17) + 3


# --- the kernel -------------------------------------------------------------------------------------------------


@given(name=st.sampled_from(list(JUNK)), size=st.integers(0, 3000), at=st.integers(-20, 3020), most=st.integers(0, 300))
def test_twins_see_the_same_headers(both: list[Any], name: str, size: int, at: int, most: int) -> None:
    """What they find, where they are led to, and what it took."""
    data = JUNK[name](size)
    base = at * 7
    answers = []
    for loaded in both:
        with loaded.active() as impl:
            headers = impl.mrt.kernels.Headers()
            answers.append(
                (
                    [headers.follow(data, at, most, limit) for limit in (0, size // 2, size, 1 << 40)],
                    [headers.settled(data, at, most, stop) for stop in (at, at + 100, size, 1 << 40)],
                    [headers.find(data, at, stop, base) for stop in (at, at + most, size, size + 99)],
                )
            )
    assert all(answer == answers[0] for answer in answers)
