"""Recordings of what FRR alone can send, and of OPENs with many capabilities from every daemon."""

import time

from .daemons import Bird, Frr, OpenBgpd
from .lab import Host, Lab
from .scenarios import Route, Speaker, save, scenario
from .sessions import Neighbour, frr, gobgp, wait_up

UNICAST = ("ipv4-unicast", "ipv6-unicast")

EVPN_ROUTES: list[Route] = [
    {"type": 2, "mac": "02:00:5e:00:00:11", "vni": 100},
    {"type": 2, "mac": "02:00:5e:00:00:12", "vni": 200},
    {"type": 2, "mac": "02:00:5e:01:01:04", "vni": 100},
    {"type": 2, "mac": "02:00:5e:01:02:04", "vni": 200},
    {"type": 2, "mac": "02:00:5e:01:01:01", "ip": "fe80::5eff:fe01:101", "vni": 100},
    {"type": 2, "mac": "02:00:5e:01:02:01", "ip": "fe80::5eff:fe01:201", "vni": 200},
    {"type": 3, "originator": "192.0.2.2", "vni": 100},
    {"type": 3, "originator": "192.0.2.2", "vni": 200},
    {"type": 5, "prefix": "10.30.0.0/24", "rd": "64500:30", "ethernet_tag": 0, "label": 3000},
    {"type": 5, "prefix": "10.30.1.0/24", "rd": "64500:30", "ethernet_tag": 7, "label": 3000},
    {"type": 5, "prefix": "2001:db8:30::/48", "rd": "64500:30", "ethernet_tag": 0, "label": 3000},
]

NO_OVERLAY = (
    "FRR was told a gateway and an ESI for some of its own type 5 routes and sends zeros for both; "
    "it writes their label 3000 as a label stack entry, not as a VNI."
)

EVPN_PREFIXES = (
    ("10.30.0.0/24", 0, "00:00:00:00:00:00:00:00:00:00", "0.0.0.0"),
    ("10.30.1.0/24", 7, "00:11:22:33:44:55:66:77:88:99", "10.30.0.1"),
    ("2001:db8:30::/48", 0, "00:00:00:00:00:00:00:00:00:00", "2001:db8:30::1"),
)


def _evpn_after() -> str:
    lines = "".join(
        f"  network {prefix} rd 64500:30 ethtag {tag} label 3000 esi {segment} gwip {gateway}"
        " routermac 02:00:5e:ff:00:02\n"
        for prefix, tag, segment, gateway in EVPN_PREFIXES
    )
    family = f" address-family l2vpn evpn\n  advertise-all-vni\n  advertise-svi-ip\n{lines} exit-address-family\n"
    return f"router bgp 64500\n{family}"


def _vxlan(host: Host, vni: int, mac: str) -> None:
    """A bridge with a VXLAN and a port behind which one static MAC address lives."""
    bridge, tunnel, port = f"br{vni}", f"vx{vni}", f"p{vni}"
    tunnel_options = ("id", str(vni), "local", host.ipv4, "dstport", "4789", "nolearning")
    for words in (
        ("link", "add", bridge, "type", "bridge"),
        ("link", "set", bridge, "address", f"02:00:5e:01:{vni // 100:02x}:01"),
        ("link", "add", tunnel, "type", "vxlan", *tunnel_options),
        ("link", "set", tunnel, "address", f"02:00:5e:01:{vni // 100:02x}:02"),
        ("link", "add", port, "type", "veth", "peer", "name", f"q{vni}"),
        ("link", "set", port, "address", f"02:00:5e:01:{vni // 100:02x}:03"),
        ("link", "set", f"q{vni}", "address", f"02:00:5e:01:{vni // 100:02x}:04"),
        *(("link", "set", name, "master", bridge) for name in (tunnel, port)),
        *(("link", "set", name, "up") for name in (bridge, tunnel, port, f"q{vni}")),
    ):
        host.run("ip", *words)
    host.run("bridge", "fdb", "add", mac, "dev", port, "master", "static")


