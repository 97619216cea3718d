"""BIRD 2, by ``birdc show route all``."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from routes import ASN

from speakers import base


class Bird(base.Speaker):
    name = "bird"
    program = "bird"
    families = ("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn", "ipv4-labelled-unicast", "ipv4-flowspec")
    tables: ClassVar[dict[str, str]] = {
        "ipv4-unicast": "master4",
        "ipv6-unicast": "master6",
        "ipv4-mpls-vpn": "vpntab",
        "ipv4-labelled-unicast": "labels",
        "ipv4-flowspec": "flowtab",
    }

    def start(self) -> None:
        channels = "".join(
            f"  {name} {{ import all; export all; add paths on; {more} }};\n"
            for name, more in (
                ("ipv4", "next hop keep;"),
                ("ipv6", "next hop keep;"),
                ("ipv4 mpls", "next hop keep; table labels;"),
                ("vpn4 mpls", "next hop keep; table vpntab;"),
                ("flow4", "table flowtab;"),
            )
        )
        text = f'router id 192.0.2.10;\nlog "{self.folder}/bird.log" all;\nprotocol device {{}}\n'
        text += "ipv4 table labels; vpn4 table vpntab; flow4 table flowtab;\n"
        for number, address in enumerate((base.SENDER, base.RECEIVER, base.DIALLED, base.SIGNED)):
            dialled = address == base.DIALLED
            passive = "connect delay time 1;" if dialled else "passive yes;"
            port = f" port {self.dialled}" if dialled else ""
            more = f'password "{base.PASSWORD}";' if address == base.SIGNED else ""
            text += (
                f"protocol bgp peer{number} {{ local {base.HOST} port {self.port} as {ASN};\n"
                f"  neighbor {address}{port} as {ASN}; {passive} rr client; multihop; strict bind yes;\n"
                f"  source address {base.HOST}; enable extended messages yes; error wait time 1, 1; {more}\n"
                f"{channels}}}\n"
            )
        (self.folder / "bird.conf").write_text(text)
        program = self.find()
        assert program is not None
        self.run(program, "-f", "-c", "bird.conf", "-s", "control", "-P", "pid")
        self.listening()

    def _birdc(self, command: str) -> str:
        program = self.find("birdc")
        assert program is not None
        return self.say(program, "-s", "control", command)

    def table(self, family: str) -> dict[str, dict[str, Any]]:
        out: dict[str, dict[str, Any]] = {}
        values: dict[str, Any] = {}
        name = ""
        for line in self._birdc(f"show route all table {self.tables[family]}").splitlines()[2:]:
            if not line.startswith("\t"):
                values = {}
                if line.strip():
                    out[_key(line)] = values
            elif line.startswith("\t\t"):
                values[name] += " " + line.strip()
            elif found := re.fullmatch(r"\tBGP\.(\w+): (.*)", line):
                name = found[1]
                values[name] = found[2]
        return {key: _values(found) for key, found in out.items() if "as_path" in found}

    def count(self) -> int:
        found = re.search(r"Total: (\d+) of", self._birdc("show route count table master4"))
        found = found or re.search(r"(\d+) of \d+ routes for", self._birdc("show route count table master4"))
        assert found is not None
        return int(found[1])


def _key(line: str) -> str:
    if flow := re.match(r"flow4 \{ (.*) \}", line):
        words = [word.split(" ", 1) for word in flow[1].rstrip(";").split("; ")]
        return " ".join(f"{name} {value}" if name in ("dst", "src") else f"{name} ={value}" for name, value in words)
    return re.split(r" +(?:unreachable|unicast|blackhole|\[)", line)[0]


def _values(found: dict[str, str]) -> dict[str, Any]:
    def tuples(name: str) -> list[list[str]]:
        return [
            part.split(", ") if ", " in part else part.split(",")
            for part in re.findall(r"\(([^)]*)\)", found.get(name, ""))
        ]

    return {
        "next_hop": found.get("next_hop"),
        "origin": found["origin"].lower(),
        "path": tuple(map(int, found["as_path"].split())),
        "med": int(found["med"]) if "med" in found else None,
        "local_pref": int(found["local_pref"]),
        "communities": sorted(":".join(part) for part in tuples("community")),
        "large": sorted(":".join(part) for part in tuples("large_community")),
        "extended": sorted(":".join(part) for part in tuples("ext_community")),
        "labels": tuple(map(int, found.get("mpls_label_stack", "").split())),
    }
