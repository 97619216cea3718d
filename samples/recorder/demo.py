"""The recording that a newcomer decodes first: three speakers, IPv4 and IPv6, withdrawals, a shutdown, a return."""

import time

from .daemons import Bird, Frr, Gobgp, OpenBgpd
from .lab import Host, Lab
from .scenarios import Route, Speaker, save, scenario

COLLECTOR = """
mrtdump protocols { states, messages };
template bgp speaker {
  local 192.0.2.1 as 64511;
  connect delay time 1;
  error wait time 1, 2;
  ipv4 { import table; import all; export none; };
  ipv6 { import table; import all; export none; };
}
protocol bgp frr from speaker { neighbor 192.0.2.2 as 64500; }
protocol bgp gobgp from speaker { neighbor 192.0.2.3 as 64501; }
protocol bgp openbgpd from speaker { neighbor 192.0.2.4 as 65550; }
protocol bgp openbgpd6 {
  local 2001:db8::1 as 64511;
  neighbor 2001:db8::4 as 65550;
  connect delay time 1;
  error wait time 1, 2;
  ipv6 { import table; import all; export none; };
}
"""

FRR_MAPS = """
route-map CUSTOMER permit 10
 set community 64500:100 64500:1001
 set metric 50
route-map TRANSIT permit 10
 set as-path prepend 64496 64497
 set community 64500:200 graceful-shutdown
 set large-community 64500:2:64496
 set metric 200
route-map PADDED permit 10
 set as-path prepend 64500 64500
 set extcommunity rt 64500:300
 set extcommunity soo 64500:1
 set origin incomplete
"""


def _route(peer: str, family: str, prefix: str, as_path: str, **attributes: object) -> Route:
    return {"from": peer, "family": family, "prefix": prefix, "as_path": as_path, **attributes}


def _frr_attributes(kind: str) -> dict[str, object]:
    if kind == "CUSTOMER":
        return {"as_path": "64500", "origin": "igp", "med": 50, "communities": ["64500:100", "64500:1001"]}
    if kind == "TRANSIT":
        return {
            "as_path": "64500 64496 64497",
            "origin": "igp",
            "med": 200,
            "communities": ["64500:200", "65535:0"],
            "large_communities": ["64500:2:64496"],
        }
    return {
        "as_path": "64500 64500 64500",
        "origin": "incomplete",
        "med": 0,
        "extended_communities": ["rt:64500:300", "soo:64500:1"],
    }


def _frr_routes() -> list[tuple[str, str, str]]:
    """Family, prefix, route map of what FRR announces."""
    kinds = ("CUSTOMER", "TRANSIT", "PADDED")
    ipv4 = [("ipv4-unicast", f"10.64.{n}.0/24", kinds[n % 3]) for n in range(48)]
    ipv6 = [("ipv6-unicast", f"2001:db8:64{n:02x}::/48", kinds[n % 3]) for n in range(24)]
    return [("ipv4-unicast", "198.51.100.0/24", "CUSTOMER"), *ipv4, *ipv6]


def _frr(host: Host) -> Frr:
    networks = {
        family: "\n".join(f"  network {prefix} route-map {kind}" for f, prefix, kind in _frr_routes() if f == family)
        for family in ("ipv4-unicast", "ipv6-unicast")
    }
    return Frr(
        host,
        f"""{FRR_MAPS}
router bgp 64500
 bgp router-id 192.0.2.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 192.0.2.1 remote-as 64511
 neighbor 192.0.2.1 timers connect 1
 address-family ipv4 unicast
{networks["ipv4-unicast"]}
 exit-address-family
 address-family ipv6 unicast
  neighbor 192.0.2.1 activate
{networks["ipv6-unicast"]}
 exit-address-family
""",
    )


GOBGP = """
[global.config]
  as = 64501
  router-id = "192.0.2.3"
[[neighbors]]
  [neighbors.config]
    neighbor-address = "192.0.2.1"
    peer-as = 64511
  [neighbors.timers.config]
    connect-retry = 1
  [neighbors.transport.config]
    passive-mode = true
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv6-unicast"
"""


def _gobgp_routes() -> list[tuple[str, str, str, Route]]:
    """Family, prefix, the words after it, and the attributes those words ask for."""
    made = []
    for n in range(30):
        family, prefix, hop = (
            ("ipv4", f"10.128.{n * 8}.0/21", "192.0.2.3")
            if n % 2
            else ("ipv6", f"2001:db8:80{n:02x}::/48", "2001:db8::3")
        )
        tail = (65536 + n % 4, 65540 + n % 8)
        words = f"aspath {tail[0]},{tail[1]} origin igp med {n} community 64501:{n},64501:8000 nexthop {hop}"
        words += f" large-community 64501:1:{n},{tail[0]}:7:0"
        attributes: Route = {
            "origin": "igp",
            "med": n,
            "next_hop": hop,
            "communities": [f"64501:{n}", "64501:8000"],
            "large_communities": [f"64501:1:{n}", f"{tail[0]}:7:0"],
        }
        as_path = f"64501 {tail[0]} {tail[1]}"
        made.append((family, prefix, words, _route("192.0.2.3", f"{family}-unicast", prefix, as_path, **attributes)))
    return made


