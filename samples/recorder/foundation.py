"""Recordings for the families and attributes that every BGP decoder reads."""

import os
import signal
import time
from pathlib import Path

from .daemons import Bird, OpenBgpd
from .lab import Lab
from .scenarios import Route, Speaker, save, scenario
from .sessions import Neighbour, frr, gobgp, static, told, wait_up

UNICAST = ("ipv4-unicast", "ipv6-unicast")

ATTRIBUTES: list[tuple[str, str, Route]] = [
    ("10.1.0.0/16", "", {"origin": "igp", "as_path": "", "local_pref": 100}),
    ("10.1.1.0/24", "bgp_origin = ORIGIN_EGP;", {"origin": "egp", "local_pref": 100}),
    ("10.1.2.0/24", "bgp_origin = ORIGIN_INCOMPLETE;", {"origin": "incomplete", "local_pref": 100}),
    ("10.1.3.0/24", "bgp_med = 0;", {"med": 0}),
    ("10.1.4.0/24", "bgp_med = 4294967295;", {"med": 4294967295}),
    ("10.1.5.0/24", "bgp_local_pref = 0;", {"local_pref": 0}),
    ("10.1.6.0/24", "bgp_local_pref = 4294967295;", {"local_pref": 4294967295}),
    ("10.1.7.0/24", "bgp_path.prepend(65551); bgp_path.prepend(64496);", {"as_path": "64496 65551"}),
    (
        "10.1.8.0/24",
        "bgp_community.add((64500,1)); bgp_community.add((65535,666));",
        {"communities": ["64500:1", "65535:666"]},
    ),
    (
        "10.1.9.0/24",
        "bgp_large_community.add((65551,4294967295,0)); bgp_large_community.add((64500,1,2));",
        {"large_communities": ["64500:1:2", "65551:4294967295:0"]},
    ),
    (
        "10.1.10.0/24",
        "bgp_ext_community.add((rt,64500,100)); bgp_ext_community.add((ro,192.0.2.9,7)); "
        "bgp_ext_community.add((rt,65551,9)); bgp_ext_community.add((generic,0x43000000,0x1));",
        {"extended_communities": ["rt:64500:100", "ro:192.0.2.9:7", "rt:65551:9", "0x4300000000000001"]},
    ),
    (
        "10.1.11.0/24",
        "bgp_originator_id = 192.0.2.77; bgp_cluster_list.add(192.0.2.78); bgp_cluster_list.add(192.0.2.79);",
        {"originator_id": "192.0.2.77", "cluster_list": ["192.0.2.79", "192.0.2.78"]},
    ),
    (
        "10.1.12.0/24",
        "bgp_path.prepend(65551); bgp_path.prepend(65551); bgp_path.prepend(65551);",
        {"as_path": "65551 65551 65551"},
    ),
    ("0.0.0.0/0", "bgp_med = 1;", {"med": 1}),
    ("203.0.113.255/32", "bgp_med = 32;", {"med": 32}),
    ("192.0.2.128/25", "bgp_med = 25;", {"med": 25}),
    ("128.0.0.0/1", "bgp_med = 2;", {"med": 2}),
]

ATTRIBUTES_IPV6: list[tuple[str, str, Route]] = [
    ("::/0", "bgp_med = 1;", {"med": 1}),
    ("2001:db8::/32", "bgp_community.add((64500,6));", {"communities": ["64500:6"]}),
    ("2001:db8:1:2:3:4:5:6/128", "bgp_path.prepend(65536);", {"as_path": "65536"}),
    ("2001:db8:ffff::/49", "bgp_large_community.add((1,2,3));", {"large_communities": ["1:2:3"]}),
]

GOBGP_ATTRIBUTES = (
    ("ipv4", '10.2.0.0/24 aspath "64496 64497 {64498,65550} 64499" nexthop 192.0.2.3'),
    ("ipv4", "10.2.1.0/24 aggregator 65551:192.0.2.99 nexthop 192.0.2.3"),
    ("ipv4", "10.2.2.0/24 aigp metric 12345 nexthop 192.0.2.3"),
    ("ipv4", "10.2.3.0/24 community internet,planned-shut,accept-own,no-llgr,blackhole nexthop 192.0.2.3"),
    ("ipv4", "10.2.4.0/24 origin egp med 7 local-pref 300 nexthop 192.0.2.3"),
    ("ipv4", "10.2.5.0/24 nexthop 2001:db8::3"),
    ("ipv6", "2001:db8:2::/48 aggregator 64500:192.0.2.98 nexthop 2001:db8::3"),
    ("ipv6", "2001:db8:3::/48 aigp metric 18446744073709551615 nexthop 2001:db8::3"),
)


