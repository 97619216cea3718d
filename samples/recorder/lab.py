"""A throw-away network: one namespace per speaker, all on one bridge, removed when the `with` block ends."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self


class RecordingError(Exception):
    """A recording could not be made; the text says why."""


def run(*command: str, timeout: float = 20) -> str:
    """Run a command to its end and return its standard output; a failure carries what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode:
        raise RecordingError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


class Host:
    """One namespace with a loopback, an address on the shared segment, and a host name of its own."""

    def __init__(self, lab: "Lab", name: str, number: int) -> None:
        self.lab = lab
        self.name = name
        self.namespace = f"{lab.prefix}-{name}"
        self.ipv4 = f"192.0.2.{number}"
        self.ipv6 = f"2001:db8::{number:x}"
        self.directory = lab.directory / name
        self.directory.mkdir()
        self.directory.chmod(0o777)

    def inside(self, *command: str) -> list[str]:
        """The command line that runs `command` in this namespace, under this host's own name."""
        rename = 'hostname "$0" && exec "$@"'
        return ["ip", "netns", "exec", self.namespace, "unshare", "--uts", "sh", "-c", rename, self.name, *command]

    def run(self, *command: str, timeout: float = 20) -> str:
        """Run a command in this namespace to its end and return its standard output."""
        return run(*self.inside(*command), timeout=timeout)

    def write(self, name: str, text: str) -> Path:
        """Write a configuration file into this host's folder."""
        path = self.directory / name
        path.write_text(text)
        path.chmod(0o644)
        return path

    def spawn(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a daemon in this namespace; its output goes to a log in the host's folder."""
        return self.lab.spawn(self, self.inside(*command))


class Lab:
    """Owns every namespace, process and temporary file of a scenario, and removes them all at the end."""

    def __init__(self, keep: bool = False) -> None:
        self.prefix = f"bgpwire{os.getpid()}"
        self.keep = keep
        self.directory = Path(tempfile.mkdtemp(prefix="bgpwire-record-"))
        self.directory.chmod(0o755)
        self.hosts: dict[str, Host] = {}
        self._namespaces: list[str] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._logs: list[IO[bytes]] = []
        self._stopped: set[int] = set()

    def __enter__(self) -> Self:
        try:
            self._switch = self._namespace("switch")
            self._ip(self._switch, "link", "add", "br0", "type", "bridge")
            self._ip(self._switch, "link", "set", "br0", "up")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _namespace(self, name: str) -> str:
        namespace = f"{self.prefix}-{name}"
        run("ip", "netns", "add", namespace)
        self._namespaces.append(namespace)
        self._ip(namespace, "link", "set", "lo", "up")
        return namespace

    @staticmethod
    def _ip(namespace: str, *arguments: str) -> None:
        run("ip", "-n", namespace, *arguments)

    def host(self, name: str) -> Host:
        """Add a host; the first is 192.0.2.1 and 2001:db8::1, the next .2 and ::2, and so on."""
        number = len(self.hosts) + 1
        host = Host(self, name, number)
        self._namespace(name)
        run(
            *("ip", "-n", self._switch, "link", "add", f"port{number}", "type", "veth"),
            *("peer", "name", "eth0", "netns", host.namespace),
        )
        self._ip(self._switch, "link", "set", f"port{number}", "master", "br0", "up")
        self._ip(host.namespace, "link", "set", "eth0", "address", f"02:00:5e:10:00:{number:02x}")
        self._ip(host.namespace, "addr", "add", f"{host.ipv4}/24", "dev", "eth0")
        self._ip(host.namespace, "link", "set", "eth0", "up")
        self._ip(host.namespace, "addr", "add", f"{host.ipv6}/64", "dev", "eth0", "nodad")
        self.hosts[name] = host
        return host

    def spawn(self, host: Host, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a daemon in a process group of its own, to be ended by `close`."""
        log = (host.directory / f"log{len(self._logs)}").open("wb")
        self._logs.append(log)
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=host.directory
        )
        self._processes.append(process)
        return process

    def check_alive(self) -> None:
        """Fail, with the last lines of the log, if a daemon has stopped by itself."""
        for process, log in zip(self._processes, self._logs, strict=True):
            if process.poll() is not None and process.pid not in self._stopped:
                tail = Path(log.name).read_text(errors="replace")[-1500:]
                raise RecordingError(f"{process.args!r} ended with {process.returncode}:\n{tail}")

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until the condition holds; a condition that fails to run counts as not yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check_alive()
            try:
                if condition():
                    return
            except (RecordingError, OSError, ValueError, subprocess.TimeoutExpired):
                pass
            time.sleep(0.2)
        raise RecordingError(f"waited {seconds:.0f} s in vain for: {what}")

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End one daemon and its children, politely and then not."""
        self._stopped.add(process.pid)
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is not None:
                break
            os.killpg(process.pid, sign)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                continue

    def close(self) -> None:
        """Stop what was started, remove what was made; safe to call twice."""
        for process in reversed(self._processes):
            self.stop(process)
        for log in self._logs:
            log.close()
        for namespace in reversed(self._namespaces):
            subprocess.run(["ip", "netns", "del", namespace], check=False, capture_output=True)
        self._namespaces.clear()
        if not self.keep:
            shutil.rmtree(self.directory, ignore_errors=True)
