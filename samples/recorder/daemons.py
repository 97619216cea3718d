"""The four daemons: how each is started on a host, asked things, and stopped. All state stays in the lab's folder."""

import json
import re
import shlex
import shutil
from pathlib import Path
from subprocess import Popen
from typing import Any

from .lab import Host, RecordingError, run

FRR_FOLDER = "/usr/lib/frr"


def find(program: str, package: str) -> str:
    """The path of a daemon's program, or a clear message naming the package that brings it."""
    for folder in (None, "/usr/sbin:/sbin", FRR_FOLDER):
        if path := shutil.which(program, path=folder):
            return path
    raise RecordingError(f"{program} is missing; on Debian: apt-get install {package}")


def bird_version() -> str:
    """BIRD's version as it prints it."""
    return _version("BIRD", find("bird", "bird2"), "--version")


def frr_version() -> str:
    """FRR's version as bgpd prints it."""
    return _version("FRR", frr_program("bgpd"), "--version")


def gobgp_version() -> str:
    """GoBGP's version as gobgpd prints it."""
    return _version("GoBGP", find("gobgpd", "gobgpd"), "--version")


def openbgpd_version() -> str:
    """OpenBGPD's version as bgpd prints it."""
    return _version("OpenBGPD", openbgpd_program(), "-V")


def exabgp_version() -> str:
    """ExaBGP's version as it prints it."""
    return _version("ExaBGP", find("exabgp", "exabgp"), "--version")


def _version(name: str, program: str, flag: str) -> str:
    found = re.search(r"\d+(\.\d+)+", run("sh", "-c", f"'{program}' {flag} 2>&1"))
    return f"{name} {found.group() if found else 'unknown'}"


VERSIONS = {
    "bird": bird_version,
    "exabgp": exabgp_version,
    "frr": frr_version,
    "gobgp": gobgp_version,
    "openbgpd": openbgpd_version,
}


def frr_program(name: str) -> str:
    """One of FRR's daemons (its bgpd has the same file name as OpenBGPD's)."""
    path = Path(FRR_FOLDER) / name
    if not path.exists():
        raise RecordingError(f"FRR's {name} is missing; on Debian: apt-get install frr")
    return str(path)


def openbgpd_program() -> str:
    """OpenBGPD's bgpd."""
    path = Path("/usr/sbin/bgpd")
    if not path.exists():
        raise RecordingError("OpenBGPD's bgpd is missing; on Debian: apt-get install openbgpd")
    return str(path)


class Bird:
    """BIRD 2 with a configuration text; `mrtdump` there writes to `recording`."""

    def __init__(self, host: Host, config: str) -> None:
        self.host = host
        self.recording = host.directory / "bird.mrt"
        self.table = host.directory / "table.mrt"
        self._socket = str(host.directory / "bird.ctl")
        self._config = config
        self.process = self._start()

    def _start(self) -> Popen[bytes]:
        text = f'mrtdump "{self.recording}";\nrouter id {self.host.ipv4};\nprotocol device {{}}\n{self._config}'
        path = self.host.write("bird.conf", text)
        return self.host.spawn(find("bird", "bird2"), "-f", "-c", str(path), "-s", self._socket, "-P", "bird.pid")

    def ask(self, *command: str) -> str:
        """What `birdc` prints for a command."""
        return self.host.run(
            find("birdc", "bird2"), "-r" if command[0] == "show" else "-v", "-s", self._socket, *command
        )

    def reconfigure(self, config: str) -> None:
        """Put another configuration in place of the running one."""
        self.host.write(
            "bird.conf", f'mrtdump "{self.recording}";\nrouter id {self.host.ipv4};\nprotocol device {{}}\n{config}'
        )
        self.ask("configure")

    def up(self, protocol: str) -> bool:
        """Whether a BGP session is established."""
        return "Established" in self.ask("show", "protocols", protocol)

    def dump_table(self, table: str) -> Path:
        """Append one routing table to the recording of tables as TABLE_DUMP_V2."""
        self.ask("mrt", "dump", "table", table, "to", f'"{self.table}"')
        return self.table


