"""What the build promises: which kernels are in, which stay out, and what happens without a compiler."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from support.places import ROOT

import bgpwire

KERNELS = sorted(path.stem for path in (ROOT / "src/bgpwire/_cython").glob("*.pyx"))

needs_build = pytest.mark.skipif(
    importlib.util.find_spec("setuptools") is None or importlib.util.find_spec("Cython") is None,
    reason="needs setuptools and Cython",
)
needs_compiler = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("cc") is None, reason="needs a C compiler called cc"
)
needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")


def is_compiled(name: str) -> bool:
    file = importlib.import_module(f"bgpwire._cython.{name}").__file__
    return file is not None and file.endswith(tuple(EXTENSION_SUFFIXES))


def chosen_implementation() -> str:
    """What a new interpreter takes when nobody forces it."""
    environment = {key: value for key, value in os.environ.items() if key != "BGPWIRE_IMPLEMENTATION"}
    code = "import bgpwire; print(bgpwire.IMPLEMENTATION)"
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert bgpwire.__version__ == project["version"]
    assert importlib.metadata.version("bgpwire") == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_oldest_python_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.12"
    assert project["tool"]["mypy"]["python_version"] == "3.12"
    assert project["tool"]["ruff"]["target-version"] == "py312"


@pytest.mark.skipif("BGPWIRE_REQUIRE_CYTHON" not in os.environ, reason="BGPWIRE_REQUIRE_CYTHON is not set")
def test_the_kernels_under_test_are_compiled() -> None:
    assert KERNELS
    assert [name for name in KERNELS if not is_compiled(name)] == []
    assert chosen_implementation() == "cython"


@pytest.mark.skipif("BGPWIRE_REQUIRE_PURE" not in os.environ, reason="BGPWIRE_REQUIRE_PURE is not set")
def test_the_pure_build_has_no_kernels() -> None:
    assert bgpwire.__file__ is not None
    package = Path(bgpwire.__file__).parent
    assert not package.is_relative_to(ROOT / "src")
    assert [path for path in package.rglob("*") if path.name.endswith((".so", ".pyd"))] == []
    assert chosen_implementation() == "python"


def test_every_kernel_has_its_twin() -> None:
    directory = ROOT / "src/bgpwire"
    twins = {path.stem for path in (directory / "_python").glob("*.py")}
    inside = {name for name in KERNELS if "\n__all__ = []\n" in (directory / f"_cython/{name}.pyx").read_text("utf-8")}
    assert set(KERNELS) - twins - inside == set()


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="needs the git repository")
def test_nothing_generated_is_checked_in() -> None:
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    generated = re.compile(r"\.(c|cpp|so|pyd|o|pyc)$|egg-info/")
    assert [name for name in run.stdout.splitlines() if generated.search(name)] == []


KERNEL = '''"""A kernel."""


def first(bytes data not None):
    """The first octet."""
    cdef const unsigned char *octets = data
    return octets[0]
'''
BROKEN = '''"""A kernel that C cannot compile."""
cdef extern from *:
    """
    #error "no"
    """
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The real build files around a package of two small kernels."""
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "README.md").write_text("bgpwire\n")
    kernels = tmp_path / "src/bgpwire/_cython"
    kernels.mkdir(parents=True)
    (kernels.parent / "__init__.py").write_text("")
    (kernels.parent / "py.typed").write_text("")
    (kernels / "__init__.py").write_text("")
    (kernels / "cursor.pxd").write_text("ctypedef int octet\n")
    for name in ("one", "two"):
        (kernels / f"{name}.pyx").write_text(KERNEL)
        (kernels / f"{name}.pyi").write_text("def first(data: bytes) -> int: ...\n")
    return tmp_path


