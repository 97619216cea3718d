"""Recordings of BMP: FRR and GoBGP tell a station of a peer's routes, which come and go."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import bmp_sink
from .daemons import Gobgp
from .lab import Host, Lab
from .scenarios import Route, Speaker, save, scenario
from .sessions import Neighbour, frr, gobgp, wait_up

PORT = 11019
RD = "64501:1"

ROUTES: list[tuple[str, str, str, Route]] = [
    ("ipv4", "10.30.0.0/24", "origin igp", {"origin": "igp"}),
    (
        "ipv4",
        "10.30.1.0/24",
        "aspath 64510,4200000000 origin egp med 5 community 64501:1,64501:2",
        {"as_path": "64501 64510 4200000000", "origin": "egp", "med": 5, "communities": ["64501:1", "64501:2"]},
    ),
    (
        "ipv4",
        "10.30.2.0/23",
        "large-community 64501:1:4294967295,4200000000:0:0 rt 64501:30",
        {
            "large_communities": ["64501:1:4294967295", "4200000000:0:0"],
            "extended_communities": ["rt:64501:30"],
        },
    ),
    ("ipv4", "0.0.0.0/0", "origin incomplete", {"origin": "incomplete"}),
    ("ipv4", "10.30.3.128/25", "community 65535:65281", {"communities": ["65535:65281"]}),
    ("ipv6", "2001:db8:30::/48", "origin igp community 64501:6", {"communities": ["64501:6"]}),
    ("ipv6", "2001:db8:30:1::/64", "med 4294967295", {"med": 4294967295}),
    ("ipv6", "::/0", "origin incomplete", {"origin": "incomplete"}),
]
VPN: list[tuple[str, str, str, Route]] = [
    ("vpnv4", "10.31.0.0/24", f"label 31 rd {RD} rt 64501:31", {"rd": RD, "extended_communities": ["rt:64501:31"]}),
    ("vpnv6", "2001:db8:31::/48", f"label 32 rd {RD} rt 64501:31", {"rd": RD}),
]
NAMES = {
    "ipv4": "ipv4-unicast",
    "ipv6": "ipv6-unicast",
    "vpnv4": "l3vpn-ipv4-unicast",
    "vpnv6": "l3vpn-ipv6-unicast",
}
FAMILIES = {
    "ipv4": "ipv4-unicast",
    "ipv6": "ipv6-unicast",
    "vpnv4": "ipv4-mpls-vpn",
    "vpnv6": "ipv6-mpls-vpn",
}
"""As the expected routes name them."""

POLICY = """route-map IN permit 10
 set community 64500:999 additive