def bird_static(routes: list[tuple[str, str, Route]], channel: str, hop: str) -> str:
    """A BIRD static protocol that holds these routes with their attributes."""
    lines = "\n".join(f"  route {prefix} via {hop} {{ {words} }};" for prefix, words, _ in routes)
    return f"protocol static {{\n  {channel};\n{lines}\n}}\n"


def bird_sender(as_number: int, neighbour: str, channels: str, extra: str = "") -> str:
    """A BIRD session that announces everything it holds and accepts nothing."""
    return f"""protocol bgp to_collector {{
  local as {as_number};
  neighbor {neighbour};
  connect delay time 1;
  {extra}
  {channels}
}}
"""


SEND_BOTH = "ipv4 { import none; export all; next hop self; }; ipv6 { import none; export all; next hop self; };"


@scenario(
    "attributes", "every common attribute over iBGP, with microseconds, and FRR's table dump", "bird", "gobgp", "frr"
)
def attributes(lab: Lab) -> None:
    """BIRD and GoBGP send; FRR records BGP4MP_ET (attributes.mrt) and TABLE_DUMP_V2 (attributes-rib.mrt)."""
    collector, one, two = (lab.host(name) for name in ("collector", "bird", "gobgp"))
    families = [Neighbour(host.ipv4, 64500, UNICAST) for host in (one, two)]
    table = collector.directory / "table.mrt"
    recorder = frr(collector, 64500, families, "all-et", after=f"dump bgp routes-mrt {table} 5\n")
    statics = bird_static(ATTRIBUTES, "ipv4", one.ipv4) + bird_static(ATTRIBUTES_IPV6, "ipv6", one.ipv6)
    Bird(one, statics + bird_sender(64500, f"{collector.ipv4} as 64500", SEND_BOTH))
    sender = gobgp(two, 64500, [Neighbour(collector.ipv4, 64500, UNICAST)])
    for family, words in GOBGP_ATTRIBUTES:
        sender.add(family, words)
    wait_up(recorder, one.ipv4, two.ipv4)
    routes = static(one.ipv4, ATTRIBUTES, "ipv4-unicast") + static(one.ipv4, ATTRIBUTES_IPV6, "ipv6-unicast")
    routes += told(two.ipv4, sender, "ipv4", "ipv6")
    lab.wait("the routes", lambda: len(recorder.json("show bgp ipv4 unicast")["routes"]) >= len(ATTRIBUTES) + 4)
    time.sleep(6)
    recorder.configure(f"no dump bgp routes-mrt {table} 5")
    for family, words in GOBGP_ATTRIBUTES:
        sender.delete(family, words.split()[0])
    time.sleep(2)
    speakers = [Speaker("bird", one.ipv4, 64500), Speaker("gobgp", two.ipv4, 64500)]
    save("attributes", recorder.recording, "frr", speakers, routes, commands=sender.commands)
    save("attributes-rib", table, "frr", speakers, routes, commands=sender.commands)


AS2: list[tuple[str, str, Route]] = [
    ("10.3.0.0/24", "bgp_path.prepend(64496);", {"as_path": "64500 64496"}),
    ("10.3.1.0/24", "bgp_path.prepend(65551); bgp_path.prepend(64496);", {"as_path": "64500 64496 65551"}),
    ("10.3.2.0/24", "bgp_path.prepend(65536); bgp_path.prepend(65537);", {"as_path": "64500 65537 65536"}),
]


