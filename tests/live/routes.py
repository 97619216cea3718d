"""What is announced to the daemons: one UPDATE a route, and what each of them is to say of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

ASN = 65000
"""Of the daemons and of us: they are route reflectors, and pass on what they hear as it is."""


@dataclass(frozen=True)
class Announced:
    """``nlri`` is its JSON form; ``key`` names it in :meth:`Speaker.table`; the others are the values of attributes."""

    family: str
    key: str
    nlri: Any
    next_hop: str | None = "192.0.2.77"
    origin: str = "igp"
    path: tuple[int, ...] = (65010, 65020)
    med: int | None = None
    local_pref: int = 100
    communities: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()

    def announcement(self) -> Any:
        return import_module("bgpwire").Update.announce(
            [self.nlri],
            family=self.family,
            next_hop=self.next_hop,
            origin=self.origin,
            as_path=self.path,
            med=self.med,
            local_pref=self.local_pref,
            communities=self.communities or None,
            large_communities=self.large or None,
            extended_communities=self.extended or None,
        )

    def withdrawal(self) -> Any:
        return import_module("bgpwire").Update.withdraw([self.nlri], family=self.family)

    def values(self) -> dict[str, Any]:
        """What a table says of it."""
        return {
            "next_hop": self.next_hop,
            "origin": self.origin,
            "path": self.path,
            "med": self.med,
            "local_pref": self.local_pref,
            "communities": sorted(self.communities),
            "large": sorted(self.large),
            "extended": sorted(self.extended),
            "labels": self.labels,
        }


RICH: dict[str, Any] = {
    "path": (65010, 4200000000, 65030),
    "med": 50,
    "local_pref": 250,
    "communities": ("65000:1", "65001:65535"),
    "large": ("4200000000:1:2", "65000:4294967295:0"),
    "extended": ("rt:65000:7",),
}
VPN: dict[str, Any] = RICH | {"extended": ("rt:65000:9",)}
ESI = {"value": "00:00:00:00:00:00:00:00:00:00", "type": 0}


def _components(*values: tuple[int, Any]) -> dict[str, Any]:
    return {"components": [{"type": kind, "value": value} for kind, value in values]}


ROUTES = [
    Announced("ipv4-unicast", "10.1.0.0/24", "10.1.0.0/24"),
    Announced("ipv4-unicast", "10.1.1.0/25", "10.1.1.0/25", **RICH),
    Announced("ipv4-unicast", "10.1.2.3/32", "10.1.2.3/32", origin="incomplete", path=(), med=0),
    Announced("ipv4-unicast", "0.0.0.0/0", "0.0.0.0/0", origin="egp"),
    Announced("ipv6-unicast", "2001:db8:1::/48", "2001:db8:1::/48", next_hop="2001:db8:ffff::77"),
    Announced("ipv6-unicast", "2001:db8:2::/64", "2001:db8:2::/64", next_hop="2001:db8:ffff::78", **RICH),
    Announced(
        "ipv4-mpls-vpn",
        "65000:1 10.2.0.0/24",
        {"rd": "65000:1", "prefix": "10.2.0.0/24", "labels": [1001]},
        labels=(1001,),
        **VPN,
    ),
    Announced(
        "ipv4-mpls-vpn",
        "192.0.2.5:7 10.2.0.0/24",
        {"rd": "192.0.2.5:7", "prefix": "10.2.0.0/24", "labels": [1002]},
        labels=(1002,),
        **VPN,
    ),
    Announced(
        "ipv4-labelled-unicast",
        "10.3.0.0/24",
        {"prefix": "10.3.0.0/24", "labels": [2001]},
        labels=(2001,),
        **RICH,
    ),
    Announced(
        "l2vpn-evpn",
        "65000:100 mac 0 00:11:22:33:44:55 192.0.2.1",
        {"type": 2, "rd": "65000:100", "esi": ESI, "ethernet_tag": 0, "mac": "00:11:22:33:44:55", "ip": "192.0.2.1"}
        | {"labels": [{"raw": "002711"}]},
        **VPN,
    ),
    Announced(
        "l2vpn-evpn",
        "65000:100 multicast 0 192.0.2.1",
        {"type": 3, "rd": "65000:100", "ethernet_tag": 0, "originator": "192.0.2.1"},
        **VPN,
    ),
    Announced(
        "ipv4-flowspec",
        "dst 192.0.2.0/24 proto =6 port =25",
        _components((1, "192.0.2.0/24"), (3, [{"operator": "=", "value": 6}]), (4, [{"operator": "=", "value": 25}])),
        next_hop=None,
        extended=("rt:65000:9",),
        communities=("65000:1",),
        large=("65000:2:3",),
    ),
]


def announced(families: tuple[str, ...]) -> list[Announced]:
    return [route for route in ROUTES if route.family in families]
