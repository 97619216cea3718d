"""ExaBGP."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from support.daemons.base import IPV4, IPV6, LOCAL_ASN, VPNV4, Configured, Daemon
from support.speaker import ASN


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
        (self.folder / "control.sh").write_text(f"exec /bin/cat <>{self.folder}/fifo\n")
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
