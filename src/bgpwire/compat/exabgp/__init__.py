"""ExaBGP decodes through bgpwire: the same objects, the same JSON, the same errors, in less time.

    from bgpwire.compat import exabgp
    exabgp.install()        # from here on
    exabgp.report()         # what took the fast way, what did not, and why
    exabgp.uninstall()

or, for a while only, ``with exabgp.decoding(): …``. On the command line: ``bgpwire exabgp -- …``. Two lines of
ExaBGP are supported, 5.0 (5.0.15) and the development of 6.0; another version is refused by name.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bgpwire.compat.exabgp.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.compat.exabgp.core import Line

__all__ = ["ExaBGPError", "clear", "decoding", "exabgp_version", "install", "installed", "report", "uninstall"]

SUPPORTED = "5.0.15 and the 6.0 line"

_counts = Counts()
_lines: dict[str, Line] = {}
_line: Line | None = None
"""The line whose hooks are set."""


class ExaBGPError(ImportError):
    """ExaBGP is not installed, or its version is not one whose insides are known."""


def exabgp_version() -> str:
    """The version of the ExaBGP that ``import exabgp`` finds; :class:`ExaBGPError` without one."""
    try:
        from exabgp import version
    except ModuleNotFoundError as error:
        if error.name != "exabgp":
            raise
        raise ExaBGPError("ExaBGP is not installed: pip install exabgp") from None
    # `version.version` can be set from the environment, and 6.0 asks the metadata, which may be those of another
    # ExaBGP than the checkout that is imported: what stands beside the code goes first.
    release: str | None = getattr(version, "release", None)
    if release is None:
        project = Path(version.__file__).parents[2] / "pyproject.toml"
        if project.is_file():
            release = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("version")
    return release or getattr(version, "_base", "") or str(version.version)


def install() -> None:
    """Let ExaBGP decode through bgpwire from here on; nothing happens if it does already."""
    global _line
    if _line is not None:
        return
    version = exabgp_version()
    if version not in _lines:
        _lines[version] = _find(version)
    _lines[version].install()
    _line = _lines[version]


def _find(version: str) -> Line:
    if version == "5.0.15":
        from bgpwire.compat.exabgp.line5 import ReleasedLine

        return ReleasedLine(_counts)
    if version == "6.0.0":
        from bgpwire.compat.exabgp.line6 import DevelopmentLine

        return DevelopmentLine(_counts)
    raise ExaBGPError(f"ExaBGP {version} is not supported, only {SUPPORTED}")


def uninstall() -> None:
    """Give ExaBGP its own decoders back; nothing happens if it has them."""
    global _line
    if _line is not None:
        _line.uninstall()
        _line = None


def installed() -> bool:
    """Whether ExaBGP decodes through bgpwire now."""
    return _line is not None


@contextmanager
def decoding() -> Iterator[None]:
    """ExaBGP decodes through bgpwire within the block."""
    before = installed()
    install()
    try:
        yield
    finally:
        if not before:
            uninstall()


def report() -> dict[str, Any]:
    """How many messages, attributes and prefixes took the fast way, how many did not, and why."""
    return _counts.report()


def clear() -> None:
    """Count from nothing again."""
    _counts.clear()
