"""Shared pieces of configuration: a GoBGP speaker, a collecting FRR, a collecting GoBGP, a waiting rule."""

from collections.abc import Iterable
from dataclasses import dataclass

from .daemons import Frr, Gobgp
from .lab import Host
from .scenarios import Route

FRR_FAMILIES = {
    "ipv4-unicast": "ipv4 unicast",
    "ipv6-unicast": "ipv6 unicast",
    "ipv4-labelled-unicast": "ipv4 labeled-unicast",
    "ipv6-labelled-unicast": "ipv6 labeled-unicast",
    "l3vpn-ipv4-unicast": "ipv4 vpn",
    "l3vpn-ipv6-unicast": "ipv6 vpn",
    "ipv4-multicast": "ipv4 multicast",
    "ipv6-multicast": "ipv6 multicast",
    "ipv4-flowspec": "ipv4 flowspec",
    "l2vpn-evpn": "l2vpn evpn",
}


@dataclass
class Neighbour:
    """One BGP session as a daemon's configuration sees it; families are named as GoBGP names them."""

    address: str
    asn: int
    families: tuple[str, ...]
    add_path: bool = False
    extra: str = ""


def gobgp(host: Host, asn: int, neighbours: Iterable[Neighbour], dump: str = "", extra: str = "") -> Gobgp:
    """Start GoBGP; `dump` is empty, "updates" or "table"."""
    text = f'{extra}[global.config]\n  as = {asn}\n  router-id = "{host.ipv4}"\n'
    if dump:
        text += f'[[mrt-dump]]\n  [mrt-dump.config]\n    dump-type = "{dump}"\n    file-name = "{{recording}}"\n'
        text += f"    {'dump' if dump == 'table' else 'rotation'}-interval = {60 if dump == 'table' else 86400}\n"
    for one in neighbours:
        text += _gobgp_neighbour(one)
    daemon = Gobgp(host, text)
    host.lab.wait("GoBGP's interface", lambda: bool(daemon.ask("global")))
    return daemon


def _gobgp_neighbour(one: Neighbour) -> str:
    text = f"""[[neighbors]]
  [neighbors.config]
    neighbor-address = "{one.address}"
    peer-as = {one.asn}
  [neighbors.timers.config]
    connect-retry = 2
    idle-hold-time-after-reset = 2
{one.extra}"""
    for family in one.families:
        text += f'  [[neighbors.afi-safis]]\n    [neighbors.afi-safis.config]\n      afi-safi-name = "{family}"\n'
        if one.add_path:
            text += "    [neighbors.afi-safis.add-paths.config]\n      receive = true\n      send-max = 8\n"
    return text


def frr(
    host: Host,
    asn: int,
    neighbours: Iterable[Neighbour],
    dump: str = "",
    router: str = "",
    after: str = "",
    before: str = "",
    modules: tuple[str, ...] = (),
) -> Frr:
    """Start FRR; `dump` is the words between `dump bgp` and the file, such as "all" or "all-et"; `before` and `after`
    stand around the router, and `modules` are loaded into bgpd."""
    text = f"{before}!\n" if before else ""
    text += f"dump bgp {dump} {{recording}}\n!\n" if dump else ""
    text += f"router bgp {asn}\n bgp router-id {host.ipv4}\n no bgp ebgp-requires-policy\n"
    text += f" no bgp default ipv4-unicast\n no bgp network import-check\n{router}"
    activate: dict[str, list[str]] = {}
    for one in neighbours:
        text += f" neighbor {one.address} remote-as {one.asn}\n neighbor {one.address} timers connect 1\n{one.extra}"
        for family in one.families:
            activate.setdefault(FRR_FAMILIES[family], []).append(one.address)
    for family, addresses in activate.items():
        lines = "".join(f"  neighbor {address} activate\n" for address in addresses)
        text += f" address-family {family}\n{lines} exit-address-family\n"
    return Frr(host, f"{text}exit\n{after}", modules)


def wait_up(daemon: Frr | Gobgp, *neighbours: str) -> None:
    """Wait until every named session of this daemon is established."""
    for address in neighbours:
        daemon.host.lab.wait(f"the session with {address}", lambda address=address: daemon.up(address))  # type: ignore[misc]


def told(peer: str, daemon: Gobgp, *families: str) -> list[Route]:
    """What GoBGP itself says it was told to announce, as expected routes."""
    return [{"from": peer, **route} for family in families for route in daemon.routes(family)]


def static(peer: str, routes: Iterable[tuple[str, str, Route]], family: str) -> list[Route]:
    """Expected routes from a table of prefix, configuration and attributes."""
    return [{"from": peer, "family": family, "prefix": prefix, **expected} for prefix, _, expected in routes]
