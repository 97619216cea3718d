"""Recordings of the rarer families, injected with GoBGP's own commands and recorded by a second GoBGP."""

import time

from .lab import Lab, RecordingError
from .scenarios import Route, Speaker, save, scenario
from .sessions import Neighbour, gobgp, told, wait_up

Words = tuple[str, str]

RD = "rd 64500:1"

EVPN: tuple[Words, ...] = (
    ("evpn", f"a-d esi single-homed etag 100 label 200 {RD}"),
    ("evpn", "a-d esi ARBITRARY 11:22:33:44:55:66:77:88:99 etag 100 label 200 rd 192.0.2.2:100"),
    (
        "evpn",
        f"a-d esi LACP aa:bb:cc:dd:ee:ff 100 etag 4294967295 label 0 {RD} rt 64500:200 encap vxlan esi-label 400",
    ),
    ("evpn", f"macadv 02:00:5e:00:00:01 0.0.0.0 etag 0 label 100 {RD} rt 64500:1"),
    ("evpn", f"macadv 02:00:5e:00:00:02 10.20.0.2 etag 100 label 200,300 {RD} rt 64500:1 encap vxlan"),
    ("evpn", f"macadv 02:00:5e:00:00:03 2001:db8:20::3 etag 0 label 16777 {RD} rt 64500:1 encap mpls"),
    (
        "evpn",
        "macadv 02:00:5e:00:00:04 10.20.0.4 esi AS 64500 100 etag 200 label 300 rd 192.0.2.2:7 rt 65551:400 "
        "encap vxlan",
    ),
    ("evpn", f"macadv 02:00:5e:00:00:05 10.20.0.5 etag 0 label 10,20 {RD} router-mac 02:00:5e:ff:00:05 rt 64500:9"),
    ("evpn", f"multicast 192.0.2.2 etag 100 {RD} rt 64500:200"),
    ("evpn", f"multicast 192.0.2.2 etag 0 {RD} rt 64500:200 encap vxlan pmsi ingress-repl 100 192.0.2.2"),
    ("evpn", f"multicast 2001:db8::2 etag 0 {RD} rt 64500:200 encap nvgre"),
    ("evpn", f"esi 192.0.2.2 esi MAC aa:bb:cc:dd:ee:ff 100 {RD} rt 64500:200 encap vxlan"),
    ("evpn", f"esi 192.0.2.2 esi MSTP aa:aa:aa:aa:aa:aa 100 {RD}"),
    ("evpn", f"esi 192.0.2.2 esi ROUTERID 192.0.2.2 100 {RD}"),
    ("evpn", f"prefix 10.20.0.0/24 etag 100 {RD}"),
    (
        "evpn",
        f"prefix 10.20.1.0/24 10.20.0.1 esi MSTP aa:aa:aa:aa:aa:aa 100 etag 200 label 300 {RD} rt 64500:200 "
        "encap vxlan router-mac 02:00:5e:ff:00:01",
    ),
    ("evpn", f"prefix 2001:db8:20::/48 etag 0 label 5000 {RD} rt 64500:200 encap vxlan"),
)

FLOWSPEC: tuple[Words, ...] = (
    ("ipv4-flowspec", "match destination 10.21.0.0/24 then discard"),
    ("ipv4-flowspec", "match source 10.21.1.0/25 destination 10.21.0.0/24 protocol tcp then rate-limit 9600"),
    (
        "ipv4-flowspec",
        "match destination 10.21.2.2/32 destination-port '==80 ==443 >=8000&<=8080' then redirect 64500:100",
    ),
    ("ipv4-flowspec", "match protocol udp source-port ==53 packet-length '>=512&<=1500' then mark 46"),
    ("ipv4-flowspec", "match tcp-flags '==S &=SA A !F !=U =!C' then action sample-terminal"),
    ("ipv4-flowspec", "match fragment 'is-fragment =first-fragment' then discard"),
    ("ipv4-flowspec", "match icmp-type ==8 icmp-code ==0 dscp ==10 then rate-limit 0.0 as 64500"),
    ("ipv4-flowspec", "match port '>1024&<65535' then redirect 192.0.2.9:7"),
    ("ipv4-flowspec", "match port '==1 ==60000' then redirect 65551:7"),
    ("ipv6-flowspec", "match destination 2001:db8:21::/48 then discard"),
    ("ipv6-flowspec", "match destination 2001:db8:21::/64 32 source 2001:db8:22::/48 then rate-limit 100"),
    ("ipv6-flowspec", "match protocol tcp label ==100 destination-port ==22 then redirect 2001:db8::9:7"),
    ("ipv4-l3vpn-flowspec", f"{RD} match destination 10.21.9.0/24 protocol udp then discard rt 64500:21"),
    ("ipv6-l3vpn-flowspec", f"{RD} match destination 2001:db8:21:9::/64 then rate-limit 1000 rt 64500:21"),
    (
        "l2vpn-flowspec",
        f"{RD} match destination-mac 02:00:5e:00:00:01 source-mac 02:00:5e:00:00:02 ethernet-type IPv4 "
        "vid '>=100&<=200' cos ==3 then discard rt 64500:21",
    ),
)