@scenario("two-octet-as", "a session without 4-octet AS numbers: AS_TRANS, AS4_PATH, AS4_AGGREGATOR", "bird", "gobgp")
def two_octet_as(lab: Lab) -> None:
    """A BIRD that does not speak 4-octet AS numbers records what another BIRD and GoBGP send it."""
    collector, one, two = (lab.host(name) for name in ("collector", "bird", "gobgp"))
    receive = "enable as4 off; connect delay time 1; ipv4 { import all; export none; };"
    recorder = Bird(
        collector,
        f"""mrtdump protocols {{ states, messages }};
protocol bgp from_bird {{ local as 64511; neighbor {one.ipv4} as 64500; {receive} }}
protocol bgp from_gobgp {{ local as 64511; neighbor {two.ipv4} as 64501; {receive} }}
""",
    )
    channel = "ipv4 { import none; export all; next hop self; };"
    Bird(one, bird_static(AS2, "ipv4", one.ipv4) + bird_sender(64500, f"{collector.ipv4} as 64511", channel))
    sender = gobgp(two, 64501, [Neighbour(collector.ipv4, 64511, UNICAST[:1])])
    sender.add("ipv4", "10.3.8.0/24 aspath 65550,64497 aggregator 65551:192.0.2.99")
    sender.add("ipv4", "10.3.9.0/24 aspath 64497 aggregator 64497:192.0.2.99")
    for name in ("from_bird", "from_gobgp"):
        lab.wait(f"the session with {name}", lambda name=name: recorder.up(name))  # type: ignore[misc]
    time.sleep(3)
    lab.stop(recorder.process)
    routes = static(one.ipv4, AS2, "ipv4-unicast") + told(two.ipv4, sender, "ipv4")
    speakers = [Speaker("bird", one.ipv4, 64500), Speaker("gobgp", two.ipv4, 64501)]
    save("two-octet-as", recorder.recording, "bird", speakers, routes, commands=sender.commands)


FRR_LAST_RECORD = (
    "The last record is what FRR writes for its own pseudo peer as it stops: a BGP4MP_STATE_CHANGE_AS4 of 12 octets "
    "without interface index, address family and addresses, which RFC 6396 does not know."
)

CONFEDERATION: list[tuple[str, str, Route]] = [
    ("10.4.0.0/24", "", {"as_path": "(65001)", "local_pref": 100}),
    ("10.4.1.0/24", "bgp_path.prepend(64496);", {"as_path": "(65001) 64496", "local_pref": 100}),
]


@scenario("confederation", "two member ASes of one confederation: AS_CONFED_SEQUENCE", "bird", "frr")
def confederation(lab: Lab) -> None:
    """BIRD in member AS 65001 sends to FRR in member AS 65002 of confederation 64500; FRR records."""
    collector, one = lab.host("collector"), lab.host("bird")
    router = " bgp confederation identifier 64500\n bgp confederation peers 65001\n"
    recorder = frr(collector, 65002, [Neighbour(one.ipv4, 65001, UNICAST)], "all", router)
    member = "confederation 64500; confederation member yes;"
    text = bird_static(CONFEDERATION, "ipv4", one.ipv4)
    Bird(one, text + bird_sender(65001, f"{collector.ipv4} as 65002", SEND_BOTH, member))
    wait_up(recorder, one.ipv4)
    time.sleep(3)
    lab.stop(recorder.process)
    routes = static(one.ipv4, CONFEDERATION, "ipv4-unicast")
    save(
        "confederation", recorder.recording, "frr", [Speaker("bird", one.ipv4, 65001)], routes, notes=[FRR_LAST_RECORD]
    )


