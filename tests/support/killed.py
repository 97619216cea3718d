"""Processes that write what they hear, and are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_WRITES = """
import sys
from importlib import import_module
import bgpwire
from support.heard import BEGIN, Clock, Heard
kind, folder = sys.argv[1:]
clock, heard = Clock(), Heard(bgpwire)
module = import_module(f"bgpwire.listen.sink_{kind.lower()}")
sink = getattr(module, kind + "Sink")(folder, rotate=60, clock=clock)
while True:
    sink.write(heard.records(20))
    if kind == "Parquet":
        sink.flush()
    print(heard.count, flush=True)
    clock.now += 11
"""


def killed(impl: Any, kind: str, folder: Path, lines: int) -> int:
    """Kill a process that writes when it has said so many lines; how many messages were taken for sure."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join([here, *filter(None, sys.path)])
    env = os.environ | {"PYTHONPATH": path, "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES, kind, str(folder)], env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(lines)]
        process.kill()
        assert process.wait() == -signal.SIGKILL
        said += [int(line) for line in process.stdout if line.endswith("\n")]
    return said[-1]