@scenario("evpn-frr", "EVPN from FRR: VXLAN segments (types 2 and 3) and prefixes (type 5)", "frr", "gobgp")
def evpn_frr(lab: Lab) -> None:
    """FRR announces what its kernel's bridges hold; GoBGP records."""
    collector, one = lab.host("collector"), lab.host("frr")
    recorder = gobgp(collector, 64500, [Neighbour(one.ipv4, 64500, ("l2vpn-evpn",))], "updates")
    for vni, mac in ((100, "02:00:5e:00:00:11"), (200, "02:00:5e:00:00:12")):
        _vxlan(one, vni, mac)
    sender = frr(one, 64500, [Neighbour(collector.ipv4, 64500, ("l2vpn-evpn",))], after=_evpn_after())
    wait_up(recorder, one.ipv4)
    time.sleep(4)
    shown = sender.json("show bgp l2vpn evpn")
    one.run("bridge", "fdb", "del", "02:00:5e:00:00:12", "dev", "p200", "master")
    one.run("ip", "link", "set", "vx200", "down")
    time.sleep(4)
    routes = [{"from": one.ipv4, "family": "l2vpn-evpn", **route} for route in EVPN_ROUTES]
    kept = {key: value for key, value in shown.items() if ":" in key}
    save(
        "evpn-frr",
        recorder.recording,
        "gobgp",
        [Speaker("frr", one.ipv4, 64500)],
        routes,
        shown=[kept],
        notes=[NO_OVERLAY],
    )


FRR_MANY = """
 neighbor {hub} capability dynamic
 neighbor {hub} capability extended-nexthop
 neighbor {hub} local-role customer
 bgp graceful-restart
 bgp long-lived-graceful-restart stale-time 3600
"""

FRR_MANY_AFTER = """
router bgp 64500
 address-family ipv4 unicast
  neighbor {hub} addpath-tx-all-paths
  neighbor {hub} capability orf prefix-list both
 exit-address-family
 address-family ipv6 unicast
  neighbor {hub} addpath-tx-bestpath-per-AS
  neighbor {hub} capability orf prefix-list send
 exit-address-family
"""

BIRD_HUB = """
mrtdump protocols {{ states, messages }};
{tables}
protocol bgp to_frr {{
  local as 64511; neighbor {frr} as 64500; connect delay time 1;
  local role provider; advertise hostname on; enable extended messages on;
  graceful restart on; long lived graceful restart on; setkey no;
  {channels}
}}
protocol bgp to_gobgp {{ local as 64511; neighbor {gobgp} as 64501; connect delay time 1; {unicast} }}
protocol bgp to_openbgpd {{ local as 64511; neighbor {openbgpd} as 65550; connect delay time 1; {unicast} }}
"""

BIRD_TABLES = "vpn4 table v4; vpn6 table v6; flow4 table f4; flow6 table f6; ipv4 table m4; ipv6 table m6;"
BIRD_UNICAST = "ipv4 { import all; export none; }; ipv6 { import all; export none; };"
BIRD_CHANNELS = """
  ipv4 { import all; export none; add paths on; extended next hop on; };
  ipv6 { import all; export none; add paths rx; };
  ipv4 multicast { table m4; import all; export none; };
  ipv6 multicast { table m6; import all; export none; };
  vpn4 mpls { table v4; import all; export none; extended next hop on; };
  vpn6 mpls { table v6; import all; export none; };
  flow4 { table f4; import all; export none; };
  flow6 { table f6; import all; export none; };
"""

GOBGP_RESTART = """  [neighbors.graceful-restart.config]
    enabled = true
    notification-enabled = true
    long-lived-enabled = true
    restart-time = 20
"""

GOBGP_SOME = (*UNICAST, "l3vpn-ipv4-unicast", "l2vpn-evpn", "l2vpn-vpls", "ipv4-srpolicy", "ls", "ipv4-mup")

GOBGP_FAMILIES = (
    *UNICAST,
    *("ipv4-labelled-unicast", "ipv6-labelled-unicast", "l3vpn-ipv4-unicast", "l3vpn-ipv6-unicast"),
    *("ipv4-multicast", "l2vpn-evpn", "l2vpn-vpls", "ipv4-encap", "ipv6-encap", "ipv4-flowspec", "ipv6-flowspec"),
    *("l3vpn-ipv4-flowspec", "l3vpn-ipv6-flowspec", "l2vpn-flowspec", "ipv4-srpolicy", "ipv6-srpolicy"),
    *("opaque", "ls", "ipv4-mup", "ipv6-mup"),
)