@scenario("add-path", "ADD-PATH for IPv4 and IPv6, messages and tables, by BIRD and by GoBGP", "bird", "gobgp")
def add_path(lab: Lab) -> None:
    """GoBGP sends several paths a prefix; BIRD and a second GoBGP record (RFC 8050 subtypes)."""
    collector, second, sender_host = (lab.host(name) for name in ("collector", "gobgp2", "gobgp"))
    channel = "{ add paths rx; import all; export none; }"
    recorder = Bird(
        collector,
        f"""mrtdump protocols {{ states, messages }};
protocol bgp gobgp {{ local as 64500; neighbor {sender_host.ipv4} as 64500; connect delay time 1;
  ipv4 {channel}; ipv6 {channel}; }}
""",
    )
    other = gobgp(second, 64500, [Neighbour(sender_host.ipv4, 64500, UNICAST, add_path=True)], "updates")
    peers = [Neighbour(host.ipv4, 64500, UNICAST, add_path=True) for host in (collector, second)]
    sender = gobgp(sender_host, 64500, peers)
    paths = [
        (family, f"{prefix} identifier {path} med {path} community 64500:{path} nexthop {hop}")
        for family, prefix, hop in (
            ("ipv4", "10.5.0.0/24", sender_host.ipv4),
            ("ipv4", "10.5.1.0/25", sender_host.ipv4),
            ("ipv6", "2001:db8:5::/48", sender_host.ipv6),
            ("ipv6", "2001:db8:5:8000::/49", sender_host.ipv6),
        )
        for path in (1, 2, 30)
    ]
    for family, words in paths:
        sender.add(family, words)
    lab.wait("BIRD's session", lambda: recorder.up("gobgp"))
    wait_up(other, sender_host.ipv4)
    time.sleep(3)
    routes = told(sender_host.ipv4, sender, "ipv4", "ipv6")
    for table in ("master4", "master6"):
        tables = recorder.dump_table(table)
    for family, words in paths[::4]:
        sender.delete(family, words)
    time.sleep(3)
    lab.stop(recorder.process)
    lab.stop(other.process)
    speakers = [Speaker("gobgp", sender_host.ipv4, 64500)]
    save("add-path-bird", recorder.recording, "bird", speakers, routes, commands=sender.commands)
    save("add-path-bird-rib", tables, "bird", speakers, routes, commands=sender.commands)
    save("add-path-gobgp", other.recording, "gobgp", speakers, routes, commands=sender.commands)


VPN4: list[tuple[str, str, Route]] = [
    ("10.6.0.0/24", "64500:1 label=100", {"rd": "64500:1", "labels": [100], "extended_communities": ["rt:64500:1"]}),
    (
        "10.6.0.0/24",
        "192.0.2.9:2 label=101",
        {"rd": "192.0.2.9:2", "labels": [101], "extended_communities": ["rt:64500:1"]},
    ),
    (
        "0.0.0.0/0",
        "65551:3 label=1048575",
        {"rd": "65551:3", "labels": [1048575], "extended_communities": ["rt:64500:1"]},
    ),
    ("10.6.6.6/32", "64500:1 label=16", {"rd": "64500:1", "labels": [16], "extended_communities": ["rt:64500:1"]}),
]

VPN6: list[tuple[str, str, Route]] = [
    (
        "2001:db8:6::/48",
        "64500:1 label=200",
        {"rd": "64500:1", "labels": [200], "extended_communities": ["rt:64500:1"]},
    ),
    ("::/0", "192.0.2.9:2 label=201", {"rd": "192.0.2.9:2", "labels": [201], "extended_communities": ["rt:64500:1"]}),
    (
        "2001:db8:6::6/128",
        "65551:3 label=202",
        {"rd": "65551:3", "labels": [202], "extended_communities": ["rt:64500:1"]},
    ),
]


def bird_vpn(routes: list[tuple[str, str, Route]], channel: str, hop: str) -> str:
    """A BIRD static protocol that holds VPN routes, each with its label and a route target."""
    lines = ""
    for prefix, words, _ in routes:
        distinguisher, label = words.split(" label=")
        lines += (
            f"  route {distinguisher} {prefix} via {hop} mpls {label} {{ bgp_ext_community.add((rt,64500,1)); }};\n"
        )
    return f"{channel} table {channel}tab;\nprotocol static {{ {channel};\n{lines}}}\n"


VPN = ("l3vpn-ipv4-unicast", "l3vpn-ipv6-unicast")

FRR_VPN = """
router bgp 64500
 address-family ipv4 vpn
  network 10.7.0.0/24 rd 64500:7 label 700
  network 10.7.1.0/24 rd 192.0.2.4:7 label 701
 exit-address-family
 address-family ipv6 vpn
  network 2001:db8:7::/48 rd 64500:7 label 702
 exit-address-family
"""

FRR_VPN_ROUTES: list[Route] = [
    {"family": "l3vpn-ipv4-unicast", "prefix": "10.7.0.0/24", "rd": "64500:7", "labels": [700]},
    {"family": "l3vpn-ipv4-unicast", "prefix": "10.7.1.0/24", "rd": "192.0.2.4:7", "labels": [701]},
    {"family": "l3vpn-ipv6-unicast", "prefix": "2001:db8:7::/48", "rd": "64500:7", "labels": [702]},
]

