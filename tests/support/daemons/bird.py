"""BIRD."""

from __future__ import annotations

import os
import shutil

from support.daemons.base import IPV4, IPV6, LOCAL_ASN, Configured, Daemon
from support.speaker import ASN


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