OPENBGPD_MANY = """
AS 65550
router-id {address}
connect-retry 2
neighbor {hub} {{
  remote-as 64511
  announce IPv4 unicast
  announce IPv6 unicast
  announce IPv4 vpn
  announce IPv6 vpn
  announce enhanced refresh yes
  announce restart yes
  announce add-path recv yes
  announce add-path send all
  announce policy customer
}}
allow from any
allow to any
"""


@scenario(
    "opens", "OPENs with many capabilities from FRR, GoBGP, OpenBGPD and BIRD", "bird", "frr", "gobgp", "openbgpd"
)
def opens(lab: Lab) -> None:
    """BIRD records the OPENs of the others (opens.mrt), FRR that of BIRD (opens-bird.mrt)."""
    hub, one, two, three = (lab.host(name) for name in ("bird", "frr", "gobgp", "openbgpd"))
    names = {"frr": one.ipv4, "gobgp": two.ipv4, "openbgpd": three.ipv4, "tables": BIRD_TABLES}
    recorder = Bird(hub, BIRD_HUB.format(**names, channels=BIRD_CHANNELS, unicast=BIRD_UNICAST))
    families = (*UNICAST, "ipv4-multicast", "ipv6-multicast", "l3vpn-ipv4-unicast", "l3vpn-ipv6-unicast")
    many = FRR_MANY.format(hub=hub.ipv4)
    after = FRR_MANY_AFTER.format(hub=hub.ipv4)
    sender = frr(one, 64500, [Neighbour(hub.ipv4, 64511, families, extra=many)], "all", after=after)
    gobgp(two, 64501, [Neighbour(hub.ipv4, 64511, GOBGP_SOME, add_path=True, extra=GOBGP_RESTART)])
    OpenBgpd(three, OPENBGPD_MANY.format(hub=hub.ipv4, address=three.ipv4))
    for name in ("to_frr", "to_gobgp", "to_openbgpd"):
        lab.wait(f"the session {name}", lambda name=name: recorder.up(name))  # type: ignore[misc]
    time.sleep(3)
    speakers = [Speaker("frr", one.ipv4, 64500), Speaker("gobgp", two.ipv4, 64501)]
    speakers.append(Speaker("openbgpd", three.ipv4, 65550))
    told_capabilities = [
        {
            "from": one.ipv4,
            "families": families,
            "configured": [line.strip() for line in (many + after).splitlines() if line],
        },
        {
            "from": two.ipv4,
            "families": GOBGP_SOME,
            "configured": ["add-path", "graceful restart 20 s, long-lived, notification"],
        },
        {"from": three.ipv4, "configured": [line.strip() for line in OPENBGPD_MANY.splitlines() if "announce" in line]},
    ]
    save("opens", recorder.recording, "bird", speakers, [], opens=told_capabilities)
    bird_told = [
        {
            "from": hub.ipv4,
            "configured": [line.strip() for line in BIRD_HUB.splitlines()[4:6] + BIRD_CHANNELS.splitlines()],
        }
    ]
    save("opens-bird", sender.recording, "frr", [Speaker("bird", hub.ipv4, 64511)], [], opens=bird_told)


OVERFLOW = (
    "GoBGP writes 375 octets of optional parameters and, modulo 256, 119 as their length, without the extended form of "
    "RFC 9072; BIRD refuses this OPEN."
)