GOBGP_VPN = (
    ("vpnv4", "10.8.0.0/24 label 800 rd 64500:8 rt 64500:8 64500:88 nexthop 192.0.2.4"),
    ("vpnv4", "10.8.1.0/24 label 801 rd 192.0.2.9:8 rt 192.0.2.9:8 nexthop 192.0.2.4"),
    ("vpnv4", "10.8.2.0/24 label 802 rd 1.15:8 rt 1.15:8 color 100 nexthop 192.0.2.4"),
    ("vpnv6", "2001:db8:8::/48 label 803 rd 64500:8 rt 64500:8 nexthop 2001:db8::4"),
    ("vpnv6", "2001:db8:8:1::/64 label 804 rd 1.15:8 rt 64500:8 nexthop 192.0.2.4"),
)


@scenario("vpn", "VPNv4 and VPNv6 from BIRD, FRR and GoBGP", "bird", "frr", "gobgp")
def vpn(lab: Lab) -> None:
    """GoBGP records what BIRD and FRR send (vpn.mrt); FRR records what GoBGP sends (vpn-frr.mrt)."""
    collector, one, two, three = (lab.host(name) for name in ("collector", "bird", "frr", "gobgp"))
    recorder = gobgp(collector, 64500, [Neighbour(host.ipv4, 64500, VPN) for host in (one, two)], "updates")
    text = bird_vpn(VPN4, "vpn4", one.ipv4) + bird_vpn(VPN6, "vpn6", one.ipv6)
    channels = "vpn4 mpls { import none; export all; }; vpn6 mpls { import none; export all; };"
    Bird(one, text + bird_sender(64500, f"{collector.ipv4} as 64500", channels))
    peers = [Neighbour(host.ipv4, 64500, VPN) for host in (collector, three)]
    middle = frr(two, 64500, peers, "all", after=FRR_VPN)
    sender = gobgp(three, 64500, [Neighbour(two.ipv4, 64500, VPN)])
    for family, words in GOBGP_VPN:
        sender.add(family, words)
    wait_up(recorder, one.ipv4, two.ipv4)
    wait_up(middle, three.ipv4)
    time.sleep(3)
    for family, words in GOBGP_VPN[::2]:
        sender.delete(family, words)
    middle.configure("router bgp 64500", "address-family ipv4 vpn", "no network 10.7.0.0/24 rd 64500:7 label 700")
    time.sleep(3)
    routes = static(one.ipv4, VPN4, VPN[0]) + static(one.ipv4, VPN6, VPN[1])
    routes += [{"from": two.ipv4, **route} for route in FRR_VPN_ROUTES]
    speakers = [Speaker("bird", one.ipv4, 64500), Speaker("frr", two.ipv4, 64500)]
    save("vpn", recorder.recording, "gobgp", speakers, routes, withdrawn=[{"from": two.ipv4, **FRR_VPN_ROUTES[0]}])
    commands = [{"from": three.ipv4, **command} for command in sender.commands]
    save("vpn-frr", middle.recording, "frr", [Speaker("gobgp", three.ipv4, 64500)], commands)


LABELLED: list[tuple[str, str, Route]] = [
    ("10.9.0.0/24", "900", {"labels": [900]}),
    ("10.9.1.0/24", "901/902/903", {"labels": [901, 902, 903]}),
    ("0.0.0.0/0", "3", {"labels": [3]}),
]

LABELLED_IPV6: list[tuple[str, str, Route]] = [
    ("2001:db8:9::/48", "910", {"labels": [910]}),
    ("2001:db8:9::9/128", "911/912", {"labels": [911, 912]}),
]

LABELLED_FAMILIES = ("ipv4-labelled-unicast", "ipv6-labelled-unicast")

GOBGP_LABELLED = (
    ("ipv4-mpls", "10.10.0.0/24 1000 nexthop 192.0.2.3"),
    ("ipv4-mpls", "10.10.1.0/24 1001/1002 nexthop 192.0.2.3 community 64500:10"),
    ("ipv6-mpls", "2001:db8:10::/48 1003 nexthop 2001:db8::3"),
    ("ipv6-mpls", "2001:db8:10:1::/64 1004/1005/1006 nexthop 2001:db8::3"),
)