def setup(project: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("BGPWIRE_", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "setup.py", *words],
        cwd=project,
        # What is compiled is not run: without optimisation it takes half the time.
        env={**inherited, "CFLAGS": "-O0 -g0", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def wheel_of(project: Path) -> tuple[str, list[str]]:
    """The wheel's tag (without the package's name and version), and the compiled modules in it."""
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "bgpwire/py.typed" in names
    assert "bgpwire/_cython/one.pyi" in names
    assert [name for name in names if name.endswith((".c", ".pyx", ".pxd"))] == []
    compiled = [name.split("/")[-1].split(".")[0] for name in names if name.endswith((".so", ".pyd"))]
    return "-".join(wheel.stem.split("-")[2:]), sorted(compiled)


@needs_build
def test_an_unknown_mode_is_refused(project: Path) -> None:
    run = setup(project, "--version", BGPWIRE_BUILD_EXTENSION="maybe")
    assert run.returncode != 0
    assert run.stderr.splitlines() == ["BGPWIRE_BUILD_EXTENSION is 'yes', 'no' or 'auto', not 'maybe'"]


@needs_build
def test_no_gives_a_pure_wheel(project: Path) -> None:
    run = setup(project, "bdist_wheel", BGPWIRE_BUILD_EXTENSION="no")
    assert run.returncode == 0, run.stderr
    assert wheel_of(project) == ("py3-none-any", [])
    assert not (project / "build/cython").exists()


@needs_build
@needs_compiler
@pytest.mark.parametrize("mode", ["yes", "auto"])
def test_with_a_compiler_both_are_built(project: Path, mode: str) -> None:
    run = setup(project, "bdist_wheel", BGPWIRE_BUILD_EXTENSION=mode)
    assert run.returncode == 0, run.stderr
    tag, compiled = wheel_of(project)
    assert tag.startswith(f"cp{sys.version_info[0]}{sys.version_info[1]}-")
    assert compiled == ["one", "shared", "two"]
    assert list((project / "src").rglob("*.c")) == []


@needs_build
@needs_compiler
def test_without_a_compiler_auto_falls_back(project: Path) -> None:
    run = setup(project, "bdist_wheel", BGPWIRE_BUILD_EXTENSION="auto", CC="false")
    assert run.returncode == 0, run.stderr
    assert wheel_of(project)[1] == []


@needs_build
@needs_compiler
def test_without_a_compiler_yes_fails(project: Path) -> None:
    assert setup(project, "bdist_wheel", BGPWIRE_BUILD_EXTENSION="yes", CC="false").returncode != 0
    assert list(project.glob("dist/*.whl")) == []


@needs_build
@needs_compiler
def test_all_kernels_or_none(project: Path) -> None:
    (project / "src/bgpwire/_cython/two.pyx").write_text(BROKEN)
    run = setup(project, "bdist_wheel", BGPWIRE_BUILD_EXTENSION="auto")
    assert run.returncode == 0, run.stderr
    assert wheel_of(project)[1] == []


@needs_build
def test_the_sdist_has_the_sources_and_nothing_generated(project: Path) -> None:
    run = setup(project, "sdist", BGPWIRE_BUILD_EXTENSION="auto")
    assert run.returncode == 0, run.stderr
    (sdist,) = (project / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"src/bgpwire/_cython/one.pyx", "src/bgpwire/_cython/cursor.pxd", "src/bgpwire/py.typed"} <= names
    assert {"setup.py", "pyproject.toml", "LICENSE"} <= names
    assert [name for name in names if name.endswith((".c", ".so", ".pyd"))] == []


def fake_python(directory: Path, name: str, body: str) -> None:
    file = directory / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


@needs_shell
def test_a_missing_python_gives_one_line(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", "exit 1")  # one that is too old
    fake_python(tmp_path, "python3.13", "echo 'not selected' >&2; exit 127")  # a version manager's shim
    run = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts/find_python.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert "Python 3.12 or newer" in run.stderr


@needs_shell
def test_a_python_that_runs_is_found_behind_one_that_does_not(tmp_path: Path) -> None:
    pytest.importorskip("ensurepip")
    fake_python(tmp_path, "python3.13", "exit 127")
    fake_python(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    run = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts/find_python.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == sys.executable