MUP: tuple[Words, ...] = (
    (
        "ipv4-mup",
        f"isd 10.22.0.0/24 {RD} prefix 2001:db8:1:1::/64 locator-node-length 24 function-length 16 "
        "behavior ENDM_GTP4E rt 64500:22 nexthop 2001:db8::2",
    ),
    (
        "ipv4-mup",
        f"dsd 10.22.0.1 {RD} prefix 2001:db8:1:1::/64 locator-node-length 24 function-length 16 "
        "behavior END_DT4 rt 64500:22 mup 10:22 nexthop 2001:db8::2",
    ),
    ("ipv4-mup", f"t1st 10.22.1.1/32 {RD} rt 64500:22 teid 12345 qfi 9 endpoint 10.22.0.9 nexthop 192.0.2.2"),
    ("ipv4-mup", f"t2st 10.22.0.1 {RD} rt 64500:22 teid 12345 mup 10:22 nexthop 192.0.2.2"),
    (
        "ipv6-mup",
        f"isd 2001:db8:22::/64 {RD} prefix 2001:db8:1:1::/64 locator-node-length 24 function-length 16 "
        "behavior ENDM_GTP6E rt 64500:22 nexthop 2001:db8::2",
    ),
    (
        "ipv6-mup",
        f"dsd 2001:db8:22::1 {RD} prefix 2001:db8:2:2::/64 locator-node-length 24 function-length 16 "
        "behavior END_DT6 rt 64500:22 mup 10:22 nexthop 2001:db8::2",
    ),
    (
        "ipv6-mup",
        f"t1st 2001:db8:22:1::1/128 {RD} rt 64500:22 teid 1 qfi 9 endpoint 2001:db8:22::9 nexthop 2001:db8::2",
    ),
    ("ipv6-mup", f"t2st 2001:db8:22::1 {RD} rt 64500:22 teid 4294967295 mup 10:22 nexthop 2001:db8::2"),
)

TUNNELS = ("l2tpv3", "gre", "ip-in-ip", "vxlan", "nvgre", "mpls", "mpls-in-gre", "mpls-in-udp", "vxlan-gre", "geneve")

EXTENDED: tuple[Words, ...] = (
    ("ipv4", "10.23.0.0/24 rt 64500:1 192.0.2.9:2 65551:3 nexthop 192.0.2.2"),
    ("ipv4", "10.23.1.0/24 color 100 nexthop 192.0.2.2"),
    ("ipv4", "10.23.2.0/24 valid nexthop 192.0.2.2"),
    ("ipv4", "10.23.3.0/24 not-found nexthop 192.0.2.2"),
    ("ipv4", "10.23.4.0/24 invalid nexthop 192.0.2.2"),
    *(("ipv4", f"10.23.{10 + n}.0/24 encap {kind} nexthop 192.0.2.2") for n, kind in enumerate(TUNNELS)),
    ("ipv4", "10.23.30.0/24 redirect 64500:1 mark 10 action sample nexthop 192.0.2.2"),
)

NAMES = {
    "ipv4": "ipv4-unicast",
    "evpn": "l2vpn-evpn",
    "ipv4-l3vpn-flowspec": "l3vpn-ipv4-flowspec",
    "ipv6-l3vpn-flowspec": "l3vpn-ipv6-flowspec",
}