def _openbgpd(host: Host) -> list[Route]:
    routes, lines = [], []
    for n in range(16):
        family, prefix = (
            ("ipv4-unicast", f"203.0.113.{n * 16}/28") if n % 2 else ("ipv6-unicast", f"2001:db8:cb{n:02x}::/47")
        )
        lines.append(f"network {prefix} set {{ med {100 + n} community 65535:666 large-community 65550:0:{n} }}")
        attributes: Route = {"communities": ["65535:666"], "large_communities": [f"65550:0:{n}"], "med": 100 + n}
        peer = "192.0.2.4" if n % 2 else "2001:db8::4"
        routes.append(_route(peer, family, prefix, "65550", origin="igp", **attributes))
    text = "\n".join(lines)
    OpenBgpd(
        host,
        f"""
AS 65550
router-id 192.0.2.4
connect-retry 2
{text}
neighbor 192.0.2.1 {{
  remote-as 64511
  passive
  announce IPv4 unicast
  announce IPv6 none
}}
neighbor 2001:db8::1 {{
  remote-as 64511
  passive
  announce IPv4 none
  announce IPv6 unicast
}}
allow from any
allow to any
""",
    )
    return routes


def _attributes_of(route: tuple[str, str, str]) -> Route:
    family, prefix, kind = route
    attributes = _frr_attributes(kind)
    return {"from": "192.0.2.2", "family": family, "prefix": prefix, **attributes}


@scenario(
    "demo", "three speakers, IPv4 and IPv6, withdrawals, a shutdown and a return", "bird", "frr", "gobgp", "openbgpd"
)
def demo(lab: Lab) -> None:
    """Records demo.mrt (messages and state changes) and demo-rib.mrt (tables, TABLE_DUMP_V2), both by BIRD."""
    hosts = [lab.host(name) for name in ("collector", "frr", "gobgp", "openbgpd")]
    frr = _frr(hosts[1])
    gobgp = Gobgp(hosts[2], GOBGP)
    openbgpd_routes = _openbgpd(hosts[3])
    lab.wait("GoBGP's interface", lambda: bool(gobgp.ask("global")))
    gobgp_routes = _gobgp_routes()
    for family, prefix, words, _ in gobgp_routes:
        gobgp.add(family, f"{prefix} {words}")
    collector = Bird(hosts[0], COLLECTOR)
    for name in ("frr", "gobgp", "openbgpd", "openbgpd6"):
        lab.wait(f"the session with {name}", lambda name=name: collector.up(name))  # type: ignore[misc]
    routes = [_attributes_of(route) for route in _frr_routes()]
    routes += [route for *_, route in gobgp_routes] + openbgpd_routes
    lab.wait("all routes", lambda: _count(collector) == len(routes))
    speakers = [Speaker("frr", "192.0.2.2", 64500), Speaker("gobgp", "192.0.2.3", 64501)]
    speakers += [Speaker("openbgpd", "192.0.2.4", 65550), Speaker("openbgpd", "2001:db8::4", 65550)]
    for table in ("master4", "master6"):
        recording = collector.dump_table(table)
    withdrawn = _withdraw(frr, gobgp, gobgp_routes)
    lab.wait("the withdrawals", lambda: _count(collector) == len(routes) - len(withdrawn))
    frr.configure("router bgp 64500", "neighbor 192.0.2.1 shutdown message maintenance until 06:00 UTC")
    lab.wait("the end of a session", lambda: not collector.up("frr"))
    time.sleep(2)
    frr.configure("router bgp 64500", "no neighbor 192.0.2.1 shutdown")
    lab.wait("the session's return", lambda: collector.up("frr"))
    lab.wait("the routes again", lambda: _count(collector) == len(routes) - len(withdrawn))
    time.sleep(1)
    lab.stop(collector.process)
    save("demo-rib", recording, "bird", speakers, routes)
    shutdown = {"from": "192.0.2.2", "code": 6, "subcode": 2, "text": "maintenance until 06:00 UTC"}
    save("demo", collector.recording, "bird", speakers, routes, withdrawn=withdrawn, notifications=[shutdown])


def _count(collector: Bird) -> int:
    words = collector.ask("show", "route", "count")
    return sum(int(line.split(" of ")[0]) for line in words.splitlines() if "in table" in line)


def _withdraw(frr: Frr, gobgp: Gobgp, gobgp_routes: list[tuple[str, str, str, Route]]) -> list[Route]:
    """Take some routes back from each speaker; what was taken back."""
    withdrawn = []
    for family, prefix, kind in _frr_routes()[3:60:9]:
        name = family.replace("-", " ")
        frr.configure("router bgp 64500", f"address-family {name}", f"no network {prefix} route-map {kind}")
        withdrawn.append({"from": "192.0.2.2", "family": family, "prefix": prefix})
    for family, prefix, *_ in gobgp_routes[::7]:
        gobgp.delete(family, prefix)
        withdrawn.append({"from": "192.0.2.3", "family": f"{family}-unicast", "prefix": prefix})
    return withdrawn