@scenario("open-overflow", "an OPEN from GoBGP that is malformed, since its many families do not fit", "bird", "gobgp")
def open_overflow(lab: Lab) -> None:
    """BIRD records what GoBGP sends when it is given every family, ADD-PATH and graceful restart."""
    hub, one = lab.host("bird"), lab.host("gobgp")
    session = f"local as 64511; neighbor {one.ipv4} as 64501; connect delay time 1; {BIRD_UNICAST}"
    recorder = Bird(hub, f"mrtdump protocols {{ states, messages }};\nprotocol bgp to_gobgp {{ {session} }}\n")
    gobgp(one, 64501, [Neighbour(hub.ipv4, 64511, GOBGP_FAMILIES, add_path=True, extra=GOBGP_RESTART)])
    lab.wait("the refusal", lambda: "Invalid OPEN" in recorder.ask("show", "protocols", "to_gobgp"))
    told = [{"from": one.ipv4, "families": GOBGP_FAMILIES}]
    save(
        "open-overflow",
        recorder.recording,
        "bird",
        [Speaker("gobgp", one.ipv4, 64501)],
        [],
        opens=told,
        notes=[OVERFLOW],
    )


EXTRAS_SENDER = """
route-map BANDWIDTH permit 10
 set extcommunity bandwidth 1000
route-map NONTRANSITIVE permit 10
 set extcommunity bandwidth 25000 non-transitive
route-map AGGREGATOR permit 10
 set aggregator as 65551 192.0.2.77
 set atomic-aggregate
route-map ACCEPT permit 10
ip prefix-list WANTED seq 5 permit 10.31.0.0/16 le 24
ip prefix-list WANTED seq 10 deny 10.0.0.0/8 ge 25 le 32
ip prefix-list WANTED seq 15 permit 0.0.0.0/0 le 32
bgp as-path access-list ANY permit .*
router bgp 64500
 address-family ipv4 unicast
  network 10.31.0.0/24 route-map BANDWIDTH
  network 10.31.1.0/24 route-map NONTRANSITIVE
  network 10.31.2.0/24 route-map AGGREGATOR
  network 10.31.3.0/24
  network 10.31.4.0/24
  aggregate-address 10.31.0.0/16 as-set
  aggregate-address 10.31.4.0/22 summary-only
  neighbor {hub} capability orf prefix-list send
  neighbor {hub} prefix-list WANTED in
 exit-address-family
"""

EXTRAS_ROUTES: list[Route] = [
    {"prefix": "10.31.0.0/24", "link_bandwidth_mbps": 1000},
    {"prefix": "10.31.1.0/24", "link_bandwidth_mbps": 25000, "transitive": False},
    {"prefix": "10.31.2.0/24", "aggregator": "65551 192.0.2.77", "atomic_aggregate": True},
    {"prefix": "10.31.3.0/24"},
    {"prefix": "10.31.0.0/16", "aggregate": "as-set"},
    {"prefix": "10.31.4.0/22", "aggregate": "summary-only"},
]


@scenario("orf-frr", "FRR to FRR: ORF in ROUTE-REFRESH, link bandwidth, aggregates, IPv4 over an IPv6 next hop", "frr")
def orf_frr(lab: Lab) -> None:
    """One FRR sends over an IPv6 session, the other records."""
    collector, one = lab.host("collector"), lab.host("frr")
    enhanced = " neighbor {peer} capability extended-nexthop\n"
    receive = "router bgp 64511\n address-family ipv4 unicast\n  neighbor {one} capability orf prefix-list receive\n"
    back = Neighbour(one.ipv6, 64500, UNICAST, extra=enhanced.format(peer=one.ipv6))
    recorder = frr(collector, 64511, [back], "all", after=receive.format(one=one.ipv6))
    out = Neighbour(collector.ipv6, 64511, UNICAST, extra=enhanced.format(peer=collector.ipv6))
    sender: Frr = frr(one, 64500, [out], after=EXTRAS_SENDER.format(hub=collector.ipv6))
    wait_up(recorder, one.ipv6)
    time.sleep(3)
    sender.configure("no ip prefix-list WANTED seq 10")
    sender.ask(f"clear bgp ipv4 unicast {collector.ipv6} in prefix-filter")
    time.sleep(3)
    routes = [{"from": one.ipv6, "family": "ipv4-unicast", **route} for route in EXTRAS_ROUTES]
    wanted = [line for line in EXTRAS_SENDER.splitlines() if "prefix-list WANTED seq" in line]
    save("orf-frr", recorder.recording, "frr", [Speaker("frr", one.ipv6, 64500)], routes, orf=wanted)