class Frr:
    """FRR's zebra and bgpd with one configuration text; `{recording}` there is the file to dump into."""

    def __init__(self, host: Host, config: str, modules: tuple[str, ...] = ()) -> None:
        self.host = host
        self.recording = host.directory / "frr.mrt"
        self._vty = str(host.directory)
        common = f"hostname {host.name}\ndomainname example.net\n"
        zebra = host.write("zebra.conf", common)
        bgpd = host.write("bgpd.conf", common + config.replace("{recording}", str(self.recording)))
        api = str(host.directory / "zserv.api")
        shared = ("--vty_socket", self._vty, "-z", api, "-P", "0")
        host.spawn(frr_program("zebra"), *shared, "-f", str(zebra), "-i", str(host.directory / "zebra.pid"))
        host.lab.wait("zebra", Path(api).exists)
        pid = str(host.directory / "bgpd.pid")
        loaded = [word for module in modules for word in ("-M", module)]
        self.process = host.spawn(frr_program("bgpd"), *shared, "-f", str(bgpd), "-i", pid, *loaded)

    def ask(self, *commands: str) -> str:
        """What `vtysh` prints for a few commands, typed one after another."""
        typed = [word for command in commands for word in ("-c", command)]
        return self.host.run(find("vtysh", "frr"), "--vty_socket", self._vty, *typed)

    def configure(self, *commands: str) -> None:
        """Type configuration commands."""
        printed = self.ask("configure terminal", *commands)
        if "%" in printed:
            raise RecordingError(f"{commands}: {printed}")

    def up(self, neighbour: str) -> bool:
        """Whether a BGP session is established."""
        return "BGP state = Established" in self.ask(f"show bgp neighbors {neighbour}")

    def json(self, command: str) -> Any:
        """What a `show` command prints, as JSON."""
        return json.loads(self.ask(f"{command} json"))


class Gobgp:
    """GoBGP with a TOML configuration; `{recording}` there is the file to dump into.

    That name is relative, since GoBGP reads digits in it as parts of a date.
    """

    def __init__(self, host: Host, config: str) -> None:
        self.host = host
        self.recording = host.directory / "gobgp.mrt"
        self.commands: list[dict[str, str]] = []
        path = host.write("gobgpd.toml", config.replace("{recording}", self.recording.name))
        program = find("gobgpd", "gobgpd")
        self.process = host.spawn(program, "-f", str(path), "--api-hosts", "127.0.0.1:50051", "--pprof-disable")

    def ask(self, *command: str) -> str:
        """What the `gobgp` command prints."""
        printed = self.host.run(find("gobgp", "gobgpd"), *command)
        if "rpc error" in printed or printed.startswith("error"):
            raise RecordingError(f"gobgp {' '.join(command)}: {printed}")
        return printed

    def add(self, family: str, route: str) -> None:
        """Inject a route, in the words of `gobgp global rib add`, and remember it for the expected routes."""
        self.ask("global", "rib", "add", "-a", family, *shlex.split(route))
        self.commands.append({"family": family, "add": route})

    def delete(self, family: str, route: str) -> None:
        """Take a route back."""
        self.ask("global", "rib", "del", "-a", family, *shlex.split(route))
        self.commands.append({"family": family, "delete": route})

    def up(self, neighbour: str) -> bool:
        """Whether a BGP session is established."""
        return "ESTABLISHED" in self.ask("neighbor", neighbour).upper()

    def routes(self, family: str) -> list[dict[str, Any]]:
        """What the sender itself says it holds of a family: NLRI and attributes, without ages and local flags."""
        held: Any = json.loads(self.ask("-j", "global", "rib", "-a", family) or "{}")
        paths = (path for entry in held.values() for path in entry)
        return [{"family": family, "nlri": path["nlri"], "attributes": path["attrs"]} for path in paths]


class OpenBgpd:
    """OpenBGPD with a configuration text; `{recording}` there is the file to dump into.

    It changes its root to /run/openbgpd, which it gets as a mount that only its own namespace sees.
    """

    def __init__(self, host: Host, config: str) -> None:
        self.host = host
        self.recording = host.directory / "openbgpd.mrt"
        self._socket = str(host.directory / "bgpd.sock")
        text = f'socket "{self._socket}"\nfib-update no\n' + config.replace("{recording}", str(self.recording))
        path = host.write("bgpd.conf", text)
        path.chmod(0o600)
        own_run = 'mount -t tmpfs tmpfs /run && mkdir -m 755 /run/openbgpd && exec "$0" "$@"'
        self.process = host.spawn("sh", "-c", own_run, openbgpd_program(), "-d", "-f", str(path))

    def ask(self, *command: str) -> str:
        """What `bgpctl` prints."""
        return self.host.run(find("bgpctl", "openbgpd"), "-s", self._socket, *command)

    def up(self, neighbour: str) -> bool:
        """Whether a BGP session is established."""
        return "Established" in self.ask("show", "neighbor", neighbour)
