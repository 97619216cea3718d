"""The recording of VPLS, which of Debian's daemons only ExaBGP announces."""

import time

from .daemons import find
from .lab import Lab
from .scenarios import Route, Speaker, save, scenario
from .sessions import Neighbour, gobgp, wait_up

SITES: list[Route] = [
    {"endpoint": 5, "base": 10702, "offset": 1, "size": 8, "rd": "64500:1", "rt": "64500:1", "l2info": "19:0:1500:111"},
    {
        "endpoint": 3,
        "base": 65000,
        "offset": 17,
        "size": 8,
        "rd": "192.0.2.9:2",
        "rt": "64500:2",
        "l2info": "4:2:9000:0",
    },
]

OPTIONS = (
    "exabgp.daemon.user=root",
    "exabgp.daemon.drop=false",
    "exabgp.daemon.daemonize=false",
    "exabgp.api.cli=false",
    "exabgp.log.destination=stdout",
)


def _site(number: int, site: Route) -> str:
    label = " ".join(f"{key} {site[key]};" for key in ("endpoint", "base", "offset", "size", "rd"))
    targets = f"extended-community [ target:{site['rt']} l2info:{site['l2info']} ];"
    return f"    vpls site{number} {{ {label} next-hop 192.0.2.2; origin igp; {targets} }}\n"


@scenario("vpls", "VPLS (RFC 4761) with layer-2 information, from ExaBGP", "gobgp", "exabgp")
def vpls(lab: Lab) -> None:
    """ExaBGP announces two sites; GoBGP records."""
    collector, one = lab.host("collector"), lab.host("exabgp")
    recorder = gobgp(collector, 64500, [Neighbour(one.ipv4, 64500, ("l2vpn-vpls",))], "updates")
    sites = "".join(_site(number, site) for number, site in enumerate(SITES))
    session = f"router-id {one.ipv4}; local-address {one.ipv4}; local-as 64500; peer-as 64500;"
    text = f"neighbor {collector.ipv4} {{\n  {session}\n  family {{ l2vpn vpls; }}\n  l2vpn {{\n{sites}  }}\n}}\n"
    path = one.write("exabgp.conf", text)
    one.spawn("env", *OPTIONS, find("exabgp", "exabgp"), str(path))
    wait_up(recorder, one.ipv4)
    time.sleep(3)
    routes = [{"from": one.ipv4, "family": "l2vpn-vpls", **site} for site in SITES]
    save("vpls", recorder.recording, "gobgp", [Speaker("exabgp", one.ipv4, 64500)], routes)
