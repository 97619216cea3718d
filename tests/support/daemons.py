"""Real BGP daemons on loopback, unprivileged: each is configured with peers and routes, and started."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from support.speaker import ASN

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


class Bird(Daemon):
    """BIRD 2: static routes in two protocols a family, one of which is disabled and enabled."""

    program = "bird"
    extended = huge = True

    def start(self) -> None:
        parts = [f'router id 192.0.2.10;\nlog "{self.folder}/bird.log" all;\nprotocol device {{}}\n']
        for version, family in ((4, IPV4), (6, IPV6)):
            for gone in (False, True):
                routes = [self._route(r) for r in self.routes if r.family == family and r.gone == gone]
                name = f"{'gone' if gone else 'stays'}{version}"
                parts.append(f"protocol static {name} {{ ipv{version};\n{''.join(routes)}}}\n")
        for number, (address, port) in enumerate(self.peers):
            channels = "".join(
                f"  ipv{version} {{ import none; add paths tx; export filter {{ {self._export(family)} }}; }};\n"
                for version, family in ((4, IPV4), (6, IPV6))
            )
            parts.append(
                f"protocol bgp peer{number} {{ local 127.0.0.1 port {self.free} as {LOCAL_ASN};\n"
                f"  neighbor {address} port {port} as {ASN}; source address 127.0.0.1; multihop; strict bind yes;\n"
                f"  connect delay time 1; enable extended messages yes;\n{channels}}}\n"
            )
        (self.folder / "bird.conf").write_text("".join(parts))
        self.run("-f", "-c", "bird.conf", "-s", "control", "-P", "pid")

    def _route(self, route: Configured) -> str:
        """MED and next hop are not here: BIRD keeps only what the export filter sets."""
        path = "".join(f"bgp_path.prepend({asn});" for asn in reversed(route.path))
        for name, value in (
            ("bgp_community", route.community),
            ("bgp_large_community", route.large),
            ("bgp_ext_community", route.target),
        ):
            path += "".join(f"{name}.add(({word.replace(':', ',')}));" for word in value.split())
        return f"  route {route.prefix} blackhole {{ {path} }};\n" if path else f"  route {route.prefix} blackhole;\n"

    def _export(self, family: tuple[int, int]) -> str:
        groups: dict[tuple[str, int], list[str]] = {}
        for route in self.routes:
            if route.family == family:
                groups.setdefault((route.next_hop, route.med), []).append(route.prefix)
        tests = (
            f"if net ~ [{', '.join(nets)}] then {{ bgp_next_hop = {hop}; bgp_med = {med}; accept; }}"
            for (hop, med), nets in groups.items()
        )
        return " ".join(tests) + " reject;"

    def _birdc(self, verb: str) -> None:
        program = shutil.which("birdc", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
        assert program is not None
        for name in ("gone4", "gone6"):
            self.control(program, "-s", "control", verb, name)

    def withdraw(self) -> None:
        self._birdc("disable")

    def restore(self) -> None:
        self._birdc("enable")


class GoBgp(Daemon):
    """GoBGP: routes by an MRT file that ``gobgp mrt inject`` reads, others by ``gobgp global rib``, which takes long.

    It waits 5 s and more before it connects, so it is connected to, until it lets one stay.
    ``inject`` leaves before the last routes are sent: so it is given all of them twice.
    """

    program = "gobgpd"
    families = (IPV4, IPV6, VPNV4)

    def start(self) -> None:
        names = {IPV4: "ipv4-unicast", IPV6: "ipv6-unicast", VPNV4: "l3vpn-ipv4-unicast"}
        text = f'[global.config]\nas = {LOCAL_ASN}\nrouter-id = "192.0.2.10"\nport = {self.other}\n'
        text += 'local-address-list = ["127.0.0.1"]\n'
        for address, _ in self.peers:
            text += f'[[neighbors]]\n[neighbors.config]\nneighbor-address = "{address}"\npeer-as = {ASN}\n'
            text += '[neighbors.transport.config]\nlocal-address = "127.0.0.1"\npassive-mode = true\n'
            text += "[neighbors.ebgp-multihop.config]\nenabled = true\nmultihop-ttl = 2\n"
            text += "[neighbors.graceful-restart.config]\nenabled = true\nrestart-time = 10\n"
            for family in self.families:
                text += f'[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\nafi-safi-name = "{names[family]}"\n'
                text += "[neighbors.afi-safis.add-paths.config]\nsend-max = 4\n"
                text += "[neighbors.afi-safis.mp-graceful-restart.config]\nenabled = true\n"
        (self.folder / "gobgpd.toml").write_text(text)
        (self.folder / "all.mrt").write_bytes(dump([r for r in self.routes if not r.gone] * 2))
        self.run("-f", "gobgpd.toml", "--api-hosts", f"127.0.0.1:{self.free}", "--pprof-disable")
        end = time.monotonic() + 5
        while not listens(self.free):
            if time.monotonic() > end:
                raise TimeoutError("gobgpd does not listen")
            time.sleep(0.02)
        self._gobgp("mrt", "inject", "global", "all.mrt")
        for route in self.routes:
            if route.family == VPNV4 or route.gone:
                self._add(route)

    def meet(self, listener: socket.socket) -> socket.socket:
        source = (listener.getsockname()[0], 0)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            connection = socket.create_connection(("127.0.0.1", self.other), 5, source_address=source)
            with suppress(ConnectionError):
                if connection.recv(1, socket.MSG_PEEK):
                    return connection
            connection.close()
            time.sleep(0.05)
        raise TimeoutError("gobgpd keeps no connection")

    def _gobgp(self, *command: str) -> None:
        program = shutil.which("gobgp")
        assert program is not None
        self.control(program, "-p", str(self.free), *command)

    def _add(self, r: Configured) -> None:
        words = f"rt {r.target[3:]} nexthop {r.next_hop} med {r.med} origin igp community {r.community}"
        path = ",".join(map(str, r.path))
        tail = (*words.split(), "aspath", path, "large-community", r.large)
        self._gobgp("global", "rib", "add", *self._name(r), *tail)

    @staticmethod
    def _name(r: Configured) -> tuple[str, ...]:
        name = ("-a", {IPV4: "ipv4", IPV6: "ipv6", VPNV4: "vpnv4"}[r.family], r.prefix)
        return (*name, "label", str(r.label), "rd", r.rd) if r.rd else name

    def withdraw(self) -> None:
        for route in self.routes:
            if route.gone:
                self._gobgp("global", "rib", "del", *self._name(route))

    def restore(self) -> None:
        for route in self.routes:
            if route.gone:
                self._add(route)


class ExaBgp(Daemon):
    """ExaBGP 5: static routes, and a process that hands it commands through a FIFO."""

    program = "exabgp"
    extended = True
    families = (IPV4, IPV6, VPNV4)

    @classmethod
    def find(cls) -> str | None:
        """That of this environment alone: Debian has an older one, of which nothing is promised here."""
        return shutil.which(cls.program, path=str(Path(sys.executable).parent))

    def start(self) -> None:
        os.mkfifo(self.folder / "fifo")
        text = f"process control {{ run /bin/sh {self.folder}/control.sh; encoder json; }}\n"
        # Opened for reading and writing, the FIFO never ends.
        (self.folder / "control.sh").write_text(f"exec cat <>{self.folder}/fifo\n")
        static = "".join(f"    {self._route(r)};\n" for r in self.routes)
        for address, port in self.peers:
            text += (
                f"neighbor {address} {{ router-id 192.0.2.10; local-address 127.0.0.1; local-as {LOCAL_ASN};\n"
                f"  peer-as {ASN}; connect {port}; hold-time 60; outgoing-ttl 2;\n"
                "  family { ipv4 unicast; ipv6 unicast; ipv4 mpls-vpn; }\n"
                "  capability { graceful-restart 10; add-path send; }\n"
                f"  api {{ processes [ control ]; }}\n  static {{\n{static}  }}\n}}\n"
            )
        (self.folder / "exabgp.conf").write_text(text)
        off = {"exabgp_cli_enable": "false", "exabgp_api_cli": "false", "exabgp_api_ack": "false"}
        self.run("exabgp.conf", exabgp_daemon_user="root", exabgp_daemon_drop="false", **off)

    @staticmethod
    def _route(r: Configured) -> str:
        text = f"route {r.prefix} next-hop {r.next_hop} origin igp med {r.med}"
        text += f" as-path [ {' '.join(map(str, (LOCAL_ASN, *r.path)))} ]"
        if r.community:
            text += f" community [ {r.community} ] large-community [ {r.large} ]"
            text += f" extended-community [ target:{r.target[3:]} ]"
        return text + (f" rd {r.rd} label {r.label}" if r.rd else "")

    def _command(self, verb: str) -> None:
        lines = [f"{verb} {self._route(route)}\n" for route in self.routes if route.gone]
        with (self.folder / "fifo").open("w") as fifo:
            fifo.writelines(lines)

    def withdraw(self) -> None:
        self._command("withdraw")

    def restore(self) -> None:
        self._command("announce")


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that were free a moment ago."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def dump(routes: list[Configured]) -> bytes:
    """The IPv4 and IPv6 routes as a TABLE_DUMP_V2 file (RFC 6396 section 4.3) of one peer."""
    peer = struct.pack(">B4s4sI", 2, socket.inet_aton("192.0.2.9"), socket.inet_aton("192.0.2.9"), 65020)
    out = [_record(1, socket.inet_aton("192.0.2.10") + struct.pack(">HH", 0, 1) + peer)]
    for number, route in enumerate(routes):
        if route.family in (IPV4, IPV6):
            network, _, length = route.prefix.partition("/")
            nlri = bytes((int(length),)) + _packed(network)[: (int(length) + 7) // 8]
            block = _attributes(route, nlri)
            head = struct.pack(">I", number) + nlri
            entry = struct.pack(">HHIH", 1, 0, 1000000000, len(block)) + block
            out.append(_record(2 if route.family == IPV4 else 4, head + entry))
    return b"".join(out)


def _record(subtype: int, body: bytes) -> bytes:
    return struct.pack(">IHHI", 1000000000, 13, subtype, len(body)) + body


def _packed(address: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def _attributes(route: Configured, nlri: bytes) -> bytes:
    """MP_REACH_NLRI is the whole of it: GoBGP does not read the abbreviated one."""
    hop = _packed(route.next_hop)
    path = struct.pack(f">BB{len(route.path)}I", 2, len(route.path), *route.path) if route.path else b""
    blocks = [(0x40, 1, b"\0"), (0x40, 2, path)]
    blocks.append((0x40, 3, hop) if len(hop) == 4 else (0x80, 14, b"\0\2\1\x10" + hop + b"\0" + nlri))
    blocks.append((0x80, 4, route.med.to_bytes(4)))
    if route.community:
        blocks.append((0xC0, 8, struct.pack(">HH", *map(int, route.community.split(":")))))
        blocks.append((0xC0, 16, struct.pack(">HHI", 2, *map(int, route.target.split(":")[1:]))))
        blocks.append((0xC0, 32, struct.pack(">III", *map(int, route.large.split(":")))))
    return b"".join(struct.pack(">BBB", flags, code, len(value)) + value for flags, code, value in blocks)
