"""Check with stubtest that each compiled kernel shows what its pure-Python twin shows.

What has nothing for Python (its ``__all__`` is empty) needs no twin. The twin is the stub: its interface, as stubgen
writes it, is laid beside a copy of the package under build/twins, and stubtest holds the compiled module against it.
Nothing is written by hand twice.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
COPY = ROOT / "build/twins"
FINAL = re.compile(r"^@final\n(?:@.*\n)*class (\w+)", re.MULTILINE)
CONFIG = f"[mypy]\nmypy_path = {COPY}\npython_version = 3.12\nignore_errors = True\n"


def main() -> int:
    """Stubtest's own exit status."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(SOURCE / "bgpwire", COPY / "bgpwire", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    sources = (SOURCE / "bgpwire/_cython").glob("*.pyx")
    kernels = sorted(path.stem for path in sources if "\n__all__ = []\n" not in path.read_text(encoding="utf-8"))
    twins = COPY / "bgpwire/_python"
    stubgen = [sys.executable, "-c", "from mypy.stubgen import main; main()", "--quiet", "--include-docstrings"]
    subprocess.run(
        [*stubgen, "--output", str(COPY / "stubs"), *(str(twins / f"{name}.py") for name in kernels)],
        cwd=COPY,
        check=True,
    )
    for name in kernels:
        (stub,) = (COPY / "stubs").rglob(f"{name}.pyi")
        text = stub.read_text(encoding="utf-8").replace("bgpwire._python", "bgpwire._cython")
        # stubgen forgets @final, and a compiled class that cannot be derived from must say so.
        for final in FINAL.findall((twins / f"{name}.py").read_text(encoding="utf-8")):
            text = re.sub(rf"^((?:@.*\n)*class {final}\b)", r"@typing.final\n\1", text, flags=re.MULTILINE)
        text = "import typing\n" + text
        (COPY / f"bgpwire/_cython/{name}.pyi").write_text(text, encoding="utf-8")
    config = COPY / "mypy.ini"
    config.write_text(CONFIG, encoding="utf-8")
    allowlist = ROOT / "tests/stubtest-allowlist.txt"
    return subprocess.run(
        [
            *(sys.executable, "-m", "mypy.stubtest"),
            *(f"bgpwire._cython.{name}" for name in kernels),
            *("--mypy-config-file", str(config), "--allowlist", str(allowlist)),
            *("--ignore-disjoint-bases", "--ignore-unused-allowlist", *sys.argv[1:]),
        ],
        cwd=ROOT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
