"""FRR's bgpd without zebra, by ``vtysh -c "show bgp ... json"``."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from routes import ASN

from speakers import base


class Frr(base.Speaker):
    name = "frr"
    program = "bgpd"
    families = ("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn", "l2vpn-evpn", "ipv4-flowspec")
    others = ("ipv4-labelled-unicast",)
    names: ClassVar[dict[str, str]] = {
        "ipv4-unicast": "ipv4 unicast",
        "ipv6-unicast": "ipv6 unicast",
        "ipv4-mpls-vpn": "ipv4 vpn",
        "ipv4-labelled-unicast": "ipv4 labeled-unicast",
        "l2vpn-evpn": "l2vpn evpn",
        "ipv4-flowspec": "ipv4 flowspec",
    }

    monitoring: ClassVar[tuple[str, ...]] = ()
    """Families that it monitors, by the names that its configuration has for them."""

    def start(self) -> None:
        self.folder.chmod(0o777)
        text = f"hostname frr\nlog file {self.folder}/bgpd.log\nrouter bgp {ASN}\n bgp router-id 192.0.2.10\n"
        text += " no bgp default ipv4-unicast\n no bgp network import-check\n"
        peers = (base.SENDER, base.RECEIVER, base.DIALLED, base.SIGNED)
        for address in (*peers, *base.OTHERS):
            text += f" neighbor {address} remote-as {ASN}\n neighbor {address} timers connect 1\n"
            text += f" neighbor {address} update-source {base.HOST}\n"
            text += (
                f" neighbor {address} port {self.dialled}\n"
                if address == base.DIALLED
                else f" neighbor {address} passive\n"
            )
        text += f" neighbor {base.SIGNED} password {base.PASSWORD}\n"
        for family in (*self.families, *self.others):
            text += f" address-family {self.names[family]}\n"
            for address in base.OTHERS if family in self.others else peers:
                text += f"  neighbor {address} activate\n  neighbor {address} route-reflector-client\n"
                # Without it there is no Adj-RIB-In before the policy, and what is monitored of it are withdrawals.
                text += f"  neighbor {address} soft-reconfiguration inbound\n" if self.monitoring else ""
                if family not in ("ipv4-flowspec", "l2vpn-evpn"):
                    text += f"  neighbor {address} addpath-tx-all-paths\n"
            text += " exit-address-family\n"
        (self.folder / "bgpd.conf").write_text(text + self.targets())
        program = self.find()
        assert program is not None
        self.run(
            *(program, "-Z", "-p", str(self.port), "-l", base.HOST, "-f", "bgpd.conf", "-i", f"{self.folder}/pid"),
            *("--vty_socket", str(self.folder), "-u", "frr", "-g", "frr", "-P", "0"),
            *(("-M", "bmp") if self.monitoring else ()),
        )
        self.listening()

    def targets(self) -> str:
        """The station that it reports to."""
        if not self.monitoring:
            return ""
        text = f" bmp targets station\n  bmp connect {base.HOST} port {self.station} min-retry 100 max-retry 200\n"
        for family in self.monitoring:
            text += f"  bmp monitor {family} pre-policy\n  bmp monitor {family} post-policy\n"
        return text + "  bmp stats interval 1000\n exit\n"

    def vtysh(self, command: str) -> str:
        program = self.find("vtysh")
        assert program is not None
        return self.say(program, "--vty_socket", str(self.folder), "-c", command)

    def table(self, family: str) -> dict[str, dict[str, Any]]:
        name = self.names[family]
        if family == "l2vpn-evpn":
            return _evpn(self.vtysh("show bgp l2vpn evpn route detail"))
        if family == "ipv4-flowspec":
            routes = json.loads(self.vtysh("show bgp ipv4 flowspec json"))["routes"]
            return {_flow(paths[0]): _flow_values(paths[0]) for paths in routes.values()}
        routes = json.loads(self.vtysh(f"show bgp {name} json"))["routes"]
        if family == "ipv4-mpls-vpn":
            routes = {prefix: None for found in routes["routeDistinguishers"].values() for prefix in found}
        out = {}
        for prefix in routes:
            found = json.loads(self.vtysh(f"show bgp {name} {prefix} json"))
            for rd, one in found.items() if family == "ipv4-mpls-vpn" else [("", found)]:
                out[f"{rd} {prefix}".strip()] = _values(one["paths"][0])
        return out

    def count(self) -> int:
        peers = json.loads(self.vtysh("show bgp ipv4 unicast summary json"))["peers"]
        return sum(found["pfxRcd"] for found in peers.values())


def _values(path: dict[str, Any]) -> dict[str, Any]:
    hop = next((hop for hop in path["nexthops"] if hop.get("scope") != "link-local"), {"ip": None})
    return {
        "next_hop": hop["ip"],
        "origin": path["origin"].lower(),
        "path": tuple(asn for segment in path["aspath"]["segments"] for asn in segment["list"]),
        "med": path.get("metric"),
        "local_pref": path["locPrf"],
        "communities": sorted(path.get("community", {}).get("list", ())),
        "large": sorted(path.get("largeCommunity", {}).get("list", ())),
        "extended": sorted(path.get("extendedCommunity", {}).get("string", "").lower().split()),
        "labels": (path["remoteLabel"],) if "remoteLabel" in path else (),
    }


def _flow(path: dict[str, Any]) -> str:
    return f"dst {path['to']} proto {path['proto'].replace(' ', '')} port {path['port'].replace(' ', '')}"


def _flow_values(path: dict[str, Any]) -> dict[str, Any]:
    """It says no more in JSON."""
    return {
        "origin": path["origin"].lower(),
        "path": tuple(map(int, path["path"].split())),
        "local_pref": path["locPrf"],
    }


def _evpn(text: str) -> dict[str, dict[str, Any]]:
    """Of the text: its JSON has no communities."""
    out: dict[str, dict[str, Any]] = {}
    for part in text.split("BGP routing table entry for ")[1:]:
        head = re.match(r"(\S+?):\[(\d)\]:\[(\d+)\]:(?:\[48\]:\[([0-9a-f:]+)\]:?)?(?:\[32\]:\[([0-9.]+)\])?", part)
        if head is None or "(0 available" in part:
            continue
        rd, kind, tag, mac, address = head.groups()
        key = " ".join(filter(None, (rd, {"2": "mac", "3": "multicast"}[kind], tag, mac, address)))

        def said(pattern: str, part: str = part) -> str:
            found = re.search(pattern, part)
            return found[1] if found else ""

        out[key] = {
            "next_hop": said(r"\n    (\S+) from "),
            "origin": said(r"Origin (\w+)").lower(),
            "path": tuple(map(int, said(r"\n  ([0-9 ]+), \(Received from a RR").split())),
            "med": int(said(r"metric (\d+)")) if "metric " in part else None,
            "local_pref": int(said(r"localpref (\d+)")),
            "communities": sorted(said(r"\n +Community: (.*)").split()),
            "large": sorted(said(r"Large Community: (.*)").split()),
            "extended": sorted(said(r"Extended Community: (.*)").lower().split()),
        }
    return out