"""
BEHIND: Route = {"communities": ["64500:999"]}
OWN_AS = "FRR writes its own AS number in front of the AS_PATH of an external peer, in both tables."


def _sink(host: Host) -> Path:
    """Start the station; the file that it writes."""
    path = host.directory / "station.bmp"
    host.spawn(sys.executable, bmp_sink.__file__, host.ipv4, str(PORT), str(path))
    host.lab.wait("the station", path.exists)
    return path


def _expected(peer: Host, routes: list[tuple[str, str, str, Route]]) -> list[Route]:
    found = []
    for family, prefix, _, attributes in routes:
        found.append({"from": peer.ipv4, "family": FAMILIES[family], "prefix": prefix, **attributes})
    return found


def _announce(sender: Gobgp, routes: list[tuple[str, str, str, Route]]) -> None:
    for family, prefix, words, _ in routes:
        hop = sender.host.ipv6 if family.endswith("6") else sender.host.ipv4
        sender.add(family, f"{prefix} {words} nexthop {hop}")


def _quiet(lab: Lab, recording: Path) -> None:
    """Wait until nothing more is told, but for statistics that come now and then."""
    lab.wait("the first octets", lambda: recording.stat().st_size > 0)
    size = -1
    while (now := recording.stat().st_size) != size:
        size = now
        time.sleep(2)


def _record(
    lab: Lab,
    name: str,
    daemon: str,
    routes: list[tuple[str, str, str, Route]],
    start: Callable[[Host, Host, Host], object],
    **more: object,
) -> None:
    """A peer comes up with routes, withdraws every third, goes with a NOTIFICATION, and returns with the rest."""
    station, router, peer = (lab.host(one) for one in ("station", "router", "peer"))
    recording = _sink(station)
    families = tuple(dict.fromkeys(NAMES[family] for family, *_ in routes))
    monitored = start(station, router, peer)
    lab.wait("the connection to the station", lambda: recording.stat().st_size > 0)
    time.sleep(2)
    sender = gobgp(peer, 64501, [Neighbour(router.ipv4, 64500, families)])
    wait_up(sender, router.ipv4)
    _announce(sender, routes)
    _quiet(lab, recording)
    gone = routes[::3]
    for family, prefix, words, attributes in gone:
        sender.delete(family, f"{prefix} {words.partition(' rt ')[0]}" if "rd" in attributes else prefix)
    _quiet(lab, recording)
    sender.ask("neighbor", router.ipv4, "shutdown", "moved to another rack")
    _quiet(lab, recording)
    sender.ask("neighbor", router.ipv4, "enable")
    wait_up(sender, router.ipv4)
    _quiet(lab, recording)
    lab.stop(monitored.process)  # type: ignore[attr-defined]
    time.sleep(1)
    save(
        name,
        recording,
        daemon,
        [Speaker("gobgp", peer.ipv4, 64501)],
        _expected(peer, routes),
        suffix="bmp",
        withdrawn=[{"from": peer.ipv4, "family": FAMILIES[family], "prefix": prefix} for family, prefix, *_ in gone],
        notifications=[{"from": peer.ipv4, "code": 6, "subcode": 2, "text": "moved to another rack"}],
        **more,
    )


def _frr() -> Callable[[Host, Host, Host], object]:
    def start(station: Host, router: Host, peer: Host) -> object:
        text = "router bgp 64500\n bmp targets station\n"
        text += f"  bmp connect {station.ipv4} port {PORT} min-retry 100 max-retry 500\n"
        for family in ("ipv4 unicast", "ipv6 unicast"):
            text += f"  bmp monitor {family} pre-policy\n  bmp monitor {family} post-policy\n"
        text += "  bmp stats interval 5000\n exit\n"
        for family in ("ipv4 unicast", "ipv6 unicast"):
            text += f" address-family {family}\n  neighbor {peer.ipv4} soft-reconfiguration inbound\n"
            text += f"  neighbor {peer.ipv4} route-map IN in\n exit-address-family\n"
        neighbour = Neighbour(peer.ipv4, 64501, ("ipv4-unicast", "ipv6-unicast"))
        return frr(router, 64500, [neighbour], before=POLICY, after=f"{text}exit\n", modules=("bmp",))

    return start


def _gobgp(families: tuple[str, ...], add_path: bool = False) -> Callable[[Host, Host, Host], object]:
    def start(station: Host, router: Host, peer: Host) -> object:
        servers = f'[[bmp-servers]]\n  [bmp-servers.config]\n    address = "{station.ipv4}"\n    port = {PORT}\n'
        servers += '    route-monitoring-policy = "all"\n    statistics-timeout = 15\n'
        return gobgp(router, 64500, [Neighbour(peer.ipv4, 64501, families, add_path)], extra=servers)

    return start


@scenario(
    "bmp-frr", "BMP of FRR: Adj-RIB-In before and behind a policy, of a peer that goes and returns", "frr", "gobgp"
)
def bmp_frr(lab: Lab) -> None:
    """FRR is monitored; its policy adds a community."""
    views = ["adj-rib-in-pre", "adj-rib-in-post"]
    _record(lab, "bmp-frr", "frr", ROUTES, _frr(), views=views, behind_the_policy=BEHIND, notes=[OWN_AS])


@scenario("bmp-gobgp", "BMP of GoBGP: Adj-RIB-In before and behind the policy, Loc-RIB; with VPN routes", "gobgp")
def bmp_gobgp(lab: Lab) -> None:
    """GoBGP is monitored."""
    families = tuple(NAMES.values())
    views = ["adj-rib-in-pre", "adj-rib-in-post", "loc-rib"]
    _record(lab, "bmp-gobgp", "gobgp", [*ROUTES, *VPN], _gobgp(families), views=views)


PATHS: list[tuple[str, str, str, Route]] = [
    ("ipv4", prefix, f"med {med} identifier {med}", {"med": med})
    for prefix in ("10.32.0.0/24", "10.32.1.0/25")
    for med in (7, 9)
]
NOT_THERE = "The OPENs negotiated ADD-PATH for IPv4 unicast; path identifiers are only in the views of `identified`."


def _add_path(
    lab: Lab,
    name: str,
    daemon: str,
    start: Callable[[Host, Host, Host], object],
    views: list[str],
    *identified: str,
    **more: object,
) -> None:
    """Two paths of each prefix, of a session with ADD-PATH; withdrawn by the end of the session."""
    station, router, peer = (lab.host(one) for one in ("station", "router", "peer"))
    recording = _sink(station)
    monitored = start(station, router, peer)
    lab.wait("the connection to the station", lambda: recording.stat().st_size > 0)
    time.sleep(2)
    sender = gobgp(peer, 64501, [Neighbour(router.ipv4, 64500, ("ipv4-unicast",), add_path=True)])
    wait_up(sender, router.ipv4)
    _announce(sender, PATHS)
    _quiet(lab, recording)
    lab.stop(sender.process)
    time.sleep(2)  # FRR is not quiet then: it tells of a Peer Down with every attempt to connect
    lab.stop(monitored.process)  # type: ignore[attr-defined]
    speakers, routes = [Speaker("gobgp", peer.ipv4, 64501)], _expected(peer, PATHS)
    more = {"views": views, "identified": list(identified), **more, "notes": [NOT_THERE]}
    save(name, recording, daemon, speakers, routes, suffix="bmp", **more)


@scenario("bmp-add-path-frr", "BMP of FRR, of a session with ADD-PATH", "frr", "gobgp")
def bmp_add_path_frr(lab: Lab) -> None:
    """FRR leaves out all path identifiers."""
    _add_path(lab, "bmp-add-path-frr", "frr", _frr(), ["adj-rib-in-pre", "adj-rib-in-post"], behind_the_policy=BEHIND)


@scenario("bmp-add-path-gobgp", "BMP of GoBGP, of a session with ADD-PATH", "gobgp")
def bmp_add_path_gobgp(lab: Lab) -> None:
    """GoBGP has path identifiers in Adj-RIB-In before the policy alone."""
    views = ["adj-rib-in-pre", "adj-rib-in-post", "loc-rib"]
    start = _gobgp(("ipv4-unicast",), add_path=True)
    _add_path(lab, "bmp-add-path-gobgp", "gobgp", start, views, "adj-rib-in-pre")
