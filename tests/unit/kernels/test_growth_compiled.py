"""Ten times the input is at most twelve times the instructions of the compiled kernels, counted by valgrind.

``test_growth.py`` counts lines of Python, and so what a kernel's twin does; here it is the C itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import instructions
from support.implementations import available

if TYPE_CHECKING:
    from pathlib import Path

MOST = 12


def counted(folder: Path) -> dict[str, list[int]]:
    """By door: instructions for the small size and for ten times as much."""
    command = ["valgrind", "--tool=callgrind", "--dump-before=getppid", f"--callgrind-out-file={folder}/out"]
    path = os.pathsep.join(filter(None, sys.path))
    env = os.environ | {"BGPWIRE_IMPLEMENTATION": "cython", "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    program = [sys.executable, instructions.__file__]
    if os.environ.get("PYTHONPYCACHEPREFIX"):
        # Under valgrind it takes longer to compile what is imported than to do all the rest: this is done before.
        subprocess.run(program, env=env, capture_output=True, check=True)
    subprocess.run([*command, *program], env=env, capture_output=True, check=True)
    dumps = sorted(folder.glob("out.*"), key=lambda dump: int(dump.suffix[1:]))
    totals = [int(re.search(r"^(?:totals|summary): (\d+)", dump.read_text(), re.M)[1]) for dump in dumps]  # type: ignore[index]
    # A dump holds what came since the one before: start-up, then for each size the work and what prepares the next.
    work = totals[1::2]
    names = list(instructions.doors())
    assert len(work) == 2 * len(names)
    return {name: work[2 * at : 2 * at + 2] for at, name in enumerate(names)}


@pytest.mark.skipif("cython" not in available(), reason="the kernels are not compiled")
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind, which counts instructions, is not installed")
def test_instructions_where_valgrind_can_count_them(tmp_path: Path) -> None:
    """All doors in one test, for it is the start under valgrind that takes the time."""
    counts = counted(tmp_path)
    assert {door: two for door, two in counts.items() if not 0 < two[0] < two[1] <= MOST * two[0]} == {}