def inject(lab: Lab, name: str, words: tuple[Words, ...]) -> None:
    """One GoBGP is told to announce, another records; half of the routes are then taken back."""
    collector, one = lab.host("collector"), lab.host("gobgp")
    families = list(dict.fromkeys(family for family, _ in words))
    sessions = tuple(NAMES.get(family, family) for family in families)
    recorder = gobgp(collector, 64500, [Neighbour(one.ipv4, 64500, sessions)], "updates")
    sender = gobgp(one, 64500, [Neighbour(collector.ipv4, 64500, sessions)])
    refused = []
    for family, route in words:
        try:
            sender.add(family, route)
        except RecordingError as error:
            refused.append({"family": family, "add": route, "error": str(error).split("error: ")[-1].splitlines()[0]})
    wait_up(recorder, one.ipv4)
    time.sleep(3)
    routes: list[Route] = told(one.ipv4, sender, *families)
    for family in families:
        sender.ask("global", "rib", "del", "-a", family, "all")
    time.sleep(3)
    commands: list[dict[str, str]] = [*sender.commands, *({"family": f, "delete": "all"} for f in families)]
    save(name, recorder.recording, "gobgp", [Speaker("gobgp", one.ipv4, 64500)], routes, commands=commands)
    for one_refused in refused:
        print(f"  refused: {one_refused}")


@scenario("evpn", "EVPN route types 1 to 5, with their communities and PMSI tunnels", "gobgp")
def evpn(lab: Lab) -> None:
    """EVPN routes from GoBGP."""
    inject(lab, "evpn", EVPN)


@scenario("flowspec", "FlowSpec for IPv4, IPv6, both VPNs and L2VPN, with every action", "gobgp")
def flowspec(lab: Lab) -> None:
    """FlowSpec routes from GoBGP."""
    inject(lab, "flowspec", FLOWSPEC)


@scenario("mup", "MUP for IPv4 and IPv6, four route types, with SRv6 services in Prefix-SID", "gobgp")
def mup(lab: Lab) -> None:
    """MUP routes from GoBGP."""
    inject(lab, "mup", MUP)


@scenario("extended-communities", "extended communities of many types on IPv4 routes", "gobgp")
def extended_communities(lab: Lab) -> None:
    """Extended communities from GoBGP."""
    inject(lab, "extended-communities", EXTENDED)


RIB_WORDS: tuple[Words, ...] = (
    ("ipv4", "10.26.0.0/24 community 64500:26 med 1 nexthop 192.0.2.2"),
    ("ipv6", "2001:db8:26::/48 community 64500:26 nexthop 2001:db8::2"),
    ("vpnv4", f"10.26.1.0/24 label 26 {RD} rt 64500:26 nexthop 192.0.2.2"),
    ("ipv4-mpls", "10.26.2.0/24 2600/2601 nexthop 192.0.2.2"),
    EVPN[4],
    FLOWSPEC[1],
)


OWN_PEER = (
    "GoBGP writes its own routes with the ADD-PATH subtypes and a peer index that is not in its peer index table."
)


@scenario(
    "rib-generic", "GoBGP's table dump: RIB_GENERIC, and ADD-PATH subtypes for its own routes (takes 70 s)", "gobgp"
)
def rib_generic(lab: Lab) -> None:
    """Have a GoBGP dump its table, of routes it was sent and routes of its own."""
    collector, one = lab.host("collector"), lab.host("gobgp")
    families = tuple(dict.fromkeys(family for family, _ in RIB_WORDS))
    names = {**NAMES, "ipv6": "ipv6-unicast", "vpnv4": "l3vpn-ipv4-unicast", "ipv4-mpls": "ipv4-labelled-unicast"}
    sessions = tuple(names.get(family, family) for family in families)
    recorder = gobgp(collector, 64500, [Neighbour(one.ipv4, 64500, sessions)], "table")
    sender = gobgp(one, 64500, [Neighbour(collector.ipv4, 64500, sessions)])
    for family, words in RIB_WORDS:
        sender.add(family, words)
    routes = told(one.ipv4, sender, *families)
    recorder.add("ipv4", "10.26.9.0/24 nexthop 192.0.2.1")
    recorder.add("vpnv4", f"10.26.10.0/24 label 27 {RD} rt 64500:26 nexthop 192.0.2.1")
    wait_up(recorder, one.ipv4)
    lab.wait("the dump", lambda: recorder.recording.stat().st_size > 0, 75)
    time.sleep(1)
    own = [{"from": "0.0.0.0", **command} for command in recorder.commands]
    save(
        "rib-generic",
        recorder.recording,
        "gobgp",
        [Speaker("gobgp", one.ipv4, 64500)],
        routes,
        own=own,
        notes=[OWN_PEER],
    )
