"""Comparing what was decoded with what a vector expects, and one implementation with the other."""

from __future__ import annotations

import copy
import json
import pickle
import re
from typing import Any


def differences(expected: Any, actual: Any, where: str = "") -> list[str]:
    """Where ``actual`` is not ``expected``. Errors (members ``error``, ``errors``) may name fewer keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        loose = re.search(r"\.errors?(\[\d+\])?$", where)
        out = [f"{where}.{key}: missing" for key in expected if key not in actual]
        if not loose:
            out += [f"{where}.{key}: unexpected {actual[key]!r}" for key in actual if key not in expected]
        for key in expected:
            if key in actual:
                out += differences(expected[key], actual[key], f"{where}.{key}")
        return out
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return [f"{where}: {len(actual)} items {actual!r}, not {len(expected)}"]
        return [
            line
            for index, pair in enumerate(zip(expected, actual, strict=True))
            for line in differences(*pair, f"{where}[{index}]")
        ]
    if type(expected) is not type(actual) or expected != actual:
        return [f"{where}: {actual!r}, not {expected!r}"]
    return []


def error_differences(expected: dict[str, Any], error: Any, shift: int = 0) -> list[str]:
    """Where a raised or reported error is not the expected one; only the keys that are named count."""
    found = error.json()
    found["offset"] -= shift
    return [
        f"error.{key}: {found.get(key)!r}, not {value!r}" for key, value in expected.items() if found.get(key) != value
    ]


def check_copies(value: Any) -> None:
    """pickle, copy and deepcopy give an equal value with the same octets, JSON and hash."""
    for name, twin in (
        ("pickle", pickle.loads(pickle.dumps(value))),
        ("copy", copy.copy(value)),
        ("deepcopy", copy.deepcopy(value)),
    ):
        assert type(twin) is type(value), name
        assert twin == value, name
        assert not twin != value, name  # noqa: SIM202  it is an operator of its own
        assert hash(twin) == hash(value), name
        assert str(twin) == str(value), name
        if hasattr(type(value), "__bytes__"):
            assert bytes(twin) == bytes(value), name
        if hasattr(value, "json"):
            assert twin.json() == value.json(), name


def plain(value: Any) -> Any:
    """A value as one that does not know its implementation: for comparing the two."""
    if isinstance(value, BaseException):
        return type(value).__name__, *map(plain, value.args)
    if value is None or isinstance(value, (bool, bytes)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    assert " at 0x" not in repr(value), f"{type(value).__name__} has no repr of its own"
    out: list[Any] = [type(value).__name__, str(value), repr(value)]
    if hasattr(type(value), "__bytes__"):
        out.append(bytes(value))
    if hasattr(value, "json"):
        out.append(plain(value.json()))
    return out


def serialisable(value: Any) -> None:
    """JSON that every reader takes: no NaN, no number that a double cannot hold."""
    text = json.dumps(value, allow_nan=False)
    assert json.loads(text) == value
