"""That a value does not change: what every value of the package is held to."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest


def parts_of(value: Any) -> list[str]:
    """The names of the public attributes of ``value`` that are no methods."""
    out = []
    for name in dir(value):
        if not name.startswith("_"):
            try:
                part = getattr(value, name)
            except Exception:  # a field that this one does not have, or that cannot be decoded
                continue
            if not callable(part):
                out.append(name)
    return out


def check_frozen(value: Any) -> None:
    """No attribute can be set or deleted, none added; the hash stays; copies and pickles are equal."""
    before = hash(value)
    assert not hasattr(value, "__dict__"), type(value)
    for name in (*parts_of(value), "anything"):
        with pytest.raises(AttributeError):
            setattr(value, name, 9)
        with pytest.raises(AttributeError):
            delattr(value, name)
    assert hash(value) == before
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert type(other) is type(value)
        assert other == value
        assert hash(other) == before
        if hasattr(value, "__bytes__"):
            assert bytes(other) == bytes(value)
