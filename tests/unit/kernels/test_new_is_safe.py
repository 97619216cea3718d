"""Kernels that are mistreated from Python raise: no crash, and no octet read that is not theirs.

What may crash runs in a process of its own, ``support/mistreat.py``, which says before each call what it is about to
do; a crash fails the test with the name of that call.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import mistreat
from support.implementations import available

if TYPE_CHECKING:
    from collections.abc import Callable

COMPILED = "cython" in available()
PROGRAM = Path(mistreat.__file__)
CLASSES = [pytest.param(module, name, id=name) for module, name in sorted(mistreat.classes() if COMPILED else [])]


def _run(tmp_path: Path, implementation: str, *arguments: str) -> str:
    """What the program printed; a failed test where it crashed."""
    log = tmp_path / "last"
    path = os.pathsep.join([str(PROGRAM.parent.parent), *filter(None, sys.path)])
    env = os.environ | {"BGPWIRE_IMPLEMENTATION": implementation, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    command = [sys.executable, str(PROGRAM), str(log), *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    last = log.read_text().rstrip() if log.exists() else ""
    assert done.returncode == 0, f"status {done.returncode}, last call: {last}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.skipif(not COMPILED, reason="only what is compiled can crash, and nothing is")
@pytest.mark.parametrize(("module", "name"), CLASSES)
def test_objects_without_init(tmp_path: Path, module: str, name: str) -> None:
    _run(tmp_path, "cython", "new", module, name)


@pytest.mark.skipif(not COMPILED, reason="only what is compiled can crash, and nothing is")
def test_functions_out_of_bounds(tmp_path: Path) -> None:
    _run(tmp_path, "cython", "functions")


@pytest.mark.skipif(not COMPILED, reason="one implementation has nothing to be compared with")
def test_bent_pickles(tmp_path: Path) -> None:
    """A pickle with other octets or numbers in it is refused with the same exception, or gives equal values."""
    compiled, pure = (_run(tmp_path, name, "restore").splitlines() for name in ("cython", "python"))
    assert len(compiled) > 1000
    assert [pair for pair in zip(compiled, pure, strict=True) if pair[0] != pair[1]] == []


# --- offsets --------------------------------------------------------------------------------------------------------

DATA = b"\xff" * 16 + b"\0\x17\2" + b"\0\0\0\0"
"""A whole UPDATE of no routes."""
OFFSETS = (0, 1, 2, 19, 22, 23, 24, -1, -5, 2**31, 2**62, -(2**62), 2**63 - 1, -(2**63), -(2**63) + 5, 2**70)
DOORS: dict[str, Callable[[Any, int, int], Any]] = {
    "check_header": lambda i, start, end: i.check_header(DATA, start, end, 4096),
    "find_marker": lambda i, start, end: i.find_marker(DATA, start, end),
    "section_ends": lambda i, start, end: i.section_ends(DATA, start, end),
    "check_as_path": lambda i, start, end: i.check_as_path(DATA, start, end, True),
    "Reader": lambda i, start, end: i.Reader(DATA, start, end).rest(),
    "PathAttributes": lambda i, start, end: bytes(i.PathAttributes(DATA, start, end)),
    "read_prefixes": lambda i, start, end: _plain(i.read_prefixes(DATA, start, end, 1, False)),
    "read_labelled": lambda i, start, end: _plain(i.read_labelled(DATA, start, end, 1, False)),
    "read_vpn": lambda i, start, end: _plain(i.read_vpn(DATA, start, end, 1, False)),
    "builder.one": lambda i, start, end: _builder(i).one(DATA, start, end) is None,
    "builder.all": lambda i, start, end: _builder(i).all(DATA, start, end) is None,
}


class _Owner:
    __slots__ = ("wire",)


def _builder(kernels: Any) -> Any:
    return kernels.PrefixBuilder(kernels.Blueprint(_Owner, {"wire": 1}), 32)


def _plain(found: tuple[list[Any], Any]) -> Any:
    values, error = found
    return [str(value) for value in values], None if error is None else error.args


def _met(call: Callable[..., Any], *arguments: Any) -> Any:
    """The result, or the exception's name and arguments."""
    try:
        return call(*arguments)
    except Exception as error:
        return type(error).__name__, error.args


@pytest.mark.parametrize("door", DOORS)
def test_wild_offsets(both: list[Any], door: str) -> None:
    """Both twins refuse a start and an end that are not in the octets, and agree on those that are."""
    for start in OFFSETS:
        for end in OFFSETS:
            found = []
            for one in both:
                with one.active() as package:
                    home = package.compat.kernels if door.startswith("builder") else package._impl
                    found.append(_met(DOORS[door], home, start, end))
            if 0 <= start <= end <= len(DATA):
                assert all(one == found[0] for one in found), (start, end)
                continue
            for one in found:
                assert one[0] in ("ValueError", "OverflowError"), (start, end, one)
            if max(abs(start), abs(end)) <= 1 << 62:
                assert all(one == found[0] for one in found), (start, end)


# --- builders for ExaBGP ----------------------------------------------------------------------------------------


def test_a_builder_never_made(impl: Any) -> None:
    kernels = impl.compat.kernels
    builder = kernels.PrefixBuilder.__new__(kernels.PrefixBuilder)
    for call in (builder.one, builder.all):
        with pytest.raises(AttributeError):
            call(b"\0", 0, 1)
    blueprint = kernels.Blueprint.__new__(kernels.Blueprint)
    with pytest.raises(AttributeError):
        kernels.PrefixBuilder(blueprint, 32)
    with pytest.raises(AttributeError):
        kernels.Blueprint(_Owner, {"wire": blueprint})


class _Liar(dict[str, object]):
    def __len__(self) -> int:
        return 1


def test_a_blueprint_of_a_lying_mapping(impl: Any) -> None:
    class Wide:
        pass

    with pytest.raises(ValueError, match="16 attributes at most"):
        impl.compat.kernels.Blueprint(Wide, _Liar((f"name{n}", n) for n in range(5000)))


def test_a_blueprint_of_no_class(impl: Any) -> None:
    for owner in (object(), 5, None, "x"):
        with pytest.raises(TypeError):
            impl.compat.kernels.Blueprint(owner, {})
    for owner in (type(iter([])), type(_ for _ in ()), int):
        with pytest.raises(TypeError):
            impl.compat.kernels.Blueprint(owner, {})


def test_a_blueprint_with_a_slot_of_another_class(impl: Any) -> None:
    """The descriptor of another class's slot would write behind the object's end."""

    class Other:
        __slots__ = tuple(f"slot{n}" for n in range(64))

    class Thin:
        __slots__ = ("wire",)
        far = Other.slot63  # type: ignore[attr-defined]

    builder = impl.compat.kernels.PrefixBuilder(impl.compat.kernels.Blueprint(Thin, {"far": 1}), 32)
    with pytest.raises(TypeError):
        builder.one(b"\0", 0, 1)


def test_blueprints_inside_each_other(impl: Any) -> None:
    kernels = impl.compat.kernels
    inner = kernels.Blueprint(_Owner, {"wire": 1})
    with pytest.raises(TypeError, match="made once"):
        inner.__init__(_Owner, {"wire": inner})
    for _ in range(7):
        inner = kernels.Blueprint(_Owner, {"wire": inner})
    with pytest.raises(ValueError, match="inside each other"):
        kernels.Blueprint(_Owner, {"wire": inner})
    builder = _builder(kernels)
    with pytest.raises(TypeError, match="made once"):
        builder.__init__(inner, 128)
    assert kernels.PrefixBuilder(inner, 32).one(b"\0", 0, 1) is not None
