"""A real daemon on loopback: a route reflector of two clients, and one that it dials."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.1.1"
SENDER, RECEIVER, DIALLED = "127.0.1.2", "127.0.1.3", "127.0.1.4"
"""Our addresses: two of peers that connect, and one that the daemon connects to."""
OTHERS = "127.0.1.5", "127.0.1.6"
"""Two more that connect, for families that cannot be of one session with the others."""


SIGNED, PASSWORD = "127.0.1.7", "secret-of-both"
"""One more, with TCP MD5 signatures (RFC 2385)."""


class Speaker:
    """``families`` it is configured for. ``reflects``: whether it passes on what it hears."""

    name: ClassVar[str]
    program: ClassVar[str]
    families: ClassVar[tuple[str, ...]]
    others: ClassVar[tuple[str, ...]] = ()
    """Families of the sessions with ``OTHERS``."""
    reflects: ClassVar[bool] = True
    add_path: ClassVar[bool] = True
    extended: ClassVar[bool] = True
    dials: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port(HOST)
        self.dialled = free_port(DIALLED)
        self.station = free_port(HOST)
        self.log = (folder / "log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def find(cls, program: str | None = None) -> str | None:
        places = (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/usr/lib/frr")
        return shutil.which(program or cls.program, path=os.pathsep.join(places))

    def start(self) -> None:
        """Run it; it listens when this returns."""
        raise NotImplementedError

    def table(self, family: str) -> dict[str, dict[str, Any]]:
        """Its table by its own words: the values of each route that it has."""
        raise NotImplementedError

    def count(self) -> int:
        """How many IPv4 routes it has."""
        raise NotImplementedError

    def run(self, *command: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=os.environ | environment,
            start_new_session=True,
        )

    def listening(self, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while True:
            with socket.socket() as probe:
                probe.bind((DIALLED, 0))
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            if time.monotonic() > end:
                raise TimeoutError(f"{self.name} does not listen: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def say(self, *command: str) -> str:
        """What a command prints."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, (command, done.stdout[-500:], done.stderr[-500:])
        return done.stdout

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


def free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