def bird_labelled(routes: list[tuple[str, str, Route]], channel: str, hop: str) -> str:
    """A BIRD static protocol whose routes push labels."""
    lines = "".join(f"  route {prefix} via {hop} mpls {labels};\n" for prefix, labels, _ in routes)
    return f"protocol static {{ {channel};\n{lines}}}\n"


@scenario("labelled", "labelled unicast for IPv4 and IPv6 from BIRD and GoBGP, one to three labels", "bird", "gobgp")
def labelled(lab: Lab) -> None:
    """A second GoBGP records what BIRD and GoBGP send, and what they take back."""
    collector, one, two = (lab.host(name) for name in ("collector", "bird", "gobgp"))
    recorder = gobgp(
        collector, 64500, [Neighbour(host.ipv4, 64500, LABELLED_FAMILIES) for host in (one, two)], "updates"
    )
    text = bird_labelled(LABELLED, "ipv4", one.ipv4) + bird_labelled(LABELLED_IPV6, "ipv6", one.ipv6)
    channels = "ipv4 mpls { import none; export all; }; ipv6 mpls { import none; export all; };"
    bird = Bird(one, text + bird_sender(64500, f"{collector.ipv4} as 64500", channels))
    sender = gobgp(two, 64500, [Neighbour(collector.ipv4, 64500, LABELLED_FAMILIES)])
    for family, words in GOBGP_LABELLED:
        sender.add(family, words)
    wait_up(recorder, one.ipv4, two.ipv4)
    time.sleep(3)
    routes = static(one.ipv4, LABELLED, LABELLED_FAMILIES[0]) + static(one.ipv4, LABELLED_IPV6, LABELLED_FAMILIES[1])
    routes += told(two.ipv4, sender, "ipv4-mpls", "ipv6-mpls")
    for family, words in GOBGP_LABELLED:
        sender.delete(family, words)
    bird.ask("disable", "static1")
    time.sleep(3)
    speakers = [Speaker("bird", one.ipv4, 64500), Speaker("gobgp", two.ipv4, 64500)]
    save("labelled", recorder.recording, "gobgp", speakers, routes, commands=sender.commands)


MULTICAST: list[tuple[str, str, Route]] = [("10.11.0.0/24", "bgp_med = 11;", {"med": 11}), ("10.11.1.0/25", "", {})]
MULTICAST_IPV6: list[tuple[str, str, Route]] = [("2001:db8:11::/48", "bgp_med = 12;", {"med": 12})]


@scenario("multicast", "IPv4 and IPv6 multicast (SAFI 2) routes, recorded by FRR", "bird", "frr")
def multicast(lab: Lab) -> None:
    """BIRD announces multicast routes to FRR, which records."""
    collector, one = lab.host("collector"), lab.host("bird")
    recorder = frr(collector, 64500, [Neighbour(one.ipv4, 64500, ("ipv4-multicast", "ipv6-multicast"))], "all")
    tables = "ipv4 table multi4;\nipv6 table multi6;\n"
    text = bird_static(MULTICAST, "ipv4 { table multi4; }", one.ipv4)
    text += bird_static(MULTICAST_IPV6, "ipv6 { table multi6; }", one.ipv6)
    channels = "".join(
        f"ipv{n} multicast {{ table multi{n}; import none; export all; next hop self; }};" for n in (4, 6)
    )
    Bird(one, tables + text + bird_sender(64500, f"{collector.ipv4} as 64500", channels))
    wait_up(recorder, one.ipv4)
    time.sleep(3)
    routes = static(one.ipv4, MULTICAST, "ipv4-multicast") + static(one.ipv4, MULTICAST_IPV6, "ipv6-multicast")
    save("multicast", recorder.recording, "frr", [Speaker("bird", one.ipv4, 64500)], routes)


