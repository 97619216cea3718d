"""Values are made of a class and what its slots hold; who has another class, or less to put in, is refused."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import Any

import pytest


class _Base:
    __slots__ = ("first", "second")

    def __init__(self) -> None:
        raise AssertionError("not run")


class _More(_Base):
    __slots__ = ("__dict__", "__weakref__", "third")


class _Other:
    __slots__ = ("first", "third")


def test_make(impl: Any) -> None:
    make = impl._impl.maker(_Base, "second", "first")
    for cls in (_Base, _More):
        value = make(cls, 2, 1)
        assert (type(value), value.first, value.second) == (cls, 1, 2)
        assert gc.is_tracked(value)
    assert not hasattr(value, "third")
    value.new = 1
    assert value.__dict__ == {"new": 1}


def test_fill(impl: Any) -> None:
    value = impl._impl.maker(_Base, "first")(_Base, 1)
    assert not hasattr(value, "second")
    fill = impl._impl.filler(_Base, "first", "second")
    assert fill(value, 3, 4) is value
    assert (value.first, value.second) == (3, 4)


def test_start(impl: Any) -> None:
    start = impl._impl.starter(_More, ("second", "third"), ("first",))
    one = object()
    count = sys.getrefcount(one)
    value = start(one, 3)
    assert (type(value), value.first, value.second, value.third) == (_More, None, one, 3)
    assert gc.is_tracked(value)
    assert sys.getrefcount(one) == count + 1
    value.first = one
    del value
    assert sys.getrefcount(one) == count
    for wrong in ((), (1,), (1, 2, 3)):
        with pytest.raises(TypeError):
            start(*wrong)


def test_what_is_held_is_let_go(impl: Any) -> None:
    make, fill = impl._impl.maker(_More, "third"), impl._impl.filler(_More, "third")
    one, other = object(), object()
    counts = sys.getrefcount(one), sys.getrefcount(other)
    value = make(_More, one)
    assert (sys.getrefcount(one), sys.getrefcount(other)) == (counts[0] + 1, counts[1])
    fill(value, other)
    assert (sys.getrefcount(one), sys.getrefcount(other)) == (counts[0], counts[1] + 1)
    # A ring is found by the collector.
    fill(value, value)
    seen = weakref.ref(value)
    del value
    gc.collect()
    assert seen() is None
    assert sys.getrefcount(other) == counts[1]


def test_not_for_these(impl: Any) -> None:
    make, fill = impl._impl.maker(_Base, "first"), impl._impl.filler(_Base, "first")
    for wrong in ((), (_Base,), (_Base, 1, 2), (_Other, 1), (int, 1), (1, 1), (None, 1)):
        with pytest.raises(TypeError):
            make(*wrong)
    value = make(_Base, 1)
    for wrong in ((), (value,), (value, 1, 2), (_Base, 1), (object(), 1), (None, 1)):
        with pytest.raises(TypeError):
            fill(*wrong)
    assert value.first == 1


@pytest.mark.parametrize(("owner", "name"), [(_Base, "third"), (_More, "first"), (_Base, "__init__")])
def test_no_slot_of_its_own(impl: Any, owner: type, name: str) -> None:
    for make in (impl._impl.maker, impl._impl.filler):
        with pytest.raises((TypeError, KeyError, AttributeError)):
            make(owner, name)
