"""Ctrl-C before ``main`` runs, in the midst of the imports, ends the command in silence with status 130."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

INTERRUPT = """
import sys

class Finder:
    def find_spec(name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Finder)
"""
SCRIPT = """
import sys
from bgpwire.cli import main
sys.exit(main())
"""
"""What an installer makes of the entry point."""


def _interrupted(tmp_path: Path, module: str, command: list[str], implementation: str) -> Any:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPT.format(name=module))
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    env = os.environ | {"PYTHONPATH": path, "BGPWIRE_IMPLEMENTATION": implementation}
    return subprocess.run([sys.executable, *command], env=env, capture_output=True, check=False)


@pytest.mark.parametrize("module", ["bgpwire._impl", "bgpwire.value.prefix", "bgpwire.cli", "bgpwire.cli.dump"])
@pytest.mark.parametrize("door", ["module", "script"])
def test_interrupted_imports(impl: Any, tmp_path: Path, module: str, door: str) -> None:
    script = tmp_path / "bgpwire"
    script.write_text(SCRIPT)
    # Behind `-m bgpwire` the script of that name must not be found first: it has no suffix, and is no module.
    command = ["-m", "bgpwire"] if door == "module" else [str(script)]
    done = _interrupted(tmp_path, module, [*command, "dump", "--help"], impl.IMPLEMENTATION)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_other_programs_are_left_alone(impl: Any, tmp_path: Path) -> None:
    """A program that imports bgpwire keeps its traceback, and its hook."""
    script = tmp_path / "other"
    script.write_text("import bgpwire.cli, sys\nassert sys.excepthook is sys.__excepthook__\nraise KeyboardInterrupt\n")
    done = _interrupted(tmp_path, "nothing", [str(script)], impl.IMPLEMENTATION)
    assert b"KeyboardInterrupt" in done.stderr
    done = _interrupted(tmp_path, "bgpwire.cli", [str(script)], impl.IMPLEMENTATION)
    assert b"Traceback" in done.stderr


def test_what_goes_wrong_in_the_imports_is_told(impl: Any, tmp_path: Path) -> None:
    """Nothing but Ctrl-C is silent."""
    broken = INTERRUPT.replace("KeyboardInterrupt", "RuntimeError('not there')").format(name="bgpwire.value.prefix")
    (tmp_path / "sitecustomize.py").write_text(broken)
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    env = os.environ | {"PYTHONPATH": path, "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    done = subprocess.run([sys.executable, "-m", "bgpwire", "--help"], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.rstrip().endswith(b"RuntimeError: not there")
