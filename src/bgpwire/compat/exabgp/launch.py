"""ExaBGP as a program, with its decoders replaced: in this process and in the Python processes it starts."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bgpwire.compat import exabgp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["REPORTS", "SWITCH", "add", "child", "environment", "launch", "read_reports", "text"]

SWITCH = "BGPWIRE_EXABGP"
"""Set to 1 where child processes are to decode through bgpwire too."""
REPORTS = "BGPWIRE_EXABGP_REPORTS"
"""The directory in which each child process leaves its report when it ends."""


def environment(reports: str | None = None) -> dict[str, str]:
    """What the environment of a Python process must hold so that an ExaBGP in it decodes through bgpwire."""
    ours = [str(Path(__file__).parent / "startup"), str(Path(exabgp.__file__).parents[3])]
    before = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path not in ours]
    wanted = {SWITCH: "1", "PYTHONPATH": os.pathsep.join(ours[:1] + before + ours[1:])}
    if reports is not None:
        wanted[REPORTS] = reports
    return wanted


def child() -> None:
    """Called in a process that was started with :func:`environment`, before ExaBGP's own modules run."""
    exabgp.install()
    directory = os.environ.get(REPORTS)
    if directory:
        atexit.register(_leave, directory)


def _leave(directory: str) -> None:
    path = Path(directory)
    if path.is_dir():
        (path / f"{os.getpid()}.json").write_text(json.dumps(exabgp.report()))


def launch(arguments: Sequence[str], report: bool = False) -> int:
    """Run ``exabgp`` with these ``arguments`` in this process and return its exit status.

    With ``report``, say on standard error at the end what took the fast way, child processes included.
    :class:`bgpwire.compat.exabgp.ExaBGPError` if ExaBGP is not installed, or is of a line that is not supported.
    """
    sys.argv = [_program(), *arguments]
    exabgp.install()
    with tempfile.TemporaryDirectory(prefix="bgpwire-exabgp-") as directory:
        os.environ.update(environment(directory if report else None))
        try:
            status = _main()
        finally:
            if report:
                total = add([exabgp.report(), *read_reports(directory)])
                print(text(total), file=sys.stderr)
    return status


def _program() -> str:
    """Where ExaBGP's own command is: from there it looks for its configuration, and starts itself again."""
    beside = Path(sys.executable).parent / "exabgp"
    return str(beside) if beside.is_file() else shutil.which("exabgp") or "exabgp"


def _main() -> int:
    from exabgp.application.main import main

    try:
        status = main()
    except SystemExit as end:
        status = end.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
            return 1
    return int(status or 0)


def read_reports(directory: str) -> list[dict[str, Any]]:
    """What the child processes left in ``directory``."""
    return [json.loads(path.read_text()) for path in sorted(Path(directory).glob("*.json"))]


def add(reports: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One report of several."""
    total: dict[str, Any] = {kind: Counter() for kind in ("messages", "attributes", "prefixes", "why")}
    for report in reports:
        for kind, counts in report.items():
            total[kind].update(counts)
    for kind in ("messages", "attributes", "prefixes"):
        ways = ("fast", "handed_back", "refused") if kind == "messages" else ("fast", "handed_back")
        total[kind] = {way: total[kind][way] for way in ways}
    total["why"] = dict(total["why"].most_common())
    return total


def text(report: dict[str, Any]) -> str:
    """A report as people read it."""
    from bgpwire import IMPLEMENTATION

    lines = [f"bgpwire: decoded for ExaBGP {exabgp.exabgp_version()} ({IMPLEMENTATION})"]
    for kind in ("messages", "attributes", "prefixes"):
        counts = report[kind]
        lines.append(f"  {kind:10} {counts['fast']:>12,} fast {counts['handed_back']:>12,} handed back")
    lines[1] += f" {report['messages']['refused']:>12,} refused by ExaBGP"
    lines += [f"    {count:>10,} {reason}" for reason, count in report["why"].items()]
    return "\n".join(lines)
