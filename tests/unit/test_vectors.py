"""Every vector, on every implementation, through every public entry point that can take it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from support import doors
from support.compare import check_copies, differences, error_differences, serialisable
from support.each import of_vectors
from support.kinds import KINDS
from support.result import Moved, Result
from support.vectors import ABSENT, VECTORS, Vector


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(vector.name for vector in VECTORS).items() if count > 1] == []


@of_vectors(VECTORS)
def test_cited(vector: Vector) -> None:
    assert vector.rfc, "which RFC and section says so"
    assert vector.source, "where octets and expected value come from"
    assert vector.kind in KINDS, f"nobody decodes vectors of kind {vector.kind!r}"


@of_vectors(VECTORS, xfail=True)
def test_decodes_to_what_is_expected(impl: Any, vector: Vector) -> None:
    decode, _ = KINDS[vector.kind]
    _check(impl, vector, lambda: decode(impl, vector), direct=True)


@of_vectors(VECTORS, xfail=True)
def test_every_way_in_gives_the_same(impl: Any, vector: Vector) -> None:
    _, views = KINDS[vector.kind]
    for name, view in views(impl, vector):
        if vector.error is None or not name.startswith("mrt"):
            _check(impl, vector, view, direct=False, name=name)


def _check(impl: Any, vector: Vector, decode: Any, *, direct: bool, name: str = "direct") -> None:
    _compare(impl, vector, decode, direct=direct, name=name)
    doors.passed(impl.IMPLEMENTATION, vector.name, name)


def _compare(impl: Any, vector: Vector, decode: Any, *, direct: bool, name: str) -> None:
    try:
        result: Result = decode()
    except (impl.DecodeError, Moved) as error:
        cause, shift = (error.error, error.shift) if isinstance(error, Moved) else (error, _shift(vector))
        assert vector.error is not None, f"{name}: {cause!r}"
        assert vector.expected is ABSENT, f"{name}: {cause!r}, although there is something expected"
        assert error_differences(vector.error, cause, shift) == [], name
        check_error(cause)
        return
    assert vector.error is None or vector.expected is not ABSENT or result.errors, f"{name}: no error"
    if vector.expected is not ABSENT:
        expected = vector.expected
        if result.shift or vector.kind in ("open", "update", "notification", "route_refresh"):
            _shift_errors(result.json, result.shift)
        assert differences(expected, result.json) == [], name
    serialisable(result.json)
    wanted = vector.errors if vector.error is None else [vector.error]
    if wanted is not None and result.errors is not None:
        assert len(result.errors) == len(wanted), f"{name}: {result.errors}"
        for expected_error, error in zip(wanted, result.errors, strict=True):
            assert error_differences(expected_error, error, result.shift) == [], name
    elif direct and vector.kind not in ("message", "update", "open"):
        # The errors of a message are in its JSON and so in what is expected.
        assert not result.errors, result.errors
    if result.wire is not None:
        assert result.wire == vector.data, name
    if vector.text is not None and result.text is not None:
        assert result.text == (
            [vector.text] if isinstance(result.text, list) and isinstance(vector.text, str) else vector.text
        )
    for error in result.errors or ():
        check_error(error)
    for value in result.values:
        check_copies(value)


def _shift(vector: Vector) -> int:
    """Where the octets of a message body begin: the offsets of what ``Message.decode`` raises count the header."""
    return 19 if vector.kind in ("open", "update", "notification", "route_refresh") else 0


def _shift_errors(form: Any, shift: int) -> None:
    """Make the offsets of the errors inside a JSON form count from the vector's own octets."""
    if isinstance(form, dict):
        if "offset" in form and "action" in form:
            form["offset"] -= shift
        for member in form.values():
            _shift_errors(member, shift)
    elif isinstance(form, list):
        for member in form:
            _shift_errors(member, shift)


def check_error(error: Any) -> None:
    """An error is complete, and survives pickling."""
    import pickle

    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is type(error)
    assert twin.args == error.args
    assert str(twin) == str(error)
    assert error.action in ("session_reset", "afi_safi_disable", "treat_as_withdraw", "attribute_discard", "keep")
    assert error.code in (0, 1, 2, 3, 7)
    serialisable(error.json())
