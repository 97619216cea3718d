"""GoBGP, and the MRT file that it reads its routes from."""

from __future__ import annotations

import shutil
import socket
import struct
import time
from contextlib import suppress

from support.daemons.base import IPV4, IPV6, LOCAL_ASN, VPNV4, Configured, Daemon
from support.speaker import ASN


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
