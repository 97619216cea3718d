"""Parts in threads, what they give in order or as it is made: bounded, ended, and none of it twice or lost."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.threads import all_end, soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = "abcdefg"


@pytest.fixture
def beside(impl: Any) -> Callable[..., Iterator[str]]:
    return import_module("bgpwire.mrt.side_by_side").side_by_side  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    gc.collect()
    assert all_end()


class Fault(KeyError):
    """One that can be referred to weakly."""


class Maker:
    """Makes ``count`` items of each name, and counts them."""

    def __init__(self, count: int = 50, fails: str = "") -> None:
        self.count = count
        self.fails = fails
        self.made = dict.fromkeys(NAMES, 0)
        self.closed: list[str] = []

    def __call__(self, name: str, lane: Any) -> Iterator[str]:
        try:
            for number in range(self.count):
                self.made[name] += 1
                if number % 10 == 9:
                    lane.put(f"{name}{number}")
                else:
                    yield f"{name}{number}"
            if name in self.fails:
                raise Fault(name)
        finally:
            self.closed.append(name)


def items(names: str, count: int = 50) -> list[str]:
    return [f"{name}{number}" for name in names for number in range(count)]


@pytest.mark.parametrize("threads", [1, 2, 3, 9])
@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_in_order(beside: Any, threads: int, most: int) -> None:
    make = Maker()
    assert list(beside(NAMES, make, threads, True, most)) == items(NAMES)
    assert sorted(make.closed) == list(NAMES)


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_as_they_are_made(beside: Any, most: int) -> None:
    found = list(beside(NAMES, Maker(), 3, False, most))
    assert sorted(found) == sorted(items(NAMES))
    for name in NAMES:
        assert [item for item in found if item[0] == name] == items(name)


@pytest.mark.parametrize("ordered", [False, True])
def test_bounded(beside: Any, ordered: bool) -> None:
    """A slow reader holds all threads up; those of a name whose items are all made go on to the next, but not far."""
    make = Maker(20)
    found = beside(NAMES, make, 2, ordered, 5)
    next(found)
    assert soon(lambda: sum(make.made.values()) == 11)
    time.sleep(0.05)
    assert sorted(make.made.values(), reverse=True) == [6, 5, 0, 0, 0, 0, 0]
    assert len(list(found)) == 20 * len(NAMES) - 1
    make = Maker(3)
    taken = 0
    for _ in beside(NAMES, make, 2, ordered, 5):
        taken += 1
        time.sleep(0.002)
        begun = sum(number > 0 for number in make.made.values())
        assert begun <= taken // 3 + 4
    assert taken == 3 * len(NAMES)


@pytest.mark.parametrize("ordered", [False, True])
def test_an_error_comes_behind_what_was_made(beside: Any, ordered: bool) -> None:
    found = beside("abc", Maker(5, fails="b"), 2, ordered, 100)
    seen: list[str] = []
    with pytest.raises(KeyError, match="b"):
        seen.extend(iter(lambda: next(found), None))
    assert [item for item in seen if item[0] == "b"] == items("b", 5)
    if ordered:
        assert seen == items("ab", 5)
    assert list(found) == []


@pytest.mark.parametrize("ordered", [False, True])
def test_an_error_closes_the_parts(beside: Any, ordered: bool) -> None:
    """What gives them may hold a file open, and the traceback of the error holds its frame; which is no circle."""
    closed: list[str] = []

    def parts() -> Iterator[str]:
        try:
            yield from NAMES * 10
        finally:
            closed.append("parts")

    found = beside(parts(), Maker(5, fails="a"), 2, ordered, 100)
    with pytest.raises(KeyError) as caught:
        list(found)
    assert closed == ["parts"]
    assert all_end()
    dropped = weakref.ref(caught.value)
    gc.disable()
    try:
        del caught
        assert dropped() is None
    finally:
        gc.enable()


def test_left_while_threads_wait(beside: Any) -> None:
    """For room, and for what ``on_stop`` cuts short."""
    stopped: list[str] = []
    ready, event = threading.Event(), threading.Event()

    def make(name: str, lane: Any) -> Iterator[str]:
        def on_stop() -> None:
            stopped.append(name)
            event.set()

        if name == "b":
            lane.on_stop = on_stop
            ready.set()
            assert event.wait(20)
            assert lane.stopped
        while True:
            yield name

    found = beside("ab", make, 2, True, 3)
    assert [next(found) for _ in range(10)] == ["a"] * 10
    assert ready.wait(20)  # a thread that is told to stop before it begins begins nothing
    del found
    gc.collect()
    assert soon(lambda: stopped == ["b"])
