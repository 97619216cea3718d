"""The compiled kernels; everything else about the package is in pyproject.toml.

BGPWIRE_BUILD_EXTENSION says what to do about them:

    yes    build them, or fail
    no     leave them out: a py3-none-any wheel
    auto   build them, or, where they cannot be compiled, leave them out (the default)
"""

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

DIRECTIVES = {
    "language_level": 3,
    "auto_pickle": False,  # values say themselves how they are pickled, so that both implementations can load them
    "binding": True,
    "boundscheck": True,
    "cdivision": True,
    "embedsignature": True,
    "embedsignature.format": "python",
    "freethreading_compatible": True,
    "initializedcheck": False,
    "linetrace": "-DCYTHON_TRACE=1" in os.environ.get("CFLAGS", ""),  # lines of kernels counted: scripts/guards
    "nonecheck": False,
    "wraparound": False,
}

SHARED = "bgpwire._cython.shared"
"""What memoryviews need in C, once and not in each module."""
MODE = os.environ.get("BGPWIRE_BUILD_EXTENSION") or "auto"
if MODE not in ("yes", "no", "auto"):
    raise SystemExit(f"BGPWIRE_BUILD_EXTENSION is 'yes', 'no' or 'auto', not {MODE!r}")


class BuildKernels(build_ext):
    """All of the kernels or, in ``auto``, none: the package never runs on half of them."""

    def build_extensions(self) -> None:
        self.parallel = self.parallel or os.cpu_count()
        outputs = [Path(self.get_ext_fullpath(extension.name)) for extension in self.extensions]
        for extension in self.extensions:
            if self.compiler.compiler_type != "msvc" and "-O" not in os.environ.get("CFLAGS", ""):
                extension.extra_compile_args = ["-O3"]
        super().build_extensions()
        if not all(output.exists() for output in outputs):
            for output in outputs:
                output.unlink(missing_ok=True)
            print("bgpwire: no working C compiler; built without the compiled kernels")


def kernels() -> list[Extension]:
    if MODE == "no":
        return []
    from Cython.Build import cythonize

    paths = sorted(Path("src/bgpwire/_cython").glob("*.pyx"))
    sources = [Extension(f"bgpwire._cython.{path.stem}", [path.as_posix()]) for path in paths]
    sources.append(Extension(SHARED, [f"src/{SHARED.replace('.', '/')}.c"]))  # Cython writes it
    extensions = cythonize(
        sources,
        build_dir="build/cython",
        include_path=["src"],
        compiler_directives=DIRECTIVES,
        shared_utility_qualified_name=SHARED,
    )
    for extension in extensions:
        extension.optional = MODE == "auto"  # cythonize() would have dropped it
    return extensions


setup(ext_modules=kernels(), cmdclass={"build_ext": BuildKernels})
