"""The one switch: which implementation runs, and that it is the one that was asked for."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import pytest
from support.implementations import Implementation


def _run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh interpreter that finds the same bgpwire as this one."""
    env = {k: v for k, v in os.environ.items() if k != "BGPWIRE_IMPLEMENTATION"} | environment
    env["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def test_each_is_what_it_says(impl: Any, both: list[Implementation]) -> None:
    name = next(loaded.name for loaded in both if loaded.package is impl)
    assert name == impl.IMPLEMENTATION
    for kernel in (impl.Reader, impl.Prefix, impl.PathAttributes, impl.Route, impl.AsPath):
        assert kernel.__module__.startswith(f"bgpwire._{impl.IMPLEMENTATION}.")


def test_every_public_name_is_there(impl: Any) -> None:
    assert [name for name in impl.__all__ if not hasattr(impl, name)] == []


def test_both_offer_the_same(both: list[Implementation]) -> None:
    faces = [
        {
            name: sorted(part for part in dir(getattr(loaded.package, name)) if not part.startswith("_"))
            for name in loaded.package.__all__
            if isinstance(getattr(loaded.package, name), type)
        }
        for loaded in both
    ]
    assert all(face == faces[0] for face in faces)


def test_compiled_where_it_is_required(both: list[Implementation]) -> None:
    """CI sets BGPWIRE_REQUIRE_CYTHON=1 where it builds the kernels: then they must be what ran."""
    if os.environ.get("BGPWIRE_REQUIRE_CYTHON") == "1":
        assert [loaded.name for loaded in both] == ["cython", "python"]
        done = _run("import bgpwire; print(bgpwire.IMPLEMENTATION)")
        assert done.stdout == "cython\n", done.stderr
    elif os.environ.get("BGPWIRE_REQUIRE_PURE") == "1":
        assert [loaded.name for loaded in both] == ["python"]
        assert importlib.util.find_spec("bgpwire._cython.reader") is None
    else:
        assert both[-1].name == "python" or os.environ.get("BGPWIRE_IMPLEMENTATION")


def test_pure_python_can_be_forced() -> None:
    done = _run("import bgpwire; print(bgpwire.IMPLEMENTATION)", BGPWIRE_IMPLEMENTATION="python")
    assert done.stdout == "python\n", done.stderr


def test_pure_python_never_touches_the_compiled_kernels() -> None:
    code = "import bgpwire, sys; print([name for name in sys.modules if name.startswith('bgpwire._cython')])"
    done = _run(code, BGPWIRE_IMPLEMENTATION="python")
    assert done.stdout == "[]\n", done.stderr


def test_nonsense_is_an_error() -> None:
    done = _run("import bgpwire", BGPWIRE_IMPLEMENTATION="nonsense")
    assert done.returncode
    assert "ImportError" in done.stderr
    assert "nonsense" in done.stderr


def test_a_forced_implementation_that_is_missing_is_an_error() -> None:
    # None in sys.modules is what makes an import fail as if the module were not there.
    hide = "import sys; sys.modules['bgpwire._cython'] = None; import bgpwire"
    done = _run(hide, BGPWIRE_IMPLEMENTATION="cython")
    assert done.returncode
    assert "ModuleNotFoundError" in done.stderr


def test_without_the_compiled_kernels_the_pure_ones_run() -> None:
    done = _run("import sys; sys.modules['bgpwire._cython'] = None; import bgpwire; print(bgpwire.IMPLEMENTATION)")
    assert done.stdout == "python\n", done.stderr


LACKING = """
import sys

class Finder:
    def find_spec(name, path=None, target=None):
        if name == {name!r}:
            raise ModuleNotFoundError("No module named 'elsewhere'", name="elsewhere")

sys.meta_path.insert(0, Finder)
import bgpwire
bgpwire.{touch}
"""


@pytest.mark.parametrize(
    ("name", "touch"), [("bgpwire._cython.reader", "IMPLEMENTATION"), ("bgpwire.prefix_set", "prefix_set")]
)
def test_a_module_that_lacks_another_is_told(both: list[Implementation], name: str, touch: str) -> None:
    """What is not there is one thing, what is there and cannot be imported another: that is not passed over."""
    if "_cython" in name and both[0].name != "cython":
        pytest.skip("no kernels are built")
    done = _run(LACKING.format(name=name, touch=touch))
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("ModuleNotFoundError: No module named 'elsewhere'")
