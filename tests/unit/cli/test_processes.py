"""What processes make of parts comes in order, and what goes wrong in one comes out behind what was before it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are threads")

PROGRAM = """
import os, sys, time
from bgpwire.cli import processes, worker
from bgpwire.mrt.parts import Part

parts = [[Part(str(number), number, None)] for number in range(20)]

def make(several, lane):
    for part in several:
        yield from made(part.file, lane)

def run(made_, put=lambda item: item, number=3, wait=0):
    global made
    made = made_
    out = []
    try:
        for item in processes.in_processes(parts, make, number, put, len):
            out.append(item)
            time.sleep(wait)
    except BaseException as error:
        out.append(f"{type(error).__name__}: {str(error).strip().splitlines()[-1]}")
    print(out)
"""


def _run(code: str) -> str:
    """What a program prints; it says nothing else."""
    words = [sys.executable, "-c", PROGRAM + code]
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stderr == ""
    return done.stdout.strip()


ORDER = """
def items(number, lane):
    for turn in range(number % 4):
        time.sleep((number * 7 + turn) % 3 / 300)
        if turn == 1:
            lane.put(f"{number}.{turn}")
        else:
            yield f"{number}.{turn}"
"""
EXPECTED = str([f"{number}.{turn}" for number in range(20) for turn in range(number % 4)])


@pytest.mark.parametrize("number", [1, 2, 3, 50])
@pytest.mark.parametrize("waiting", [64 << 20, 0])
def test_order(number: int, waiting: int) -> None:
    """Whoever is done first; also where nothing may wait."""
    assert _run(f"{ORDER}worker._WAITING = {waiting}\nrun(items, number={number})") == EXPECTED


def test_nothing_to_do() -> None:
    assert _run("parts = []\nrun(None)") == "[]"


def test_what_is_not_handed_over() -> None:
    """``None`` of ``put``."""
    assert _run(f"{ORDER}run(items, lambda item: None)") == "[]"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("ValueError('why')", "ValueError: why"),
        ("type('Odd', (Exception,), {})('why')", "RuntimeError: Odd: why"),  # one that cannot be pickled
    ],
)
def test_error(error: str, said: str) -> None:
    code = f"""
def items(number, lane):
    yield str(number)
    if number == 3:
        raise {error}
run(items)
"""
    assert _run(code) == str(["0", "1", "2", "3", said])


def test_error_of_what_hands_over() -> None:
    """One that ends the process too."""
    code = """
def put(item):
    if item == "2":
        raise SystemExit("enough")
    return item
run(lambda number, lane: [str(number)], put)
"""
    assert _run(code) == str(["0", "1", "SystemExit: enough"])


@pytest.mark.parametrize("wait", [0, 0.2])
def test_process_that_ends(wait: float) -> None:
    """Whether that is found when it is to say something, or to be told something."""
    code = f"""
def items(number, lane):
    yield str(number)
    if number == 1:
        os._exit(3)
run(items, number=1, wait={wait})
"""
    found = _run(code)
    assert found.startswith("['0', ")
    assert re.search(
        r"'ChildProcessError: a process that read [01]( and [12] more)? was ended with status 3'\]$", found
    )


def test_what_is_read_by_one(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bgpwire.cli import forked

    path = tmp_path / "a"
    path.write_bytes(bytes(3 << 20))
    for names, how in (([path], {}), ([path, path], {"merge": True}), ([path, "-"], {}), ([path, "https://a/b"], {})):
        assert not forked.is_worth_it(impl.mrt.Archive([str(name) for name in names], threads=2, **how))
    both = impl.mrt.Archive([str(path)] * 2, threads=2)
    (tmp_path / "b").touch()
    for tasks in (tmp_path, tmp_path / "none"):  # of several threads; where that cannot be known
        monkeypatch.setattr(forked, "_TASKS", str(tasks))
        assert not forked.is_worth_it(both)
    (tmp_path / "b").unlink()
    monkeypatch.setattr(forked, "_TASKS", str(tmp_path))
    assert forked.is_worth_it(both)
    path.write_bytes(bytes(1 << 20))
    assert not forked.is_worth_it(both)


WRONG = """
guesses = [[Part("a", 0, None, 0)] for number in range(6)] + [[Part("b", 1, None)], [Part("c", 2, None, 0)]]
known = {0: [[Part("again", 0, None)], [Part("again", 0, None)]], 2: [[Part("once more", 2, None)]]}

def deal():
    for number, several in enumerate(guesses):
        yield [several[0]._replace(name=f"a{number}")] if number < 6 else several

def made(several, lane):
    (part,) = several
    yield from (f"{part.name} {turn}" for turn in range(3))
    if part.name in ("a2", "c"):
        raise ValueError(part.name)
    if part.name == "a4":
        time.sleep(0.2)

for number in (1, 2, 3):
    again = lambda parts: iter(known[parts[0].file])
    print(*processes.in_processes(deal(), made, number, lambda item: item, len, again))
"""


def test_what_is_guessed_wrong_is_read_again() -> None:
    """All behind it in its file too, and what was dealt of others meanwhile; nothing of it has left."""
    names = ["a0", "a1", "again", "again", "b", "once more"]
    assert _run(WRONG).splitlines() == [" ".join(f"{name} {turn}" for name in names for turn in range(3))] * 3


def test_what_is_guessed_does_not_wait_without_end() -> None:
    """More of a part than may wait: it is read again where it is known what it is, and handed over as it is made."""
    code = """
worker._WAITING = 100
parts = [[Part("a", 0, None, 0)]]
def made(several, lane):
    yield from ("x" * 30 for _ in range(10))
for number in (1, 2):
    found = processes.in_processes(parts, made, number, lambda item: item, len, lambda part: [[Part("b", 0, None)]] * 2)
    print(sum(map(len, found)))
"""
    assert _run(code).split() == ["600", "600"]


RIGHT = """
worker._WAITING = 100
parts = [[Part("a", 0, None, 0)], [Part("b", 0, None, 0)], [Part("c", 1, None)]]
left = []
def made(several, lane):
    for turn in range(10):
        yield several[0].name * 30
        if several[0].name == "b" and turn == last:
            raise ValueError("of b")
def again(part):
    return [[Part(part[0].name.upper(), 0, None)]]
def found(number, right):
    try:
        for item in processes.in_processes(parts, made, number, lambda item: item, len, again, right):
            left.append(item[0])
    except ValueError as error:
        left.append(str(error))
    print("".join(left))
    left.clear()
"""


def test_what_is_right_need_not_wait_until_all_of_it_is_made() -> None:
    """More than may wait; with one process it has the turn from the first item on."""
    code = f"{RIGHT}last = 99\nfor number in (1, 2, 3): found(number, lambda: True)"
    assert _run(code).split() == ["a" * 10 + "b" * 10 + "c" * 10] * 3


def test_what_is_not_known_to_be_right_is_read_again() -> None:
    code = f"{RIGHT}last = 99\nfor number in (1, 2): found(number, lambda: False)"
    assert _run(code).split() == ["A" * 10 + "c" * 10] * 2


def test_error_of_what_is_right() -> None:
    """Nothing is read again of which a part has left."""
    code = f"{RIGHT}last = 4\nfor number in (1, 2): found(number, lambda: True)"
    assert _run(code).splitlines() == ["a" * 10 + "b" * 5 + "of b"] * 2