OPENBGPD_COLLECTOR = """
AS 64511
router-id 192.0.2.1
connect-retry 2
dump all {direction} "{{recording}}"
neighbor 192.0.2.2 {{
  remote-as 64500
  announce IPv4 unicast
  announce IPv6 unicast
  announce refresh yes
  announce enhanced refresh yes
  announce restart yes
  announce add-path recv yes
  announce policy customer
  max-prefix 5
  holdtime 9
}}
neighbor 192.0.2.3 {{
  remote-as 64501
  holdtime 3
  holdtime min 3
}}
neighbor 192.0.2.4 {{
  remote-as 64502
}}
allow from any
allow to any
network 203.0.113.0/24
"""


def _provider(address: str, customer: str, prefixes: int) -> str:
    """A BIRD that announces a number of prefixes, with a role, a host name and extended messages."""
    options = "local role provider; advertise hostname on; enable extended messages on; error wait time 1, 2;"
    channel = "ipv4 { import all; export all; next hop self; }; ipv6 { import all; export none; };"
    routes = "".join(f"  route 10.12.{n}.0/24 via {address};\n" for n in range(prefixes))
    statics = f"protocol static {{ ipv4;\n{routes}}}\n"
    return statics + bird_sender(64500, f"{customer} as 64511", channel, options)


def _resets(lab: Lab, direction: str) -> None:
    """One lab in which five sessions end in five ways, recorded by OpenBGPD in one direction."""
    collector, one, two, three = (lab.host(name) for name in ("collector", "bird", "frr", "frr-b"))
    recorder = OpenBgpd(collector, OPENBGPD_COLLECTOR.format(direction=direction))
    bird = Bird(one, _provider(one.ipv4, collector.ipv4, 4))
    slow = frr(two, 64501, [Neighbour(collector.ipv4, 64511, UNICAST)])
    frr(three, 64503, [Neighbour(collector.ipv4, 64511, UNICAST)])
    lab.wait("BIRD's session", lambda: recorder.up(one.ipv4))
    lab.wait("FRR's session", lambda: recorder.up(two.ipv4))
    time.sleep(2)
    recorder.ask("neighbor", one.ipv4, "refresh")
    bird.ask("reload", "in", "to_collector")
    time.sleep(2)
    slow.configure("router bgp 64501", f"neighbor {collector.ipv4} shutdown message back after the works")
    time.sleep(2)
    slow.configure("router bgp 64501", f"no neighbor {collector.ipv4} shutdown")
    lab.wait("FRR's session again", lambda: recorder.up(two.ipv4))
    recorder.ask("neighbor", two.ipv4, "clear", "reason with \u00fcmlauts")
    time.sleep(3)
    lab.wait("FRR's session once more", lambda: recorder.up(two.ipv4))
    _freeze(two.directory / "bgpd.pid", 6)
    bird.reconfigure(_provider(one.ipv4, collector.ipv4, 8))
    lab.wait("too many prefixes", lambda: not recorder.up(one.ipv4), 10)
    time.sleep(2)
    endings = [
        {"from": two.ipv4, "code": 6, "subcode": 2, "text": "back after the works"},
        {"to": two.ipv4, "code": 6, "subcode": 4, "text": "reason with \u00fcmlauts"},
        {"to": two.ipv4, "code": 4, "subcode": 0},
        {"to": one.ipv4, "code": 6, "subcode": 1},
        {"to": three.ipv4, "code": 2, "subcode": 2},
    ]
    speakers = [Speaker("bird", one.ipv4, 64500), Speaker("frr", two.ipv4, 64501), Speaker("frr", three.ipv4, 64503)]
    save(f"resets-{direction}", recorder.recording, "openbgpd", speakers, [], notifications=endings)


def _freeze(pid_file: Path, seconds: float) -> None:
    """Stop a daemon of this lab long enough for the other side's hold timer to expire."""
    pid = int(pid_file.read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)


@scenario(
    "resets-in",
    "sessions that end in five ways, as OpenBGPD receives it; OPENs, ROUTE-REFRESH",
    "bird",
    "frr",
    "openbgpd",
)
def resets_in(lab: Lab) -> None:
    """The messages that OpenBGPD receives, with state changes."""
    _resets(lab, "in")


@scenario("resets-out", "the same, as OpenBGPD sends it: NOTIFICATIONs of several kinds", "bird", "frr", "openbgpd")
def resets_out(lab: Lab) -> None:
    """The messages that OpenBGPD sends, with state changes."""
    _resets(lab, "out")
