"""GoBGP 3, by ``gobgp global rib -j``."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from routes import ASN

from speakers import base


class GoBgp(base.Speaker):
    name = "gobgp"
    program = "gobgpd"
    families = (
        *("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn", "ipv4-labelled-unicast"),
        *("l2vpn-evpn", "ipv4-flowspec"),
    )
    names: ClassVar[dict[str, tuple[str, str]]] = {
        "ipv4-unicast": ("ipv4-unicast", "ipv4"),
        "ipv6-unicast": ("ipv6-unicast", "ipv6"),
        "ipv4-mpls-vpn": ("l3vpn-ipv4-unicast", "vpnv4"),
        "ipv4-labelled-unicast": ("ipv4-labelled-unicast", "ipv4-mpls"),
        "l2vpn-evpn": ("l2vpn-evpn", "evpn"),
        "ipv4-flowspec": ("ipv4-flowspec", "ipv4-flowspec"),
    }
    extended = False
    dials = False
    monitoring: ClassVar[str] = ""
    """Which tables it reports to a station: ``pre-policy``, ``post-policy``, ``both``, ``local-rib`` or ``all``."""

    def start(self) -> None:
        text = f'[global.config]\nas = {ASN}\nrouter-id = "192.0.2.10"\nport = {self.port}\n'
        text += f'local-address-list = ["{base.HOST}"]\n'
        for address in (base.SENDER, base.RECEIVER, base.SIGNED):
            text += f'[[neighbors]]\n[neighbors.config]\nneighbor-address = "{address}"\npeer-as = {ASN}\n'
            text += f'auth-password = "{base.PASSWORD}"\n' if address == base.SIGNED else ""
            text += f'[neighbors.transport.config]\nlocal-address = "{base.HOST}"\npassive-mode = true\n'
            text += "[neighbors.route-reflector.config]\nroute-reflector-client = true\n"
            text += 'route-reflector-cluster-id = "192.0.2.10"\n'
            text += "[neighbors.timers.config]\nidle-hold-time-after-reset = 1\n"
            for family in self.families:
                text += "[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\n"
                text += f'afi-safi-name = "{self.names[family][0]}"\n'
                text += "[neighbors.afi-safis.add-paths.config]\nreceive = true\nsend-max = 4\n"
        if self.monitoring:
            text += f'[[bmp-servers]]\n[bmp-servers.config]\naddress = "{base.HOST}"\nport = {self.station}\n'
            text += f'route-monitoring-policy = "{self.monitoring}"\nstatistics-timeout = 15\n'
        (self.folder / "gobgpd.toml").write_text(text)
        self.api = base.free_port("127.0.0.1")
        program = self.find()
        assert program is not None
        self.run(program, "-f", "gobgpd.toml", "--api-hosts", f"127.0.0.1:{self.api}", "--pprof-disable")
        self.listening()

    def gobgp(self, *command: str) -> str:
        program = self.find("gobgp")
        assert program is not None
        return self.say(program, "-p", str(self.api), *command)

    def rib(self, family: str) -> Any:
        return json.loads(self.gobgp("global", "rib", "-a", self.names[family][1], "-j"))

    def table(self, family: str) -> dict[str, dict[str, Any]]:
        paths = [path for found in self.rib(family).values() for path in found]
        return {_key(family, path["nlri"]): _values(path) for path in paths}

    def count(self) -> int:
        found = re.search(r"Destination: (\d+)", self.gobgp("global", "rib", "summary"))
        assert found is not None
        return int(found[1])


def _rd(form: dict[str, Any]) -> str:
    return f"{form['admin']}:{form['assigned']}"


def _component(form: dict[str, Any]) -> str:
    value = form["value"]
    if form["type"] == 1:
        return f"dst {value['prefix']}"
    assert [item["op"] for item in value] == [0x81]
    name = {3: "proto", 4: "port"}[form["type"]]
    return f"{name} ={value[0]['value']}"


def _key(family: str, nlri: dict[str, Any]) -> str:
    if family == "ipv4-mpls-vpn":
        return f"{_rd(nlri['rd'])} {nlri['prefix']}"
    if family == "l2vpn-evpn":
        value = nlri["value"]
        kind = {2: "mac", 3: "multicast"}[nlri["type"]]
        return " ".join(
            str(part)
            for part in (_rd(value["rd"]), kind, value["etag"], value.get("mac"), value["ip"])
            if part is not None
        )
    if family == "ipv4-flowspec":
        return " ".join(map(_component, nlri["value"]))
    return str(nlri["prefix"])


def _values(path: dict[str, Any]) -> dict[str, Any]:
    found = {attribute["type"]: attribute for attribute in path["attrs"]}
    hop = found.get(3, found.get(14, {})).get("nexthop")
    evpn = "value" in path["nlri"]
    return {
        "next_hop": None if hop == "0.0.0.0" else hop,
        "origin": ("igp", "egp", "incomplete")[found[1]["value"]],
        "path": tuple(asn for segment in found[2]["as_paths"] for asn in segment["asns"]),
        "med": found.get(4, {}).get("metric"),
        "local_pref": found[5]["value"],
        "communities": sorted(f"{n >> 16}:{n & 0xFFFF}" for n in found.get(8, {}).get("communities", ())),
        "large": sorted(":".join(map(str, item.values())) for item in found.get(32, {}).get("value", ())),
        "extended": sorted(
            f"rt:{item['value']}" for item in found.get(16, {}).get("value", ()) if item["subtype"] == 2
        ),
        "labels": () if evpn else tuple(path["nlri"].get("labels", ())),
    }
