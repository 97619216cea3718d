"""ExaBGP 5, by the JSON that it hands to a process; it connects and announces what it is configured with."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from routes import ASN, announced

from speakers import base

if TYPE_CHECKING:
    from collections.abc import Iterable


class ExaBgp(base.Speaker):
    name = "exabgp"
    program = "exabgp"
    families = (
        *("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn", "ipv4-labelled-unicast"),
        *("l2vpn-evpn", "ipv4-flowspec"),
    )
    reflects = False

    @classmethod
    def find(cls, program: str | None = None) -> str | None:
        """That of an environment of its own, or of this one: Debian has an older one."""
        places = (os.environ.get("EXABGP_BIN", ""), str(Path(sys.executable).parent))
        return shutil.which(program or cls.program, path=os.pathsep.join(places))

    def start(self) -> None:
        self.heard = self.folder / "heard.json"
        # Without exec: the shell holds the standard output that ExaBGP reads from.
        (self.folder / "hear.sh").write_text(f"/bin/cat >{self.heard}\ntrue\n")
        text = f"process hear {{ run /bin/sh {self.folder}/hear.sh; encoder json; }}\n"
        text += (
            f"neighbor {base.DIALLED} {{ router-id 192.0.2.10; local-address {base.HOST};\n"
            f"  local-as {ASN}; peer-as {ASN}; connect {self.dialled}; hold-time 60;\n"
            "  family { ipv4 unicast; ipv6 unicast; ipv4 mpls-vpn; ipv4 nlri-mpls; l2vpn evpn; ipv4 flow; }\n"
            "  capability { add-path send/receive; extended-message enable; route-refresh enable; }\n"
            "  api { processes [ hear ]; receive { parsed; update; } }\n"
            f"{self.configured()}}}\n"
        )
        (self.folder / "exabgp.conf").write_text(text)
        off = {"exabgp_cli_enable": "false", "exabgp_api_cli": "false", "exabgp_api_ack": "false"}
        program = self.find()
        assert program is not None
        self.run(program, "server", "exabgp.conf", exabgp_daemon_user="root", exabgp_daemon_drop="false", **off)

    def configured(self) -> str:
        """The routes that it announces to each who comes up."""
        static = "".join(
            f"    {_route(route)};\n"
            for route in announced(("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn", "ipv4-labelled-unicast"))
        )
        return (
            f"  static {{\n{static}  }}\n"
            "  flow { route drop25 { match { destination 192.0.2.0/24; protocol =tcp; port =25; }\n"
            "    then { community [ 65000:1 ]; large-community [ 65000:2:3 ];\n"
            "      extended-community [ target:65000:9 ]; } } }\n"
        )

    def table(self, family: str) -> dict[str, dict[str, Any]]:
        out = {}
        for line in self.lines():
            found = line.get("neighbor", {}).get("message", {}).get("update", {})
            for name, hops in found.get("announce", {}).items():
                for hop, routes in hops.items():
                    out |= {
                        _key(nlri): _values(found["attribute"], hop, nlri)
                        for nlri in routes
                        if _FAMILIES[name] == family
                    }
        return out

    def lines(self) -> list[dict[str, Any]]:
        if not self.heard.exists():
            return []
        return [json.loads(line) for line in self.heard.read_text().splitlines() if line.startswith("{")]


class ExaBgpOfMany(ExaBgp):
    """It announces the routes of ``static`` alone, and the prefixes that it heard are counted."""

    def start(self) -> None:
        self.known: set[bytes] = set()
        self.read = 0
        super().start()

    def static(self) -> Iterable[str]:
        """Lines of its configuration."""
        return ()

    def configured(self) -> str:
        lines = "".join(f"    {line};\n" for line in self.static())
        return f"  static {{\n{lines}  }}\n"

    def count(self) -> int:
        """How many prefixes it handed to its process: what was written since the last call is read."""
        if self.heard.exists():
            with self.heard.open("rb") as file:
                file.seek(self.read)
                text = file.read()
            text = text[: text.rfind(b"\n") + 1]
            self.read += len(text)
            self.known.update(re.findall(rb'"nlri": "([0-9./]+)"', text))
        return len(self.known)


_FAMILIES = {
    "ipv4 unicast": "ipv4-unicast",
    "ipv6 unicast": "ipv6-unicast",
    "ipv4 mpls-vpn": "ipv4-mpls-vpn",
    "ipv4 nlri-mpls": "ipv4-labelled-unicast",
    "l2vpn evpn": "l2vpn-evpn",
    "ipv4 flow": "ipv4-flowspec",
}


def _key(nlri: dict[str, Any]) -> str:
    if "destination-ipv4" in nlri:
        protocol = nlri["protocol"][0].replace("tcp", "6")
        return f"dst {nlri['destination-ipv4'][0]} proto {protocol} port {nlri['port'][0]}"
    if "code" in nlri:
        kind = {2: "mac", 3: "multicast"}[nlri["code"]]
        parts = (nlri["rd"], kind, nlri["ethernet-tag"], nlri.get("mac"), nlri["ip"])
        return " ".join(str(part) for part in parts if part is not None)
    return f"{nlri.get('rd', '')} {nlri['nlri']}".strip()


def _values(found: dict[str, Any], hop: str, nlri: dict[str, Any]) -> dict[str, Any]:
    path = [asn for segment in found.get("as-path", {}).values() for asn in segment["value"]]
    return {
        "next_hop": None if hop == "no-nexthop" else hop,
        "origin": found["origin"],
        "path": tuple(path),
        "med": found.get("med"),
        "local_pref": found["local-preference"],
        "communities": sorted(":".join(map(str, each)) for each in found.get("community", ())),
        "large": sorted(":".join(map(str, each)) for each in found.get("large-community", ())),
        "extended": sorted(each["string"].replace("target", "rt") for each in found.get("extended-community", ())),
        "labels": () if "code" in nlri else tuple(label[0] for label in nlri.get("label", ())),
    }


def _route(route: Any) -> str:
    """A static route of the configuration."""
    prefix = route.key.split()[-1]
    text = f"route {prefix} next-hop {route.next_hop} origin {route.origin} local-preference {route.local_pref}"
    text += f" as-path [ {' '.join(map(str, route.path))} ]"
    if route.med is not None:
        text += f" med {route.med}"
    for name, values in (
        ("community", route.communities),
        ("large-community", route.large),
        ("extended-community", [f"target:{value[3:]}" for value in route.extended]),
    ):
        if values:
            text += f" {name} [ {' '.join(values)} ]"
    if " " in route.key:
        text += f" rd {route.key.split()[0]}"
    return text + (f" label {route.labels[0]}" if route.labels else "")
