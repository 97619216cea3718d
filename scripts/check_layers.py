"""What import-linter cannot see of the layers in pyproject.toml: that nothing is left out of them, kernels that are
loaded by name, and what the compiled kernels import.

    python scripts/check_layers.py

A compiled kernel stands where its twin does. Modules that registries and packages import by name, when a code or a
public name is first met, are no imports of the modules that ask: that is what lets a decoder be left unloaded.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "bgpwire"
_IMPORT = re.compile(r"^\s*(?:from (bgpwire[\w.]*) c?import (\w+)|c?import (bgpwire[\w.]*))", re.MULTILINE)
_OUTSIDE = (
    "bgpwire",
    "bgpwire._cython",
    "bgpwire._python",
    "bgpwire.columns",
    "bgpwire.mrt",
    "bgpwire.route",
    "bgpwire.sql",
)
"""The package itself, which offers all rooms, and packages without a line of their own."""


def _layers() -> list[str]:
    """The line of each layer, the highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers: list[str] = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    return layers


LEVELS = {room.strip(): level for level, line in enumerate(_layers()) for room in re.split("[|:]", line)}


INSIDE = {
    "bgpwire._cython.emit": "bgpwire._cython.columns",
    "bgpwire._cython.emit_lists": "bgpwire._cython.columns",
    "bgpwire._cython.emit_text": "bgpwire._cython.columns",
    "bgpwire._cython.emit_prefix": "bgpwire._cython.columns",
    "bgpwire._cython.feed": "bgpwire._cython.columns",
    "bgpwire._cython.feeder": "bgpwire._cython.columns",
    "bgpwire._cython.sieve": "bgpwire._cython.columns",
    "bgpwire._cython.page": "bgpwire._cython.lines",
    "bgpwire._cython.bgpdump": "bgpwire._cython.lines",
    "bgpwire._cython.jsonl": "bgpwire._cython.lines",
    "bgpwire._cython.psv": "bgpwire._cython.lines",
    "bgpwire._cython.pool": "bgpwire._cython.attributes",
    "bgpwire._cython.trie": "bgpwire._cython.matches",
}
"""Compiled kernels that have nothing for Python, and so no twin: they stand where the kernel does that they are for."""


def level(module: str) -> int | None:
    """The line a module stands in, 0 for the highest; ``None`` for one that stands in none."""
    name = INSIDE.get(module, module).replace("._cython", "._python")
    while name not in LEVELS and "." in name:
        name = name.rpartition(".")[0]
    return LEVELS.get(name)


def modules() -> dict[str, Path]:
    """The Python modules of the package."""
    out = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        out[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return out


def loaded(path: Path) -> Iterator[str]:
    """The kernels that a module loads by name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "load":
            for name in node.args:
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield f"bgpwire._python.{name.value}"
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_KERNELS":
            for name in ast.literal_eval(node.value):
                yield f"bgpwire._python.{name}"


def compiled(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules that a kernel in Cython imports or cimports."""
    for package, name, module in _IMPORT.findall(path.read_text("utf-8")):
        whole = f"{package}.{name}"
        yield module or (whole if whole in known else package)


def main() -> int:
    known = modules()
    faults = [f"{name} stands in no layer" for name in known if name not in _OUTSIDE and level(name) is None]
    edges = [(name, kernel) for name, path in known.items() for kernel in loaded(path)]
    for path in sorted([*SOURCE.glob("_cython/*.pyx"), *SOURCE.glob("_cython/*.pxd")]):
        importer = f"bgpwire._cython.{path.stem}"
        edges += [(importer, module) for module in compiled(path, known) if module != importer]
    for importer, module in edges:
        if module.startswith("bgpwire._cython.") and module.replace("._cython", "._python") not in known:
            continue  # a .pxd alone has no twin and no layer: it can import nothing, or it is a fault below
        above, below = level(importer), level(module)
        if above is None or below is None or above >= below:
            faults.append(f"{importer} imports {module}, which does not stand below it")
    print(*(faults or [f"{len(known)} modules in layers, {len(edges)} more imports, all downwards"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
