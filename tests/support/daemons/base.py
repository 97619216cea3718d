"""What a test asks of a daemon, and what it is configured with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

LOCAL_ASN = 65010
IPV4, IPV6, VPNV4 = (1, 1), (2, 1), (1, 128)


@dataclass(frozen=True)
class Configured:
    """A route as it is configured: ``path`` without the daemon's own AS number, ``community`` one or several.

    ``gone`` is withdrawn later on; ``huge`` does not fit into 4,096 octets.
    """

    family: tuple[int, int]
    prefix: str
    next_hop: str
    path: tuple[int, ...]
    med: int
    community: str
    large: str
    target: str
    gone: bool = False
    huge: bool = False
    rd: str | None = None
    label: int | None = None


class Daemon:
    """A running daemon. ``families`` it is configured for, ``extended``: whether it sends messages over
    4,096 octets where it may, ``huge``: whether it does without a route that does not fit where it may not.
    """

    program: ClassVar[str]
    families: ClassVar[tuple[tuple[int, int], ...]] = (IPV4, IPV6)
    add_path: ClassVar[bool] = True
    extended: ClassVar[bool] = False
    huge: ClassVar[bool] = False

    def __init__(self, folder: Path, peers: list[socket.socket], routes: list[Configured]) -> None:
        """``peers`` are the listening sockets of those the daemon is to peer with."""
        self.folder = folder
        self.peers = [peer.getsockname() for peer in peers]
        self.free, self.other = free_ports(2)
        self.routes = [r for r in routes if r.family in self.families and (self.huge or not r.huge)]
        self.log = (folder / "log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def find(cls) -> str | None:
        """Where the program is: beside this interpreter, on the path, or where daemons are kept."""
        places = (str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")
        return shutil.which(cls.program, path=os.pathsep.join(places))

    def run(self, *arguments: str, **environment: str) -> None:
        program = self.find()
        assert program is not None
        self.process = subprocess.Popen(
            [program, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=os.environ | environment,
            start_new_session=True,
        )

    def start(self) -> None:
        """Write the configuration and run; connections to the peers follow."""
        raise NotImplementedError

    def meet(self, listener: socket.socket) -> socket.socket:
        """The connection with the peer that listens there; TimeoutError if none comes about."""
        return listener.accept()[0]

    def withdraw(self) -> None:
        """Take back the routes that are ``gone``."""
        raise NotImplementedError

    def restore(self) -> None:
        """Announce them again."""
        raise NotImplementedError

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def control(self, *command: str) -> None:
        subprocess.run(command, cwd=self.folder, stdout=self.log, stderr=self.log, check=True, timeout=5)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that were free a moment ago."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]
